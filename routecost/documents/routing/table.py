"""Routing tables, as documents.

Only the shape of a table is checked here. The linter checks its meaning (unknown tiers, missing
routes), and so does a strategy that uses the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Annotated

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.kinds import DocumentKind
from routecost.documents.core.money import UnconvertedMoney
from routecost.documents.core.scalars import (
    MAX_NAME,
    Context,
    Flag,
    Leaf,
    ModelName,
    Name,
    Text,
    Version,
    fault,
    quoted,
    read_name,
)
from routecost.documents.routing.evidence import MeasuredDocument
from routecost.documents.routing.limits import LimitsDocument
from routecost.documents.routing.review import NO_REVIEWER, TableReviewDocument
from routecost.model.routing.table import CONFIDENCE, Route, RoutingTable
from routecost.problems import nearest


def _read_confidence(value: object, _: Context) -> str:
    """Read a required confidence; custom words are allowed, misspelled built-in words are not."""
    text = read_name(value)
    near = None if text in CONFIDENCE else nearest(text, CONFIDENCE)
    if near is not None:
        raise fault(f'unknown confidence {quoted(text)}; did you mean "{near}"?')
    return text


NONE = "none"
"""The reviewer of rows that no tier reviews."""

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
    review: Annotated[TableReviewDocument, Checked()] | None = None
    pass_on: Flag | None = None
    why: Text | None = None

    def build(self, index: int, table: TableDocument) -> Route:
        """Return the row; omitted values are inherited from the table."""
        cost = table.failure_cost if self.failure_cost is None else self.failure_cost
        review = (None if self.is_unreviewed else table.review) if self.review is None else self.review
        return Route(
            task=self.task,
            tier=self.tier,
            index=index,
            confidence=self.confidence or table.confidence,
            reviewer=None if self.is_unreviewed else self.reviewer,
            escalation=self.escalation,
            evidence=None if self.evidence is None else self.evidence.build(self.task, self.tier),
            failure_cost=None if cost is None else cost.number,
            currency=None if cost is None else cost.currency,
            review=None if review is None else review.build(),
            pass_on=table.pass_on if self.pass_on is None else self.pass_on,
            unreviewed=self.is_unreviewed,
            why=self.why,
        )

    @property
    def is_unreviewed(self) -> bool:
        """True if the row opts out of the table's reviewers."""
        return self.reviewer == NONE


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
    review: Annotated[TableReviewDocument, Checked()] | None = None
    pass_on: Flag = False
    fallbacks: dict[Name, tuple[ModelName, ...]] = field(default_factory=dict)

    def faults(self) -> Iterator[Fault]:
        """Look for reviews without a reviewer, and fallbacks without a model or with one twice."""
        for tier, models in self.fallbacks.items():
            if not models:
                yield Fault("no model is given; expected at least one", ("fallbacks", tier))
            for at, model in enumerate(models):
                if model in models[:at]:
                    yield Fault(f'"{model}" is listed twice', ("fallbacks", tier, at))
        named = [row.reviewer for row in self.routes if row.reviewer and not row.is_unreviewed]
        if self.review is not None and not self.reviewer and not named:
            yield Fault(f'{NO_REVIEWER}; expected "reviewer"', ("review",), on_key=True)
        for index, row in enumerate(self.routes):
            is_unseen = row.is_unreviewed or (row.reviewer is None and not self._reviewed(row))
            if row.review is not None and is_unseen:
                message = f'no reviewer sees the outputs of "{row.tier}"; expected "reviewer"'
                yield Fault(message, ("routes", index, "review"), on_key=True)

    def _reviewed(self, row: RouteDocument) -> bool:
        """Return whether a tier that may run the tasks of a row has a reviewer."""
        path = self.escalation if row.escalation is None else row.escalation
        return any(tier in self.reviewer for tier in (row.tier, *path))

    def build(self, name: str) -> RoutingTable:
        """Return the table, called ``name``."""
        routes = tuple(route.build(index, self) for index, route in enumerate(self.routes))
        return RoutingTable(
            name, self.taxonomy, routes, self.escalation, self.reviewer, self.confidence, self.fallbacks
        )


TABLE = DocumentKind("table", TableDocument)
