"""Places in a scenario of usage without a price."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from routecost.errors import UnpricedError
from routecost.model.pricing.sheet import BATCH, STANDARD
from routecost.model.pricing.usage import UsageKey
from routecost.model.scenario.caching import NO_CACHE

if TYPE_CHECKING:
    from routecost.model.scenario.scenario import Scenario
    from routecost.model.scenario.workload import TaskType
    from routecost.problems import KeyPath


def with_place(error: UnpricedError, scenario: Scenario) -> UnpricedError:
    """Return the error with its place in the scenario, if a task type states what has no rate."""
    key, place = error.about, scenario.place
    if place is None or error.findings or not key:
        return error
    if not isinstance(key, UsageKey):
        return UnpricedError(str(error), key, place(str(error), cast("KeyPath", key)))
    for task in scenario.workload.task_types:
        path = _stated(task, key)
        if path is not None and task.path:
            return UnpricedError(str(error), key, place(str(error), (*task.path, *path)))
    return error


def _stated(task: TaskType, key: UsageKey) -> KeyPath | None:
    """Return the field of a task type that leads to usage of a mode or meter; None if none does."""
    if key.mode != STANDARD:
        path = ("batch",) if key.mode == BATCH else ("modes", key.mode)
        return path if key.mode in task.mode_shares else None
    if key.meter in task.meters:
        return ("meters", key.meter)
    if key.meter.startswith("cache_"):
        return ("calls", "cached") if task.calls.cached else None if task.cache == NO_CACHE else ("cache",)
    return None
