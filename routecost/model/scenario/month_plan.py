"""The month plan of a scenario: work, strategies, commitments and budget by date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from routecost.errors import UnknownNameError
from routecost.model.pricing.terms import EVERYTHING, Scope
from routecost.model.scenario.budget import Budget
from routecost.model.scenario.horizon import GrowthStep
from routecost.model.scenario.workload import Workload
from routecost.problems import Finding, did_you_mean
from routecost.records import dataclass
from routecost.units import MONTHS_PER_YEAR, ZERO


class DayCount(StrEnum):
    """The days counted per month: the scenario's ``days_per_month``, the calendar's, or working days."""

    PER_MONTH = "per_month"
    CALENDAR = "calendar"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class WorkStep:
    """A change of volume: from ``start`` on, ``factor`` times the stated work, until the next step.

    ``task_types`` is None for all task types of the scenario's own workload. ``late`` is the finding
    for plans that begin after ``start``.
    """

    start: date
    factor: Decimal
    task_types: tuple[str, ...] | None = None
    late: Finding | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Launch:
    """A separate fleet that begins on ``start``, at the volumes that its workload states.

    From its second month on it grows by ``growth``, or with all other work if that is None. ``share``
    is set if it does that share of the scenario's own work in addition. ``late`` is the finding for
    plans that begin after ``start``.
    """

    name: str
    start: date
    workload: Workload
    growth: tuple[GrowthStep, ...] | None = None
    share: Decimal | None = None
    late: Finding | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Phase:
    """The strategy of a migration from ``start`` on; None: from the beginning."""

    strategy: str
    start: date | None = None


class Allot(StrEnum):
    """The rule by which the amount of a commitment is divided among owners."""

    USE = "use"
    EQUAL = "equal"
    SHARES = "shares"


@dataclass(frozen=True, slots=True)
class Commitment:
    """A commitment: at least ``amount`` is paid in each month from ``start`` to ``until`` (both included).

    If it is ``yearly``, at least ``amount`` is paid in each 12 months from ``start`` on: what is missing is
    due in the last of them. ``spent_so_far`` is then the part of the year's amount that was paid before the
    plan, None if unknown.

    In return there is a ``discount``, as a share, on the spend that the amount pays for, and
    ``discount_above`` on all beyond, both within ``scope``. ``start`` and ``until`` are first days of
    months.

    ``allot`` is the rule by which what is paid of the amount is divided among the owners of the calls in its
    scope, whose ``shares`` are stated if that is the rule. What is paid beyond the amount follows the use.
    """

    amount: Decimal
    start: date
    until: date | None = None
    discount: Decimal = ZERO
    discount_above: Decimal = ZERO
    scope: Scope = EVERYTHING
    yearly: bool = False
    spent_so_far: Decimal | None = None
    allot: Allot = Allot.USE
    shares: tuple[tuple[str, Decimal], ...] = ()

    def month_of_year(self, month: date) -> int:
        """Return the months of the contract year before a month, given by its first day."""
        since = (month.year - self.start.year) * MONTHS_PER_YEAR + month.month - self.start.month
        return since % MONTHS_PER_YEAR

    def is_due(self, month: date) -> bool:
        """Return whether what is missing of the amount is due in a month that the commitment covers."""
        return not self.yearly or self.month_of_year(month) == MONTHS_PER_YEAR - 1

    def holds(self, month: date) -> bool:
        """Return whether the commitment covers a month, given by its first day."""
        return self.start <= month and (self.until is None or month <= self.until)


@dataclass(frozen=True, slots=True)
class BudgetStep:
    """The amount of a budget from the month of ``start`` on."""

    start: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Engineering:
    """A cost of the proposal that is paid once, on ``day``."""

    name: str
    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Upkeep:
    """A cost of the proposal per month, from ``start`` to ``until`` (both included; None: without end)."""

    name: str
    amount: Decimal
    start: date
    until: date | None = None

    def is_due(self, month: date) -> bool:
        """Return whether it is due in a month, given by its first day."""
        return self.start <= month and (self.until is None or month <= self.until)


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes over the months in the work of a scenario and in its strategies.

    ``seasons`` maps calendar months (1 to 12) to factors, of which only the ratio to that of the first
    month counts. ``holidays`` are no working days. ``migrations`` maps names to strategies over time,
    the first of which has no start. ``proposed`` and ``budget`` override the scenario's own and may
    name a migration. ``year_starts`` is the calendar month that begins the years of a budget; None:
    years are counted from the start of the plan. ``engineering`` and ``upkeep`` are what the proposal costs
    beside its calls; ``discount_rate`` per year gives their present value. ``spent_so_far``
    is the spend of the year before the plan's start, None if unknown, and ``spent_by`` has the stated parts
    of it, by the dimension (``owner``, ``model``) that they are parts of.
    """

    start: date | None = None
    growth: tuple[GrowthStep, ...] = ()
    steps: tuple[WorkStep, ...] = ()
    launches: tuple[Launch, ...] = ()
    seasons: Mapping[int, Decimal] = field(default_factory=dict)
    days: DayCount = DayCount.PER_MONTH
    holidays: frozenset[date] = frozenset()
    migrations: Mapping[str, tuple[Phase, ...]] = field(default_factory=dict)
    commitments: tuple[Commitment, ...] = ()
    proposed: str | None = None
    budget: Budget | None = None
    budget_steps: tuple[BudgetStep, ...] = ()
    year_starts: int | None = None
    engineering: tuple[Engineering, ...] = ()
    upkeep: tuple[Upkeep, ...] = ()
    discount_rate: Decimal | None = None
    spent_so_far: Decimal | None = None
    spent_by: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)

    def spent_before(self, first: date) -> Decimal | None:
        """Return the spend of the fiscal year before a horizon; None if it is not known."""
        return self.spent_so_far if self.start == first else None

    @property
    def costs_beside_calls(self) -> tuple[str, ...]:
        """The names of the costs that months of the plan have, and a month as stated does not."""
        stated = {"commitments": self.commitments, "engineering": self.engineering, "upkeep": self.upkeep}
        return tuple(name for name, costs in stated.items() if costs)


NO_PLAN = Plan()
"""Identical months."""


def read_days(text: str) -> DayCount:
    """Return the count of days with this name; raises UnknownNameError."""
    if text not in list(DayCount):
        raise UnknownNameError(f'no count of days named "{text}"{did_you_mean(text, list(DayCount))}')
    return DayCount(text)
