"""Routing tables, as documents.

Only the shape of a table is checked here. The linter checks its meaning (unknown tiers, missing
routes), and so does a strategy that uses the table.
"""

from __future__ import annotations

from dataclasses import field
from typing import Annotated

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked
from routecost.documents.core.kinds import DocumentKind
from routecost.documents.core.money import StatedMoney, UnconvertedMoney
from routecost.documents.core.scalars import (
    MAX_NAME,
    Context,
    Leaf,
    Name,
    Text,
    Version,
    fault,
    quoted,
    read_name,
)
from routecost.documents.routing.evidence import MeasuredDocument
from routecost.documents.routing.limits import LimitsDocument
from routecost.model.routing.table import CONFIDENCE, Route, RoutingTable
from routecost.problems import nearest


def _read_confidence(value: object, _: Context) -> str:
    """Read a required confidence; custom words are allowed, misspelled built-in words are not."""
    text = read_name(value)
    near = None if text in CONFIDENCE else nearest(text, CONFIDENCE)
    if near is not None:
        raise fault(f'unknown confidence {quoted(text)}; did you mean "{near}"?')
    return text


Confidence = Annotated[str, Leaf(_read_confidence, {"type": "string", "minLength": 1, "maxLength": MAX_NAME})]


@document
class RouteDocument:
    """A row of a routing table."""

    task: Name
    tier: Name
    confidence: Confidence | None = None
    reviewer: Name | None = None
    escalation: tuple[Name, ...] | None = None
    evidence: Annotated[MeasuredDocument, Checked()] | None = None
    failure_cost: UnconvertedMoney | None = None

    def build(self, index: int, confidence: str | None, failure_cost: StatedMoney | None) -> Route:
        """Return the row; omitted values are inherited from the table."""
        cost = failure_cost if self.failure_cost is None else self.failure_cost
        return Route(
            task=self.task,
            tier=self.tier,
            index=index,
            confidence=self.confidence or confidence,
            reviewer=self.reviewer,
            escalation=self.escalation,
            evidence=None if self.evidence is None else self.evidence.build(self.task, self.tier),
            failure_cost=None if cost is None else cost.number,
            currency=None if cost is None else cost.currency,
        )


@document
class TableDocument:
    """A routing table."""

    version: Version
    taxonomy: Name
    routes: tuple[RouteDocument, ...]
    description: Text | None = None
    source: Text | None = None
    escalation: tuple[Name, ...] = ()
    reviewer: dict[Name, Name] = field(default_factory=dict)
    confidence: Confidence | None = None
    failure_cost: UnconvertedMoney | None = None
    limits: Annotated[LimitsDocument, Checked()] | None = None

    def build(self, name: str) -> RoutingTable:
        """Return the table, called ``name``."""
        inherited = (self.confidence, self.failure_cost)
        routes = tuple(route.build(index, *inherited) for index, route in enumerate(self.routes))
        return RoutingTable(name, self.taxonomy, routes, self.escalation, self.reviewer, self.confidence)


TABLE = DocumentKind("table", TableDocument)
