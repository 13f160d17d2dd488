"""Quality of work: success rates, failure costs and detection."""

from __future__ import annotations

from decimal import Decimal

from routecost.records import dataclass


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
    further call on ``tier``, if there is one.
    """

    noticed: Decimal
    cost: Decimal = Decimal(0)
    tier: str | None = None


@dataclass(frozen=True, slots=True)
class Detection:
    """The detection rates of a judge: the shares of right and of wrong results that it rejects."""

    wrong_rejected: Decimal
    right_rejected: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Latency:
    """The seconds of a call on a tier: a constant, and a number per output token."""

    per_call: Decimal
    per_output_token: Decimal = Decimal(0)
