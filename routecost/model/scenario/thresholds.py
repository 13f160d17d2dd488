"""Thresholds for deciding whether to route at all."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which figures on routing is worth considering.

    ``tasks_per_day`` is the least volume, ``one_tier`` the greatest share of tasks on one tier,
    ``trials`` the fewest measurements behind a success rate, and ``stakes`` how many times a failure
    may cost what a call on the highest tier costs more than one on the lowest.
    """

    tasks_per_day: Decimal = Decimal(200)
    one_tier: Decimal = Decimal("0.95")
    trials: Decimal = Decimal(30)
    stakes: Decimal = Decimal(1000)


DEFAULT_THRESHOLDS = Thresholds()
