"""Checks of how the cost of a mix follows from its shares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from routecost.engine.pricing.settlement import SecondStage
from routecost.model.scenario.caching import CachedPrefix
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.strategy import TierModels
from routecost.model.scenario.workload import TaskType


def shares_cache(task: TaskType) -> bool:
    """Return whether the calls of a task share a cached prefix, so that fewer calls write it more often."""
    return isinstance(task.cache, CachedPrefix) and task.cache.reuse != 0


def why_not_linear(scenario: Scenario) -> str | None:
    """Return all reasons why the cost of a mix is not the weighted mean of its tiers' costs, or None."""
    cached = _names(task.name for task in scenario.workload.task_types if shares_cache(task))
    reasons = list(_terms_on_totals(scenario))
    if cached:
        reasons.append(f"calls of one model share a cached prefix in {cached}")
    return "; ".join(reasons) or None


def _terms_on_totals(scenario: Scenario) -> Iterator[str]:
    stage, sheet = SecondStage.of(scenario), f'pricing sheet "{scenario.pricing.name}"'
    if stage.volumes:
        yield f"{sheet} has volume discounts"
    if stage.allowances:
        meters = _names(allowance.meter for allowance in stage.allowances)
        yield f"{sheet} has allowances or steps for {meters}"
    if any(fee.strategy is None for fee in stage.fees):  # those of a strategy are in no mix
        yield "the scenario has fixed fees for capacity or storage"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in dict.fromkeys(names))


def why_not_by_tier(scenario: Scenario, tiers: Iterable[str], line: TierModels) -> str | None:
    """Return all reasons why the cost of a mix is no sum over tiers, each by its own share; None if it is."""
    reasons = list(_terms_on_totals(scenario))
    used = [line.model(tier) for tier in tiers]
    tasks = list(filter(shares_cache, scenario.workload.task_types))
    if tasks and len(set(used)) < len(used):
        cached = _names(task.name for task in tasks)
        reasons.append(f"two tiers on one model share the cached prefix of {cached}")
    reworked = _names(task.name for task in tasks if task.rework is not None and task.rework.tier is not None)
    if reworked:
        reasons.append(f"rework shares the cached prefix of {reworked}")
    return "; ".join(reasons) or None
