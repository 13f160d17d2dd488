"""Success rates that were measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from routecost.records import dataclass

if TYPE_CHECKING:
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class MeasuredRate:
    """A success rate that was measured; ``low`` and ``high`` bound it with 95% confidence (Wilson 1927)."""

    task_type: str
    tier: str
    successes: int
    trials: int
    rate: Decimal
    low: float
    high: float
