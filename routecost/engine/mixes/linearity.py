"""Checks of how the cost of a mix follows from its shares."""

from __future__ import annotations

from collections.abc import Iterable

from routecost.engine.pricing.settlement import SecondStage
from routecost.model.scenario.caching import CachedPrefix
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.strategy import TierModels
from routecost.model.scenario.workload import TaskType


def shares_cache(task: TaskType) -> bool:
    """Return whether the calls of a task share a cached prefix, so that fewer calls write it more often."""
    return isinstance(task.cache, CachedPrefix) and task.cache.reuse != 0


def why_not_linear(scenario: Scenario) -> str | None:
    """Return why the cost of a mix is not the weighted mean of its tiers' costs; None if it is."""
    stage, sheet = SecondStage.of(scenario), f'pricing sheet "{scenario.pricing.name}"'
    if stage.volumes:
        return f"{sheet} has volume discounts"
    if stage.allowances:
        return f'{sheet} has allowances or steps for "{stage.allowances[0].meter}"'
    if stage.fees:
        return "the scenario has fixed fees for capacity or storage"
    for task in scenario.workload.task_types:
        if shares_cache(task):
            return f'"{task.name}" has a cached prefix that calls of one model share'
    return None


def why_not_by_tier(scenario: Scenario, tiers: Iterable[str], line: TierModels) -> str | None:
    """Return why the cost of a mix is no sum over tiers, each by its own share; None if it is."""
    if scenario.has_terms_on_totals:
        return why_not_linear(scenario)
    used = [line.model(tier) for tier in tiers]
    for task in filter(shares_cache, scenario.workload.task_types):
        if len(set(used)) < len(used):
            return f'two tiers on one model share the cached prefix of "{task.name}"'
        if task.rework is not None and task.rework.tier is not None:
            return f'rework shares the cached prefix of "{task.name}"'
    return None
