"""A planner's task plan, as a document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.kinds import DocumentKind
from routecost.documents.core.money import PublishedFigure
from routecost.documents.core.scalars import (
    Anything,
    Context,
    Count,
    Day,
    Leaf,
    Name,
    Text,
    TierName,
    Tolerance,
    Version,
    fault,
    quoted,
    read_text,
    reads_whole,
)
from routecost.documents.workload.helper_calls import HelperDocument
from routecost.documents.workload.tokens import Tokens
from routecost.model.results.task_plan import MOST_REPEATS, Helper, Step, TaskPlan
from routecost.problems import did_you_mean
from routecost.source import Document
from routecost.units import ZERO

FIGURES = ("total", "blend", "saved", "every_call", "steps_only", "planner", "reviewer")


def _read_figure(value: Any, context: Context) -> tuple[str, ...]:
    """Read ``total``, ``saved.opus`` or ``blend.haiku.sonnet``."""
    text = read_text(value)
    name, *tiers = text.split(".")
    wanted = {"blend": 2, "saved": 1, "every_call": 1, "steps_only": 1}.get(name, 0)
    if name not in FIGURES:
        raise fault(f"{quoted(text)} is not a figure of a plan{did_you_mean(name, FIGURES)}")
    if len(tiers) != wanted:
        example = ".".join((name, *("haiku", "sonnet")[:wanted]))
        raise fault(f'{quoted(text)} is not a figure of a plan; expected one such as "{example}"')
    known = context.get("tier", tiers)
    for tier in tiers:
        if tier not in known:
            raise fault(f'unknown tier "{tier}" in {quoted(text)}{did_you_mean(tier, known)}')
    return (name, *tiers)


FigureName = Annotated[tuple[str, ...], Leaf(_read_figure, {"type": "string"})]


@document
class StepDocument:
    """A step of a task plan."""

    do: Text
    tier: TierName
    repeats: Annotated[Decimal, reads_whole(MOST_REPEATS)] | None = None
    task: Name | None = None
    tokens: Tokens | None = None
    because: Text | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for invalid repeats."""
        repeats = self.repeats
        if repeats is not None and (repeats != int(repeats) or not 1 <= repeats <= MOST_REPEATS):
            message = f'"{repeats}" repeats; expected a whole number from 1 to {MOST_REPEATS:,}'
            yield Fault(message, ("repeats",))


@document
class PlanClaimDocument:
    """A published figure of a plan."""

    that: FigureName
    published: Annotated[PublishedFigure, Field(alias="is")]
    within: Tolerance = ZERO
    says: Text | None = None
    changes: Annotated[dict[Name, Anything], Field(alias="with")] = field(default_factory=dict)


@document
class TaskPlanDocument:
    """Steps with their tiers, and the planner and reviewer."""

    version: Version
    pricing: Name
    steps: tuple[Annotated[StepDocument, Checked()], ...]
    title: Text | None = None
    description: Text | None = None
    as_of: Day | None = None
    tokens: Tokens | None = None
    planner: HelperDocument | None = None
    reviewer: HelperDocument | None = None
    hand_on: Count = ZERO
    claims: tuple[PlanClaimDocument, ...] = ()

    def faults(self) -> Iterator[Fault]:
        """Look for plans without steps, and steps without tokens."""
        if not self.steps:
            yield Fault("no steps are given; expected at least one", ("steps",))
        for at, step in enumerate(self.steps):
            if step.tokens is None and self.tokens is None:
                message = (
                    'no tokens are given for this step; expected "tokens" here, or for all steps at the top'
                )
                yield Fault(message, ("steps", at))
        if self.planner is not None and self.planner.reads_output:
            yield Fault("the planner runs before there is any output to read", ("planner", "reads_output"))

    def build(self, name: str, where: Document) -> TaskPlan:
        """Return the plan, called ``name``."""
        steps = tuple(
            Step(
                step.do,
                step.tier,
                (step.tokens or self.tokens).build(),  # type: ignore[union-attr]
                int(step.repeats or 1),
                step.task,
                step.because,
                where.position(("steps", at, "tier")),
            )
            for at, step in enumerate(self.steps)
        )
        return TaskPlan(
            name, self.title or name, steps, _helper(self.planner), _helper(self.reviewer), self.hand_on
        )


def _helper(assistant: HelperDocument | None) -> Helper | None:
    return (
        None
        if assistant is None
        else Helper(assistant.tier, assistant.tokens.build(), assistant.reads_output)
    )


TASK_PLAN = DocumentKind("plan", TaskPlanDocument)
