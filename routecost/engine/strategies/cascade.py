"""Cascades: try a cheap tier, accept or escalate; all calls are paid (FrugalGPT, arXiv:2305.05176)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from routecost.engine.usage.task_flow import Assistant, Ended, TaskFlow, expansion
from routecost.model.scenario.strategy import Expansion, TierModels
from routecost.model.scenario.success import Detection
from routecost.model.scenario.workload import TaskType, TokenShape, Workload
from routecost.units import ONE, ZERO, exact


@dataclass(frozen=True, slots=True)
class Cascade:
    """Run tasks along ``path`` until an output is accepted; the output of the last tier always is.

    The acceptance rate of a tier is given by ``accept``, or follows from the tier's success rate and
    ``detection``. A ``judge``, if there is one, is called for every output but the last tier's. With
    ``pass_on`` the rejected output is part of the next tier's input. A tier succeeds with escalated
    tasks at its own rate, or at that of ``success_after``: tasks that a lower tier failed are often
    harder. ``tokens`` has the tokens of a tier's calls where they are not the task's. ``escalated``, if
    given, is the share of the first tier's outputs that is rejected, and overrides the other fields.
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
        """Return the cascade with a given share of the tasks rejected at the first tier."""
        return replace(self, escalated=share)

    @exact
    def expand(self, workload: Workload, tier_models: TierModels) -> Expansion:
        """Return the expected usage of one day of the workload, and the outcomes of its tasks."""
        ended = [self._flow(task, tier_models) for task in workload.task_types]
        return expansion(ended)

    def _flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        flow = TaskFlow(task, tier_models)
        reaching, escalated, right, output = ONE, ZERO, ZERO, ZERO
        known = True
        for step, tier in enumerate(self.path):
            tokens = self.tokens.get(tier, task.tokens).reading(output if self.pass_on else ZERO)
            flow.execute(tier, reaching, tokens)
            output = tokens.mean_output
            if self.judge is not None and step < len(self.path) - 1:
                flow.asked(self.judge, reaching, output)
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
    """Return the share accepted and right; unknown without detection, unless all or nothing is accepted."""
    if not accepted:
        return ZERO
    return success if accepted == 1 else None
