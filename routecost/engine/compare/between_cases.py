"""Costs between the usual and the worst case of repeated work, where terms on totals jump.

A retroactive volume discount makes the cost fall where the spend passes a step, so that the highest
and the lowest cost of a month may lie between both cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.engine.pricing.settlement import volume_line
from routecost.units import ONE, ZERO

if TYPE_CHECKING:
    from routecost.model.pricing.bill import Bill
    from routecost.model.pricing.sheet import PricingSheet

_WIDTH = Decimal(2) ** -44
"""The distance at which both sides of a step are priced, as a share of the way between the cases."""

Month = Callable[[Decimal], "Bill"]
"""Returns the bill of a month, given the share of the way from the usual to the worst case."""


def between(usual: Bill, worst: Bill, settled: Callable[[Bill], Bill]) -> Month:
    """Return the months on the straight line between the bills of two days."""

    def month(share: Decimal) -> Bill:
        return settled(usual.scaled(1 - share) + worst.scaled(share))

    return month


def jumps(sheet: PricingSheet, month: Month) -> Iterator[tuple[Decimal, Bill]]:
    """Yield the months right before and after a retroactive step is reached, with their shares."""
    names = {
        volume_line(terms.volume, step, sheet.currency)
        for terms in sheet.terms
        if terms.volume is not None and terms.volume.retroactive
        for step in terms.volume.steps
    }
    if names:
        yield from _jumps(names, month, (ZERO, month(ZERO)), (ONE, month(ONE)))


def _jumps(
    names: set[str], month: Month, low: tuple[Decimal, Bill], high: tuple[Decimal, Bill]
) -> Iterator[tuple[Decimal, Bill]]:
    if _reached(names, low[1]) == _reached(names, high[1]):
        return
    if high[0] - low[0] < _WIDTH:
        yield from (low, high)
        return
    share = (low[0] + high[0]) / 2
    middle = share, month(share)
    yield from _jumps(names, month, low, middle)
    yield from _jumps(names, month, middle, high)


def _reached(names: set[str], bill: Bill) -> list[str]:
    return [line.name for line in bill.terms if line.name in names]
