"""``{assign: {simple: {tier: haiku}, hard: {agents: ...}}}``: a separate strategy for each task type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Name
from routecost.documents.strategies import StrategyDocument, nested
from routecost.documents.workload.helper_calls import AssistantDocument
from routecost.documents.workload.router import (
    Mistakes,
    mistake_faults,
    mistakes_across,
    router_faults,
    split_mistakes,
    taken_for,
)
from routecost.engine.strategies.assigned import ROUTER, Assigned
from routecost.model.scenario.workload import Workload
from routecost.problems import Names, did_you_mean


@document
class AssignStrategyDocument(StrategyDocument):
    """A strategy for each task type, chosen by a router that may make mistakes."""

    assign: dict[Name, nested()]  # type: ignore[valid-type]
    router: AssistantDocument | None = None
    mistakes: Mistakes | None = None

    def workload_faults(self, workload: Workload) -> Iterator[Fault]:
        """Look for task types without a strategy, and strategies without a task type."""
        tasks = {task.name: task for task in workload.task_types}
        names = Names(tasks)
        for name in names:
            if name not in self.assign:
                yield Fault(f'no strategy for task type "{name}"', ("assign",), on_key=True)
        for name, strategy in self.assign.items():
            if name not in names:
                message = f'unknown task type "{name}"{did_you_mean(name, names)}'
                yield Fault(message, ("assign", name), on_key=True)
                continue
            for fault in strategy.workload_faults(self._sent_to(name, workload)):
                yield replace(fault, path=("assign", name, *fault.path))
        yield from router_faults(self.router)
        yield from mistake_faults(self.mistakes, workload)

    def tier_faults(self, workload: Workload, tiers: Sequence[str]) -> Iterator[Fault]:
        """Look for contradictions in each strategy, for all task types that it may run."""
        for name, strategy in self.assign.items():
            for fault in strategy.tier_faults(self._sent_to(name, workload), tiers):
                yield replace(fault, path=("assign", name, *fault.path))

    def fleet_faults(self, fleets: Mapping[str, str]) -> Iterator[Fault]:
        """Look for mistakes between task types of different fleets."""
        return mistakes_across(self.mistakes, fleets)

    def _sent_to(self, name: str, workload: Workload) -> Workload:
        """Return the tasks of a type, and of the types that are mistaken for it."""
        taken = taken_for(self.mistakes, name, workload)
        return Workload(tuple(task for task in workload.task_types if task.name in taken))

    def build(self) -> Assigned:
        """Return the strategy."""
        strategies: dict[str, Any] = {name: strategy.build() for name, strategy in self.assign.items()}
        router = None if self.router is None else self.router.build(ROUTER)
        return Assigned(strategies, router, **split_mistakes(self.mistakes))
