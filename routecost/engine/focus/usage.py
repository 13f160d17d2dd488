"""Charges of logged calls, by day or month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from routecost.engine.focus.collect import TAG, Charges, Line, Tags, rest
from routecost.engine.focus.prices import sku_of, unit_price
from routecost.engine.logs.pricing import CellPricer, When
from routecost.engine.logs.usage import Priced, day_of, values_of
from routecost.model.logs.cells import Cell
from routecost.model.pricing.usage import CALLS
from routecost.model.results.focus.charges import SUMS, Charge
from routecost.model.results.focus.rows import next_month
from routecost.model.results.logs.usage import PERIODS, Key
from routecost.units import ZERO, exact


@exact
def charges_of(cells: Iterable[Priced], keys: Sequence[Key], pricer: CellPricer) -> list[Charge]:
    """Return the charges of the cells that have a price, at the least cost that they can have.

    The cells are grouped by days, all of which are known. ``keys`` become tags.
    """
    by_month = Key.MONTH in keys
    tagged = {key: values_of(key, pricer) for key in keys if key not in (*PERIODS, Key.MODEL)}
    charges, cost, days = Charges(), ZERO, set[date]()
    for cell, known in cells:
        day = day_of(cell)
        if known is None or day is None:
            continue
        cost = SUMS.add(cost, known.low)
        days.add(day)
        values = ((key, value(cell)) for key, value in tagged.items())
        tags = tuple((f"{TAG}{key}", value) for key, value in values if value is not None)
        first = day.replace(day=1)
        period = (first, next_month(first)) if by_month else (day, day + timedelta(days=1))
        _add(charges, cell, period, tags, pricer)
    priced = charges.all()
    return [*priced, *rest(priced, cost, (min(days), max(days) + timedelta(days=1)), {})] if days else []


def _add(charges: Charges, cell: Cell, period: tuple[date, date], tags: Tags, pricer: CellPricer) -> None:
    """Add the units of a cell at their lowest price."""
    model = pricer.model(cell.model)
    when, buckets = When(cell.days, cell.hours), pricer.buckets(model, cell)
    for meter, count in {**cell.units, CALLS: cell.calls}.items():
        if not count:
            continue
        keys = pricer.price_keys(model, cell.mode, meter, when, buckets)
        least = min(keys, key=pricer.unit_price)
        most = max(pricer.unit_price(key) for key in keys)
        for line in pricer.unit_bill(least).lines:
            price = unit_price(line, pricer.sheet, least.day)
            row = Line(period, sku_of(line, pricer.sheet), price, tags)
            charges.add(row, Decimal(count), count * (most - pricer.unit_price(least)))
