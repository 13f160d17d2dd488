"""A share of the tasks of every type on each tier."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.engine.usage.task_flow import Ended, TaskStrategy, done_once
from routecost.records import dataclass

if TYPE_CHECKING:
    from routecost.model.scenario.strategy import TierModels
    from routecost.model.scenario.workload import TaskType


@dataclass(frozen=True, slots=True)
class Mix(TaskStrategy):
    """Run each task once; ``shares`` of the tasks per tier, summing to 1, whatever their type."""

    shares: Mapping[str, Decimal]

    def flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        """Return the calls of the tasks of one type."""
        return done_once(task, tier_models, self.shares)

    def stated_mix(self) -> Mapping[str, Decimal]:
        """Return the share of tasks per tier."""
        return dict(self.shares)
