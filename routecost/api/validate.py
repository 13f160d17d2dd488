"""What the command line does with routing tables, as functions: names and options in, results out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from routecost.api.scenarios import resolve
from routecost.errors import DocumentError, UsageError
from routecost.library import PathLike, argument, built_in_root, looks_like_path, open_library
from routecost.lint.fix import Fixed
from routecost.lint.subject import Subject
from routecost.model.results.suggestions import Suggestions
from routecost.model.results.validation import Validation
from routecost.model.routing.limits import DEFAULT_LIMITS
from routecost.model.scenario.scenario import Scenario

_COVERAGE = ("RT101", "RT102", "RT103", "RT104")


def validate(  # noqa: PLR0913  what a table is held against
    table: PathLike | Subject,
    *,
    taxonomy: PathLike | None = None,
    pricing: PathLike | None = None,
    evidence: PathLike | None = None,
    scenario: PathLike | Scenario | None = None,
    as_of: date | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    baseline: PathLike | None = None,
    config: PathLike | None = None,
    library: PathLike | None = None,
) -> Validation:
    """Hold a routing table against its taxonomy (or ``taxonomy``), and against what else is given.

    A table that :func:`load_table` loaded is held against what it was loaded with.
    ``evidence`` is an evidence file, beside the evidence in the table. ``scenario`` says what is
    routed by the table; without ``pricing``, prices are its own. Prices and ages are those of
    ``as_of``, else of the scenario's day, else of today. ``select`` and ``ignore`` take codes of
    rules, beginnings of codes, and names. ``baseline`` holds findings that are known and not
    repeated; ``config`` is a pyproject.toml with limits.

    Faults of meaning are findings in the result; raises DocumentError for faults of shape and
    type, UnknownNameError, and UsageError (unreadable file).
    """
    from routecost.lint.baseline import read_baseline
    from routecost.lint.registry import select as selected
    from routecost.lint.run import lint

    rules = selected(tuple(select), tuple(ignore))
    known = None if baseline is None else read_baseline(Path(baseline))
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
    return lint(subject, rules, known)


def load_table(  # noqa: PLR0913  as validate
    table: PathLike | Subject,
    *,
    taxonomy: PathLike | None = None,
    pricing: PathLike | None = None,
    evidence: PathLike | None = None,
    scenario: PathLike | Scenario | None = None,
    as_of: date | None = None,
    config: PathLike | None = None,
    library: PathLike | None = None,
) -> Subject:
    """Load a table with what it is held against; one that is loaded already is returned.

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
    sources = Sources(
        table=argument(table),
        library=open_library(library),
        taxonomy=None if taxonomy is None else argument(taxonomy),
        pricing=None if pricing is None else argument(pricing),
        evidence=None if evidence is None else str(evidence),
        scenario=fleet,
        limits=limits,
    )
    return load(sources, as_of)


def suggest(  # noqa: PLR0913  as validate
    table: PathLike | Subject,
    scenario: PathLike | Scenario | None = None,
    *,
    taxonomy: PathLike | None = None,
    pricing: PathLike | None = None,
    evidence: PathLike | None = None,
    as_of: date | None = None,
    config: PathLike | None = None,
    library: PathLike | None = None,
) -> Suggestions:
    """Suggest for each row the tier with the lowest expected cost, failures included.

    Rows need a ``failure_cost`` and evidence for more than one tier to be compared. Options and
    errors are those of :func:`validate`.
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
    library: PathLike | None = None,
) -> Fixed:
    """Return the text of a table with what can be mended safely; nothing is written.

    Missing routes are added at the lowest tier that is admitted, and tiers that an escalation path
    skips are put in. Options and errors are those of :func:`validate`.
    """
    from routecost.lint.fix import fix
    from routecost.lint.registry import select as selected

    subject = load_table(table, taxonomy=taxonomy, library=library)
    return fix(subject, selected(tuple(select), tuple(ignore)))


def planner_prompt(
    table: PathLike,
    *,
    taxonomy: PathLike | None = None,
    evidence: PathLike | None = None,
    config: PathLike | None = None,
    library: PathLike | None = None,
) -> str:
    """Return the routing section of a planner's prompt: task types, tiers, and how often they fail.

    Options and errors are those of :func:`validate`. A table with a fault of coverage (RT101 to
    RT104) raises DocumentError too: a prompt must not leave out in silence what it cannot place.
    """
    from routecost.lint.prompt import prompt
    from routecost.lint.registry import select as selected
    from routecost.lint.run import lint

    subject = load_table(table, taxonomy=taxonomy, evidence=evidence, config=config, library=library)
    faults = lint(subject, selected(_COVERAGE, ())).findings
    if faults:
        raise DocumentError(faults)
    return prompt(subject)


def own_file(table: PathLike, library: PathLike | None = None) -> Path:
    """Return the file of a table that may be changed. Raises UsageError for a built-in."""
    file = open_library(library).find("tables", argument(table))
    if file.resolve().is_relative_to(built_in_root() / "tables") and not looks_like_path(argument(table)):
        raise UsageError(f'"{table}" is built in; copy it to a file of your own, and fix that')
    return file


def find_config() -> Path | None:
    """Return the pyproject.toml with ``[tool.routecost]`` in the working folder or above it, if any."""
    from routecost.documents.routing.config import find_config as find

    return find(Path.cwd())
