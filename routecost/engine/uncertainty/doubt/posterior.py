"""Success rates as unknown as their trials leave them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from routecost.engine.uncertainty.run_on_paths import Drawn
from routecost.model.scenario.distributions import Beta, as_decimal
from routecost.model.scenario.success import SuccessRate
from routecost.model.scenario.uncertain_field import UncertainField
from routecost.model.scenario.workload import TaskType, Workload
from routecost.problems import KeyPath
from routecost.units import ONE, ZERO

_MEASURED = "measured success"

Measured = Mapping[KeyPath, tuple[UncertainField, int]]
"""The measured rates, each with its number of trials."""


def posterior(successes: int, trials: int) -> Beta:
    """Return the distribution of a rate after trials, with a uniform prior: that of an uncertain ``beta``.

    A uniform prior and s successes in n trials give a beta distribution with alpha = s + 1 and
    beta = n - s + 1 (Gelman et al., Bayesian Data Analysis, 3rd edition 2013, section 2.1).
    """
    alpha, beta = successes + 1, trials - successes + 1
    return Beta(as_decimal(alpha / (alpha + beta)), alpha, beta)


def measured(workload: Workload) -> Measured:
    """Return the rates of a workload that trials measured, as uncertain fields."""
    return {
        path: (UncertainField(path, posterior(rate.successes, rate.trials), ZERO, ONE), rate.trials)
        for task in workload.task_types
        if task.tasks_per_day
        for tier, rate in task.success.items()
        if rate.successes is not None and rate.trials
        for path in [_path(task, tier)]
    }


def with_rates(workload: Workload, drawn: Drawn) -> Workload:
    """Return the workload with the drawn rates."""
    return replace(workload, task_types=tuple(_with_rates(task, drawn) for task in workload.task_types))


def _with_rates(task: TaskType, drawn: Drawn) -> TaskType:
    rates: dict[str, Decimal] = {
        tier: drawn[path] for tier in task.success if (path := _path(task, tier)) in drawn
    }
    others = {tier: SuccessRate(rate) for tier, rate in rates.items()}
    return replace(task, success={**task.success, **others}) if rates else task


def _path(task: TaskType, tier: str) -> KeyPath:
    return _MEASURED, task.name, tier
