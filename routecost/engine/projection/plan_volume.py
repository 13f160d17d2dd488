"""Break-even volume of a plan: the first month's tasks a day from which the plan repays its costs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from routecost.engine.numeric.root_finding import SignChange, difference, upwards
from routecost.engine.pricing.settlement import SecondStage
from routecost.engine.projection.payback import costs_of
from routecost.engine.projection.project import project
from routecost.errors import UnpricedError
from routecost.model.results.breakeven import Answer, BreakEven, Question
from routecost.model.results.months.payback import Payback
from routecost.model.scenario.horizon import Horizon, month_name
from routecost.model.scenario.month_plan import NO_PLAN
from routecost.model.scenario.scenario import Scenario
from routecost.units import ONE, ZERO, exact

_LEAST = Decimal("1e-30")
_NO_SAVINGS = 'Set "default" and "proposed", which do the same work, to compute this.'


class _UnknownError(Exception):
    """The savings of the plan are not known."""


@exact
def plan_volume(scenario: Scenario, horizon: Horizon) -> BreakEven | None:
    """Return the volume from which savings repay engineering and upkeep over a horizon.

    None if the scenario has no plan, or no costs beside its calls. All work of the plan, launches
    included, changes by the same factor.
    """
    if scenario.plan is None or not any(costs_of(scenario, horizon.start)):
        return None
    only = _pair(scenario)

    def repaid(factor: Decimal) -> Payback:
        payback = project(_times(only, max(factor, _LEAST)), horizon).payback
        if payback is None or payback.net.known is None:
            raise _UnknownError
        return payback

    def gap(factor: Decimal) -> Decimal:
        payback = repaid(factor)
        costs = payback.engineering + payback.upkeep
        return difference((payback.net.known or ZERO) + costs, costs)

    stage = SecondStage.of_month_plan(scenario)
    works = (scenario.workload, *(launch.workload for launch in scenario.plan.launches))
    bends = not stage.is_empty or any(work.follows_volume for work in works)
    try:
        if scenario.default is None or not scenario.workload.tasks_per_day:
            return _row(scenario, Answer.NOT_MODELLED, _NO_SAVINGS)
        now, turn = repaid(ONE), upwards(gap, ONE, bends=bends)
    except _UnknownError:
        why = (
            _NO_SAVINGS
            if project(only, horizon).payback is None
            else "The savings are known as a bound only."
        )
        return _row(scenario, Answer.NOT_MODELLED, why)
    except UnpricedError as error:
        return _row(scenario, Answer.NOT_MODELLED, f"A price is missing: {error}.")
    return _answer(scenario, horizon, now, turn)


def _answer(scenario: Scenario, horizon: Horizon, now: Payback, turn: SignChange) -> BreakEven:
    failures = ", including failures," if now.counts_failures else ""
    savings = f"the savings of {now.strategy} over {now.against}{failures}"
    costs = f"engineering and upkeep from {month_name(horizon.start)} to {month_name(horizon.last_day)}"
    if turn.at is not None:
        since, do = ("Above", "no longer repay") if turn.true_first else ("From", "repay")
        meaning = f"{since} this volume, changing as planned, {savings} {do} {costs}."
        return _row(scenario, Answer.AT, meaning, turn.at * scenario.workload.tasks_per_day)
    if turn.true_first:
        return _row(scenario, Answer.ALWAYS, f"At any volume, {savings} repay {costs}.")
    return _row(scenario, Answer.NEVER, f"At no volume do {savings} repay {costs}.")


def _row(scenario: Scenario, answer: Answer, meaning: str, value: Decimal | None = None) -> BreakEven:
    now, unit = scenario.workload.tasks_per_day, "tasks a day at the start"
    return BreakEven(Question.PLAN_VOLUME, "tasks_per_day", value, unit, answer, meaning, now)


def _pair(scenario: Scenario) -> Scenario:
    """Return the scenario with just the strategies that the proposal and the default use."""
    plan = scenario.plan or NO_PLAN
    names = {plan.proposed or scenario.proposed, scenario.default}
    migrations = {name: phases for name, phases in plan.migrations.items() if name in names}
    names |= {phase.strategy for phases in migrations.values() for phase in phases}
    kept = {name: strategy for name, strategy in scenario.strategies.items() if name in names}
    plan = replace(plan, migrations=migrations, budget=None, budget_steps=())
    return replace(scenario, strategies=kept, plan=plan, budget=None, baseline=None)


def _times(scenario: Scenario, factor: Decimal) -> Scenario:
    """Return the scenario with a multiple of all its work."""
    plan = scenario.plan or NO_PLAN
    launches = tuple(replace(launch, workload=launch.workload.times(factor)) for launch in plan.launches)
    workload, plan = scenario.workload.times(factor), replace(plan, launches=launches)
    return replace(scenario, workload=workload, plan=plan)
