"""A share of the tasks of every type on each tier."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.engine.usage.task_flow import Ended, done_once, expansion
from routecost.records import dataclass
from routecost.units import exact

if TYPE_CHECKING:
    from routecost.model.scenario.strategy import Expansion, TierModels
    from routecost.model.scenario.workload import TaskType, Workload


@dataclass(frozen=True, slots=True)
class Mix:
    """Run each task once; ``shares`` of the tasks per tier, summing to 1, whatever their type."""

    shares: Mapping[str, Decimal]

    @exact
    def expand(self, workload: Workload, tier_models: TierModels) -> Expansion:
        """Return the usage of one day of the workload, and the outcomes of its tasks."""
        return expansion([self.flow(task, tier_models) for task in workload.task_types], dict(self.shares))

    def flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        """Return the calls of the tasks of one type."""
        return done_once(task, tier_models, self.shares)
