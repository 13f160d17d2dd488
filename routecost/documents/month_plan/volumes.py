"""How the volume of the work changes by date: steps, launches, seasons."""

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
    """A multiple of the stated work, from a day on."""

    start: Annotated[Day, Field(alias="from")]
    factor: Factor
    task_types: tuple[TaskTypeName, ...] | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for steps of nothing."""
        names = self.task_types
        if names == ():
            message = 'no task types are given; expected at least one, or no "task_types" for all of them'
            yield Fault(message, ("task_types",))
        for at, name in enumerate(names or ()):
            if name in (names or ())[:at]:
                yield Fault(f'"{name}" is given twice', ("task_types", at))

    def build(self, where: Document, at: int) -> WorkStep:
        """Return the step, which is item ``at``."""
        late = where.finding(_late(self.start), ("plan", "volume", at, "from"))
        return WorkStep(self.start, self.factor, self.task_types, late)


def step_faults(steps: Sequence[WorkStepDocument]) -> Iterator[Fault]:
    """Look for steps out of order."""
    for at, (before, step) in enumerate(pairwise(steps), start=1):
        if step.start < before.start:
            order = f"does not come after {before.start}; expected entries in order of dates"
            yield Fault(f'"from: {step.start}" {order}', ("volume", at, "from"))


def same_work_faults(steps: Sequence[WorkStepDocument], own: Collection[str]) -> Iterator[Fault]:
    """Look for two steps on one day that speak of the same task types; ``own`` are the scenario's."""
    for at, step in enumerate(steps):
        names = _names(step, own)
        if any(each.start == step.start and names & _names(each, own) for each in steps[:at]):
            yield Fault(f'"from: {step.start}" has two factors for the same work', ("volume", at, "from"))


def _names(step: WorkStepDocument, own: Collection[str]) -> set[str]:
    return set(own if step.task_types is None else step.task_types)


@document
class LaunchDocument:
    """A fleet that begins on a day: with work of its own, or a multiple of the scenario's."""

    start: Annotated[Day, Field(alias="from")]
    workload: WorkloadDocument | None = None
    factor: Factor | None = None
    growth: Growth | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for work of no kind, or of both."""
        if (self.workload is None) == (self.factor is None):
            yield Fault('expected one of "workload" and "factor" (so many times the work of the scenario)')
        yield from growth_faults(self.growth, "growth")

    def own(self, name: str, calendar: Calendar) -> Workload | None:
        """Return the workload that is stated; work that is one line is a task type called ``name``."""
        return None if self.workload is None else build_workload(self.workload, calendar, name)

    def build(self, name: str, workload: Workload, calendar: Calendar, where: Document) -> Launch:
        """Return the launch, called ``name``, into a scenario with a workload."""
        late = where.finding(_late(self.start), ("plan", "launches", name, "from"))
        growth = None if self.growth is None else build_growth(self.growth)
        work = self.own(name, calendar) or workload
        return Launch(name, self.start, work, growth, self.factor, late)


def _late(day: date) -> str:
    return (
        f"{day} comes before the first month of the plan, which is the scenario as it stands; "
        "expected no day before"
    )
