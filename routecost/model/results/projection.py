"""Projections: spend by month and strategy, with bands from a simulation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from decimal import Decimal
from itertools import repeat
from typing import TYPE_CHECKING, Any

from routecost.errors import known_strategy
from routecost.model.frames import Result
from routecost.model.results.failures import Between, widest
from routecost.model.results.outlook import BudgetRisk, BudgetTracking, Outlook, StrategyOutlook
from routecost.model.results.verdicts.worst_of import REPEATED, WorstOf
from routecost.records import dataclass
from routecost.units import ZERO, exact

if TYPE_CHECKING:
    import pandas

    from routecost.model.pricing.rate_limits import RateLimit
    from routecost.model.results.actuals import PlanVsActual
    from routecost.model.results.breakdown.breakdown import Breakdown
    from routecost.model.results.months.payback import Payback
    from routecost.model.results.outlook import Outlook
    from routecost.model.results.verdicts.probability import SavingProbability
    from routecost.model.scenario.horizon import Horizon
    from routecost.model.scenario.month_plan import Commitment, Plan


def banded(projection: Projection, outlook: Outlook) -> Projection:
    """Return a projection with the bands and probabilities of an outlook."""
    spends = {spend.strategy: spend for spend in projection.strategies}
    for strategy in outlook.strategies:
        spends[strategy.strategy] = _banded(spends[strategy.strategy], strategy, outlook.budget_risk)
    actuals = projection.actuals
    return replace(
        projection,
        strategies=tuple(spends.values()),
        outlook=outlook,
        actuals=None if actuals is None else actuals.banded(outlook.rebased),
    )


def _banded(spend: StrategySpend, outlook: StrategyOutlook, budget_risk: BudgetRisk | None) -> StrategySpend:
    over = (
        budget_risk.months
        if budget_risk is not None and budget_risk.strategy == spend.strategy
        else repeat(None)
    )
    months = (
        replace(
            month,
            p10=band.p10,
            p50=band.p50,
            p90=band.p90,
            cumulative_p10=so_far.p10,
            cumulative_p90=so_far.p90,
            over_budget_probability=probability,
        )
        for month, band, so_far, probability in zip(spend.months, outlook.months, outlook.cumulative, over)  # noqa: B905
    )
    return replace(spend, months=tuple(months))


PROJECTION_COLUMNS = (
    "month",
    "strategy",
    "cost",
    "p10",
    "p50",
    "p90",
    "cumulative",
    "cumulative_p10",
    "cumulative_p90",
    "over_budget_probability",
)
"""The columns of every projection; a plan adds the month's tasks, commitments add shortfalls."""


UNDONE = ("tasks_not_served", "tasks_not_served_high", "tasks_slowed", "tasks_slowed_high")
"""The columns of tasks beyond what subscriptions include, if there are any."""


@dataclass(frozen=True, slots=True)
class MonthCost:
    """The cost of a strategy in a month (``YYYY-MM``); money in the sheet's currency.

    ``cumulative`` counts from the first month. ``shortfall`` is the part of the cost that pays for an
    unused commitment, and ``unused`` that of each commitment. If nothing is uncertain, ``p50`` is the
    cost, and the other percentiles and the probability are None. Only months of the budget's strategy
    have a probability. ``failures`` is the cost of wrong results beside it, None if these cost nothing.
    ``tasks_not_served`` and ``tasks_slowed`` are beyond what a subscription includes.
    """

    month: str
    strategy: str
    cost: Decimal
    cumulative: Decimal
    p10: Decimal | None = None
    p50: Decimal | None = None
    p90: Decimal | None = None
    cumulative_p10: Decimal | None = None
    cumulative_p90: Decimal | None = None
    over_budget_probability: Decimal | None = None
    shortfall: Decimal = ZERO
    unused: tuple[tuple[Commitment, Decimal], ...] = ()
    failures: Between | None = None
    tasks_not_served: Decimal = ZERO
    tasks_not_served_high: Decimal = ZERO
    tasks_slowed: Decimal = ZERO
    tasks_slowed_high: Decimal = ZERO

    @property
    def with_failures(self) -> Between:
        """The cost of calls and failures, as far as it is known."""
        return (self.failures or Between(None, None)).plus(Between.exactly(self.cost))

    @property
    def failure_cost(self) -> Decimal | None:
        """The cost of failures; None if unknown."""
        return None if self.failures is None else self.failures.known

    @property
    def total_cost(self) -> Decimal | None:
        """The cost of calls and failures; None if unknown."""
        return self.with_failures.known


