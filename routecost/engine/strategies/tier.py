"""Uniform tier: every task on one tier."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.engine.usage.task_flow import expansion, one_call_each
from routecost.units import exact

if TYPE_CHECKING:
    from routecost.model.scenario.strategy import Expansion, TierModels
    from routecost.model.scenario.workload import Workload


@dataclass(frozen=True, slots=True)
class UniformTier:
    """Run every task once, on ``tier``."""

    tier: str

    @exact
    def expand(self, workload: Workload, tier_models: TierModels) -> Expansion:
        """Return the usage of one day of the workload, and the outcomes of its tasks."""
        shares = {self.tier: Decimal(1)}
        ended = [one_call_each(task, tier_models, shares) for task in workload.task_types]
        return expansion(ended, shares)
