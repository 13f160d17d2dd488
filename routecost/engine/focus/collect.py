"""Charges of equal price, period and tags are one; what is left of a cost is a charge of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from routecost.model.results.focus.charges import (
    PLACES,
    SUMS,
    Charge,
    Sku,
    UnitPrice,
    amount_charge,
    rounded,
    total_of,
    usage_charge,
)
from routecost.units import ZERO

Tags = tuple[tuple[str, str | bool], ...]
FORECAST, TAG = "routecost/forecast", "routecost/"
"""The tag of all charges of a projection, and the start of all tags that routecost adds."""


class Line(NamedTuple):
    """What charges of one row have in common."""

    period: tuple[date, date]
    sku: Sku
    price: UnitPrice
    tags: Tags


class Charges:
    """Counts by line; ``more`` is what the units may cost in addition, if their price is not known."""

    def __init__(self) -> None:
        self._counts: dict[Line, Decimal] = {}
        self._more: dict[Line, Decimal] = {}

    def add(self, line: Line, count: Decimal, more: Decimal = ZERO) -> None:
        """Add a count of units."""
        self._counts[line] = SUMS.add(self._counts.get(line, ZERO), count)
        if more:
            self._more[line] = SUMS.add(self._more.get(line, ZERO), more)

    def all(self) -> list[Charge]:
        """Return the charges by period, model and meter."""
        charges = []
        for line, count in sorted(self._counts.items(), key=lambda item: (item[0].period, item[0].sku[:4])):
            units = rounded(count)
            if not units:
                continue
            charge = usage_charge(line.period, line.sku, line.price, units, dict(line.tags))
            if line in self._more:
                high = SUMS.add(charge.billed, self._more[line])
                charge = usage_charge(line.period, line.sku, line.price, units, dict(line.tags), high)
            charges.append(charge)
        return charges


def rest(
    charges: Sequence[Charge],
    cost: Decimal,
    period: tuple[date, date],
    tags: Mapping[str, str | bool],
) -> list[Charge]:
    """Return the charge that is missing in a cost, which is that of rounding, if there is any."""
    missing = SUMS.subtract(cost, total_of(charges))
    text = f"Rounding of quantities to {PLACES} decimal places"
    return [amount_charge(period, missing, text, tags, is_rounding=True)] if missing else []
