"""One-off and monthly costs of routing."""

from __future__ import annotations

from decimal import Decimal

from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class RoutingCosts:
    """The costs of routing beside calls, in the sheet's currency, and the payback period in months."""

    engineering: Decimal
    upkeep_per_month: Decimal
    within_months: int
