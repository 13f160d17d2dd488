"""Checks that the cost of a mix is the weighted mean of its tiers' costs."""

from __future__ import annotations

from routecost.engine.pricing.settlement import SecondStage
from routecost.errors import UsageError
from routecost.model.scenario.caching import CachedPrefix
from routecost.model.scenario.scenario import Scenario

_INSTEAD = 'which is not linear in the shares; "compare --mix" prices mixes one by one'


def refuse_what_is_not_linear(scenario: Scenario) -> None:
    """Raise UsageError if the cost of a mix is not the weighted mean of its tiers' costs.

    Volume discounts and allowances depend on the total of a month or day, and a cache shared by the
    calls of one model is used less if fewer of them share a window.
    """
    stage, sheet = SecondStage.of(scenario), f'pricing sheet "{scenario.pricing.name}"'
    if stage.volumes:
        raise UsageError(f"{sheet} has volume discounts, {_INSTEAD}")
    if stage.allowances:
        raise UsageError(f'{sheet} has allowances or steps for "{stage.allowances[0].meter}", {_INSTEAD}')
    if stage.fees:
        raise UsageError(f"the scenario has fixed fees for capacity or storage, {_INSTEAD}")
    for task in scenario.workload.task_types:
        if isinstance(task.cache, CachedPrefix) and task.cache.reuse != 0:
            raise UsageError(f'"{task.name}" has a cached prefix that calls of one model share, {_INSTEAD}')
