"""A planner splits each task, executors run the subtasks, and a reviewer checks their outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from decimal import Decimal

from routecost.engine.usage.calls import CallShape
from routecost.engine.usage.quantities import NOTHING, Quantity
from routecost.engine.usage.redone import Redone, Rejected
from routecost.engine.usage.task_flow import EXECUTOR, Assistant, Ended, TaskFlow, TaskStrategy
from routecost.errors import UnpricedError
from routecost.model.scenario.strategy import TierModels
from routecost.model.scenario.success import Detection, SuccessAfter
from routecost.model.scenario.workload import TaskType, TokenShape
from routecost.records import dataclass
from routecost.units import ONE, ZERO


@dataclass(frozen=True, slots=True)
class Subtasks:
    """``count`` parts of a task that run on one tier; ``tokens`` per call, else those of the task."""

    tier: str
    count: int
    tokens: TokenShape | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """The reviewer is called once per task, and accepts or rejects each subtask.

    It rejects a share of ``rejects``, or what ``detection`` makes of the tier's success rate. Of
    the rejected subtasks ``escalated`` go to the highest tier, the others one tier up; what these
    return is accepted. There is none above the highest tier, so there it is tried once more. With
    ``pass_on`` the repeated call reads the rejected output. Its tier succeeds at the rates of
    ``success_after``, else at its own rate, or in the worst case as little as that allows.
    """

    reviewer: Assistant
    rejects: Decimal | None = None
    detection: Detection | None = None
    escalated: Decimal = ZERO
    pass_on: bool = False
    success_after: Mapping[str, SuccessAfter] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanAndExecute(TaskStrategy):
    """One call of ``planner`` per task, the subtasks in order, then the review.

    ``hand_on`` is how many tokens each subtask but the first reads from the one before it.
    ``parallel`` subtasks run at the same time, each group as long as its slowest. Only where
    ``independent`` says so do the success rates of subtasks multiply to that of the task.
    """

    planner: Assistant
    executors: tuple[Subtasks, ...]
    review: Review | None = None
    hand_on: Decimal = ZERO
    parallel: bool = False
    independent: bool = False

    def rates_needed(self) -> list[str]:
        """Return the tiers whose subtasks are judged."""
        is_judged = self.review is not None and self.review.detection is not None
        return [group.tier for group in self.executors] if is_judged else []

    def flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        """Return the calls of the tasks of one type, and their outcome."""
        flow = TaskFlow(task, tier_models)
        flow.ask(self.planner, ONE)
        self._execute(flow)
        rejected = [self._rejected(flow.task.success_rate(group.tier)) for group in self.executors]
        if self.review is not None:
            written = NOTHING
            for group in self.executors:
                written = written + flow.repeated(_shape(flow, group).output, group.count)
            flow.ask(self.review.reviewer, ONE, written)
            for at, (group, share) in enumerate(zip(self.executors, rejected, strict=True)):
                self._again(flow, self.review, at, group, share.total)
        rates = [
            self._success(flow, group, share) for group, share in zip(self.executors, rejected, strict=True)
        ]
        return flow, flow.end(
            self._of_all(rates),
            escalated=self._any([share.total for share in rejected]),
            reviewed=ZERO if self.review is None else ONE,
        )

    def _execute(self, flow: TaskFlow) -> None:
        """Run all subtasks; the first of all reads nothing that another handed on."""
        durations: list[Decimal | None] = []
        for at, group in enumerate(self.executors):
            for count, shape in self._subtasks(flow, at, group):
                durations.append(_run(flow, group, group.tier, Decimal(count), shape))
                if not self.parallel:
                    flow.wait(durations[-1], Decimal(count))
        if self.parallel:
            known = [seconds for seconds in durations if seconds is not None]
            flow.wait(max(known) if len(known) == len(durations) else None, ONE)

    def _subtasks(
        self, flow: TaskFlow, at: int, group: Subtasks, tier: str | None = None
    ) -> Iterator[tuple[int, CallShape]]:
        """Yield the subtasks of the ``at``-th group: how many of them make which calls on a tier."""
        shape, first = _shape(flow, group, tier), 1 if at == 0 else 0
        handed = shape.reading(Quantity.of(self.hand_on)) if self.hand_on else shape
        yield from ((count, call) for count, call in ((first, shape), (group.count - first, handed)) if count)

    def _rejected(self, rate: Decimal | None) -> Rejected:
        """Return the share of subtasks that the reviewer rejects, of a tier with this success rate."""
        review = self.review
        if review is None:
            return Rejected(ZERO)
        if review.detection is None:
            return Rejected(review.rejects or ZERO)
        right = rate or ZERO
        return Rejected(
            (1 - right) * review.detection.wrong_rejected, right * review.detection.right_rejected
        )

    def redone(self, task: TaskType, tiers: Sequence[str]) -> Iterator[Redone]:
        """Yield the subtasks that are done again, by executor and tier; ``tiers`` are low to high."""
        for group in self.executors:
            rejected = self._rejected(task.success_rate(group.tier))
            if self.review is not None:
                yield from _redone(self.review, tiers, group.tier, rejected)

    def _again(self, flow: TaskFlow, review: Review, at: int, group: Subtasks, rejected: Decimal) -> None:
        for tier, share in _retries(flow.tier_models.tiers, review, group.tier):
            for count, shape in self._subtasks(flow, at, group, tier) if rejected and share else ():
                again = rejected * share * count
                call = shape.reading(_shape(flow, group).output) if review.pass_on else shape
                flow.wait(_run(flow, group, tier, again, call), again)

    def _success(self, flow: TaskFlow, group: Subtasks, rejected: Rejected) -> Decimal | None:
        """Return how many of a group's subtasks end right."""
        rate, review = flow.task.success_rate(group.tier), self.review
        if review is None or not rejected.total:
            return rate
        kept = self._kept(rate, rejected)
        if kept is None:
            return None
        for redone in _redone(review, flow.tier_models.tiers, group.tier, rejected):
            again = flow.again(*redone)
            if again is None:
                return None
            kept += again
        return kept

    def _kept(self, rate: Decimal | None, rejected: Rejected) -> Decimal | None:
        """Return how many subtasks are right and not rejected; without detection it is known of all only."""
        detection = None if self.review is None else self.review.detection
        if detection is None:
            return ZERO if rejected.total == 1 else None
        return None if rate is None else rate * (1 - detection.right_rejected)

    def _of_all(self, rates: list[Decimal | None]) -> Decimal | None:
        """Return the share of tasks all of whose subtasks are right; unknown unless independent."""
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


