"""Every task on one tier."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from routecost.engine.calls import calls
from routecost.model.strategy import Expansion, Lineup
from routecost.model.usage import Usage
from routecost.model.workload import Workload
from routecost.units import exact


@dataclass(frozen=True, slots=True)
class UniformTier:
    """Run every task once, on ``tier``."""

    tier: str

    @exact
    def expand(self, workload: Workload, lineup: Lineup) -> Expansion:
        """Return the usage of one day of the workload."""
        usages = (calls(task, self.tier, lineup, task.tasks_per_day) for task in workload.task_types)
        return Expansion(Usage.total(usages), {self.tier: Decimal(1)})
