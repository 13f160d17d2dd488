"""Try a cheap tier, accept or escalate; every call made is paid (FrugalGPT, arXiv:2305.05176, section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from decimal import Decimal

from routecost.engine.usage.quantities import NOTHING
from routecost.engine.usage.task_flow import Assistant, Ended, TaskFlow, TaskStrategy
from routecost.model.scenario.strategy import TierModels
from routecost.model.scenario.success import Detection
from routecost.model.scenario.workload import TaskType, TokenShape
from routecost.records import dataclass
from routecost.units import ONE, ZERO


@dataclass(frozen=True, slots=True)
class Cascade(TaskStrategy):
    """Run tasks along ``path`` until an output is accepted; that of the last tier always is.

    The share of a tier's outputs that is accepted is in ``accept``, or follows from the tier's success
    rate and ``detection``. A ``judge``, if there is one, is called for every output but the last
    tier's. With ``pass_on`` the rejected output is part of the next tier's input. A tier succeeds
    with escalated tasks at its own rate, or at that of ``success_after``: what a lower tier failed
    at is often harder. ``tokens`` has the tokens of a tier's calls if they differ from the task's.
    ``escalated``, if given, is the share of the first tier's outputs that is rejected and
    overrides the rest.
    """

    path: tuple[str, ...]
    accept: Mapping[str, Decimal] = field(default_factory=dict)
    detection: Detection | None = None
    judge: Assistant | None = None
    pass_on: bool = False
    success_after: Mapping[str, Decimal] = field(default_factory=dict)
    tokens: Mapping[str, TokenShape] = field(default_factory=dict)
    escalated: Decimal | None = None

    def escalating(self, share: Decimal) -> Cascade:
        """Return the cascade of which a share of the tasks is rejected at the first tier."""
        return replace(self, escalated=share)

    def rates_needed(self) -> list[str]:
        """Return the tiers whose outputs are judged, but for stated rates and shares."""
        judged = enumerate(self.path[:-1] if self.detection is not None else ())
        return [
            tier
            for step, tier in judged
            if (tier not in self.success_after if step else self.escalated is None)
        ]

    def flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        """Return the calls of the tasks of one type, and their outcome."""
        flow, output = TaskFlow(task, tier_models), NOTHING
        reaching, escalated, right = ONE, ZERO, ZERO
        known = True
        for step, tier in enumerate(self.path):
            shape = flow.shape(self.tokens.get(tier)).reading(output if self.pass_on else NOTHING)
            flow.execute(tier, reaching, shape)
            output = shape.output
            if self.judge is not None and step < len(self.path) - 1:
                flow.ask(self.judge, reaching, output)
            accepted, accepted_right = self._verdict(flow, step)
            known = known and (accepted_right is not None or not reaching)
            right += reaching * (accepted_right or ZERO)
            reaching *= 1 - accepted
            escalated = reaching if step == 0 else escalated
        return flow, flow.end(right if known else None, escalated=escalated)

    def _verdict(self, flow: TaskFlow, step: int) -> tuple[Decimal, Decimal | None]:
        """Return the share of a tier's outputs that is accepted, and the share accepted and right."""
        tier = self.path[step]
        success = self.success_after.get(tier) if step else None
        success = flow.success(tier) if success is None else success
        if step == len(self.path) - 1:
            return ONE, success
        if step == 0 and self.escalated is not None:
            return 1 - self.escalated, _right_of_accepted(1 - self.escalated, success)
        if self.detection is None:
            return self.accept[tier], _right_of_accepted(self.accept[tier], success)
        rate = success or ZERO
        right = rate * (1 - self.detection.right_rejected)
        return right + (1 - rate) * (1 - self.detection.wrong_rejected), right


def _right_of_accepted(accepted: Decimal, success: Decimal | None) -> Decimal | None:
    """Return what is accepted and right; without detection that is known only of all and of nothing."""
    if not accepted:
        return ZERO
    return success if accepted == 1 else None
