"""``{confidence: {executor: haiku, ...}}``: review of results without high confidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.scalars import (
    Context,
    Count,
    Flag,
    Leaf,
    Share,
    TierName,
    fault,
    quoted,
    read_text,
)
from routecost.documents.strategies import StrategyDocument
from routecost.documents.workload.helper_calls import AssistantDocument
from routecost.documents.workload.success import (
    DetectionDocument,
    SuccessAfterForm,
    build_success_after,
    contradictions,
)
from routecost.documents.workload.tokens import share_faults
from routecost.engine.strategies.confidence import LEVELS, ByConfidence
from routecost.model.scenario.workload import Workload
from routecost.problems import did_you_mean
from routecost.units import ZERO


def _read_level(value: Any, _: Context) -> str:
    text = read_text(value)
    if text not in LEVELS:
        raise fault(f"unknown confidence {quoted(text)}{did_you_mean(text, LEVELS)}")
    return text


Reports = dict[Annotated[str, Leaf(_read_level, {"enum": list(LEVELS)})], Share]


@document
class ConfidenceDocument:
    """The executor, the confidence it reports, and the reviewer."""

    executor: TierName
    when_right: Reports
    when_wrong: Reports
    reviewer: AssistantDocument
    detection: DetectionDocument
    redo: TierName
    self_assessment: Count = ZERO
    pass_on: Flag = False
    success_after: SuccessAfterForm | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for reports that do not sum to 100%."""
        for name in ("when_right", "when_wrong"):
            yield from share_faults(list(getattr(self, name).values()), f'the shares of "{name}"', (name,))

    def build(self) -> ByConfidence:
        """Return the strategy."""
        return ByConfidence(
            self.executor,
            {level: self.when_right.get(level, ZERO) for level in LEVELS},
            {level: self.when_wrong.get(level, ZERO) for level in LEVELS},
            self.reviewer.build("reviewer"),
            self.detection.build(),
            self.redo,
            self.self_assessment,
            self.pass_on,
            None if self.success_after is None else build_success_after(self.success_after),
        )


@document
class ConfidenceStrategyDocument(StrategyDocument):
    """Results without high reported confidence are reviewed."""

    confidence: Annotated[ConfidenceDocument, Checked()]

    def workload_faults(self, workload: Workload) -> Iterator[Fault]:
        """Look for missing success rates of the executor."""
        executor = self.confidence.executor
        lacking = [task.name for task in workload.task_types if executor not in task.success]
        if lacking:
            message = f'reports need the success rate of "{executor}"; set it for task type "{lacking[0]}"'
            yield Fault(message, ("confidence", "executor"))

    def tier_faults(self, workload: Workload, tiers: Sequence[str]) -> Iterator[Fault]:  # noqa: ARG002
        """Look for success after rejection that contradicts the success rate of the tier."""
        for task in workload.task_types:
            if self.confidence.executor in task.success:
                again = self.confidence.build().redone(task)
                yield from contradictions(again, task, ("confidence", "success_after"))

    def build(self) -> ByConfidence:
        """Return the strategy."""
        return self.confidence.build()
