"""Each task type on the tier that a routing table gives it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from routecost.engine.usage.task_flow import Ended, done_once, expansion
from routecost.errors import UnknownNameError
from routecost.model.routing.table import RoutingTable
from routecost.model.scenario.strategy import Expansion, TierModels
from routecost.model.scenario.workload import TaskType, Workload
from routecost.problems import did_you_mean
from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact


@dataclass(frozen=True, slots=True)
class Routed:
    """Run each task once, on the tier that ``table`` gives its task type."""

    table: RoutingTable

    @exact
    def expand(self, workload: Workload, tier_models: TierModels) -> Expansion:
        """Return the usage of one day of the workload, and the mix that follows from its volumes.

        Raises UnknownNameError for a task type that the table does not route.
        """
        ended = [self.flow(task, tier_models) for task in workload.task_types]
        volumes = ((self._tier(task), task.tasks_per_day) for task in workload.task_types)
        return expansion(ended, induced_mix(volumes, tier_models), mix_follows=True)

    def flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        """Return the calls of the tasks of one type."""
        return done_once(task, tier_models, {self._tier(task): ONE})

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