def _shape(flow: TaskFlow, group: Subtasks, tier: str | None = None) -> CallShape:
    """Return a call of a subtask on its tier, or on another that repeats it."""
    tier, efforts = tier or group.tier, flow.tier_models.efforts
    if group.tokens is not None and efforts.get(tier) != efforts.get(group.tier):
        raise UnpricedError(
            f'subtasks on "{group.tier}" state tokens of their own, and those of repeated work on "{tier}", '
            'at another effort, are unknown; leave out "tokens", so that "tier_tokens" applies'
        )
    return flow.shape(tier, group.tokens)


def _run(flow: TaskFlow, group: Subtasks, tier: str, count: Decimal, shape: CallShape) -> Decimal | None:
    """Run subtasks: one call each where they have tokens of their own, else the calls of the task."""
    if group.tokens is None:
        return flow.run(tier, count, shape)
    return flow.call(EXECUTOR, tier, count, shape)


def _retries(tiers: Sequence[str], review: Review, tier: str) -> Iterator[tuple[str, Decimal]]:
    """Yield where rejected subtasks of a tier go, with shares that sum to 1."""
    above = [*tiers[tiers.index(tier) + 1 :]] or [tier]
    yield above[0], 1 - review.escalated
    yield tiers[-1], review.escalated


def _redone(review: Review, tiers: Sequence[str], tier: str, rejected: Rejected) -> Iterator[Redone]:
    """Yield the rejected subtasks of a tier by the tier that does them again, once for each."""
    shares: dict[str, Decimal] = {}
    for target, share in _retries(tiers, review, tier):
        shares[target] = shares.get(target, ZERO) + share
    for target, share in shares.items():
        if share:
            yield Redone(target, rejected.times(share), review.success_after.get(target))
