"""The particulars of a comparison that few scenarios have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from routecost.model.scenario.strategy import TokenScaling


@dataclass(frozen=True, slots=True)
class Quality:
    """What becomes of a strategy's tasks, all types together.

    ``failure_cost_per_month`` is None where a type fails and nobody said what that costs;
    ``cost_per_success`` is None where no task ends right.
    """

    success_rate: Decimal
    cost_per_success: Decimal | None
    failure_cost_per_month: Decimal | None


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


@dataclass(frozen=True, slots=True)
class RouterError:
    """The share of tasks that the router of ``strategy`` may mistake before ``against`` is cheaper.

    Evenly over all task types. ``by_calls`` counts the cost of calls alone, ``with_failures`` what
    failures cost too. None: no error makes it dearer; ``with_failures`` also where that is not
    known, which ``knows_failures`` tells apart. 0: it is dearer without any.
    """

    strategy: str
    against: str
    by_calls: Decimal | None
    with_failures: Decimal | None
    knows_failures: bool


@dataclass(frozen=True, slots=True)
class Scaling:
    """Tokens were measured on one model and scaled to others; for ``unknown`` ones they were not."""

    measured_on: str
    scaled: tuple[TokenScaling, ...]
    unknown: tuple[str, ...]
