"""Try a cheap tier, accept or escalate; every call made is paid (FrugalGPT, arXiv:2305.05176, section 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from decimal import Decimal
from typing import NamedTuple

from routecost.engine.usage.quantities import NOTHING
from routecost.engine.usage.redone import Redone, Rejected
from routecost.engine.usage.task_flow import Assistant, Ended, TaskFlow, TaskStrategy
from routecost.model.scenario.strategy import TierModels
from routecost.model.scenario.success import Detection, SuccessAfter
from routecost.model.scenario.workload import TaskType, TokenShape
from routecost.records import dataclass
from routecost.units import ONE, ZERO

Again = Callable[[Redone], Decimal | None]
"""Returns the share of tasks that were rejected and are then done right; None if unknown."""


class Stage(NamedTuple):
    """A tier of a cascade: the shares of tasks that reach it, that it ends right, and that it rejects."""

    tier: str
    reaching: Decimal
    right: Decimal | None
    rejected: Rejected


@dataclass(frozen=True, slots=True)
class Cascade(TaskStrategy):
    """Run tasks along ``path`` until an output is accepted; that of the last tier always is.

    The share of a tier's outputs that is accepted is in ``accept``, or follows from the tier's success
    rate and ``detection``; ``detections`` has that of each tier whose own differs. A ``judge``, if there
    is one, is called for every output but the last tier's. With ``pass_on`` the rejected output is part of
    the next tier's input. A tier succeeds with escalated tasks at the rates of ``success_after``, else at
    its own rate, or in the worst case as little as that allows: what a lower tier failed is often harder.
    ``tokens`` has the tokens of a tier's calls if they differ from the task's.
    """

    path: tuple[str, ...]
    accept: Mapping[str, Decimal] = field(default_factory=dict)
    detection: Detection | None = None
    judge: Assistant | None = None
    pass_on: bool = False
    success_after: Mapping[str, SuccessAfter] = field(default_factory=dict)
    tokens: Mapping[str, TokenShape] = field(default_factory=dict)
    detections: Mapping[str, Detection] = field(default_factory=dict)

    def rates_needed(self) -> list[str]:
        """Return the tiers whose outputs are judged, but for stated rates and shares."""
        judged = self.path[:-1] if self.detection is not None else ()
        return [tier for step, tier in enumerate(judged) if not step or tier not in self.success_after]

    def flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        """Return the calls of the tasks of one type, and their outcome."""
        flow = TaskFlow(task, tier_models)
        stages = list(self._stages(flow))
        known = all(stage.right is not None or not stage.reaching for stage in stages)
        right = sum((stage.right or ZERO for stage in stages), ZERO)
        self._call(flow, list(self._stages(flow, most=True)) if self._errs_upwards else stages)
        return flow, flow.end(right if known else None, escalated=stages[0].rejected.total)

    def redone(self, task: TaskType) -> Iterator[Redone]:
        """Yield the tasks that each tier but the first does again, at stated or independent success."""
        again: list[Redone] = []

        def record(redone: Redone) -> Decimal | None:
            again.append(redone)
            if redone.after is not None:
                return redone.rejected.right_after(redone.after)
            rate = task.success_rate(redone.tier)
            return None if rate is None else redone.rejected.total * rate

        list(self._run(task.success_rate(self.path[0]), record))
        yield from again

    @property
    def _errs_upwards(self) -> bool:
        """True if more success means more escalation, so that the worst case of calls is another."""
        if self.detection is None:
            return False
        used = [self.detections.get(tier, self.detection) for tier in self.path[:-1]]
        return any(detection.right_rejected > detection.wrong_rejected for detection in used)

    def _stages(self, flow: TaskFlow, *, most: bool = False) -> Iterator[Stage]:
        return self._run(
            flow.task.success_rate(self.path[0]),
            lambda redone: flow.again(redone.tier, redone.rejected, redone.after, most=most),
        )

    def _run(self, first: Decimal | None, again: Again) -> Iterator[Stage]:
        """Yield the stages of a task; ``first`` is the success rate of the first tier."""
        reaching, right = ONE, first
        for step, tier in enumerate(self.path):
            accepted, rejected = self._verdict(step, reaching, right)
            yield Stage(tier, reaching, accepted, rejected)
            reaching = rejected.total
            if step < len(self.path) - 1:
                following = self.path[step + 1]
                right = again(Redone(following, rejected, self.success_after.get(following)))

    def _call(self, flow: TaskFlow, stages: list[Stage]) -> None:
        """Make the calls of all stages, and those of the judge."""
        output = NOTHING
        for step, stage in enumerate(stages):
            shape = flow.shape(stage.tier, self.tokens.get(stage.tier))
            shape = shape.reading(output if self.pass_on else NOTHING)
            flow.execute(stage.tier, stage.reaching, shape)
            output = shape.output
            if self.judge is not None and step < len(stages) - 1:
                flow.ask(self.judge, stage.reaching, output, shape)

    def _verdict(
        self, step: int, reaching: Decimal, right: Decimal | None
    ) -> tuple[Decimal | None, Rejected]:
        """Return the share of tasks that is accepted and right, and those rejected.

        ``right`` is the share of tasks that reach the tier and that it does right.
        """
        if step == len(self.path) - 1:
            return right, Rejected(ZERO)
        if self.detection is None:
            return _unjudged(reaching, self.accept[self.path[step]], right)
        good, detection = right or ZERO, self.detections.get(self.path[step], self.detection)
        return good * (1 - detection.right_rejected), _judged(detection, reaching, good)


def _judged(detection: Detection, reaching: Decimal, right: Decimal) -> Rejected:
    return Rejected((reaching - right) * detection.wrong_rejected, right * detection.right_rejected)


def _unjudged(reaching: Decimal, accepted: Decimal, right: Decimal | None) -> tuple[Decimal | None, Rejected]:
    """Return what is accepted and right, and what is rejected, where only a share is accepted.

    Without detection, what is right is known only of all and of nothing.
    """
    rejected = Rejected(reaching * (1 - accepted))
    if not accepted:
        return ZERO, rejected
    return right if accepted == 1 else None, rejected
