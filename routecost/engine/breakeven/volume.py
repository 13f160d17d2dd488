"""Break-even volume: the tasks a day at which routing repays its engineering and upkeep."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from routecost.engine.breakeven.pairwise_cost import (
    ON_CALLS,
    CostPair,
    Query,
    basis_of,
    bends,
    cost_pair,
    excess,
    is_same_work,
    unknown_rework,
    work_differs,
)
from routecost.engine.numeric.root_finding import difference, upwards
from routecost.model.results.breakeven import Answer, BreakEven, Question
from routecost.model.scenario.routing_decision import RoutingCosts
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.workload import Workload
from routecost.units import ONE

_CLOSE = Decimal("1e-15")
_LEAST = Decimal("1e-30")
_JUMP = " A discount sets in at this volume: the savings jump there."


def volume(scenario: Scenario, day: date) -> BreakEven:
    """Return the tasks a day above which the proposed strategy repays the costs of routing."""
    tasks = scenario.workload.tasks_per_day
    query = Query(Question.VOLUME, "tasks_per_day", "tasks a day", now=tasks)
    costs = scenario.routing_costs
    if costs is None:
        return query.not_modelled("Set routing_costs (or --engineering, --upkeep, --within) to compute this.")
    if scenario.default is None or scenario.proposed is None:
        return query.not_modelled('Set "default" and "proposed" in the scenario to compute this.')
    work = scenario.workload.task_types
    if not tasks and len(work) > 1:
        return query.not_modelled("There are no tasks, so the shares of the task types are unknown.")
    pair = scenario.strategies[scenario.proposed], scenario.strategies[scenario.default]
    both = cost_pair(scenario, day, *pair)
    if not is_same_work(both):
        return query.not_modelled(work_differs(scenario.proposed, scenario.default, both))
    unknown = unknown_rework(scenario, both)
    if unknown is not None:
        return query.not_modelled(f"{unknown} to compute this.")
    begun = scenario if tasks else replace(scenario, workload=_with_one(scenario.workload))
    return query.unless_unpriced(lambda: _answer(query, begun, day, costs, pair))


def _with_one(workload: Workload) -> Workload:
    return Workload(tuple(replace(task, tasks_per_day=ONE) for task in workload.task_types))


def _answer(
    query: Query, scenario: Scenario, day: date, costs: RoutingCosts, pair: tuple[Strategy, Strategy]
) -> BreakEven:
    basis = basis_of(scenario, cost_pair(scenario, day, *pair))
    to_repay = costs.engineering + costs.upkeep_per_month * costs.within_months

    def gap(factor: Decimal) -> Decimal:
        if not factor and not scenario.fixed_fees:
            return -to_repay
        if not factor:  # fixed fees alone, which the first task incurs
            saved = -excess(_at(scenario, day, _LEAST, pair), ON_CALLS)
            return difference(saved * costs.within_months, to_repay)
        saved = -excess(_at(scenario, day, factor, pair), basis)
        return difference(saved * costs.within_months, to_repay)

    turn = upwards(gap, ONE, bends=bends(scenario))
    against = f"the savings of {scenario.proposed} over {scenario.default}, {basis.text},"
    months = f"{costs.within_months} month{'' if costs.within_months == 1 else 's'}"
    if turn.at is not None:
        since = "Above" if turn.true_first else "From"
        repays = "no longer repay" if turn.true_first else "repay"
        value = turn.at * scenario.workload.tasks_per_day
        at = f"{since} this volume, {against} {repays} engineering and upkeep within {months}."
        is_jump = abs(gap(turn.at)) > _CLOSE * (to_repay + abs(gap(turn.at) + to_repay))
        return query.at(value, at + (_JUMP if is_jump else ""))
    if turn.true_first or (not to_repay and not gap(ONE)):
        return query.answer(Answer.ALWAYS, f"At any volume, {against} cover the costs of routing.")
    return query.answer(
        Answer.NEVER, f"At no volume do {against} repay engineering and upkeep within {months}."
    )


def _at(scenario: Scenario, day: date, factor: Decimal, pair: tuple[Strategy, Strategy]) -> CostPair:
    tasks = (
        replace(task, tasks_per_day=task.tasks_per_day * factor) for task in scenario.workload.task_types
    )
    return cost_pair(replace(scenario, workload=Workload(tuple(tasks))), day, *pair)
