"""Mixes: a share of the tasks of every type on each tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.engine.usage.task_flow import expansion, one_call_each
from routecost.units import exact

if TYPE_CHECKING:
    from routecost.model.scenario.strategy import Expansion, TierModels
    from routecost.model.scenario.workload import Workload


@dataclass(frozen=True, slots=True)
class Mix:
    """Run each task once; ``shares`` of the tasks per tier, summing to 1, whatever their type."""

    shares: Mapping[str, Decimal]

    @exact
    def expand(self, workload: Workload, tier_models: TierModels) -> Expansion:
        """Return the usage of one day of the workload, and the outcomes of its tasks."""
        ended = [one_call_each(task, tier_models, self.shares) for task in workload.task_types]
        return expansion(ended, dict(self.shares))
