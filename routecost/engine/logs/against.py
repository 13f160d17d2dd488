"""Reconciliation of logged calls with the costs that their provider reports, by day and line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from routecost.engine.logs.pricing import CellPricer
from routecost.engine.logs.usage import (
    BEYOND,
    Priced,
    by_day,
    calls_in_words,
    cost_hint,
    day_of,
    explained,
)
from routecost.errors import CurrencyError, UnknownNameError
from routecost.model.logs.cells import Bounds
from routecost.model.logs.costs import CostLine
from routecost.model.results.logs.against import BilledRow
from routecost.units import ZERO, exact

_FEES = {"web_search", "storage_search", "request"}
"""Meters that a report may bill without naming the model."""


ALL = "all costs"
"""The line of costs of all models together."""

UNDATED = "calls without a day"
"""The line of calls without a time."""


class _Place(NamedTuple):
    day: date | None
    model: str | None
    meter: str | None
    line: str | None


_NO_DAY = _Place(None, None, None, UNDATED)


@exact
def billed_rows(
    cells: Sequence[Priced], lines: Sequence[CostLine], pricer: CellPricer, tolerance: Decimal
) -> list[BilledRow]:
    """Return the billed and the computed cost by day, model and (if all lines of a model state it) meter.

    Costs of a meter that the report bills without a model, such as web searches, are compared for all models
    together; so is everything if it names no model. Raises CurrencyError for lines in another currency than
    the sheet.
    """
    _refuse_currencies(lines, pricer)
    billed: dict[_Place, Decimal] = {}
    models = {line.model: _model(line.model, pricer) for line in lines if line.model is not None}
    by_meter = dict.fromkeys(models.values(), True)
    for line in lines:
        if line.model is not None:
            by_meter[models[line.model]] &= line.meter is not None
    shared = {line.meter for line in lines if line.model is None and line.meter}
    together = _together(lines) if lines and not models else None
    for line in lines:
        place = _place(line, models, by_meter)
        at = place if together is None else together(place)
        billed[at] = billed.get(at, ZERO) + line.amount
    computed: dict[_Place, Bounds] = {}
    for place, cost in _computed(cells, pricer, by_meter, shared, split=together is not None):
        at = place if together is None or place is _NO_DAY else together(place)
        computed[at] = computed.get(at, Bounds()).plus(cost)
    unpriced = {
        (day_of(cell), _model(cell.model, pricer) if together is None else None)
        for cell, cost in cells
        if cost is None
    }
    rows = [
        BilledRow(
            *place,
            billed.get(place, ZERO),
            computed.get(place, Bounds()),
            is_least=(place.day, place.model) in unpriced,
        )
        for place in {**billed, **computed}
    ]
    rows.sort(key=lambda row: (row.day or date.max, row.model or "~", row.meter or "", row.line or ""))
    return [replace(row, is_within=abs(row.difference) <= tolerance * abs(row.billed)) for row in rows]


def _refuse_currencies(lines: Iterable[CostLine], pricer: CellPricer) -> None:
    currencies = sorted({line.currency for line in lines} - {pricer.sheet.currency})
    if currencies:
        raise CurrencyError(
            f'the cost report is in {", ".join(currencies)}, but pricing sheet "{pricer.sheet.name}" is in '
            f"{pricer.sheet.currency}; they cannot be compared"
        )


def _model(name: str, pricer: CellPricer) -> str:
    try:
        return pricer.model(name)
    except UnknownNameError:
        return name


def _place(line: CostLine, models: dict[str, str], by_meter: dict[str, bool]) -> _Place:
    if line.model is None:
        return _Place(line.day, None, line.meter, None if line.meter else line.line)
    model = models[line.model]
    return _Place(line.day, model, line.meter if by_meter[model] else None, None)


def _together(lines: Sequence[CostLine]) -> Callable[[_Place], _Place]:
    """Return the places of a report without models: by day, and meter if all lines state one."""
    by_meter = all(line.meter is not None for line in lines)

    def place_of(place: _Place) -> _Place:
        return _Place(place.day, None, place.meter, None) if by_meter else _Place(place.day, None, None, ALL)

    return place_of


def _computed(
    cells: Iterable[Priced], pricer: CellPricer, by_meter: dict[str, bool], shared: set[str], *, split: bool
) -> Iterator[tuple[_Place, Bounds]]:
    """Yield the costs of calls; ``split``: by meter where no line of the report says so."""
    for cell, cost in cells:
        day = day_of(cell)
        if cost is None:
            continue
        if day is None:
            yield _NO_DAY, cost
            continue
        model = pricer.model(cell.model)
        for meter, amount in pricer.amounts(cell).items():
            is_shared = meter in shared and meter in _FEES
            own = meter if split or is_shared or by_meter.get(model, False) else None
            yield _Place(day, None if is_shared else model, own, None), amount


@exact
def gap_causes(
    rows: Sequence[BilledRow], cells: Sequence[Priced], pricer: CellPricer, left_out: int = 0
) -> Iterator[str]:
    """Yield what explains the rows beyond the tolerance; ``left_out`` further calls have no time."""
    beyond = [row for row in rows if not row.is_within]
    if not beyond:
        return
    days, undated = by_day(cells)
    if calls := left_out + sum(cell.calls for cell, _ in undated):
        yield (
            f"{calls_in_words(calls)} without a time: their cost belongs to days on which the log lacks it; "
            "write their times into the log"
        )
        return
    logged = {*days}
    billed = {row.day for row in rows if row.billed and row.day}
    yield from _missing_days(billed - logged, logged - billed)
    both = billed & logged
    for model in dict.fromkeys(row.model for row in beyond if row.day in both):
        own = [row for row in rows if row.model == model and row.day in both]
        yield from _of_model(model, own, [one for one in cells if _is_of(one, model, both, pricer)], pricer)


def _missing_days(unlogged: set[date], unbilled: set[date]) -> Iterator[str]:
    if unlogged:
        yield f"{_named(unlogged)}: billed, but the log has no calls: its files may be incomplete"
    if unbilled:
        pages = "pages of the report may be missing (one has 7 days by default)"
        yield f"{_named(unbilled)}: calls are logged, but nothing is billed: {pages}"


def _named(days: set[date]) -> str:
    first, *others = sorted(days)
    return f"{first}" if not others else f"{len(days)} days from {first} to {others[-1]}"


def _is_of(one: Priced, model: str | None, days: set[date], pricer: CellPricer) -> bool:
    return model in {None, _model(one.cell.model, pricer)} and day_of(one.cell) in days


def _of_model(
    model: str | None, rows: Sequence[BilledRow], cells: Sequence[Priced], pricer: CellPricer
) -> Iterator[str]:
    name = model or rows[0].meter or rows[0].line or "other lines"
    unpriced = sum(cell.calls for cell, cost in cells if cost is None)
    if unpriced:
        yield f"{name}: {unpriced:,} logged calls have no price, so that the computed cost lacks them"
        return
    if not any(row.computed.high for row in rows):
        yield f"{name}: billed, but not in the log: other keys or workspaces, or a charge that is no call"
        return
    if not any(row.billed for row in rows):
        yield f"{name}: in the log, but not in the report: it may be grouped otherwise, or lack pages"
        return
    total, logged = sum((row.billed for row in rows), ZERO), [cell for cell, _ in cells]
    if abs(sum((row.difference for row in rows), ZERO)) <= BEYOND * abs(total):
        yield f"{name}: all days together agree: calls may be billed on another day, or amounts are rounded"
        return
    if hint := explained(model, total, logged, pricer):
        yield f"{name}: {hint}"
        return
    writes = [row for row in rows if row.meter is not None and "write" in row.meter]
    if sum((row.billed - row.computed.high for row in writes), ZERO) > ZERO:
        amount = sum((row.billed - row.computed.high for row in writes), ZERO).normalize()
        yield f"{name}: cache writes of {amount:f} {pricer.sheet.currency} are missing in the log"
        return
    yield f"{name}: {cost_hint(model, total, logged, pricer)}"
