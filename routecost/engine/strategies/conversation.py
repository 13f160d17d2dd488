"""Conversations with a growing context; another model cannot read the cache of the first."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from routecost.engine.usage.task_flow import EXECUTOR, Ended, TaskFlow, expansion
from routecost.model.scenario.caching import NO_CACHE, CachedContext
from routecost.model.scenario.strategy import Expansion, TierModels
from routecost.model.scenario.workload import TaskType, TokenShape, Workload
from routecost.units import ONE, ZERO, exact


@dataclass(frozen=True, slots=True)
class Turns:
    """A number of turns on a tier."""

    tier: str
    turns: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """Each task is a conversation: ``parts`` one after another, after ``system`` tokens of prompt.

    Each turn adds the task's input tokens and its output tokens; its call carries all turns before it.
    ``cached`` calls read what the turn before them wrote, if that ran on the same model, and write the
    new tokens; the first call on another model writes all of it again.
    """

    parts: tuple[Turns, ...]
    system: Decimal = ZERO
    cached: bool = True

    @exact
    def expand(self, workload: Workload, tier_models: TierModels) -> Expansion:
        """Return the usage of one day of the workload; a conversation has the outcome of its last tier."""
        return expansion([self._flow(task, tier_models) for task in workload.task_types])

    def _flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        flow, said, answered = TaskFlow(task, tier_models), task.tokens.mean_input, task.tokens.mean_output
        context, warm, model = self.system, ZERO, None
        for part in self.parts:
            warm = warm if tier_models.model(part.tier) == model else ZERO
            model = tier_models.model(part.tier)
            for _ in range(part.turns):
                context += said
                cache = CachedContext(warm, context - warm) if self.cached else NO_CACHE
                shape = TokenShape.mean(context, answered)
                flow.wait(flow.speak(EXECUTOR, part.tier, ONE, shape, cache), ONE)
                warm = context
                context += answered
        return flow, flow.end(flow.success(self.parts[-1].tier))
