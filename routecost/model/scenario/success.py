"""What is known of the quality of work: success rates, and what failures cost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class SuccessRate:
    """How often a tier does a task right, as a fraction; with the trials that measured it, if any."""

    rate: Decimal
    successes: int | None = None
    trials: int | None = None


@dataclass(frozen=True, slots=True)
class Rework:
    """What becomes of wrong results that somebody notices after the strategy has accepted them.

    ``noticed`` is their share of all wrong results. Each costs ``cost``, in the sheet's currency,
    and a further call on ``tier``, if there is one.
    """

    noticed: Decimal
    cost: Decimal = Decimal(0)
    tier: str | None = None


@dataclass(frozen=True, slots=True)
class Detection:
    """How well a judge tells right results from wrong ones: the shares of each that it rejects."""

    wrong_rejected: Decimal
    right_rejected: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds that a call of a tier takes: so many, and so many more per output token."""

    per_call: Decimal
    per_output_token: Decimal = Decimal(0)
