"""Break-even escalation rate of a cascade, compared with starting one tier up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache, partial

from routecost.engine.breakeven.pairwise_cost import (
    ON_CALLS,
    CostPair,
    Query,
    bends,
    cost_pair,
    excess,
    jump,
    monthly_cost,
    tiers_of,
    unknown_rework,
)
from routecost.engine.numeric.root_finding import between
from routecost.engine.strategies.cascade import Cascade
from routecost.engine.strategies.tier import UniformTier
from routecost.engine.usage.task_flow import known_sum
from routecost.model.results.breakeven import Answer, BreakEven, Question
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.success import SuccessRate
from routecost.model.scenario.workload import Workload
from routecost.records import dataclass
from routecost.units import ONE, ZERO

UNIT = "share of tasks escalated"


@dataclass(frozen=True, slots=True)
class _Start:
    """A cascade, and a strategy that starts on a higher tier.

    The share of escalated tasks varies as a user would change it: through ``accept`` of the first
    tier, or with ``detection`` through its success rate, so that failures and rework follow.
    """

    scenario: Scenario
    day: date
    cascade: Cascade
    higher: Strategy
    words: str

    @property
    def _ends(self) -> tuple[Decimal, Decimal]:
        """The lowest and the highest share that can escalate."""
        detection = self.cascade.detection
        if detection is None:
            return ZERO, ONE
        low, high = sorted((detection.right_rejected, detection.wrong_rejected))
        return low, high

    def at(self, share: Decimal) -> tuple[Scenario, Cascade]:
        """Return the scenario and the cascade in which a share escalates."""
        first, detection = self.cascade.path[0], self.cascade.detection
        if detection is None:
            return self.scenario, replace(self.cascade, accept={**self.cascade.accept, first: 1 - share})
        spread = detection.wrong_rejected - detection.right_rejected
        if not spread:
            return self.scenario, self.cascade
        rate = SuccessRate((detection.wrong_rejected - share) / spread)
        tasks = (
            replace(task, success={**task.success, first: rate}) for task in self.scenario.workload.task_types
        )
        return replace(self.scenario, workload=Workload(tuple(tasks))), self.cascade

    def answer(self, query: Query) -> BreakEven:
        low, high = self._ends
        scenario, cascade = self.at((low + high) / 2)
        middle = cost_pair(scenario, self.day, cascade, self.higher)
        unknown = unknown_rework(self.scenario, middle)
        if unknown is not None:
            instead = "" if self.cascade.detection else ', and "detection" instead of "accept",'
            return query.not_modelled(f"{unknown}{instead} to compute this.")

        @cache
        def costs_at(share: Decimal) -> CostPair:
            scenario, cascade = self.at(share)  # calls of the higher start do not depend on the first tier
            return monthly_cost(scenario, self.day, cascade), middle[1]

        def gap(share: Decimal) -> Decimal:
            return excess(costs_at(share), ON_CALLS)

        if low == high:
            return self._constant(query, gap(low))
        turn = between(gap, low, high, bends=bends(self.scenario))
        first = self.cascade.path[0]
        if turn.at is not None and (turn.at < high or turn.true_first or gap(high) > 0):
            return query.at(
                turn.at,
                f"If more tasks than this escalate from {first}{self._because}, {self.words} costs less, "
                f"on call costs alone.{jump(costs_at(turn.at), ON_CALLS)}",
            )
        if turn.true_first:
            least = (
                "nothing escalates"
                if not low
                else "only the smallest share that the detection allows escalates"
            )
            return query.answer(
                Answer.ALWAYS, f"Even if {least}, {self.words} costs less, on call costs alone."
            )
        most = (
            "everything escalates" if high == 1 else "the largest share that the detection allows escalates"
        )
        return query.answer(Answer.NEVER, f"Even if {most}, {self.words} costs no less, on call costs alone.")

    @property
    def _because(self) -> str:
        detection, first = self.cascade.detection, self.cascade.path[0]
        if detection is None:
            return ""
        fewer = "fewer" if detection.wrong_rejected > detection.right_rejected else "more"
        return f", because {fewer} of them succeed on {first}"

    def _constant(self, query: Query, gap: Decimal) -> BreakEven:
        """Return the answer if the same share escalates whatever the success of the first tier."""
        alike = "The detection rejects right and wrong outputs alike, so the same share always escalates: "
        if gap > 0:
            return query.answer(Answer.ALWAYS, f"{alike}{self.words} costs less, on call costs alone.")
        return query.answer(Answer.NEVER, f"{alike}{self.words} costs no less, on call costs alone.")


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
        is_named = name in (scenario.proposed, scenario.default) or scenario.proposed is None
        query = Query(Question.ESCALATION, f"{name} vs. {words}", UNIT, now=now, of_proposal=is_named)
        start = _Start(scenario, day, cascade, higher, words)
        yield query.unless_unpriced(partial(start.answer, query))


def _higher(cascade: Cascade, tiers: list[str]) -> Iterator[tuple[tuple[str, ...], Strategy]]:
    """Yield the rest of the path, and the tier above the first if that is a different start.

    Both are other strategies, which do not have the fees of this one.
    """
    rest = cascade.path[1:]
    if rest:
        own_tokens = {tier: tokens for tier, tokens in cascade.tokens.items() if tier != rest[0]}
        yield rest, replace(cascade, path=rest, tokens=own_tokens, fees_of=None)
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
