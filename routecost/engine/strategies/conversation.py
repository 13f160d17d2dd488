"""A task is a conversation whose context grows; another model cannot read the cache of the first."""

from __future__ import annotations

from decimal import Decimal

from routecost.engine.usage.calls import CallShape
from routecost.engine.usage.task_flow import Ended, TaskFlow, TaskStrategy
from routecost.errors import UsageError
from routecost.model.scenario.strategy import TierModels
from routecost.model.scenario.workload import ONE_CALL, Carry, TaskCalls, TaskType
from routecost.records import dataclass
from routecost.units import ONE, ZERO


@dataclass(frozen=True, slots=True)
class Turns:
    """A number of turns on a tier."""

    tier: str
    turns: int


@dataclass(frozen=True, slots=True)
class Conversation(TaskStrategy):
    """Each task is a conversation: ``parts`` one after another, after ``system`` tokens of prompt.

    A turn sends the task's input tokens and receives its output tokens; its call also carries all
    earlier turns. ``cached`` calls read what the turn before them wrote, if that ran on
    the same model, and write what is new; the first call on another model writes all of it again.
    """

    parts: tuple[Turns, ...]
    system: Decimal = ZERO
    cached: bool = True

    def check(self, task: TaskType) -> None:
        """Raise UsageError if the turns are not the calls of the task."""
        turns = sum(part.turns for part in self.parts)
        if task.calls != ONE_CALL and turns != task.calls.per_task:
            raise UsageError(
                f'{turns} turns; expected {task.calls.per_task}, the calls per task of "{task.name}"'
            )

    def flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        """Return the calls of the tasks of one type, and their outcome."""
        flow = TaskFlow(task, tier_models, series=self._series(task))
        shapes: dict[int, CallShape] = {}  # tiers with the same tokens share a draw
        parts = [
            (
                part.tier,
                part.turns,
                shapes.setdefault(id(task.tier_tokens.get(part.tier)), flow.shape(part.tier)),
            )
            for part in self.parts
        ]
        flow.wait(flow.run_parts(parts, ONE), ONE)
        return flow, flow.end(flow.task.success_rate(self.parts[-1].tier))

    def _series(self, task: TaskType) -> TaskCalls:
        """Return the calls of a task: as the workload states them, else as the conversation does."""
        if task.calls != ONE_CALL:
            return task.calls
        turns = sum(part.turns for part in self.parts)
        return TaskCalls(turns, self.system, Carry.ALL, ONE if self.cached else ZERO)
