"""Totals over a strategy's outcomes: success, failure costs, overhead and time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.engine.pricing.price import price
from routecost.engine.usage.task_flow import EXECUTOR, known_sum
from routecost.model.results.failures import Quality, TypeFailures, cost_of
from routecost.model.scenario.workload import TaskType, Workload
from routecost.units import ZERO, exact

if TYPE_CHECKING:
    from routecost.model.results.failures import Failures
    from routecost.model.results.verdicts.measured_rate import MeasuredRate
    from routecost.model.scenario.scenario import Scenario
    from routecost.model.scenario.strategy import Expansion, Outcome

CONFIDENCE = 0.95


def quality(expansion: Expansion, scenario: Scenario, cost_per_day: Decimal) -> Quality | None:
    """Return the quality over all tasks; None if some outcome is unknown, or there are no tasks."""
    tasks = scenario.workload.tasks_per_day
    right = known_sum(
        None if outcome.right is None else outcome.right * outcome.tasks_per_day
        for outcome in expansion.outcomes
        if outcome.tasks_per_day
    )
    if right is None or not tasks:
        return None
    failures = cost_of(failures_of(expansion, scenario)).known
    return Quality(right / tasks, cost_per_day / right if right else None, failures)


@exact
def failures_of(expansion: Expansion, scenario: Scenario) -> Failures:
    """Return the wrong results of each task type in a month."""
    return tuple(
        failures.times(scenario.days_per_month) for failures in daily_failures(expansion, scenario.workload)
    )


def daily_failures(expansion: Expansion, workload: Workload) -> Failures:
    """Return the wrong results of each task type in a day."""
    by_name = {task.name: task for task in workload.task_types}
    return tuple(_failures(outcome, by_name[outcome.task]) for outcome in expansion.outcomes)


def _failures(outcome: Outcome, task: TaskType) -> TypeFailures:
    """Return the wrong results of a task type in a day: undetected failures, and rework."""
    rework = task.rework.cost if task.rework else ZERO
    return TypeFailures(
        outcome.task,
        outcome.tasks_per_day,
        None if outcome.wrong is None else outcome.wrong + outcome.rework_failed,
        task.failure_cost,
        (outcome.reworked or ZERO) * rework,
        rework,
        outcome.tiers,
    )


def rework_unknown(expansion: Expansion, workload: Workload) -> tuple[str, ...]:
    """Return the task types whose calls of rework are unknown, so that the cost is a lower bound."""
    reworked = {task.name for task in workload.task_types if task.rework and task.rework.tier is not None}
    return tuple(
        outcome.task
        for outcome in expansion.outcomes
        if outcome.right is None and outcome.task in reworked and outcome.tasks_per_day
    )


def reviews_unknown(expansion: Expansion) -> bool:
    """Return whether reviewers see outputs whose calls are not counted, so that the cost is a lower bound."""
    return any(outcome.reviews_unknown and outcome.tasks_per_day for outcome in expansion.outcomes)


def overhead(expansion: Expansion, scenario: Scenario, day: date) -> dict[str, Decimal]:
    """Return the monthly cost of planners, judges, reviewers and rework, by role."""
    return {
        role: price(usage, scenario.pricing, day).total * scenario.days_per_month
        for role, usage in expansion.roles.items()
        if role != EXECUTOR
    }


def seconds_per_task(expansion: Expansion) -> Decimal | None:
    """Return the mean time of a task; None if that of some is unknown, or there are none."""
    tasks = sum((outcome.tasks_per_day for outcome in expansion.outcomes), ZERO)
    total = known_sum(
        None if outcome.seconds is None else outcome.seconds * outcome.tasks_per_day
        for outcome in expansion.outcomes
    )
    return total / tasks if total is not None and tasks else None


def measured_rates(workload: Workload) -> tuple[MeasuredRate, ...]:
    """Return the success rates that were measured by trials, with their intervals."""
    return tuple(
        _measured(task.name, tier, rate.rate, rate.successes, rate.trials)
        for task in workload.task_types
        for tier, rate in task.success.items()
        if rate.successes is not None and rate.trials
    )


def _measured(task: str, tier: str, rate: Decimal, successes: int, trials: int) -> MeasuredRate:
    # Slow to import, and few rates are measured.
    from routecost.engine.numeric.proportions import Sample, wilson
    from routecost.model.results.verdicts.measured_rate import MeasuredRate

    bounds = wilson(Sample(successes, trials), CONFIDENCE)
    return MeasuredRate(task, tier, successes, trials, rate, bounds.low, bounds.high)
