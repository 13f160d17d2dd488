"""``{table: article}``: each task type on the tier of its route."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.scalars import Context, Flag, Leaf, fault, read_text
from routecost.documents.routing.review import NO_REVIEWER, TableReviewDocument
from routecost.documents.strategies import StrategyDocument
from routecost.documents.workload.helper_calls import AssistantDocument
from routecost.documents.workload.router import (
    Mistakes,
    mistake_faults,
    mistakes_across,
    router_faults,
    split_mistakes,
)
from routecost.engine.strategies.assigned import ROUTER, Assigned
from routecost.engine.strategies.table import Routed, row_of
from routecost.model.routing.table import Review, RoutingTable
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.workload import Workload
from routecost.problems import Names, did_you_mean


def _read_table(value: Any, context: Context) -> RoutingTable | None:
    """Return the table loaded under this name; its faults are reported separately."""
    table: RoutingTable | None = context.get("table", {}).get(read_text(value))
    tiers = context.get("tier", ())
    for what, tier in _tiers_of(table) if table and tiers else ():
        if tier not in tiers:
            message = f'table "{value}" {what} "{tier}", not a tier of the pricing sheet'
            raise fault(message + did_you_mean(tier, tiers))
    return table


def _tiers_of(table: RoutingTable) -> Iterator[tuple[str, str]]:
    """Yield each tier that a table names, with the use of it in words."""
    for route in table.routes:
        yield f'routes "{route.task}" to', route.tier
        yield from ((f'escalates "{route.task}" to', tier) for tier in route.escalation or ())
        if route.reviewer is not None:
            yield f'has "{route.task}" reviewed by', route.reviewer
    yield from (("escalates to", tier) for tier in table.escalation)
    yield from (("has fallbacks for", tier) for tier in table.fallbacks)
    for tier, reviewer in table.reviewer.items():
        yield from (("has a reviewer for", tier), ("has a reviewer on", reviewer))


@document
class TableStrategyDocument(StrategyDocument):
    """Each task type on the tier of its route in a routing table."""

    table: Annotated[Any, Leaf(_read_table, {"type": "string", "minLength": 1})]
    router: AssistantDocument | None = None
    mistakes: Mistakes | None = None
    review: Annotated[TableReviewDocument, Checked()] | None = None
    pass_on: Flag | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for a review of outputs that no tier of the table reviews."""
        table = self.table
        if table and self.review and not any(table.reviewers_of(route) for route in table.routes):
            message = f'{NO_REVIEWER} in the table "{table.name}"'
            yield Fault(message, ("review",), on_key=True)

    def workload_faults(self, workload: Workload) -> Iterator[Fault]:
        """Look for task types without a route."""
        routed = Names(() if self.table is None else (route.task for route in self.table.routes))
        for task in workload.task_types if self.table else ():
            if task.routed_as not in routed:
                message = f'table "{self.table.name}" has no route for task type "{task.routed_as}"'
                yield Fault(message + did_you_mean(task.routed_as, routed), ("table",))
        yield from router_faults(self.router)
        rows = {} if self.table is None else self._rows
        yield from mistake_faults(self.mistakes, workload, rows, by_kind=True)

    @property
    def _rows(self) -> dict[str, Strategy]:
        """The strategies of the task types of the table."""
        rows = self.table.routes_by_task.items()
        return {task: row_of(self.table, route, *self._replaced) for task, route in rows}

    @property
    def _replaced(self) -> tuple[Review | None, bool | None]:
        """What replaces the statements of the table."""
        return None if self.review is None else self.review.build(), self.pass_on

    def fleet_faults(self, fleets: Mapping[str, str]) -> Iterator[Fault]:
        """Look for mistakes between task types of different fleets."""
        return mistakes_across(self.mistakes, fleets)

    def build(self) -> Strategy:
        """Return the strategy: an assignment of tiers if there is a router or a mistake."""
        if self.router is None and not self.mistakes:
            return Routed(self.table, *self._replaced)
        router = None if self.router is None else self.router.build(ROUTER)
        return Assigned(self._rows, router, by_kind=True, **split_mistakes(self.mistakes))
