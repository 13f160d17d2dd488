"""Changes of volume by date, as documents: steps and launches."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any

from pydantic import Field

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import (
    Context,
    Day,
    Leaf,
    fault,
    quoted,
    read_number,
    refers_to,
)
from routecost.documents.month_plan.dated import Growth, build_growth, growth_faults
from routecost.documents.workload.volume import Calendar
from routecost.documents.workload.workload import WorkloadDocument, build_workload
from routecost.model.scenario.month_plan import Launch, WorkStep
from routecost.model.scenario.workload import Workload
from routecost.source import Document

_PERCENT = r"^\s*[+]?\d+(\.\d+)?\s*%$"


def _read_factor(value: Any, _: Context) -> Decimal:
    expected = "a factor from 0 to 1000, such as 1.5 or 150%"
    number = read_number(value, expected, percent=True)
    if not 0 <= number <= _MOST:
        raise fault(f"{quoted(value)} is out of range; expected {expected}")
    return number


_MOST = 1000
_FACTOR = {
    "anyOf": [{"type": "number", "minimum": 0, "maximum": _MOST}, {"type": "string", "pattern": _PERCENT}]
}
Factor = Annotated[Decimal, Leaf(_read_factor, _FACTOR)]
TaskTypeName = Annotated[str, refers_to("task type")]


@document
class WorkStepDocument:
    """A factor on the stated volume, from a day on."""

    start: Annotated[Day, Field(alias="from")]
    factor: Factor
    task_types: tuple[TaskTypeName, ...] | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for empty and repeated task types."""
        names = self.task_types
        if names == ():
            message = 'no task types are given; expected at least one (omit "task_types" to change all)'
            yield Fault(message, ("task_types",))
        for at, name in enumerate(names or ()):
            if name in (names or ())[:at]:
                yield Fault(f'"{name}" is given twice', ("task_types", at))

    def build(self, where: Document, at: int) -> WorkStep:
        """Return the step, which is item ``at``."""
        late = where.finding(_too_early(self.start), ("plan", "volume", at, "from"))
        return WorkStep(self.start, self.factor, self.task_types, late)


def step_faults(steps: Sequence[WorkStepDocument]) -> Iterator[Fault]:
    """Look for steps out of order."""
    for at, (before, step) in enumerate(pairwise(steps), start=1):
        if step.start < before.start:
            order = f"does not come after {before.start}; expected entries in order of dates"
            yield Fault(f'"from: {step.start}" {order}', ("volume", at, "from"))


def same_work_faults(steps: Sequence[WorkStepDocument], own: Collection[str]) -> Iterator[Fault]:
    """Look for two steps on one day for the same task types; ``own`` are those of the scenario."""
    for at, step in enumerate(steps):
        names = _names(step, own)
        if any(other.start == step.start and names & _names(other, own) for other in steps[:at]):
            yield Fault(f'"from: {step.start}" has two factors for the same work', ("volume", at, "from"))


def _names(step: WorkStepDocument, own: Collection[str]) -> set[str]:
    return set(own if step.task_types is None else step.task_types)


@document
class LaunchDocument:
    """A fleet that starts on a day, with its own workload or a multiple of the scenario's."""

    start: Annotated[Day, Field(alias="from")]
    workload: WorkloadDocument | None = None
    factor: Factor | None = None
    growth: Growth | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for launches with neither or both of workload and factor."""
        if (self.workload is None) == (self.factor is None):
            yield Fault(
                'expected one of "workload" and "factor" (a multiple of the workload of the scenario)'
            )
        yield from growth_faults(self.growth, "growth")

    def own_workload(self, name: str, calendar: Calendar) -> Workload | None:
        """Return the workload that is stated; one without task types is a task type called ``name``."""
        path = ("plan", "launches", name, "workload")
        return None if self.workload is None else build_workload(self.workload, calendar, name, path)

    def build(self, name: str, workload: Workload, calendar: Calendar, where: Document) -> Launch:
        """Return the launch, called ``name``; ``workload`` is the scenario's."""
        late = where.finding(_too_early(self.start), ("plan", "launches", name, "from"))
        growth = None if self.growth is None else build_growth(self.growth)
        launched = self.own_workload(name, calendar) or workload
        return Launch(name, self.start, launched, growth, self.factor, late)


def _too_early(day: date) -> str:
    """Return the message for a day before the plan; the projection appends its first month."""
    return (
        f"{day} is before the first month of the plan, which has the scenario's volume; "
        "expected no day before"
    )
