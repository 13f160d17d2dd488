"""Scenario argument of the commands."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from routecost.cli.output import say, show_findings
from routecost.errors import UsageError
from routecost.file_access import reading
from routecost.library import looks_like_path

if TYPE_CHECKING:
    from routecost.model.scenario.scenario import Scenario

HERE = Path("scenario.yaml")
FALLBACK = "article-fleet"
_SCENARIOS = re.compile(rb"""^(?:\{ ?)?["']?scenarios["']?[ \t]*:""", re.MULTILINE)
_MOST_BYTES = 1_000_000


def is_portfolio(argument: str | None) -> bool:
    """Return whether an argument is a file that looks like a portfolio of scenarios."""
    if argument is None or not looks_like_path(argument) or not os.path.isfile(argument):
        return False
    with reading(Path(argument)) as file:
        return _SCENARIOS.search(file.read(_MOST_BYTES)) is not None


def load_scenario(
    argument: str | None,
    *,
    pricing: str | None,
    as_of: date | None,
    library: Path | None,
    strategies: Sequence[str] | None = None,
    what_if: Sequence[str] | None = None,
    settings: Sequence[str] | None = None,
) -> Scenario:
    """Load the named scenario, ./scenario.yaml or the built-in one; show its warnings."""
    from routecost.api import scenarios as api

    scenario = api.load_scenario(
        scenario_argument(argument),
        pricing=pricing,
        as_of=as_of,
        library=library,
        strategies=strategies or (),
        what_if=what_if or (),
        settings=settings or (),
    )
    show_findings(scenario.warnings)
    return scenario


def scenario_argument(argument: str | None) -> str:
    """Return the argument, ./scenario.yaml or the built-in scenario; report a default on stderr.

    Raises UsageError if ./scenario.yaml is a folder, a pipe or a link that leads nowhere.
    """
    if argument is not None:
        return argument
    if HERE.is_file():
        say(f"using ./{HERE}")
        return f"./{HERE}"
    if os.path.lexists(HERE):
        raise UsageError(
            f"./{HERE} is no ordinary file, or a link that leads nowhere; expected a scenario, or its name"
        )
    say(f'no scenario given and no ./{HERE} found: using the built-in "{FALLBACK}"')
    return FALLBACK
