"""Limits of the linter's rules: configurable, with sensible defaults."""

from __future__ import annotations

from decimal import Decimal

from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the linter; shares are fractions.

    - ``evidence_days``: evidence is stale when it is older than this many days
    - ``trials``: evidence of fewer trials is thin, and decides nothing
    - ``success_rate``: a tier fails at a task type if its success rate is significantly lower
    - ``escalation_rate``: a tier is wrong for a task type if its escalation rate is significantly higher
    - ``margin``: a lower tier suffices when it is shown to be at most this much less successful
    - ``failure_gap``: failure rates of tiers are compared only if they differ by more
    - ``confidence``: of intervals and tests
    - ``certainty``: the probability required that another tier is cheaper, including failures
    - ``power``: the probability that a trial of the advised size is conclusive
    - ``tasks_per_day``: the lowest volume for which routing is worth it
    - ``largest_share``: a fleet is homogeneous when more of its tasks go to one tier
    - ``observed_share``: a fleet is unobserved when fewer of its tasks are of measured types
    - ``retirement_days``: a model is reported when it retires within this many days
    """

    evidence_days: int = 90
    trials: int = 30
    success_rate: Decimal = Decimal("0.80")
    escalation_rate: Decimal = Decimal("0.20")
    margin: Decimal = Decimal("0.05")
    failure_gap: Decimal = Decimal("0.02")
    confidence: Decimal = Decimal("0.95")
    certainty: Decimal = Decimal("0.80")
    power: Decimal = Decimal("0.80")
    tasks_per_day: Decimal = Decimal(200)
    largest_share: Decimal = Decimal("0.95")
    observed_share: Decimal = Decimal("0.50")
    retirement_days: int = 90


DEFAULT_LIMITS = Limits()
