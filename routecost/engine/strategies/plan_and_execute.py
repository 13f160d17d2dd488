"""Plan-and-execute: a planner splits each task, executors do the parts, a reviewer checks them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from routecost.engine.usage.task_flow import Assistant, Ended, TaskFlow, expansion
from routecost.model.scenario.strategy import Expansion, TierModels
from routecost.model.scenario.success import Detection
from routecost.model.scenario.workload import TaskType, TokenShape, Workload
from routecost.units import ONE, ZERO, exact


@dataclass(frozen=True, slots=True)
class Subtasks:
    """``count`` parts of a task that run on one tier; ``tokens`` per call, else those of the task."""

    tier: str
    count: int
    tokens: TokenShape | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """The reviewer is called once per task, and accepts or rejects each subtask.

    It rejects the share ``rejects``, or the share that follows from ``detection`` and the tier's
    success rate. Of the rejected subtasks the share ``escalated`` goes to the highest tier, the others
    one tier up; the new outputs are accepted. On the highest tier they are tried once more.
    """

    reviewer: Assistant
    rejects: Decimal | None = None
    detection: Detection | None = None
    escalated: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class PlanAndExecute:
    """One call of ``planner`` per task, the subtasks in order, then the review.

    ``hand_on`` is the number of tokens that each subtask but the first reads from the one before it.
    ``parallel`` subtasks run at the same time, each group as long as its slowest. The success rates of
    subtasks are multiplied only if ``independent`` is true.
    """

    planner: Assistant
    executors: tuple[Subtasks, ...]
    review: Review | None = None
    hand_on: Decimal = ZERO
    parallel: bool = False
    independent: bool = False

    @exact
    def expand(self, workload: Workload, tier_models: TierModels) -> Expansion:
        """Return the expected usage of one day of the workload, and the outcomes of its tasks."""
        ended = [self._flow(task, tier_models) for task in workload.task_types]
        return expansion(ended)

    def _flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        flow = TaskFlow(task, tier_models)
        flow.asked(self.planner, ONE, ZERO)
        self._execute(flow)
        rejected = [self._reviewed(flow, group) for group in self.executors]
        if self.review is not None:
            output = sum((group.count * _shape(flow, group).mean_output for group in self.executors), ZERO)
            flow.asked(self.review.reviewer, ONE, output)
            for group, share in zip(self.executors, rejected, strict=True):
                self._again(flow, self.review, group, share)
        rates = [
            self._success(flow, group, share) for group, share in zip(self.executors, rejected, strict=True)
        ]
        return flow, flow.end(
            self._of_all(rates),
            escalated=self._any(rejected),
            reviewed=ZERO if self.review is None else ONE,
        )

    def _execute(self, flow: TaskFlow) -> None:
        """Run all subtasks; the first of all reads no output of another."""
        durations: list[Decimal | None] = []
        for at, group in enumerate(self.executors):
            shape = _shape(flow, group)
            first = 1 if at == 0 else 0
            for count, tokens in ((first, shape), (group.count - first, shape.reading(self.hand_on))):
                if count:
                    durations.append(flow.execute_apart(group.tier, Decimal(count), tokens))
                    if not self.parallel:
                        flow.wait(durations[-1], Decimal(count))
        if self.parallel:
            known = [seconds for seconds in durations if seconds is not None]
            flow.wait(max(known) if len(known) == len(durations) else None, ONE)

    def _reviewed(self, flow: TaskFlow, group: Subtasks) -> Decimal:
        """Return the share of a group's subtasks that the reviewer rejects."""
        review = self.review
        if review is None:
            return ZERO
        if review.detection is None:
            return review.rejects or ZERO
        rate = flow.success(group.tier) or ZERO
        return rate * review.detection.right_rejected + (1 - rate) * review.detection.wrong_rejected

    def _again(self, flow: TaskFlow, review: Review, group: Subtasks, rejected: Decimal) -> None:
        for tier, share in _retries(flow.tier_models, review, group.tier):
            flow.execute(tier, rejected * share * group.count, _shape(flow, group))

    def _success(self, flow: TaskFlow, group: Subtasks, rejected: Decimal) -> Decimal | None:
        """Return the number of a group's subtasks that end right."""
        rate, review = flow.success(group.tier), self.review
        if rate is None or review is None or not rejected:
            return rate
        if review.detection is None:
            return None
        kept = rate * (1 - review.detection.right_rejected)
        for tier, share in _retries(flow.tier_models, review, group.tier):
            again = flow.success(tier)
            if again is None and share:
                return None
            kept += rejected * share * (again or ZERO)
        return kept

    def _of_all(self, rates: list[Decimal | None]) -> Decimal | None:
        """Return the share of tasks whose subtasks are all right; unknown unless independent."""
        is_known = self.independent or self._is_single
        if not is_known:
            return None
        product = ONE
        for rate, group in zip(rates, self.executors, strict=True):
            if rate is None:
                return None
            product *= rate**group.count
        return product

    def _any(self, rejected: list[Decimal]) -> Decimal | None:
        """Return the share of tasks with a subtask that is done again; unknown unless independent."""
        if not any(rejected):
            return ZERO
        none = self._of_all([1 - share for share in rejected])
        return None if none is None else 1 - none

    @property
    def _is_single(self) -> bool:
        return len(self.executors) == 1 and self.executors[0].count == 1


def _shape(flow: TaskFlow, group: Subtasks) -> TokenShape:
    return flow.task.tokens if group.tokens is None else group.tokens


def _retries(tier_models: TierModels, review: Review, tier: str) -> Iterator[tuple[str, Decimal]]:
    """Yield the tiers on which a tier's rejected subtasks are retried, with shares that sum to 1."""
    above = tier_models.tiers[tier_models.tiers.index(tier) + 1 :] or (tier,)
    yield above[0], 1 - review.escalated
    yield tier_models.tiers[-1], review.escalated
