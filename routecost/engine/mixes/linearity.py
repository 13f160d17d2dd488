"""Checks that the cost of a mix is the weighted mean of its tiers' costs."""

from __future__ import annotations

from routecost.errors import UsageError
from routecost.model.scenario.caching import CachedPrefix
from routecost.model.scenario.scenario import Scenario

_INSTEAD = 'which is not linear in the shares; "compare --mix" prices mixes one by one'


def refuse_what_is_not_linear(scenario: Scenario) -> None:
    """Raise UsageError if the cost of a mix is not the weighted mean of its tiers' costs.

    A volume discount depends on the month's total, and a cache shared by the calls of one model is used
    less if fewer of them share a window.
    """
    if any(terms.volume is not None for terms in scenario.pricing.terms):
        raise UsageError(f'pricing sheet "{scenario.pricing.name}" has volume discounts, {_INSTEAD}')
    for task in scenario.workload.task_types:
        if isinstance(task.cache, CachedPrefix) and task.cache.reuse != 0:
            raise UsageError(f'"{task.name}" has a cached prefix that calls of one model share, {_INSTEAD}')
