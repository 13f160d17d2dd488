"""Break-even share of tasks on a wrong tier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, partial
from itertools import permutations

from routecost.engine.breakeven.pairwise_cost import (
    Basis,
    CostPair,
    MonthlyCost,
    Query,
    basis_of,
    bends,
    cost_pair,
    excess,
    is_same_work,
    jump,
    monthly_cost,
    tiers_of,
    unknown_rework,
    work_differs,
)
from routecost.engine.numeric.root_finding import between
from routecost.engine.strategies.assigned import flows_among
from routecost.engine.usage.task_flow import EXECUTOR, REWORK, Ended, done_once, expansion
from routecost.model.results.breakeven import Answer, BreakEven, Question
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.strategy import Expansion, Strategy, TierModels
from routecost.model.scenario.workload import TaskType, Workload
from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact


@dataclass(frozen=True, slots=True)
class Misrouted:
    """A strategy that runs each task once, with a share of the tasks of ``source`` on ``target`` instead."""

    meant: Strategy
    source: str
    target: str
    share: Decimal

    @property
    def fees_of(self) -> str | None:
        """The strategy whose own fees it pays: the one as meant."""
        return self.meant.fees_of

    @exact
    def expand(self, workload: Workload, tier_models: TierModels) -> Expansion:
        """Return the usage of one day of the workload, and the outcomes of its tasks."""
        tasks = [task for task in workload.task_types if task.tasks_per_day]
        flow = flows_among(self.meant, workload, tier_models)
        return expansion(self._misrouted(flow(task), tier_models) for task in tasks)

    def flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        """Return the calls of the tasks of one type, and their outcome."""
        flow = flows_among(self.meant, Workload((task,)), tier_models)
        return self._misrouted(flow(task), tier_models)

    def _misrouted(self, ended: Ended, tier_models: TierModels) -> Ended:
        """Return a flow with other tiers, and with the calls of the router."""
        flow, _ = ended
        moved, outcome = done_once(flow.task, tier_models, self._shares(flow.mix))
        moved.calls.extend(calls for calls in flow.calls if calls.role not in (EXECUTOR, REWORK))
        return moved, outcome

    def _shares(self, mix: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
        shares = dict(mix)
        moved = shares.get(self.source, ZERO) * self.share
        if moved:
            shares[self.source] -= moved
            shares[self.target] = shares.get(self.target, ZERO) + moved
        return shares


@dataclass(frozen=True, slots=True)
class _Direction:
    scenario: Scenario
    day: date
    default: MonthlyCost
    proposed: Strategy
    source: str
    target: str
    own: Decimal

    def costs_at(self, share: Decimal) -> CostPair:
        wrong = Misrouted(self.proposed, self.source, self.target, share)
        return monthly_cost(self.scenario, self.day, wrong), self.default

    def answers(self, *queries: Query) -> Iterator[BreakEven]:
        """Yield one answer per basis: as a share of all tasks, and of the tier's own."""
        costs_at = cache(self.costs_at)
        ends = costs_at(ZERO), costs_at(ONE)
        unknown = unknown_rework(self.scenario, *ends)
        if unknown is not None:
            yield from (query.not_modelled(f"{unknown} to compute this.") for query in queries)
            return
        basis = basis_of(self.scenario, *ends)

        def gap(share: Decimal) -> Decimal:
            return excess(costs_at(share), basis)

        turn = between(gap, ZERO, ONE, bends=self.own > 0 and bends(self.scenario))
        gaps = gap(ZERO), gap(ONE)
        scales = (
            (self.own, f"of all tasks sent to {self.target} instead of {self.source}"),
            (
                ONE,
                f"of the tasks meant for {self.source} sent to {self.target}",
            ),
        )
        for query, (scale, words) in zip(queries, scales, strict=True):
            if gaps[0] >= 0:
                yield query.answer(Answer.ALWAYS, self._nothing_saved(basis))
            elif turn.at is None or (turn.at == ONE and gaps[1] <= 0):  # more than all cannot be misrouted
                yield query.answer(Answer.NEVER, self._never(gaps, basis))
            else:
                jumps = jump(costs_at(turn.at), basis)
                yield query.at(turn.at * scale, self._at(words, basis) + jumps)

    def _at(self, words: str, basis: Basis) -> str:
        return (
            f"With more than this share {words}, {self.scenario.proposed} costs more than "
            f"{self.scenario.default}, {basis.text}."
        )

    def _nothing_saved(self, basis: Basis) -> str:
        return f"No savings to erase, {basis.text}."

    def _never(self, gaps: tuple[Decimal, Decimal], basis: Basis) -> str:
        if not self.own:
            return f"No task is meant for {self.source}."
        if gaps[1] == 0:
            return (
                f"Even with all tasks of {self.source} on {self.target}, {self.scenario.proposed} costs "
                f"no more than {self.scenario.default}, {basis.text}."
            )
        if gaps[1] > gaps[0]:
            return (
                f"Even with all tasks of {self.source} on {self.target}, some of the savings "
                f"remain, {basis.text}."
            )
        unless = "" if basis.with_failures else " unless failures have a cost"
        return (
            f"{self.target} costs no more than {self.source}, {basis.text}: this erases no savings{unless}."
        )


def wrong_tier(scenario: Scenario, day: date) -> Iterator[BreakEven]:
    """Yield, for each ordered pair of tiers, the share of tasks that erases the savings."""
    query = Query(Question.WRONG_TIER, "", "share of all tasks")
    if scenario.default is None or scenario.proposed is None:
        yield query.not_modelled('Set "default" and "proposed" in the scenario to compute this.')
        return
    proposed = scenario.strategies[scenario.proposed]
    costs = cost_pair(scenario, day, proposed, scenario.strategies[scenario.default])
    if not is_same_work(costs):
        yield query.not_modelled(work_differs(scenario.proposed, scenario.default, costs))
        return
    mix = costs[0].expansion.mix
    if not scenario.workload.tasks_per_day:
        yield query.not_modelled("There are no tasks, so there are no savings.")
        return
    if not mix:
        yield query.not_modelled(
            f"{scenario.proposed} may run a task on several tiers, so none of them is wrong."
        )
        return
    for source, target in permutations(tiers_of(scenario, day), 2):
        own = mix.get(source, ZERO)
        direction = _Direction(scenario, day, costs[1], proposed, source, target, own)
        yield from _both_scales(direction)


def _both_scales(direction: _Direction) -> list[BreakEven]:
    parameter = f"{direction.source} -> {direction.target}"
    units = "share of all tasks", f"share of {direction.source}'s tasks"
    queries = [Query(Question.WRONG_TIER, parameter, unit, of_proposal=direction.own > 0) for unit in units]
    answers: list[BreakEven] = []
    first = queries[0].unless_unpriced(partial(_collect, direction, queries, answers))
    return answers or [first, *(query.not_modelled(first.meaning) for query in queries[1:])]


def _collect(direction: _Direction, queries: list[Query], answers: list[BreakEven]) -> BreakEven:
    answers += direction.answers(*queries)
    return answers[0]
