"""Costs of routing and thresholds, which decide whether to route at all."""

from __future__ import annotations

from decimal import Decimal

from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The limits above which routing is worth considering.

    ``tasks_per_day`` is the lowest volume, ``one_tier`` the highest share of tasks on one tier,
    ``trials`` the fewest measurements behind a success rate, and ``stakes`` the highest cost of a
    failure, in multiples of the price gap between the highest and the lowest tier. ``certainty`` is
    the probability of savings, or of losses, from which a verdict is not too close to call.
    """

    tasks_per_day: Decimal = Decimal(200)
    one_tier: Decimal = Decimal("0.95")
    trials: Decimal = Decimal(30)
    stakes: Decimal = Decimal(1000)
    certainty: Decimal = Decimal("0.9")


DEFAULT_THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True)
class RoutingCosts:
    """One-off and monthly costs of routing, in the sheet's currency, and the payback period in months."""

    engineering: Decimal
    upkeep_per_month: Decimal
    within_months: int
