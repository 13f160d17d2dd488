"""Executors report their confidence; a reviewer checks results without high confidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from routecost.engine.usage.redone import Redone, Rejected
from routecost.engine.usage.task_flow import Assistant, Ended, TaskFlow, TaskStrategy
from routecost.model.scenario.strategy import TierModels
from routecost.model.scenario.success import Detection, SuccessAfter
from routecost.model.scenario.workload import TaskType
from routecost.records import dataclass
from routecost.units import ONE, ZERO

REVIEWED = ("medium", "low")
LEVELS = ("high", *REVIEWED)


@dataclass(frozen=True, slots=True)
class ByConfidence(TaskStrategy):
    """Run every task on ``executor``; ``reviewer`` checks results without high confidence.

    ``when_right`` and ``when_wrong`` have the shares of right and of wrong results that are reported
    with each of ``LEVELS``, each summing to 1. The report takes ``self_assessment`` tokens of output.
    Rejected tasks run again on ``redo``, and that result is accepted; with ``pass_on`` that call reads
    the rejected output. It succeeds at the rates of ``success_after``, else at its own rate, or in the
    worst case as little as that allows. The success rate of ``executor`` must be known for every task
    type.
    """

    executor: str
    when_right: Mapping[str, Decimal]
    when_wrong: Mapping[str, Decimal]
    reviewer: Assistant
    detection: Detection
    redo: str
    self_assessment: Decimal = ZERO
    pass_on: bool = False
    success_after: SuccessAfter | None = None

    def rates_needed(self) -> tuple[str]:
        """Return the executor, whose reports depend on its success."""
        return (self.executor,)

    def flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        """Return the calls of the tasks of one type, and their outcome."""
        flow = TaskFlow(task, tier_models)
        success = task.success[self.executor].rate
        written = flow.shape(self.executor).writing(self.self_assessment)
        flow.execute(self.executor, ONE, written)
        right, wrong = self._reviewed(success)
        flow.ask(self.reviewer, right + wrong, written.output, written)
        rejected = self._rejected(success)
        shape = flow.shape(self.redo)
        shape = shape.reading(written.output) if self.pass_on else shape
        flow.execute(self.redo, rejected.total, shape)
        again = flow.again(self.redo, rejected, self.success_after)
        final = None if again is None else success - rejected.right + again
        return flow, flow.end(final, escalated=rejected.total, reviewed=right + wrong)

    def redone(self, task: TaskType) -> Iterator[Redone]:
        """Yield the tasks that are done again."""
        yield Redone(self.redo, self._rejected(task.success[self.executor].rate), self.success_after)

    def _reviewed(self, success: Decimal) -> tuple[Decimal, Decimal]:
        """Return the shares of tasks that are reviewed, right and wrong."""
        right = success * sum((self.when_right[level] for level in REVIEWED), ZERO)
        return right, (1 - success) * sum((self.when_wrong[level] for level in REVIEWED), ZERO)

    def _rejected(self, success: Decimal) -> Rejected:
        right, wrong = self._reviewed(success)
        return Rejected(wrong * self.detection.wrong_rejected, right * self.detection.right_rejected)