@dataclass(frozen=True, slots=True)
class StrategySpend:
    """A strategy's months; ``vs_baseline`` is total / baseline's total - 1, or None."""

    strategy: str
    months: tuple[MonthCost, ...]
    vs_baseline: Decimal | None

    @property
    def total(self) -> Decimal:
        """The spend of the whole horizon."""
        return self.months[-1].cumulative

    @property
    def with_failures(self) -> Between:
        """The cost of calls and failures over the whole horizon, as far as it is known."""
        cost = Between()
        for month in self.months:
            cost = cost.plus(month.with_failures)
        return cost


@dataclass(frozen=True, slots=True)
class TotalSavings:
    """The savings of ``strategy`` over the horizon; ``fraction`` is None if ``against`` costs nothing.

    ``with_failures`` includes failures, and is None if these cost nothing; ``unknown`` and ``assumed`` name
    task types as in :class:`~routecost.model.results.comparison.Savings`. ``probability`` is that of savings
    that exceed what routing costs. ``span`` and ``total_span`` are the bounds of the amount and of
    ``with_failures``, if no estimate is between them, by ``worst_of``; else None.
    """

    strategy: str
    against: str
    amount: Decimal
    fraction: Decimal | None
    with_failures: Between | None = None
    unknown: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    probability: SavingProbability | None = None
    span: Between | None = None
    total_span: Between | None = None
    worst_of: WorstOf = REPEATED

    @property
    def crosses(self) -> bool:
        """True if it is not known which of the two costs less."""
        low, high = self.total_span or self.span or Between.exactly(self.amount)
        return low is None or high is None or low < 0 < high


@dataclass(frozen=True, slots=True)
class PriceChange:
    """A price that changes on ``day``, for ``strategies``.

    ``subject`` is a model, a term such as an exchange, or a tier that ``becomes`` another model.
    """

    day: date
    subject: str
    becomes: str | None
    strategies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LimitUse:
    """The busiest minute of a strategy's months, compared with a rate limit.

    ``month`` is that of the ``peak``, ``reached`` the first in which the limit is reached. With
    ``is_least`` the peak is the least that it can be: because the arrivals of ``unprofiled`` task types
    are unknown, or because some calls are not counted.
    """

    strategy: str
    limit: RateLimit
    unit: str
    peak: Decimal
    month: str
    reached: str | None = None
    unprofiled: tuple[str, ...] = ()
    is_least: bool = False

    @property
    def place(self) -> tuple[str, RateLimit, str]:
        """Strategy, limit and unit, which no other use has."""
        return self.strategy, self.limit, self.unit

    @property
    @exact
    def share(self) -> Decimal:
        """The peak as a share of the limit."""
        return self.peak / self.limit.per_minute[self.unit]


