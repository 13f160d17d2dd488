"""Report of the check of a pricing sheet."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.report.cells import Column, Unit
from routecost.model.report.report import Audience, Block, FindingList, Note, Report, Table
from routecost.model.results.price_lists import PricingCheck

_COLUMNS = (
    Column("rule", "rule"),
    Column("severity", "severity"),
    Column("message", "message"),
    Column("file", "file"),
    Column("line", "line", Unit.COUNT),
    Column("column", "column", Unit.COUNT),
)


def report(check: PricingCheck) -> Report:
    """Return the report of a check: findings, and notes on prices not compared."""
    return Report(
        command="pricing check",
        title=f"{check.sheet}: checked as of {check.as_of}",
        meta={"sheet": check.sheet, "as_of": check.as_of},
        blocks=tuple(_blocks(check)),
    )


def _blocks(check: PricingCheck) -> Iterator[Block]:
    rows = [tuple(record.values()) for record in check.records()]
    yield FindingList(tuple(check.findings))
    yield Table("findings", _COLUMNS, rows, audience=Audience.MACHINES)
    count = len(check.findings)
    yield Note.of(f"{count} finding{'' if count == 1 else 's'}." if count else "No problems found.")
    yield from (Note.of(text) for text in check.notes)
