"""Table routing: each task type on the tier of a routing table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from routecost.engine.usage.task_flow import expansion, one_call_each
from routecost.errors import UnknownNameError
from routecost.model.routing.table import RoutingTable
from routecost.model.scenario.strategy import Expansion, TierModels
from routecost.model.scenario.workload import TaskType, Workload
from routecost.problems import did_you_mean
from routecost.units import ZERO, exact


@dataclass(frozen=True, slots=True)
class Routed:
    """Run each task once, on the tier that ``table`` gives its task type."""

    table: RoutingTable

    @exact
    def expand(self, workload: Workload, tier_models: TierModels) -> Expansion:
        """Return the usage of one day of the workload, and the mix that follows from its volumes.

        Raises UnknownNameError for a task type that the table does not route.
        """
        tiers = [(task, self._tier(task)) for task in workload.task_types]
        ended = [one_call_each(task, tier_models, {tier: Decimal(1)}) for task, tier in tiers]
        volumes = ((tier, task.tasks_per_day) for task, tier in tiers)
        return expansion(ended, induced_mix(volumes, tier_models), mix_follows=True)

    def _tier(self, task: TaskType) -> str:
        tier = self.table.tier_of(task.routed_as)
        if tier is None:
            known = [route.task for route in self.table.routes]
            raise UnknownNameError(
                f'table "{self.table.name}" has no route for task type "{task.routed_as}"'
                f"{did_you_mean(task.routed_as, known)}"
            )
        return tier


def induced_mix(volumes: Iterable[tuple[str, Decimal]], tier_models: TierModels) -> Mapping[str, Decimal]:
    """Return the share of tasks per tier, in tier order; empty where there are no tasks."""
    totals: dict[str, Decimal] = {}
    for tier, volume in volumes:
        totals[tier] = totals.get(tier, ZERO) + volume
    total = sum(totals.values(), ZERO)
    return {tier: totals[tier] / total for tier in tier_models.tiers if total and tier in totals}
