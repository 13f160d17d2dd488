"""Success rates of tiers over a whole workload."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from routecost.model.scenario.workload import Workload
from routecost.units import ZERO, exact


@exact
def tier_quality(workload: Workload, tiers: Iterable[str]) -> Mapping[str, Decimal] | None:
    """Return the share of tasks that succeed if all go to one tier, for each of the ``tiers``.

    Task types count by their volume. None if any type has no success rate for any of the tiers, or if
    there is no work.
    """
    names, total = list(tiers), workload.tasks_per_day
    rates = [task.success for task in workload.task_types]
    if not total or any(name not in known for known in rates for name in names):
        return None
    volumes = [task.tasks_per_day for task in workload.task_types]
    return {
        name: sum((volume * known[name].rate for volume, known in zip(volumes, rates, strict=True)), ZERO)
        / total
        for name in names
    }
