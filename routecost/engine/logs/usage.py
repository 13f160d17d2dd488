"""Usage of logged calls by keys, and the costs that were logged beside those of the sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from routecost.engine.logs.pricing import CellPricer
from routecost.errors import CurrencyError, UnknownNameError, UnpricedError
from routecost.model.logs.cells import NANOS, Bounds, Cell
from routecost.model.pricing.sheet import STANDARD
from routecost.model.results.logs.usage import (
    PERIODS,
    Key,
    OutcomeRow,
    Reconciliation,
    TaskRow,
    UsageRow,
)
from routecost.records import dataclass
from routecost.units import CONTEXT_METERS, METERS, ZERO, exact

BEYOND = Decimal("0.01")
"""The fraction of a logged cost beyond which a difference is explained."""

REGIONAL = Decimal("1.1")
"""What providers charge for regional processing, as a factor (Anthropic's and the clouds' regional rates)."""

_EPOCH = date(1970, 1, 1)
_CELL_KEYS = {
    Key.TASK_TYPE: "task_type",
    Key.AGENT: "agent",
    Key.OUTCOME: "outcome",
    **dict.fromkeys(PERIODS, "day"),
}


class Priced(NamedTuple):
    """A cell and its cost; None if it has no price."""

    cell: Cell
    cost: Bounds | None


def cell_keys(keys: Iterable[Key]) -> list[str]:
    """Return the keys of cells that the keys of a table are made from."""
    return list(dict.fromkeys(_CELL_KEYS[key] for key in keys if key in _CELL_KEYS))


def priced(cells: Iterable[Cell], pricer: CellPricer) -> list[Priced]:
    """Return cells with their costs."""
    return [Priced(cell, _cost(pricer, cell)) for cell in cells]


def _cost(pricer: CellPricer, cell: Cell, model: str | None = None) -> Bounds | None:
    try:
        return pricer.cost(cell, model)
    except (UnknownNameError, UnpricedError):
        return None


def usage_rows(cells: Iterable[Priced], keys: Sequence[Key], pricer: CellPricer) -> list[UsageRow]:
    """Return the usage by keys: in the order of time if the first key is a period, else by falling cost."""
    values = [values_of(key, pricer) for key in keys]
    groups: dict[tuple[str | None, ...], list[Priced]] = {}
    for one in cells:
        groups.setdefault(tuple(value(one.cell) for value in values), []).append(one)
    rows = [summed(group, key) for key, group in groups.items()]
    rows.sort(key=lambda row: (-row.cost.high, -row.calls, [(key is None, key or "") for key in row.keys]))
    if keys and keys[0] in PERIODS:
        rows.sort(key=lambda row: (row.keys[0] is None, row.keys[0] or ""))
    return rows


@exact
def summed(cells: Iterable[Priced], keys: tuple[str | None, ...] = ()) -> UsageRow:
    """Return the sum of cells."""
    cells = [*cells]
    calls = unpriced = 0
    units: dict[str, int] = {}
    low = high = ZERO
    for cell, cost in cells:
        calls += cell.calls
        for meter, count in cell.units.items():
            units[meter] = units.get(meter, 0) + count
        if cost is None:
            unpriced += cell.calls
        else:
            low, high = low + cost.low, high + cost.high
    known = [cost is not None for _, cost in cells]
    is_priced = any(known) or not known
    is_counted = all(cell.calls for cell, _ in cells)
    return UsageRow(keys, calls, units, Bounds(low, high), unpriced, not all(known), is_priced, is_counted)


def used_meters(total: UsageRow) -> tuple[str, ...]:
    """Return the meters that were used, in their usual order."""
    return tuple(meter for meter in METERS if total.units.get(meter))


def day_of(cell: Cell) -> date | None:
    """Return the day of a cell that was grouped by days; None if it is unknown."""
    number = cell.keys["day"]
    return None if number is None else _EPOCH + timedelta(days=int(number))


def by_day(cells: Iterable[Priced]) -> tuple[dict[date, list[Priced]], list[Priced]]:
    """Return cells that were grouped by days by day, and those whose day is unknown."""
    days: dict[date, list[Priced]] = {}
    undated: list[Priced] = []
    for one in cells:
        day = day_of(one.cell)
        (undated if day is None else days.setdefault(day, [])).append(one)
    return days, undated


def calls_in_words(calls: int) -> str:
    """Return a number of calls with its verb."""
    return "1 call is" if calls == 1 else f"{calls:,} calls are"


def values_of(key: Key, pricer: CellPricer) -> Callable[[Cell], str | None]:
    """Return the function that gives the value of a key for a cell; None if it is unknown."""
    if key is Key.TIER:
        return lambda cell: tier_of(cell, pricer)
    if key is Key.MODEL:
        return lambda cell: _model(cell, pricer)
    if key in PERIODS:
        return lambda cell: _period(key, day_of(cell))
    return lambda cell: _text(cell.keys[_CELL_KEYS[key]])


def task_type_of(cell: Cell) -> str | None:
    """Return the task type of a cell that was grouped by it."""
    return _text(cell.keys["task_type"])


def _text(value: str | int | None) -> str | None:
    return None if value is None else str(value)


def _period(key: Key, day: date | None) -> str | None:
    if day is None:
        return None
    if key is Key.MONTH:
        return f"{day:%Y-%m}"
    return (day - timedelta(days=day.weekday()) if key is Key.WEEK else day).isoformat()


def _model(cell: Cell, pricer: CellPricer) -> str:
    try:
        return pricer.model(cell.model)
    except UnknownNameError:
        return cell.model


def tier_of(cell: Cell, pricer: CellPricer) -> str | None:
    """Return the tier of a cell; None if its model serves none, or is unknown."""
    try:
        return pricer.tier(cell)
    except UnknownNameError:
        return None


def reconciled(cells: Iterable[Priced], pricer: CellPricer) -> list[Reconciliation]:
    """Return the logged costs by model beside those at the prices of the sheet, the largest first.

    Calls without a price are left out. Raises CurrencyError for costs in another currency.
    """
    groups: dict[str, list[Priced]] = {}
    currencies = {cell.currency for cell, _ in cells if cell.is_costed} - {pricer.sheet.currency}
    if currencies:
        names = ", ".join(sorted(currency or "an unknown currency" for currency in currencies))
        raise CurrencyError(
            f'costs are logged in {names}, but pricing sheet "{pricer.sheet.name}" is in '
            f"{pricer.sheet.currency}; they cannot be compared"
        )
    for one in cells:
        if one.cell.is_costed and one.cost is not None:
            groups.setdefault(_model(one.cell, pricer), []).append(one)
    rows = [_reconciliation(model, group, pricer) for model, group in groups.items()]
    return sorted(rows, key=lambda row: (-row.logged, row.model))


def _reconciliation(model: str, cells: Sequence[Priced], pricer: CellPricer) -> Reconciliation:
    total = summed(cells)
    row = Reconciliation(model, total.calls, logged_cost(cells), total.cost)
    if abs(row.difference) <= BEYOND * abs(row.logged):
        return row
    return replace(row, hint=cost_hint(model, row.logged, [cell for cell, _ in cells], pricer))


def logged_cost(cells: Iterable[Priced]) -> Decimal:
    """Return the sum of the logged costs."""
    return Decimal(sum(cell.cost_nanos for cell, _ in cells)).scaleb(-NANOS)


@exact
def cost_hint(model: str | None, logged: Decimal, cells: Sequence[Cell], pricer: CellPricer) -> str:
    """Return what explains another cost of calls: the assumption that reproduces it best, or what may."""
    if not logged:
        return "the log states a cost of 0; it may not know the model's price"
    return explained(model, logged, cells, pricer) or (
        "another price sheet, discount, service tier or region, or tokens that the log does not count"
    )


@exact
def explained(model: str | None, logged: Decimal, cells: Sequence[Cell], pricer: CellPricer) -> str | None:
    """Return the assumption that reproduces another cost of calls best; None if none does.

    An assumption that changes nothing explains nothing.
    """
    gaps: dict[str, Decimal] = {}
    own = _total(_cost(pricer, cell) for cell in cells)
    for meaning, variants in _assumptions(model, cells, pricer):
        total = _total(variants)
        if total is not None and total != own:
            gaps[meaning] = abs(total - logged)
    best = min(gaps, key=lambda meaning: gaps[meaning], default="")
    return best if best and gaps[best] <= BEYOND * abs(logged) else None


def _assumptions(
    model: str | None, cells: Sequence[Cell], pricer: CellPricer
) -> Iterator[tuple[str, Iterator[Bounds | None]]]:
    def costs(change: Callable[[Cell], Cell], other: str | None = None) -> Iterator[Bounds | None]:
        return (_cost(pricer, change(cell), other) for cell in cells)

    entries = pricer.sheet.models.get(model or "")
    if entries is None:
        return
    for name, short, long in (("1 hour", *_LIFETIMES), ("5 minutes", *reversed(_LIFETIMES))):
        yield f"cache writes that last {name} reproduce it", costs(_instead(short, long))
    yield "cached tokens are counted twice: its input includes them", costs(_with_cached_input)
    yield "cached tokens are counted twice here: the cost takes them out of the input", costs(_less_cached)
    yield "cache writes are missing from the logged cost", costs(_without_writes)
    yield "cached tokens were priced as input", costs(_all_as_input)
    for mode in sorted({STANDARD, *(mode for entry in entries for mode in entry.card.modes)}):
        yield f"the prices of service tier or mode {mode} reproduce it", costs(_in_mode(mode))
    regional = (None if cost is None else Bounds(cost.low * REGIONAL, cost.high) for cost in costs(_same))
    yield "rates of a region, 10% above the sheet's, reproduce it", regional
    for other in pricer.sheet.models:
        if other != model:
            yield f"the prices of {other} reproduce it", costs(_same, other)


def _total(costs: Iterable[Bounds | None]) -> Decimal | None:
    """Return the sum of the least costs; None if one is unknown."""
    lows = [None if cost is None else cost.low for cost in costs]
    return None if None in lows else sum((low for low in lows if low is not None), ZERO)


def _same(cell: Cell) -> Cell:
    return cell


_LIFETIMES = ("cache_write_5m", "cache_write_1h")


def _instead(meter: str, other: str) -> Callable[[Cell], Cell]:
    """Return a function that counts the units of a meter as those of another."""

    def change(cell: Cell) -> Cell:
        others = {key: count for key, count in cell.units.items() if key != meter}
        return replace(cell, units=others | {other: others.get(other, 0) + cell.units.get(meter, 0)})

    return change


def _in_mode(mode: str) -> Callable[[Cell], Cell]:
    return lambda cell: replace(cell, mode=mode)


def _cached(cell: Cell) -> int:
    return sum(count for meter, count in cell.units.items() if meter in CONTEXT_METERS and "cache" in meter)


def _with_cached_input(cell: Cell) -> Cell:
    return replace(cell, units={**cell.units, "input": cell.units.get("input", 0) + _cached(cell)})


def _less_cached(cell: Cell) -> Cell:
    return replace(cell, units={**cell.units, "input": max(0, cell.units.get("input", 0) - _cached(cell))})


def _without_writes(cell: Cell) -> Cell:
    return replace(cell, units={key: count for key, count in cell.units.items() if "write" not in key})


def _all_as_input(cell: Cell) -> Cell:
    others = {key: count for key, count in cell.units.items() if "cache" not in key}
    return replace(cell, units={**others, "input": cell.units.get("input", 0) + _cached(cell)})


def outcome_rows(cells: Sequence[Priced], pricer: CellPricer) -> list[OutcomeRow]:
    """Return calls by outcome per task type and tier; none if no outcome was logged."""
    if all(cell.keys["outcome"] is None for cell, _ in cells):
        return []
    counts: dict[tuple[str | None, str], dict[str | None, int]] = {}
    for cell, _ in cells:
        key = (task_type_of(cell), tier_of(cell, pricer) or _model(cell, pricer))
        by_outcome = counts.setdefault(key, {})
        outcome = _text(cell.keys["outcome"])
        by_outcome[outcome] = by_outcome.get(outcome, 0) + cell.calls
    rows = [
        OutcomeRow(*key, sum(by_outcome.values()), by_outcome.get("success", 0), by_outcome.get("failure", 0))
        for key, by_outcome in counts.items()
        if any(by_outcome.values())
    ]
    return sorted(rows, key=lambda row: (row.task_type is None, row.task_type or "", row.tier))


@dataclass(frozen=True, slots=True)
class TaskCount:
    """A number of tasks of a type with equal outcome; ``calls`` were made for them."""

    task_type: str | None
    tasks: int
    calls: int
    is_success: bool
    is_failure: bool
    is_escalated: bool


def task_rows(counts: Iterable[TaskCount], cells: Iterable[Priced]) -> list[TaskRow]:
    """Return the tasks of each type, with the cost of all calls of the type; the most expensive first."""
    costs: dict[str | None, list[Priced]] = {}
    for one in cells:
        costs.setdefault(task_type_of(one.cell), []).append(one)
    groups: dict[str | None, list[TaskCount]] = {}
    for count in counts:
        groups.setdefault(count.task_type, []).append(count)
    rows = [
        TaskRow(
            task_type,
            sum(count.tasks for count in group),
            sum(count.calls for count in group),
            sum(count.tasks for count in group if count.is_success),
            sum(count.tasks for count in group if count.is_failure and not count.is_success),
            sum(count.tasks for count in group if count.is_escalated),
            summed(costs.get(task_type, ())),
        )
        for task_type, group in groups.items()
    ]
    return sorted(rows, key=lambda row: (-row.total.cost.high, row.task_type or ""))


def tier_ranks(cells: Iterable[Priced], pricer: CellPricer) -> dict[str, int]:
    """Return the rank of the tier that each logged model serves, from 0 for the lowest."""
    ranks = {tier: rank for rank, tier in enumerate(pricer.sheet.tier_names)}
    tiers = {cell.model: tier_of(cell, pricer) for cell, _ in cells}
    return {model: ranks[tier] for model, tier in tiers.items() if tier is not None}
