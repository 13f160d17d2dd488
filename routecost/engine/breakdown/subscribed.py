"""Division of what a subscription costs among the calls that it pays for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, MutableMapping
from decimal import Decimal

from routecost.engine.breakdown.cells import Cell
from routecost.engine.pricing.pieces import Covers, Paid
from routecost.units import ZERO


def after_subscriptions(
    paid: Paid,
    gross: Mapping[Covers, MutableMapping[Cell, Decimal]],
    owner_of: Callable[[Cell], str | None],
) -> dict[Cell | None, Decimal]:
    """Return fees and credits by cell, and take the calls that are not billed by the sheet out of ``gross``.

    Each is divided among the calls of its strategy and owner, in proportion to their cost at the rates of
    the sheet; None has fees without calls.
    """
    charges: dict[Cell | None, Decimal] = defaultdict(Decimal)

    def cells(strategy: str, owner: str | None, covers: Covers | None) -> dict[Cell, Decimal]:
        weights: dict[Cell, Decimal] = defaultdict(Decimal)
        for by_cell in gross.values() if covers is None else [gross.get(covers, {})]:
            for cell, money in by_cell.items():
                if cell.strategy == strategy and owner in (None, owner_of(cell)):
                    weights[cell] += money
        return weights

    for (strategy, owner), money in paid.charges.items():
        weights = cells(strategy, owner, None)
        whole = sum(weights.values(), ZERO)
        if not whole:
            charges[None] += money
        for cell, weight in weights.items() if whole else ():
            charges[cell] += money * weight / whole
    for (strategy, owner, covers), money in paid.removed.items():
        weights = cells(strategy, owner, covers)
        whole = sum(weights.values(), ZERO)
        for cell, weight in weights.items() if whole else ():
            gross[covers][cell] -= money * weight / whole
    return charges
