"""Routing tables: validate, suggest tiers, fix, and write a planner's prompt."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from routecost.api.scenarios import resolve
from routecost.documents.routing.load import TableFile
from routecost.errors import DocumentError, UsageError
from routecost.library import PathLike, argument, built_in_root, looks_like_path, open_library
from routecost.lint.fix import Fixed
from routecost.lint.subject import Subject
from routecost.model.results.validation import Suggestions, Validation
from routecost.model.routing.limits import DEFAULT_LIMITS
from routecost.model.scenario.scenario import Scenario
from routecost.problems import Finding

if TYPE_CHECKING:
    from routecost.api.frames import Frame

Placed = Callable[[Iterable[Finding]], tuple[Finding, ...]]
_COVERAGE = ("RT101", "RT102", "RT103", "RT104")


def validate(  # noqa: PLR0913  the documents to check against
    table: PathLike | Subject,
    *,
    taxonomy: PathLike | None = None,
    pricing: PathLike | None = None,
    evidence: PathLike | Frame | None = None,
    scenario: PathLike | Scenario | None = None,
    as_of: date | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    rules_from: Sequence[str] = (),
    baseline: PathLike | None = None,
    config: PathLike | None = None,
    library: PathLike | None = None,
) -> Validation:
    """Check a routing table against its taxonomy (or ``taxonomy``) and the other given documents.

    A table that :func:`load_table` loaded is checked against the documents it was loaded with.
    ``evidence`` is an evidence file, or a frame of pandas or Polars, that adds to the evidence in the table.
    ``scenario`` has the workload that the table routes, and the prices unless ``pricing`` is given. Prices
    are those of ``as_of``, else of the scenario's day, else of today; evidence ages up to ``as_of``, else up
    to today. ``select`` and ``ignore`` take rule codes, code prefixes and names. ``rules_from`` names
    installed packages whose rules run, too. Findings in the ``baseline`` file are not reported; ``config``
    is a pyproject.toml with limits.

    Rule violations are findings in the result. Raises DocumentError for invalid documents,
    UnknownNameError, and UsageError (unreadable file).
    """
    from routecost.lint.baseline import read_baseline
    from routecost.lint.registry import select as selected
    from routecost.lint.run import lint

    packages = tuple(rules_from)
    rules = selected(tuple(select), tuple(ignore), packages)
    known = None if baseline is None else read_baseline(Path(baseline))
    with _evidence_file(evidence) as (path, placed):
        subject = load_table(
            table,
            taxonomy=taxonomy,
            pricing=pricing,
            evidence=path,
            scenario=scenario,
            as_of=as_of,
            config=config,
            library=library,
        )
        validation = lint(subject, rules, known, packages)
        return replace(validation, findings=placed(validation.findings))


def load_table(  # noqa: PLR0913  as validate
    table: PathLike | TableFile | Subject,
    *,
    taxonomy: PathLike | None = None,
    pricing: PathLike | None = None,
    evidence: PathLike | Frame | None = None,
    scenario: PathLike | Scenario | None = None,
    as_of: date | None = None,
    config: PathLike | None = None,
    library: PathLike | None = None,
) -> Subject:
    """Load a table with the documents to check it against; one that is loaded already is returned.

    Options and errors are those of :func:`validate`.
    """
    if isinstance(table, Subject):
        return table
    from routecost.documents.routing.config import read_limits
    from routecost.lint.load import Sources, load

    limits = DEFAULT_LIMITS if config is None else read_limits(Path(config), DEFAULT_LIMITS)
    fleet = scenario if scenario is None or isinstance(scenario, Scenario) else argument(scenario)
    if isinstance(fleet, Scenario):
        fleet = resolve(fleet, pricing=pricing, as_of=as_of, library=library)
    with _evidence_file(evidence) as (path, _):
        sources = Sources(
            table=table if isinstance(table, TableFile) else argument(table),
            library=open_library(library),
            taxonomy=None if taxonomy is None else argument(taxonomy),
            pricing=None if pricing is None else argument(pricing),
            evidence=None if path is None else str(path),
            scenario=fleet,
            limits=limits,
        )
        return load(sources, as_of)


@contextmanager
def _evidence_file(evidence: PathLike | Frame | None) -> Iterator[tuple[Path | None, Placed]]:
    """Yield the path of evidence, that of a temporary file for a frame, and what places findings about it."""
    if evidence is None:
        yield None, tuple
        return
    from routecost.api.frames import table_file  # few tables have evidence in another file

    with table_file(evidence, "evidence", "evidence") as file:
        yield file.path, file.placed


def suggest(  # noqa: PLR0913  as validate
    table: PathLike | Subject,
    scenario: PathLike | Scenario | None = None,
    *,
    taxonomy: PathLike | None = None,
    pricing: PathLike | None = None,
    evidence: PathLike | Frame | None = None,
    as_of: date | None = None,
    config: PathLike | None = None,
    library: PathLike | None = None,
) -> Suggestions:
    """Suggest for each row the tier with the lowest expected cost, including failures.

    A comparison needs a ``failure_cost`` and evidence for more than one tier. Options and errors are
    those of :func:`validate`.
    """
    from routecost.lint.suggest import suggestions

    subject = load_table(
        table,
        taxonomy=taxonomy,
        pricing=pricing,
        evidence=evidence,
        scenario=scenario,
        as_of=as_of,
        config=config,
        library=library,
    )
    return suggestions(subject)


def fix_table(
    table: PathLike | Subject,
    *,
    taxonomy: PathLike | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    rules_from: Sequence[str] = (),
    library: PathLike | None = None,
) -> Fixed:
    """Return the text of a table with safe fixes applied, without writing it.

    Adds tiers that an escalation path skips, unless they may not see the work. Options and errors are
    those of :func:`validate`.
    """
    from routecost.lint.fix import fix
    from routecost.lint.registry import select as selected

    subject = load_table(table, taxonomy=taxonomy, library=library)
    packages = tuple(rules_from)
    return fix(subject, selected(tuple(select), tuple(ignore), packages), packages)


def planner_prompt(
    table: PathLike,
    *,
    taxonomy: PathLike | None = None,
    evidence: PathLike | Frame | None = None,
    as_of: date | None = None,
    config: PathLike | None = None,
    library: PathLike | None = None,
) -> str:
    """Return the routing section of a planner's prompt: task types, tiers, failure rates and plan format.

    The format is that which :func:`routecost.plan` reads.

    Only current evidence counts for tiers; ``as_of`` is the day up to which it ages, today by default.
    Options and errors are those of :func:`validate`. Also raises DocumentError for
    findings of RT101 to RT104, because the prompt would omit such rows.
    """
    from routecost.lint.prompt import prompt
    from routecost.lint.registry import select as selected
    from routecost.lint.run import lint

    subject = load_table(
        table, taxonomy=taxonomy, evidence=evidence, as_of=as_of, config=config, library=library
    )
    findings = lint(subject, selected(_COVERAGE, ())).findings
    if findings:
        raise DocumentError(findings)
    return prompt(subject)


def own_file(table: PathLike, library: PathLike | None = None) -> Path:
    """Return the file of a table that may be changed. Raises UsageError for a built-in one."""
    file = open_library(library).find("tables", argument(table))
    is_built_in = Path(os.path.realpath(file)).is_relative_to(built_in_root() / "tables")
    if is_built_in and not looks_like_path(argument(table)):
        raise UsageError(f'"{table}" is built in; copy it to a file and fix the copy')
    return file


def find_config() -> Path | None:
    """Return the nearest pyproject.toml with ``[tool.routecost]``, from the working folder upward."""
    from routecost.documents.routing.config import find_config as find

    return find(Path.cwd())
