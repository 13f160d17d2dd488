"""Break-even escalation rate of a cascade, compared with starting one tier up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

from routecost.engine.breakeven.pairwise_cost import (
    CostPair,
    Query,
    bends,
    cost_pair,
    excess,
    tiers_of,
)
from routecost.engine.numeric.root_finding import between
from routecost.engine.strategies.cascade import Cascade
from routecost.engine.strategies.tier import UniformTier
from routecost.engine.usage.task_flow import known_sum
from routecost.model.results.breakeven import Answer, BreakEven, Question
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.workload import Workload
from routecost.records import dataclass
from routecost.units import ONE, ZERO

UNIT = "share of tasks escalated"


@dataclass(frozen=True, slots=True)
class _Start:
    """A cascade, and a strategy that starts on a higher tier."""

    scenario: Scenario
    day: date
    cascade: Cascade
    higher: Strategy
    words: str

    def costs_at(self, share: Decimal) -> CostPair:
        return cost_pair(self.scenario, self.day, self.cascade.escalating(share), self.higher)

    def answer(self, query: Query) -> BreakEven:
        def gap(share: Decimal) -> Decimal:
            return excess(self.costs_at(share), with_failures=False)

        turn = between(gap, ZERO, ONE, bends=bends(self.scenario))
        first = self.cascade.path[0]
        if turn.at is not None:
            return query.at(
                turn.at,
                f"If more tasks than this escalate from {first}, {self.words} costs less, "
                "on call costs alone.",
            )
        if turn.true_first:
            return query.answer(
                Answer.ALWAYS, f"Even if nothing escalates, {self.words} costs less, on call costs alone."
            )
        return query.answer(
            Answer.NEVER, f"Even if everything escalates, {self.words} costs no less, on call costs alone."
        )


def escalations(scenario: Scenario, day: date) -> Iterator[BreakEven]:
    """Yield, for each cascade, the share of escalated tasks at which starting higher up costs the same."""
    for name, strategy in scenario.strategies.items():
        if isinstance(strategy, Cascade):
            yield from _of_cascade(scenario, day, name, strategy)


def _of_cascade(scenario: Scenario, day: date, name: str, cascade: Cascade) -> Iterator[BreakEven]:
    if not scenario.workload.tasks_per_day:
        yield Query(Question.ESCALATION, name, UNIT).not_modelled("There are no tasks that could escalate.")
        return
    now = _escalated(scenario, day, cascade)
    for path, higher in _higher(cascade, tiers_of(scenario, day)):
        words = f"starting with {' -> '.join(path)}" if len(path) > 1 else f"all on {path[0]}"
        query = Query(Question.ESCALATION, f"{name} vs. {words}", UNIT, now=now)
        start = _Start(scenario, day, cascade, higher, words)
        yield query.unless_unpriced(partial(start.answer, query))


def _higher(cascade: Cascade, tiers: list[str]) -> Iterator[tuple[tuple[str, ...], Strategy]]:
    """Yield the rest of the path, and the tier above the first if that is a different start."""
    rest = cascade.path[1:]
    if rest:
        own_tokens = {tier: tokens for tier, tokens in cascade.tokens.items() if tier != rest[0]}
        yield rest, replace(cascade, path=rest, tokens=own_tokens)
    above = tiers[tiers.index(cascade.path[0]) + 1 :]
    if above and rest != (above[0],):
        yield (above[0],), UniformTier(above[0])


def _escalated(scenario: Scenario, day: date, cascade: Cascade) -> Decimal | None:
    """Return the present share of escalated tasks."""
    busy = tuple(task for task in scenario.workload.task_types if task.tasks_per_day)
    cost, _ = cost_pair(replace(scenario, workload=Workload(busy)), day, cascade, cascade)
    escalated = known_sum(
        None if outcome.escalated is None else outcome.escalated * outcome.tasks_per_day
        for outcome in cost.expansion.outcomes
    )
    return None if escalated is None else escalated / scenario.workload.tasks_per_day
