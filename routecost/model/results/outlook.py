"""Spend compared with a budget, and results of a simulation: bands, budget risk, sources of variance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.errors import UsageError
from routecost.model.results.failures import Between
from routecost.model.scenario.uncertain_field import UncertainField
from routecost.records import dataclass
from routecost.units import ZERO

if TYPE_CHECKING:
    from routecost.model.scenario.budget import Budget

DEFAULT_RUNS = 100_000
DEFAULT_SEED = 7

MOST_BYTES = 4 * 10**9
"""The most memory that a simulation may need."""

_NUMBER = re.compile(r"-?\d{1,20}(\.\d{1,20})?([eE]\d{1,2})?", re.ASCII)
_BYTES_EACH = 8


def read_runs(text: str, numbers_per_path: int) -> int:
    """Parse a number of runs, such as ``100000`` or ``1e5``, each of ``numbers_per_path`` numbers at once.

    Raises UsageError unless it is a whole number of 1 or more whose numbers fit into memory.
    """
    runs = read_count(text)
    bytes_per_run = _BYTES_EACH * numbers_per_path
    if bytes_per_run * runs > MOST_BYTES:
        raise UsageError(
            f"{runs:,} runs need about {_gigabytes(bytes_per_run * runs)} of memory; expected at most "
            f"{MOST_BYTES // bytes_per_run:,} runs, which need {_gigabytes(MOST_BYTES)}"
        )
    return runs


def read_count(text: str) -> int:
    """Parse a number of runs, of whatever size."""
    runs = _whole(text)
    if runs is None or runs < 1:
        raise UsageError(f'"{text}" is not a number of runs; expected a whole number of 1 or more')
    return runs


def read_seed(text: str) -> int:
    """Parse a seed; raises UsageError unless it is a whole number of 0 or more."""
    seed = _whole(text)
    if seed is None or seed < 0:
        raise UsageError(f'"{text}" is not a seed; expected a whole number of 0 or more')
    return seed


def _gigabytes(size: int) -> str:
    return f"{size / 10**9:,.0f} GB"


def _whole(text: str) -> int | None:
    if not _NUMBER.fullmatch(text.strip()):
        return None
    number = Decimal(text.strip())
    return int(number) if number == number.to_integral_value() else None


INTERACTIONS = "interactions"
"""The part of a variance that no field explains by itself."""


@dataclass(frozen=True, slots=True)
class Band:
    """Quantiles of an amount of money: 10%, 50% and 90% of the simulated runs cost at most this much."""

    p10: Decimal
    p50: Decimal
    p90: Decimal


@dataclass(frozen=True, slots=True)
class VarianceShare:
    """The share of the variance of a total that ``field`` explains by itself (Sobol's first order)."""

    field: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class StrategyOutlook:
    """The simulated costs of a strategy, by month and cumulative.

    ``error`` has the standard errors of the quantiles of the last cumulative band. ``variance`` is
    empty if no uncertain input affects the strategy.
    """

    strategy: str
    months: tuple[Band, ...]
    cumulative: tuple[Band, ...]
    error: Band
    variance: tuple[VarianceShare, ...]

    @property
    def total(self) -> Band:
        """The spend of the whole horizon."""
        return self.cumulative[-1]


@dataclass(frozen=True, slots=True)
class BudgetRisk:
    """The probability of exceeding a budget: in each month, in any of them, and over the whole horizon."""

    strategy: str
    months: tuple[Decimal, ...]
    any_month: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class RebasedOutlook:
    """The bands of a forecast that is re-based on actual spend; None for what is known.

    ``budget_risk`` is that of actual spend and forecast together.
    """

    months: tuple[Band | None, ...]
    cumulative: tuple[Band | None, ...]
    budget_risk: BudgetRisk | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """The results of ``runs`` simulated runs, with ``fields`` drawn from ``seed``.

    ``rebased`` has the bands of the forecast that is re-based on actuals, None without actuals.
    """

    runs: int
    seed: int
    fields: tuple[UncertainField, ...]
    strategies: tuple[StrategyOutlook, ...]
    budget_risk: BudgetRisk | None
    rebased: RebasedOutlook | None = None

    def only(self, names: Sequence[str]) -> Outlook:
        """Return the outlook of just these strategies, and of the budget."""
        return replace(
            self, strategies=tuple(strategy for strategy in self.strategies if strategy.strategy in names)
        )

    def __getitem__(self, strategy: str) -> StrategyOutlook:
        """Return the outlook of a strategy; KeyError if there is none."""
        return {outlook.strategy: outlook for outlook in self.strategies}[strategy]


@dataclass(frozen=True, slots=True)
class BudgetMonth:
    """The spend counted against a budget in a month, and the amount ``over`` it (negative: under).

    ``spent`` is the month's cost, the cost of its mean day for a budget per day, or the cost of its
    year so far for a budget per year. ``amount`` is the budget at that time, and ``allowance`` its
    equivalent for one month. ``total`` is the spend with failures, as far as it is known; None if these
    cost nothing. If the budget counts failures, ``spent`` is its low end. ``unallotted`` was spent in the
    year before the plan by owners that are not stated: the budget's owner may have spent it.
    """

    month: str
    spent: Decimal
    over: Decimal
    amount: Decimal
    allowance: Decimal
    total: Between | None = None
    unallotted: Decimal = ZERO

    def counted(self, budget: Budget) -> Between:
        """Return the spend that a budget counts, as far as it is known."""
        known = Between.exactly(self.spent)
        if budget.counts_failures and self.total is not None:
            known = self.total
        return known.plus(Between(ZERO, self.unallotted))

    def may_exceed(self, budget: Budget) -> bool:
        """Return whether the spend may exceed a budget, because it is unknown in part."""
        high = self.counted(budget).high
        return self.over <= 0 and (high is None or high > self.amount)


@dataclass(frozen=True, slots=True)
class BudgetTracking:
    """A budget compared with each month; ``allowed`` is the budget over all months together.

    ``year_starts`` is the calendar month that begins its years; None: years are counted from the start
    of the plan. ``before`` is the spend of the first year before these months, None if unknown.
    ``replaced`` is the budget of the scenario, if that of its plan replaces it. ``owner`` is the owner of the
    part of the strategy's cost that it is for, None for all of it.
    """

    budget: Budget
    allowed: Decimal
    months: tuple[BudgetMonth, ...]
    year_starts: int | None = None
    before: Decimal | None = None
    replaced: Budget | None = None
    owner: str | None = None

    @property
    def unsure(self) -> tuple[BudgetMonth, ...]:
        """The months that may exceed the budget: failures or past spend are unknown in part."""
        return tuple(month for month in self.months if month.may_exceed(self.budget))

    @property
    def is_unknown(self) -> bool:
        """True if the spend with failures is unknown in some month."""
        return any(month.total is not None and month.total.high is None for month in self.months)

    @property
    def exceeded(self) -> tuple[BudgetMonth, ...]:
        """The months that exceed the budget."""
        return tuple(month for month in self.months if month.over > 0)

    @property
    def closest(self) -> BudgetMonth:
        """The month that comes closest to the budget, or goes furthest beyond it."""
        return max(self.months, key=lambda month: month.over)

    @property
    def crossed(self) -> BudgetMonth | None:
        """The first month that exceeds the budget."""
        return next(iter(self.exceeded), None)
