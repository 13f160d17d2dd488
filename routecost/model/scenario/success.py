"""Quality of work: success rates, failure costs and detection."""

from __future__ import annotations

from decimal import Decimal

from routecost.records import dataclass
from routecost.units import ZERO


@dataclass(frozen=True, slots=True)
class SuccessRate:
    """The success rate of a tier, as a fraction; with the trials that measured it, if any."""

    rate: Decimal
    successes: int | None = None
    trials: int | None = None


@dataclass(frozen=True, slots=True)
class Rework:
    """The rework of wrong results that are noticed after the strategy has accepted them.

    ``noticed`` is their share of all wrong results. Each costs ``cost``, in the sheet's currency, and a
    further call on ``tier``, if there is one. ``success_after`` is the share of reworked results that
    is right; None: all of them, or in the worst case what the rate of ``tier`` guarantees. With ``pass_on``
    the further call also reads a wrong result: the output of a call of the task type.
    """

    noticed: Decimal
    cost: Decimal = ZERO
    tier: str | None = None
    success_after: Decimal | None = None
    pass_on: bool = False


@dataclass(frozen=True, slots=True)
class Detection:
    """The detection rates of a judge: the shares of right and of wrong results that it rejects."""

    wrong_rejected: Decimal
    right_rejected: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class SuccessAfter:
    """The success rates of work that is done again, after a wrong and after a right output was rejected."""

    when_wrong: Decimal
    when_right: Decimal

    @classmethod
    def always(cls, rate: Decimal) -> SuccessAfter:
        """Return the same rate after both."""
        return cls(rate, rate)


@dataclass(frozen=True, slots=True)
class Latency:
    """The seconds of a call on a tier: a constant, and a number per output token."""

    per_call: Decimal
    per_output_token: Decimal = ZERO
