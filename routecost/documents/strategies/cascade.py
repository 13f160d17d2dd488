"""``{cascade: [haiku, sonnet, opus], accept: 80%}``: try a cheap tier, accept or escalate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Annotated, Any

from routecost.documents.core.document_type import OneOf, document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Flag, Share, TierName
from routecost.documents.strategies import StrategyDocument
from routecost.documents.workload.helper_calls import AssistantDocument
from routecost.documents.workload.success import (
    DetectionDocument,
    SuccessAfterDocument,
    SuccessAfterForm,
    build_success_after,
    contradictions,
)
from routecost.documents.workload.tokens import Tokens
from routecost.engine.strategies.cascade import Cascade
from routecost.model.scenario.workload import Workload


def _accept_kind(data: Any) -> str | None:
    return "all" if isinstance(data, str) else "by tier" if isinstance(data, dict) else None


Acceptance = Annotated[
    Any, OneOf("a share, or a share per tier", {"all": Share, "by tier": dict[TierName, Share]}, _accept_kind)
]


def _detection_kind(data: Any) -> str | None:
    if not isinstance(data, dict):
        return None
    return "by tier" if data and all(isinstance(value, dict) for value in data.values()) else "all"


JudgesDetection = Annotated[
    Any,
    OneOf(
        "{wrong_rejected, right_rejected}, or that per tier",
        {"all": DetectionDocument, "by tier": dict[TierName, DetectionDocument]},
        _detection_kind,
    ),
]


@document
class CascadeStrategyDocument(StrategyDocument):
    """A path of tiers, with the share of each tier's output that is accepted."""

    cascade: tuple[TierName, ...]
    accept: Acceptance | None = None
    detection: JudgesDetection | None = None
    judge: AssistantDocument | None = None
    pass_on: Flag = False
    success_after: dict[TierName, SuccessAfterForm] = field(default_factory=dict)
    tokens: dict[TierName, Tokens] = field(default_factory=dict)

    @property
    def _judged(self) -> tuple[str, ...]:
        return self.cascade[:-1]

    def faults(self) -> Iterator[Fault]:
        """Look for empty paths, unknown tiers, and acceptance that is missing or given twice."""
        if not self.cascade:
            yield Fault("no tiers are given; expected at least one", ("cascade",))
        for at, tier in enumerate(self.cascade):
            if tier in self.cascade[:at]:
                yield Fault(f'"{tier}" is listed twice', ("cascade", at))
        yield from self._acceptance_faults()
        yield from self._unknown_tier_faults("tokens", self.cascade, "a tier of the path")
        after = "a tier of the path after its first"
        yield from self._unknown_tier_faults("success_after", self.cascade[1:], after)
        for tier, form in self.success_after.items():
            if self.accept is not None and isinstance(form, SuccessAfterDocument):
                message = '"accept" does not say whether a rejected output is right; expected one share'
                yield Fault(message, ("success_after", tier))

    def _acceptance_faults(self) -> Iterator[Fault]:
        if self._judged and (self.accept is None) == (self.detection is None):
            yield Fault('expected one of "accept" and "detection"', ("cascade",), on_key=True)
        for key, what in (("accept", "share"), ("detection", "detection")):
            by_tier = getattr(self, key)
            if isinstance(by_tier, dict):
                for tier in self._judged:
                    if tier not in by_tier:
                        yield Fault(f'no {what} is given for "{tier}", whose output is judged', (key,))
                yield from self._unknown_tier_faults(key, self._judged, "a tier of the path before its last")

    def _unknown_tier_faults(self, key: str, tiers: tuple[str, ...], expected: str) -> Iterator[Fault]:
        """Look for keys that are not among ``tiers``."""
        for tier in getattr(self, key):
            if tier not in tiers:
                yield Fault(f'"{tier}" is not {expected}', (key, tier), on_key=True)

    def workload_faults(self, workload: Workload) -> Iterator[Fault]:
        """Look for success rates that detection needs."""
        for at, tier in enumerate(self._judged if self.detection else ()):
            lacking = [task.name for task in workload.task_types if tier not in task.success]
            if lacking and not (at and tier in self.success_after):
                message = f'detection needs the success rate of "{tier}"; set it for task type "{lacking[0]}"'
                yield Fault(message, ("detection",), on_key=True)

    def tier_faults(self, workload: Workload, tiers: Sequence[str]) -> Iterator[Fault]:  # noqa: ARG002
        """Look for success after rejection that contradicts the success rates of the tiers."""
        for task in workload.task_types if self.success_after else ():
            for redone in self.build().redone(task):
                yield from contradictions([redone], task, ("success_after", redone.tier))

    def build(self) -> Cascade:
        """Return the strategy."""
        shared: dict[str, Any] = {} if self.accept is None else dict.fromkeys(self._judged, self.accept)
        form: Any = {} if self.detection is None else self.detection
        by_tier = form if isinstance(form, dict) else dict.fromkeys(self._judged, form)
        detections = {tier: detection.build() for tier, detection in by_tier.items()}
        first = next((detections[tier] for tier in self._judged if tier in detections), None)
        return Cascade(
            self.cascade,
            self.accept if isinstance(self.accept, dict) else shared,
            first,
            None if self.judge is None else self.judge.build("judge"),
            self.pass_on,
            {tier: build_success_after(form) for tier, form in self.success_after.items()},
            {tier: tokens.build() for tier, tokens in self.tokens.items()},
            {tier: detection for tier, detection in detections.items() if detection != first},
        )
