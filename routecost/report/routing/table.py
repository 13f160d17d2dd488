"""Report of a routing table as people read it."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.report.cells import Bounds, Cell, Column, Shown, Unit
from routecost.model.report.report import Audience, Block, Note, Report, Table
from routecost.model.results.routing.rows import RoutingRows, TableRow, record

_UNITS = {
    "cost_per_task": Unit.MONEY,
    "successes": Unit.COUNT,
    "trials": Unit.COUNT,
    "success_rate": Unit.SHARE,
    "success_rate_low": Unit.SHARE,
    "success_rate_high": Unit.SHARE,
    "evaluated": Unit.DATE,
    "is_current": Unit.FLAG,
}
_FOR_PEOPLE = (
    Column("task", "task"),
    Column("tier", "tier"),
    Column("model", "model"),
    Column("cost_per_task", "per task", Unit.MONEY),
    Column("success_rate", "success", Unit.SHARE),
    Column("interval", "interval", Unit.SHARE),
    Column("evidence", "evidence"),
    Column("escalation", "escalates to"),
    Column("reviewer", "reviewed by"),
)
_EMPTY = TableRow("", None, "", None, None, None, (), None, None)


def report(rows: RoutingRows) -> Report:
    """Return the report: a row per row of the table."""
    prices = "" if rows.pricing is None else f", {rows.pricing} prices as of {rows.as_of}"
    return Report(
        command="table",
        title=f"{rows.table}: {rows.taxonomy}{prices}",
        meta={
            "table": rows.table,
            "taxonomy": rows.taxonomy,
            "pricing": rows.pricing,
            "scenario": rows.scenario,
            "as_of": rows.as_of,
            "currency": rows.currency,
            "confidence": rows.confidence,
        },
        blocks=tuple(_blocks(rows)),
        currency=rows.currency,
    )


def _blocks(rows: RoutingRows) -> Iterator[Block]:
    columns = tuple(Column(name, name, _UNITS.get(name, Unit.TEXT)) for name in record(_EMPTY))
    yield Table("rows", columns, [list(row.values()) for row in rows.records()], audience=Audience.MACHINES)
    lines = [_line(row) for row in rows.rows]
    shown = [at for at in range(len(_FOR_PEOPLE)) if at < 2 or any(line[at] is not None for line in lines)]
    yield Table(
        "table",
        tuple(_FOR_PEOPLE[at] for at in shown),
        [[line[at] for at in shown] for line in lines],
        audience=Audience.PEOPLE,
    )
    if any(row.measured is not None for row in rows.rows):
        yield Note.of(f"Intervals have a confidence of {rows.confidence * 100:g}% (Wilson).")
    if any(row.measured is not None and not row.measured.is_current for row in rows.rows):
        yield Note.of("Evidence in brackets is stale, of a later day, or of another model.", warning=True)
    if rows.pricing is None:
        yield Note.of("Models and costs need prices: add --pricing, or --scenario for costs per task.")


def _line(row: TableRow) -> tuple[Cell, ...]:
    measured = row.measured
    text = None if measured is None else f"{measured.successes:,}/{measured.trials:,} {measured.evaluated}"
    return (
        row.task,
        row.tier,
        row.model,
        row.cost_per_task,
        None if measured is None else measured.rate,
        None if measured is None else Bounds(measured.low, measured.high),
        Shown(text, f"({text})") if measured is not None and not measured.is_current else text,
        ", ".join(row.escalation) or None,
        row.reviewer,
    )
