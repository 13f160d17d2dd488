"""Decimal places at which figures that are compared look different."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from routecost.model.report.cells import Unit
from routecost.units import ONE

if TYPE_CHECKING:
    from routecost.model.results.claim_check import ClaimResult
    from routecost.model.results.task_plan import PlanClaim

_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)
_MOST = 9
_MOST_OWN = 6
_USUAL = {Unit.MONEY: 2, Unit.SHARE: 1, Unit.COUNT: 0, Unit.NUMBER: 3}
_OF_FRACTION = {Unit.SHARE: 2}
"""Places that a percentage has less than its fraction."""


def own_places(value: Decimal, unit: Unit) -> int:
    """Return the decimal places that a figure needs to look as it is written."""
    exponent = int(value.normalize().as_tuple().exponent)
    return max(0, min(-exponent - _OF_FRACTION.get(unit, 0), _MOST_OWN))


def telling_apart(unit: Unit, one: Decimal | None, other: Decimal | None) -> int:
    """Return the decimal places at which two different values look different; 0 if they do as usual."""
    usual, skipped = _USUAL[unit], _OF_FRACTION.get(unit, 0)
    if one is None or other is None or one == other:
        return 0
    for places in range(usual, _MOST + 1):
        step = ONE.scaleb(-places - skipped)
        if _WIDE.quantize(one, step) != _WIDE.quantize(other, step):
            return 0 if places == usual else places
    return 0


def distinct_places(unit: Unit, values: Iterable[Decimal | None]) -> int:
    """Return the decimal places at which different values look different; 0 if they do as usual."""
    known = sorted({value for value in values if value is not None})
    return max((telling_apart(unit, low, high) for low, high in pairwise(known)), default=0)


def figure_places(claim: ClaimResult | PlanClaim, unit: Unit) -> int:
    """Return the least decimal places of a claim's figures: as published, and enough to tell them apart."""
    places = 0 if unit is Unit.NUMBER else own_places(claim.published, unit)
    return places if claim.holds else max(places, telling_apart(unit, claim.published, claim.computed))
