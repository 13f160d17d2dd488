"""``{plan_and_execute: {planner: ..., executors: [...], review: ...}}``: subtasks of a planner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from decimal import Decimal
from typing import Annotated

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.scalars import Count, Flag, Share, TierName, reads_whole
from routecost.documents.strategies import StrategyDocument
from routecost.documents.workload.helper_calls import AssistantDocument
from routecost.documents.workload.success import (
    DetectionDocument,
    SuccessAfterForm,
    build_success_after,
    contradictions,
)
from routecost.documents.workload.tokens import Tokens
from routecost.engine.strategies.plan_and_execute import PlanAndExecute, Review, Subtasks
from routecost.engine.usage.task_flow import Assistant
from routecost.model.scenario.workload import Workload
from routecost.units import ZERO

MOST_SUBTASKS = 1_000


@document
class SubtasksDocument:
    """Subtasks that run on one tier."""

    tier: TierName
    count: Annotated[Decimal, reads_whole(MOST_SUBTASKS)]
    tokens: Tokens | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for invalid counts."""
        if self.count != int(self.count) or not 1 <= self.count <= MOST_SUBTASKS:
            message = f'"{self.count}" subtasks; expected a whole number from 1 to {MOST_SUBTASKS}'
            yield Fault(message, ("count",))

    def build(self) -> Subtasks:
        """Return the subtasks."""
        return Subtasks(self.tier, int(self.count), None if self.tokens is None else self.tokens.build())


@document
class ReviewDocument:
    """The reviewer, and the handling of rejected subtasks."""

    tier: TierName
    tokens: Tokens
    reads_output: Flag = False
    reads_input: Flag = False
    rejects: Share | None = None
    detection: DetectionDocument | None = None
    escalated: Share = ZERO
    pass_on: Flag = False
    success_after: dict[TierName, SuccessAfterForm] = field(default_factory=dict)

    def faults(self) -> Iterator[Fault]:
        """Look for verdicts that are missing or given twice."""
        if (self.rejects is None) == (self.detection is None):
            yield Fault('expected one of "rejects" and "detection"')
        if self.success_after and self.detection is None:
            yield Fault('"success_after" needs "detection"', ("success_after",), on_key=True)

    def build(self) -> Review:
        """Return the review."""
        reviewer = Assistant("reviewer", self.tier, self.tokens.build(), self.reads_output, self.reads_input)
        detection = None if self.detection is None else self.detection.build()
        after = {tier: build_success_after(form) for tier, form in self.success_after.items()}
        return Review(reviewer, self.rejects, detection, self.escalated, self.pass_on, after)


@document
class PlanAndExecuteDocument:
    """A planner, executors and a reviewer."""

    planner: AssistantDocument
    executors: tuple[Annotated[SubtasksDocument, Checked()], ...]
    review: Annotated[ReviewDocument, Checked()] | None = None
    hand_on: Count = ZERO
    parallel: Flag = False
    independent: Flag = False

    def faults(self) -> Iterator[Fault]:
        """Look for missing executors, and for settings that contradict each other."""
        if not self.executors:
            yield Fault("no executors are given; expected at least one", ("executors",))
        if self.parallel and self.hand_on:
            yield Fault("parallel subtasks cannot hand tokens on to one another", ("hand_on",))
        if self.planner.reads_output:
            yield Fault("the planner runs before there is any output to read", ("planner", "reads_output"))

    def build(self) -> PlanAndExecute:
        """Return the strategy."""
        return PlanAndExecute(
            self.planner.build("planner"),
            tuple(group.build() for group in self.executors),
            None if self.review is None else self.review.build(),
            self.hand_on,
            self.parallel,
            self.independent,
        )


@document
class PlanAndExecuteStrategyDocument(StrategyDocument):
    """A planner splits each task, executors do the subtasks, and a reviewer checks the results."""

    plan_and_execute: Annotated[PlanAndExecuteDocument, Checked()]

    def workload_faults(self, workload: Workload) -> Iterator[Fault]:
        """Look for success rates that detection needs."""
        plan = self.plan_and_execute
        if plan.review is None or plan.review.detection is None:
            return
        for tier in dict.fromkeys(group.tier for group in plan.executors):
            lacking = [task.name for task in workload.task_types if tier not in task.success]
            if lacking:
                message = f'detection needs the success rate of "{tier}"; set it for task type "{lacking[0]}"'
                yield Fault(message, ("plan_and_execute", "review", "detection"), on_key=True)

    def tier_faults(self, workload: Workload, tiers: Sequence[str]) -> Iterator[Fault]:
        """Look for success after rejection of tiers that redo nothing, or that contradicts their rates."""
        plan = self.plan_and_execute
        if plan.review is None or not plan.review.success_after:
            return
        path = ("plan_and_execute", "review", "success_after")
        for task in workload.task_types:
            again = list(plan.build().redone(task, tiers))
            targets = list(dict.fromkeys(redone.tier for redone in again))
            for tier in plan.review.success_after:
                if tier not in targets:
                    expected = " or ".join(f'"{target}"' for target in targets)
                    message = f'"{tier}" does no subtask again; expected {expected}'
                    yield Fault(message, (*path, tier), on_key=True)
            for redone in again:
                yield from contradictions([redone], task, (*path, redone.tier))

    def build(self) -> PlanAndExecute:
        """Return the strategy."""
        return self.plan_and_execute.build()
