"""``routecost report --interactive``: writes a page with sliders."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from io import StringIO
from pathlib import Path

from routecost.cli.output import Output, show_findings, write_text
from routecost.cli.scenario_argument import is_portfolio, scenario_argument
from routecost.errors import UsageError
from routecost.records import dataclass

_FORMAT = "html"


@dataclass(frozen=True, slots=True)
class InteractiveOptions:
    """The options of a comparison, and further sheets that the page offers."""

    scenario: str | None
    sheets: Sequence[str] | None
    pricing: str | None
    as_of: date | None
    baseline: str | None
    strategies: Sequence[str] | None
    what_if: Sequence[str] | None
    library: Path | None


def write_page(
    given: InteractiveOptions,
    format: str | None,
    output: Path | None,
    force: bool,
    refused: Mapping[str, object],
) -> None:
    """Write the page to the output file or to stdout. Raises UsageError for options that it does not take."""
    for option, value in refused.items():
        if value:
            raise UsageError(f"--{option} does not apply to --interactive, which shows the costs of compare")
    if is_portfolio(given.scenario):
        raise UsageError("--interactive does not apply to a portfolio; give one of its scenarios")
    target = Output(format or _FORMAT, output, force=force)
    is_page = target.style.name == _FORMAT and (
        output is None or output.suffix.lower() in target.style.suffixes
    )
    if not is_page:
        raise UsageError(f'--interactive writes HTML, not "{output or format}"; expected a name in .html')
    if output is None and sys.stdout.isatty():
        raise UsageError("--interactive writes a page of 1 MB; give a file with --output")
    from routecost.render.interactive import page as rendering

    rendering.require()
    from routecost.api.interactive.page import interactive
    from routecost.report.interactive.notes import notes

    scenario = scenario_argument(given.scenario)
    page = interactive(
        scenario,
        sheets=given.sheets or (),
        pricing=given.pricing,
        as_of=given.as_of,
        baseline=given.baseline,
        strategies=given.strategies or (),
        what_if=given.what_if or (),
        library=given.library,
    )
    show_findings(page.warnings)
    text = StringIO()
    rendering.render(page, list(notes(page)), list(_command(scenario, given)), text)
    write_text(text.getvalue(), output)


def _command(scenario: str, given: InteractiveOptions) -> Iterator[str]:
    """Yield the words of the command that computes the first figures, but for the pricing sheet."""
    yield from ("routecost", "compare", os.path.relpath(scenario) if os.path.isabs(scenario) else scenario)
    stated = {"--as-of": given.as_of, "--baseline": given.baseline, "--library": given.library}
    for option, value in stated.items():
        if value is not None:
            yield from (option, str(value))
    for option, values in (("--strategy", given.strategies), ("--what-if", given.what_if)):
        for value in values or ():
            yield from (option, value)