@dataclass(frozen=True, slots=True)
class Projection(Result):
    """Spend by month and strategy, in the scenario's order; migrations come last.

    ``changes`` are the price changes within the horizon that affect a strategy; ``illustrative`` names
    the figures that are made up. ``tasks`` are those of each month. ``outlook`` has the simulated bands
    of the costs, which use mean inputs; None if nothing is uncertain. ``actuals`` compares the plan
    with actual costs, if they are given. ``calls_per_task`` is empty if all strategies do the same
    work; else it has the calls per task of each strategy, by task type. ``left_out`` says which
    strategies have no price and are left out, because others are selected. ``worst`` is the projection
    in the worst case of repeated work; None if it costs the same. ``if_all_escalate`` has the strategies of
    which an unknown share of the tasks escalates, whose calls are not included, with their total if all
    do. ``unpriced_reviews`` has the strategies whose reviewers' calls are not included.
    ``exchanged_on`` is the day whose exchange rates convert budgets and other amounts, if rates
    change later; None if they do not. ``payback`` is None if no engineering or upkeep is stated, or if
    there are no savings. ``limits`` has the use of rate limits, ``breakdowns`` divide the costs of the
    months. ``owner_budgets`` compare the budgets of owners with their parts of the budget's strategy.
    """

    scenario: str
    pricing: str
    currency: str
    horizon: Horizon
    days_per_month: Decimal
    baseline: str | None
    default: str | None
    proposed: str | None
    strategies: tuple[StrategySpend, ...]
    budget: BudgetTracking | None
    savings: TotalSavings | None
    changes: tuple[PriceChange, ...]
    illustrative: str | None = None
    what_if: tuple[str, ...] = ()
    plan: Plan | None = None
    tasks: tuple[Decimal, ...] = ()
    actuals: PlanVsActual | None = None
    outlook: Outlook | None = None
    calls_per_task: Mapping[str, tuple[Decimal, ...]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    worst: Projection | None = None
    if_all_escalate: Mapping[str, Decimal] = field(default_factory=dict)
    exchanged_on: date | None = None
    unpriced_reviews: tuple[str, ...] = ()
    payback: Payback | None = None
    breakdowns: tuple[Breakdown, ...] = ()
    limits: tuple[LimitUse, ...] = ()
    owner_budgets: tuple[BudgetTracking, ...] = ()
    worst_of: WorstOf = REPEATED

    def __getitem__(self, strategy: str) -> StrategySpend:
        """Return one strategy's spend; UnknownNameError if there is no such strategy."""
        by_name = {spend.strategy: spend for spend in self.strategies}
        return by_name[known_strategy(strategy, by_name)]

    @property
    def best_case(self) -> str:
        """The condition of the budget's outcome, if that is another in the worst case of subscriptions."""
        own, worst = self.budget, None if self.worst is None else self.worst.budget
        if own is None or worst is None or not self.worst_of.is_bound or own.crossed == worst.crossed:
            return ""
        return f"If {self.worst_of.most}: "

    def only(self, names: Sequence[str]) -> Projection:
        """Return the projection of just these strategies (of all, if there are no names)."""
        if not names:
            return self
        return replace(
            self,
            strategies=tuple(spend for spend in self.strategies if spend.strategy in names),
            changes=tuple(change for change in self.changes if set(change.strategies) & set(names)),
            outlook=None if self.outlook is None else self.outlook.only(names),
            worst=None if self.worst is None else self.worst.only(names),
            limits=tuple(use for use in self.limits if use.strategy in names),
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that apply."""
        plan = self.plan
        return (
            *PROJECTION_COLUMNS,
            *(("tasks",) if plan is not None else ()),
            *(("shortfall",) if plan is not None and plan.commitments else ()),
            *(("cost_high", "cumulative_high") if self.worst is not None else ()),
            *self._total_columns,
            *(
                key
                for key in UNDONE
                if any(getattr(one, key) for row in self.strategies for one in row.months)
            ),
        )

    @property
    def counts_failures(self) -> bool:
        """True if failures cost something."""
        return any(month.failures is not None for spend in self.strategies for month in spend.months)

    @property
    def _total_columns(self) -> tuple[str, ...]:
        """The columns of costs with failures; with bounds if some are unknown."""
        if not self.counts_failures:
            return ()
        is_known = all(month.total_cost is not None for spend in self.strategies for month in spend.months)
        columns = ("failure_cost", "total_cost")
        return columns if is_known and self.worst is None else (*columns, "total_cost_low", "total_cost_high")

    def totals(self, strategy: str, month: int) -> tuple[Between, Between]:
        """Return the cost of calls and failures of a month, in the usual and in the worst case."""
        usual = self[strategy].months[month].with_failures
        return usual, usual if self.worst is None else self.worst[strategy].months[month].with_failures

    def records(self) -> list[dict[str, Any]]:
        """Return a dict per month and strategy, keyed by ``columns``."""
        months = zip(*(spend.months for spend in self.strategies), strict=True)
        columns = self.columns
        spends = () if self.worst is None else self.worst.strategies
        high = {(cost.strategy, cost.month): cost for spend in spends for cost in spend.months}

        def figure(cost: MonthCost, key: str, at: int) -> Any:
            if key in ("cost_high", "cumulative_high"):
                same = key.removesuffix("_high")
                return max(getattr(cost, same), getattr(high[cost.strategy, cost.month], same))
            if key.startswith("total_cost_"):
                span = widest(self.totals(cost.strategy, at))
                return span.low if key == "total_cost_low" else span.high
            return getattr(cost, key)

        return [
            {key: tasks if key == "tasks" else figure(cost, key, at) for key in columns}
            for at, (row, tasks) in enumerate(zip(months, self.tasks, strict=True))
            for cost in row
        ]

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with a row per month and strategy, float64 for money."""
        from routecost.model.frames import frame

        return frame(self.records()).astype(dict.fromkeys(self.columns[2:], "float64"))
