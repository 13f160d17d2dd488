"""What the linter takes for too old, too few, too often: configurable, with sensible defaults."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the linter; shares are fractions.

    - ``evidence_days``: evidence is stale when it is older than this many days
    - ``trials``: evidence of fewer trials is thin, and decides nothing
    - ``success_rate``: a tier fails at a task type when it surely succeeds less often
    - ``escalation_rate``: a tier is wrong for a task type when it surely escalates more often
    - ``margin``: a lower tier suffices when it is shown to be at most this much less successful
    - ``failure_gap``: tiers are told apart by failure rates only when they differ by more
    - ``confidence``: of intervals and tests
    - ``certainty``: how likely another tier must be the cheaper one, failures included
    - ``power``: the chance with which a trial of the advised size settles the question
    - ``tasks_per_day``: routing is not worth it for fewer
    - ``largest_share``: a fleet is homogeneous when more of its tasks go to one tier
    - ``observed_share``: a fleet is unobserved when fewer of its tasks are of measured types
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


DEFAULT_LIMITS = Limits()
