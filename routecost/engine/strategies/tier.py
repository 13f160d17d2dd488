"""Every task on one tier."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.engine.usage.task_flow import Ended, TaskStrategy, done_once
from routecost.records import dataclass
from routecost.units import ONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from routecost.model.scenario.strategy import TierModels
    from routecost.model.scenario.workload import TaskType


@dataclass(frozen=True, slots=True)
class UniformTier(TaskStrategy):
    """Run every task once, on ``tier``."""

    tier: str

    def flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        """Return the calls of the tasks of one type."""
        return done_once(task, tier_models, {self.tier: ONE})

    def stated_mix(self) -> Mapping[str, Decimal]:
        """Return the share of tasks per tier."""
        return {self.tier: ONE}
