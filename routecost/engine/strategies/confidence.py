"""Executors report their confidence; a reviewer checks results without high confidence."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from routecost.engine.usage.task_flow import Assistant, Ended, TaskFlow, TaskStrategy
from routecost.model.scenario.strategy import TierModels
from routecost.model.scenario.success import Detection
from routecost.model.scenario.workload import TaskType
from routecost.records import dataclass
from routecost.units import ZERO

REVIEWED = ("medium", "low")
LEVELS = ("high", *REVIEWED)


@dataclass(frozen=True, slots=True)
class ByConfidence(TaskStrategy):
    """Run every task on ``executor``; ``reviewer`` checks results without high confidence.

    ``when_right`` and ``when_wrong`` have the shares of right and of wrong results that are reported
    with each of ``LEVELS``, each summing to 1. The report takes ``self_assessment`` tokens of output.
    Rejected tasks run again on ``redo``, and that result is accepted. The success rate of ``executor``
    must be known for every task type.
    """

    executor: str
    when_right: Mapping[str, Decimal]
    when_wrong: Mapping[str, Decimal]
    reviewer: Assistant
    detection: Detection
    redo: str
    self_assessment: Decimal = ZERO

    def rates_needed(self) -> tuple[str]:
        """Return the executor, whose reports depend on its success."""
        return (self.executor,)

    def flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        """Return the calls of the tasks of one type, and their outcome."""
        flow = TaskFlow(task, tier_models)
        success = task.success[self.executor].rate
        written = flow.shape().writing(self.self_assessment)
        flow.execute(self.executor, Decimal(1), written)
        right = success * sum((self.when_right[level] for level in REVIEWED), ZERO)
        wrong = (1 - success) * sum((self.when_wrong[level] for level in REVIEWED), ZERO)
        flow.ask(self.reviewer, right + wrong, written.output)
        right_rejected = right * self.detection.right_rejected
        rejected = right_rejected + wrong * self.detection.wrong_rejected
        flow.execute(self.redo, rejected)
        redone = ZERO if not rejected else flow.success(self.redo)
        final = None if redone is None else success - right_rejected + rejected * redone
        return flow, flow.end(final, escalated=rejected, reviewed=right + wrong)
