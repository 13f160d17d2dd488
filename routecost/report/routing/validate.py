"""Report of the validation of a routing table, with tier suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from routecost.model.report.cells import Column, Unit
from routecost.model.report.report import Audience, Block, FindingList, Note, Report, Table
from routecost.model.results.validation import FINDING_COLUMNS, Suggestions, Validation
from routecost.problems import Severity
from routecost.units import listed

_COLUMNS = (
    Column("task", "task"),
    Column("tier", "tier"),
    Column("cost", "cost per task", Unit.MONEY),
    Column("suggested", "suggested"),
    Column("suggested_cost", "suggested cost", Unit.MONEY),
    Column("runner_up", "runner-up"),
    Column("sure", "confidence", Unit.SHARE),
    Column("more_trials", "trials needed", Unit.COUNT),
    Column("why", "note"),
)


def suggestions(table: Suggestions) -> Iterator[Block]:
    """Yield the table of suggestions and a note that explains it."""
    yield Table("suggestions", _COLUMNS, [list(record.values()) for record in table.records()], "Suggestions")
    if any(row.suggested is not None for row in table.rows):
        yield Note.of(
            'Costs include calls and failures. "confidence" is the probability that the suggested tier '
            'costs less than the runner-up. "trials needed" is the number of further trials on each '
            "of the two tiers to show that the lower one is within the margin; if empty, no number would."
        )


_POSITION_COLUMNS = ("line", "column")


def report(validation: Validation, suggested: Suggestions | None = None) -> Report:
    """Return the report of a validation: findings, counts and suggestions, if any."""
    fleet = "" if validation.scenario is None else f", scenario {validation.scenario}"
    prices = (
        "" if validation.pricing is None else f" and {validation.pricing} prices as of {validation.as_of}"
    )
    aged = validation.evidence_as_of
    evidence = "" if aged in (None, validation.as_of) or not prices else f", evidence as of {aged}"
    return Report(
        command="validate",
        title=f"{validation.table}: checked against {validation.taxonomy}{fleet}{prices}{evidence}",
        meta={
            "table": validation.table,
            "taxonomy": validation.taxonomy,
            "pricing": validation.pricing,
            "as_of": validation.as_of,
            "evidence_as_of": validation.evidence_as_of,
            "scenario": validation.scenario,
            "ignored": validation.ignored,
            "skipped": [rule.code for rule in validation.skipped],
        },
        blocks=tuple(_blocks(validation, suggested)),
    )


def _blocks(validation: Validation, suggested: Suggestions | None) -> Iterator[Block]:
    yield FindingList(validation.findings, validation.rules)
    if suggested is not None:
        yield from suggestions(suggested)
    yield findings([validation])
    yield Note.of(tally(validation))
    yield from _skipped(validation)


def _skipped(validation: Validation) -> Iterator[Note]:
    for needs_scenario, what in ((False, "prices (--pricing)"), (True, "a scenario (--scenario)")):
        rules = [rule for rule in validation.skipped if rule.needs_scenario == needs_scenario]
        names = [f"{rule.code} {rule.name}" for rule in rules]
        if names:
            yield Note.of(f"Rules skipped without {what}: {listed(names)}")


def findings(validations: Iterable[Validation]) -> Table:
    """Return the findings of validations, for machines."""
    columns = tuple(
        Column(key, key, Unit.COUNT if key in _POSITION_COLUMNS else Unit.TEXT) for key in FINDING_COLUMNS
    )
    rows = [list(record.values()) for validation in validations for record in validation.records()]
    return Table("findings", columns, rows, audience=Audience.MACHINES)


def tally(validation: Validation) -> str:
    """Return the number of findings by severity, and of those left out."""
    counts = [_counted(validation.count(severity), severity.value) for severity in Severity]
    counted = ", ".join(count for count in counts if count) or "no findings"
    left_out = {"ignored": validation.ignored, "in the baseline": validation.known}
    aside = ", ".join(f"{count} {what}" for what, count in left_out.items() if count)
    gone = (
        f"; {validation.gone} baseline entries no longer occur: run --write-baseline"
        if validation.gone
        else ""
    )
    return counted + (f" ({aside})" if aside else "") + gone


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}" if count else ""
