"""``{assign: {simple: {tier: haiku}, hard: {agents: ...}}}``: a separate strategy for each task type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    sent_to,
    split_mistakes,
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
        names = Names(task.name for task in workload.task_types)
        for name in names:
            if name not in self.assign:
                yield Fault(f'no strategy for task type "{name}"', ("assign",), on_key=True)
        for name in self.assign:
            if name not in names:
                message = f'unknown task type "{name}"{did_you_mean(name, names)}'
                yield Fault(message, ("assign", name), on_key=True)
        yield from self._nested_faults(workload, lambda strategy, work: strategy.workload_faults(work))
        yield from router_faults(self.router)
        yield from mistake_faults(self.mistakes, workload, self.assign)

    def tier_faults(self, workload: Workload, tiers: Sequence[str]) -> Iterator[Fault]:
        """Look for contradictions in each strategy, for all task types that it may run."""
        yield from self._nested_faults(workload, lambda strategy, work: strategy.tier_faults(work, tiers))

    def _nested_faults(
        self, workload: Workload, look: Callable[[StrategyDocument, Workload], Iterable[Fault]]
    ) -> Iterator[Fault]:
        """Yield the faults of each strategy, for the tasks of its type and those mistaken for it.

        Of equal strategies for the same work, the first has all faults, and the others the first fault.
        """
        work = sent_to(self.mistakes, workload)
        seen: dict[tuple[int, str], list[Fault]] = {}
        for name, strategy in self.assign.items():
            if name not in work:
                continue
            key = (id(work[name]), repr(strategy))
            faults = seen[key][:1] if key in seen else seen.setdefault(key, list(look(strategy, work[name])))
            for fault in faults:
                yield replace(fault, path=("assign", name, *fault.path))

    def fleet_faults(self, fleets: Mapping[str, str]) -> Iterator[Fault]:
        """Look for mistakes between task types of different fleets."""
        return mistakes_across(self.mistakes, fleets)

    def build(self) -> Assigned:
        """Return the strategy."""
        strategies: dict[str, Any] = {name: strategy.build() for name, strategy in self.assign.items()}
        router = None if self.router is None else self.router.build(ROUTER)
        return Assigned(strategies, router, **split_mistakes(self.mistakes))
