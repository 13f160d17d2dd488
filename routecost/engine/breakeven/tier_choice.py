"""Break-even success rate of a cheap tier, and break-even failure cost of an expensive one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import combinations, pairwise

from routecost.engine.breakeven.pairwise_cost import (
    WITH_FAILURES,
    CostPair,
    Query,
    alone,
    bends,
    count_failures,
    excess,
    in_fleet,
    jump,
    tier_cost_pair,
    tiers_compared,
    tiers_of,
)
from routecost.engine.numeric.root_finding import SignChange, between, upwards
from routecost.model.results.breakeven import Answer, BreakEven, Question
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.success import SuccessRate
from routecost.model.scenario.workload import TaskType
from routecost.records import dataclass
from routecost.units import ONE, ZERO

NO_RATES = "Set success rates in the workload to compute this."


@dataclass(frozen=True, slots=True)
class _Choice:
    """Two tiers for one task type, the cheaper of them first."""

    scenario: Scenario
    day: date
    task: TaskType
    cheap: str
    expensive: str
    is_compared: bool = True

    def query(self, question: Question, unit: str, now: Decimal | None) -> Query:
        several = len(self.scenario.workload.task_types) > 1
        parameter = f"{self.cheap} vs. {self.expensive}" + (f", {self.task.name}" if several else "")
        return Query(question, parameter, unit, self.task.name, now, self.is_compared)

    def pair(self, task: TaskType) -> CostPair:
        """Return the costs of the two tiers: of the calls of the whole fleet if terms depend on its total."""
        pair = tier_cost_pair(alone(self.scenario, task), self.day, self.cheap, self.expensive)
        if self.others is None:
            return pair
        left, right = in_fleet(self.scenario, self.day, task, self.others, (self.cheap, self.expensive))
        return replace(left, failures=pair[0].failures), replace(right, failures=pair[1].failures)

    @property
    def others(self) -> str | None:
        """The strategy of the other task types, if they matter to the difference and one is named."""
        is_shared = self.scenario.has_terms_on_totals and len(self.scenario.workload.task_types) > 1
        return self.scenario.proposed or self.scenario.default if is_shared else None

    @property
    def basis(self) -> str:
        """A sentence on the other task types, if terms depend on the total of the fleet."""
        if self.others is not None:
            return f" The other task types run as in {self.others}."
        is_shared = self.scenario.has_terms_on_totals and len(self.scenario.workload.task_types) > 1
        if not is_shared:
            return ""
        return " Computed for this task type alone, with whole allowances and fees: set default or proposed."

    def success_query(self) -> Query:
        now = self.task.success_rate(self.cheap)
        return self.query(Question.SUCCESS_RATE, f"success rate of {self.cheap}", now)

    def success_rate(self) -> BreakEven:
        """Return the success rate of the cheap tier below which the expensive tier costs less."""
        query = self.success_query()
        if self.task.success_rate(self.expensive) is None:
            return query.not_modelled(f"The success rate of {self.expensive} is unknown.")
        pair_at = cache(lambda rate: self.pair(self._succeeding(rate)))
        if not count_failures([pair_at(ZERO)]):
            return query.not_modelled("Set failure_cost for the task type to compute this.")

        def gap(rate: Decimal) -> Decimal:
            return excess(pair_at(rate), WITH_FAILURES)

        turn = between(gap, ZERO, ONE, bends=bends(self.scenario))
        if turn.at is not None:
            return query.at(
                turn.at,
                f"If fewer tasks succeed on {self.cheap}, {self.expensive} costs less, including failures."
                f"{jump(pair_at(turn.at), WITH_FAILURES)}{self.basis}",
            )
        if turn.true_first:
            return query.answer(
                Answer.ALWAYS,
                f"{self.cheap} does not pay off even if all its tasks succeed: {self.expensive} costs less.",
            )
        return query.answer(
            Answer.NEVER, f"{self.cheap} costs no more than {self.expensive} even if no task succeeds on it."
        )

    def _succeeding(self, rate: Decimal) -> TaskType:
        return replace(self.task, success={**self.task.success, self.cheap: SuccessRate(rate)})

    def failure_cost(self) -> BreakEven:
        """Return the cost of a failure above which the expensive tier costs less."""
        unit = f"{self.scenario.pricing.currency} per failure"
        query = self.query(Question.FAILURE_COST, unit, self.task.failure_cost)
        unknown = [tier for tier in (self.cheap, self.expensive) if self.task.success_rate(tier) is None]
        if unknown:
            return query.not_modelled(f"The success rate of {' and '.join(unknown)} is unknown.")

        def gap(cost: Decimal) -> Decimal:
            return excess(self.pair(replace(self.task, failure_cost=cost)), WITH_FAILURES)

        turn = upwards(gap, ONE, bends=False)  # discounts are on calls, not on failures
        return self._expensive_pays(query, turn)

    def _expensive_pays(self, query: Query, turn: SignChange) -> BreakEven:
        first, second = (self.expensive, self.cheap) if turn.true_first else (self.cheap, self.expensive)
        if turn.at is not None:
            return query.at(
                turn.at,
                f"{first} costs less if a failure costs less than this, {second} if it costs more."
                f"{self.basis}",
            )
        if turn.true_first:
            return query.answer(
                Answer.ALWAYS, f"{self.expensive} costs less than {self.cheap} at any failure cost."
            )
        return query.answer(
            Answer.NEVER, f"{self.expensive} costs no less than {self.cheap} at any failure cost."
        )


def success_rates(scenario: Scenario, day: date) -> Iterator[BreakEven]:
    """Yield, per task type and pair of neighbouring tiers, the success rate that the cheap one needs."""
    if _no_rates(scenario):
        yield Query(Question.SUCCESS_RATE, "", "success rate").not_modelled(NO_RATES)
        return
    used = tiers_compared(scenario, day)
    for task in scenario.workload.task_types:
        for cheap, expensive in pairwise(tiers_of(scenario, day)):
            is_compared = used is None or {cheap, expensive} <= used[task.name]
            choice = _Choice(scenario, day, task, cheap, expensive, is_compared)
            yield choice.success_query().unless_unpriced(choice.success_rate)


def failure_costs(scenario: Scenario, day: date) -> Iterator[BreakEven]:
    """Yield, per task type and pair of tiers, the failure cost above which the expensive one pays off."""
    unit = f"{scenario.pricing.currency} per failure"
    if _no_rates(scenario):
        yield Query(Question.FAILURE_COST, "", unit).not_modelled(NO_RATES)
        return
    used = tiers_compared(scenario, day)
    for task in scenario.workload.task_types:
        for cheap, expensive in combinations(tiers_of(scenario, day), 2):
            is_compared = used is None or {cheap, expensive} <= used[task.name]
            choice = _Choice(scenario, day, task, cheap, expensive, is_compared)
            query = choice.query(Question.FAILURE_COST, unit, task.failure_cost)
            yield query.unless_unpriced(choice.failure_cost)


def _no_rates(scenario: Scenario) -> bool:
    return not any(task.success for task in scenario.workload.task_types)
