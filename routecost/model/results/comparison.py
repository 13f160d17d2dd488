"""Comparisons of strategies: costs, quality, savings, and the verdict on routing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from routecost.errors import known_strategy
from routecost.model.frames import Result
from routecost.model.pricing.bill import Bill
from routecost.model.results.failures import Between, Failures, Quality, WorstCase, cost_of
from routecost.model.results.verdicts.worst_of import REPEATED, WorstOf
from routecost.model.scenario.figure_path import COST_COLUMNS, ENDS, QUALITY_COLUMNS
from routecost.records import dataclass
from routecost.units import DEFAULT_DAYS_PER_MONTH, MONTHS_PER_YEAR, ONE, ZERO, exact, total

if TYPE_CHECKING:
    import pandas

    from routecost.model.pricing.terms import Allowance
    from routecost.model.results.breakdown.breakdown import Breakdown
    from routecost.model.results.subscriptions.seat_groups import SubscribedMonth
    from routecost.model.results.verdicts.measured_rate import MeasuredRate
    from routecost.model.results.verdicts.router_error import RouterError
    from routecost.model.results.verdicts.savings import Savings
    from routecost.model.results.verdicts.scaling import Scaling
    from routecost.model.results.verdicts.verdict import Verdict
    from routecost.model.scenario.fixed_fees import Capacity
    from routecost.model.scenario.strategy import Expansion


@dataclass(frozen=True, slots=True)
class StrategyCost:
    """The costs of one strategy; money in the sheet's currency.

    ``vs_baseline`` is cost / baseline - 1, None if there is no baseline, or it costs nothing or does
    other work; ``tasks_per_budget`` is the number of tasks that the scenario's budget pays for. ``bill`` is a
    month's, volume discounts included: its total is ``cost_per_month``. ``quality`` is None if no
    success rates are known; ``overhead`` is the monthly cost of calls of each role except executors,
    before volume discounts; ``seconds_per_task`` is None if no latency is known. ``within_free`` has the
    allowances whose free units are not used up, with the count of their day or month, and
    ``spare_capacity`` the capacities that serve more than all tokens, with the tokens of a day.
    ``worst`` is None if repeated work cannot make a difference. ``failures`` has the wrong results of each
    task type in a month. ``vs_range`` bounds ``vs_baseline`` over the cases of both strategies.
    ``subscribed`` is the month of a strategy that a subscription pays for, else None.
    """

    strategy: str
    cost_per_task: Decimal | None
    cost_per_day: Decimal
    cost_per_month: Decimal
    cost_per_year: Decimal
    vs_baseline: Decimal | None
    tasks_per_budget: Decimal | None
    bill: Bill
    expansion: Expansion
    quality: Quality | None = None
    overhead: Mapping[str, Decimal] = field(default_factory=dict)
    seconds_per_task: Decimal | None = None
    within_free: tuple[tuple[Allowance, Decimal], ...] = ()
    spare_capacity: tuple[tuple[Capacity, Decimal], ...] = ()
    worst: WorstCase | None = None
    failures: Failures = ()
    days_per_month: Decimal = Decimal(DEFAULT_DAYS_PER_MONTH)
    vs_range: Between | None = None
    subscribed: SubscribedMonth | None = None

    @property
    def calls_per_task(self) -> tuple[Decimal, ...]:
        """The work that is done for sure: calls per task, by task type."""
        calls = tuple(outcome.calls_per_task for outcome in self.expansion.outcomes)
        return calls if self.subscribed is None else self.subscribed.served_of(calls)

    @property
    def leaves_tasks(self) -> bool:
        """True if a subscription may not serve all tasks."""
        return self.subscribed is not None and self.subscribed.leaves_tasks

    @property
    def served_share(self) -> Decimal:
        """The share of the tasks that is done: all, unless a subscription leaves some undone."""
        return ONE if self.subscribed is None else self.subscribed.served(worst=False)

    @property
    def served_share_low(self) -> Decimal:
        """The share of the tasks that is done in the worst case."""
        return ONE if self.subscribed is None else self.subscribed.served(worst=True)

    @property
    def success_rate(self) -> Decimal | None:
        """The share of tasks that end right without rework."""
        return None if self.quality is None else self.quality.success_rate

    @property
    def cost_per_success(self) -> Decimal | None:
        """The cost of the calls per task that ends right; None also if none does."""
        return None if self.quality is None else self.quality.cost_per_success

    @property
    def failure_cost_per_month(self) -> Decimal | None:
        """The cost of wrong results beside calls: undetected failures, and rework."""
        return None if self.quality is None else self.quality.failure_cost_per_month

    @property
    def total_cost_per_month(self) -> Decimal | None:
        """The cost of calls and failures."""
        failures = self.failure_cost_per_month
        return None if failures is None else total(self.cost_per_month, failures)

    @property
    def in_worst_case(self) -> StrategyCost:
        """The strategy with the cost and quality of its worst case."""
        if self.worst is None:
            return self
        return self._in(self.worst)

    def _in(self, case: WorstCase) -> StrategyCost:
        return replace(
            self,
            cost_per_month=case.cost_per_month,
            quality=case.quality,
            failures=case.failures,
            worst=None,
        )

    @property
    def cases(self) -> tuple[StrategyCost, ...]:
        """The strategy in its usual case, its worst case and those between in which the cost jumps."""
        if self.worst is None:
            return (self,)
        return self, *(self._in(case) for case in (self.worst, *self.worst.between))

    @property
    def counts_failures(self) -> bool:
        """True if wrong results of some tasks cost something."""
        return any(
            failure.tasks and (failure.failure_cost or failure.most_rework) for failure in self.failures
        )

    @property
    def total(self) -> Between:
        """The cost of calls and failures of a month, as far as it is known."""
        return cost_of(self.failures).plus(Between.exactly(self.cost_per_month))

    @property
    def success(self) -> Between:
        """The share of tasks that end right, as far as it is known."""
        outcomes = self.expansion.outcomes
        tasks = sum((outcome.tasks_per_day for outcome in outcomes), ZERO)
        known = [outcome for outcome in outcomes if outcome.right is not None and outcome.tasks_per_day]
        if not known:
            return Between(None, None)
        right = sum((outcome.tasks_per_day * (outcome.right or ZERO) for outcome in known), ZERO)
        unknown = tasks - sum((outcome.tasks_per_day for outcome in known), ZERO)
        return Between(right / tasks, (right + unknown) / tasks)

    def _most(self, name: str) -> Decimal | None:
        """Return the highest value of a figure in all cases; None if it is unknown in one."""
        values = [getattr(case, name) for case in self.cases]
        return None if None in values else max(values)

    def _failures(self, end: str, amounts: Sequence[Between]) -> Decimal | None:
        """Return an end of amounts that include failures; None without one, or if failures cost nothing."""
        ends: list[Decimal] = [value for amount in amounts if (value := getattr(amount, end)) is not None]
        if len(ends) < len(amounts) or not (self.counts_failures or self.failure_cost_per_month is not None):
            return None
        return min(ends) if end == "low" else max(ends)

    @property
    def cost_per_month_high(self) -> Decimal:
        """The highest cost of calls."""
        return max(case.cost_per_month for case in self.cases)

    @property
    @exact
    def cost_per_day_high(self) -> Decimal:
        """The highest cost of calls of a day."""
        most = self.cost_per_month_high
        return self.cost_per_day if most == self.cost_per_month else most / self.days_per_month

    @property
    @exact
    def cost_per_task_high(self) -> Decimal | None:
        """The highest cost of calls of a task that is done; None without one, if it may be that none is."""
        done, least = self.tasks_done
        if self.cost_per_task is None or (self.cost_per_day_high == self.cost_per_day and done == least):
            return self.cost_per_task
        return self.cost_per_day_high / least if least > 0 else None

    @property
    @exact
    def tasks_done(self) -> tuple[Decimal, Decimal]:
        """The tasks of a day that are done, and the fewest that may be done, as subscriptions serve them."""
        done = sum((outcome.tasks_per_day for outcome in self.expansion.outcomes), ZERO)
        fewer = ZERO if self.subscribed is None or self.worst is None else self.subscribed.fewer_tasks
        return done, done - fewer / self.days_per_month

    @property
    def cost_per_year_high(self) -> Decimal:
        """The highest cost of calls of a year."""
        most = self.cost_per_month_high
        return self.cost_per_year if most == self.cost_per_month else most * MONTHS_PER_YEAR

    @property
    def vs_baseline_low(self) -> Decimal | None:
        """The lowest change from the baseline."""
        return self.vs_baseline if self.vs_range is None else self.vs_range.low

    @property
    def vs_baseline_high(self) -> Decimal | None:
        """The highest change from the baseline."""
        return self.vs_baseline if self.vs_range is None else self.vs_range.high

    @property
    def tasks_per_budget_low(self) -> Decimal | None:
        """The tasks that the budget pays for if a subscription serves the least that it may."""
        known = None if self.worst is None else self.worst.tasks_per_budget
        return self.tasks_per_budget if known is None else known

    @property
    def success_rate_low(self) -> Decimal | None:
        """The lowest success rate; None if none is known."""
        rates = [case.success_rate for case in self.cases]
        return self.success.low if None in rates else min(rate or ZERO for rate in rates)

    @property
    def success_rate_high(self) -> Decimal | None:
        """The success rate, or if it is known in part the highest that it can be."""
        return self.success.high if self.success_rate is None else self.success_rate

    @property
    def cost_per_success_high(self) -> Decimal | None:
        """The highest cost of calls per success."""
        return self._most("cost_per_success")

    @property
    def failure_cost_per_month_low(self) -> Decimal | None:
        """The cost of wrong results, or if it is known in part the lowest that it can be."""
        known = self.failure_cost_per_month
        return self._failures("low", [cost_of(self.failures)]) if known is None else known

    @property
    def failure_cost_per_month_high(self) -> Decimal | None:
        """The highest cost of wrong results."""
        return self._failures("high", [cost_of(case.failures) for case in self.cases])

    @property
    def total_cost_per_month_low(self) -> Decimal | None:
        """The cost of calls and failures, or if it is known in part the lowest that it can be."""
        known = self.total_cost_per_month
        return self._failures("low", [self.total]) if known is None else known

    @property
    def total_cost_per_month_high(self) -> Decimal | None:
        """The highest cost of calls and failures."""
        return self._failures("high", [case.total for case in self.cases])


@dataclass(frozen=True)
class Comparison(Result):
    """Strategies side by side, in the scenario's order.

    ``calls_per_task`` has the calls per task of each strategy, by task type, unless all do the same work;
    there are no savings between those that differ. ``caching_losses`` maps strategies for which caching
    costs more than it saves to the loss per month; ``scaling`` describes tokens measured on another model;
    ``illustrative`` names the figures that are made up, ``at_means`` the uncertain inputs held at their
    means; ``verdict`` is the decision whether to route, and ``measured`` the success rates with trials.
    ``unknown_rework`` maps strategies to the task types whose calls of rework are unknown and not included,
    so that their costs are lower bounds. ``if_all_escalate`` has the strategies of which an unknown share of
    the tasks escalates, whose calls are not included, with the cost of a month if all do.
    ``unpriced_reviews`` has those whose reviewers' calls are not included, because their tokens are not
    stated. ``left_out`` says which strategies have no price and are not selected. ``of_plan`` names costs of
    the plan that a month as stated does not have. ``breakdowns`` divide the costs of a month.
    """

    scenario: str
    pricing: str
    as_of: date
    currency: str
    tasks_per_day: Decimal
    baseline: str | None
    default: str | None
    proposed: str | None
    savings: Savings | None
    strategies: tuple[StrategyCost, ...]
    has_budget: bool
    budget_counts_failures: bool = False
    caching_losses: Mapping[str, Decimal] = field(default_factory=dict)
    scaling: Scaling | None = None
    illustrative: str | None = None
    what_if: tuple[str, ...] = ()
    verdict: Verdict | None = None
    measured: tuple[MeasuredRate, ...] = ()
    at_means: tuple[str, ...] = ()
    calls_per_task: Mapping[str, tuple[Decimal, ...]] = field(default_factory=dict)
    unknown_rework: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    of_plan: tuple[str, ...] = ()
    if_all_escalate: Mapping[str, Decimal] = field(default_factory=dict)
    unpriced_reviews: tuple[str, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    worst_of: WorstOf = REPEATED
    solve_router_errors: Callable[[], tuple[RouterError, ...]] = field(
        default=tuple, compare=False, repr=False
    )

    @cached_property
    def router_errors(self) -> tuple[RouterError, ...]:
        """The tolerated router errors, solved when they are asked for, because that takes long."""
        return self.solve_router_errors()

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns of this comparison, in order."""
        return (
            "strategy",
            *COST_COLUMNS,
            *(QUALITY_COLUMNS if self.has_quality else ()),
            *(("seconds_per_task",) if self.has_latency else ()),
            *(("tasks_per_budget",) if self.has_budget else ()),
            *(("served_share",) if any(cost.leaves_tasks for cost in self.strategies) else ()),
            *(end for ends in self.ranges.values() for end in ends),
        )

    @cached_property
    def ranges(self) -> dict[str, tuple[str, ...]]:
        """Figure -> the columns of the ends of its range in which a strategy differs."""
        ranges = {
            name: tuple(
                end
                for end in ends
                if any(getattr(cost, name) != getattr(cost, end) for cost in self.strategies)
            )
            for name, ends in ENDS.items()
        }
        return {name: ends for name, ends in ranges.items() if ends}

    @cached_property
    def has_quality(self) -> bool:
        """True if the success rate of any strategy, or the cost of its failures, is known in part."""
        return any(cost.success.low is not None or cost.counts_failures for cost in self.strategies)

    @cached_property
    def counts_failures(self) -> bool:
        """True if failures cost something, so that totals decide."""
        return any(cost.counts_failures for cost in self.strategies)

    @cached_property
    def has_latency(self) -> bool:
        """True if the seconds per task of any strategy are known."""
        return any(cost.seconds_per_task is not None for cost in self.strategies)

    def __getitem__(self, strategy: str) -> StrategyCost:
        """Return one strategy's costs; UnknownNameError if there is no such strategy."""
        by_name = {cost.strategy: cost for cost in self.strategies}
        return by_name[known_strategy(strategy, by_name)]

    def only(self, names: Sequence[str]) -> Comparison:
        """Return the comparison of just these strategies (of all, if there are no names)."""
        kept = tuple(cost for cost in self.strategies if not names or cost.strategy in names)
        related = {cost.strategy for cost in kept} | {self.baseline, self.default}
        work = {name: calls for name, calls in self.calls_per_task.items() if name in related}
        return replace(self, strategies=kept, calls_per_task=work if len(set(work.values())) > 1 else {})

    def records(self) -> list[dict[str, Any]]:
        """Return a dict per strategy, keyed by ``columns``; values are Decimal, str or None."""
        return [{name: getattr(cost, name) for name in self.columns} for cost in self.strategies]

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with a row per strategy, float64 for money and shares."""
        from routecost.model.frames import frame

        return frame(self.records(), index="strategy")
