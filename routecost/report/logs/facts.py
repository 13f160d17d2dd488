"""What was read from logs, for the reports that are based on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from routecost.model.logs.cells import Bounds
from routecost.model.report.cells import Cell, Column, Range, Scalar, Shown, Unit
from routecost.model.report.report import Note, Table
from routecost.model.results.logs.against import BilledRow
from routecost.model.results.logs.usage import LogFacts, Reconciliation, Unpriced

_UNPRICED = (
    Column("model", "logged model"),
    Column("calls", "calls", Unit.COUNT),
    Column("reason", "reason"),
)

_RECONCILIATION = (
    Column("model", "model"),
    Column("calls", "calls", Unit.COUNT),
    Column("logged", "logged cost", Unit.MONEY),
    Column("computed", "computed cost", Unit.MONEY),
    Column("computed_high", "computed at most", Unit.MONEY, machine_only=True),
    Column("difference", "difference", Unit.MONEY),
    Column("difference_fraction", "in %", Unit.CHANGE),
    Column("hint", "possible cause"),
)


def money(cost: Bounds | None, *, is_least: bool = False) -> Cell:
    """Return the cell of a cost; ``is_least``: other calls, whose cost is not known, add to it."""
    if cost is None:
        return None
    return at_least(cost.low) if is_least else cost.low if cost.is_exact else Range(cost.low, cost.high)


def at_least(amount: Decimal | int | None, *, is_least: bool = True) -> Cell:
    """Return the cell of an amount that is known, or of the least that it can be."""
    return Range(amount, None) if is_least and amount is not None else amount


def difference(row: BilledRow | Reconciliation, stated: Decimal) -> tuple[Cell, Cell]:
    """Return the cells of the difference of a computed to a stated cost, and of its fraction.

    Both show all that is possible; their values are those of the least difference.
    """
    low, high = row.computed
    if low == high:
        return row.difference, row.fraction
    if low <= stated <= high:
        return Shown(row.difference, "within"), Shown(row.fraction, "within")
    other = (high if stated < low else low) - stated
    return Range(row.difference, other), Range(row.fraction, other / stated) if stated else row.fraction


def source_line(facts: LogFacts, pricing: str) -> str:
    """Return the source line of a chart."""
    return f"Logs: {', '.join(facts.logs)}. Prices: {pricing}."


def span(facts: LogFacts) -> str:
    """Return the days of the calls in words."""
    if facts.first is None:
        return "days unknown"
    days = f"{facts.first}" if facts.first == facts.last else f"{facts.first} to {facts.last}"
    return f"{days}, {facts.time_zone}"


def meta(facts: LogFacts) -> dict[str, Any]:
    """Return the metadata for JSON."""
    skipped: dict[str, Scalar] = dict(facts.skipped)
    assumptions: dict[str, Scalar] = dict(facts.notes)
    records: dict[str, Scalar] = dict(facts.records)
    return {
        "logs": list(facts.logs),
        "time_zone": facts.time_zone,
        "first_day": facts.first,
        "last_day": facts.last,
        "records": records,
        "rejected": facts.rejected,
        "incomplete": len(facts.torn),
        "skipped": skipped,
        "undated": facts.undated,
        "assumptions": assumptions,
    }


def unpriced_table(calls: Sequence[Unpriced]) -> Iterator[Table | Note]:
    """Yield the calls without a price."""
    if calls:
        count = sum(entry.calls for entry in calls)
        yield Table("unpriced", _UNPRICED, [tuple(entry) for entry in _rows(calls)], "Calls without a price")
        what = "usage has" if not count else "1 call has" if count == 1 else f"{count:,} calls have"
        if count and not all(entry.calls for entry in calls):
            what = f"{count:,} call{'s'[: count - 1]} and usage whose calls are not counted have"
        yield Note.of(f"Costs are lower bounds: {what} no price.", warning=True)


def _rows(calls: Sequence[Unpriced]) -> Iterator[tuple[Cell, ...]]:
    for entry in calls:
        yield entry.model, entry.calls or None, entry.reason


def notes(facts: LogFacts) -> Iterator[Note]:
    """Yield what was left out."""
    for torn in facts.torn:
        yield Note.of(f"{torn}; it may still be written, and is not counted as rejected.")
    for kind, count in facts.skipped.items():
        yield Note.of(f"Not counted ({kind}): {count:,}.")
    for text, count in facts.notes.items():
        yield Note.of(f"{text} ({count:,}).")
    if facts.undated:
        yield Note.of(f"{facts.undated:,} calls without a time are left out.", warning=True)
    if facts.rejected:
        lines = "1 line was" if facts.rejected == 1 else f"{facts.rejected:,} lines were"
        yield Note.of(f"{lines} rejected; --rejects FILE lists them.", warning=True)


def reconciliation_table(reconciliations: Sequence[Reconciliation]) -> Iterator[Table]:
    """Yield the logged costs beside the computed ones."""
    if not reconciliations:
        return
    rows = [
        (
            row.model,
            row.calls or None,
            row.logged,
            money(row.computed),
            row.computed.high,
            *difference(row, row.logged),
            row.hint or "",
        )
        for row in reconciliations
    ]
    yield Table("reconciliation", _RECONCILIATION, rows, "Logged costs and those of the same calls here")
