"""Task taxonomies, routing tables and evidence files as documents.

A table is checked for shape only. What it means (unknown tiers, missing routes) is for the linter
to say, and for whoever uses the table as a strategy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from routecost.documents.fields import (
    ZERO,
    Amount,
    Context,
    Count,
    Day,
    Leaf,
    Name,
    Text,
    Version,
    fault,
    quoted,
    read_text,
    refers_to,
)
from routecost.documents.limits import LimitsDocument
from routecost.documents.shapes import Checked, Fault, document
from routecost.model.routing import Evidence, Level, Route, RoutingTable, TaskKind, Taxonomy
from routecost.problems import did_you_mean

_LEVELS = {level.value: level for level in Level}


def _read_level(value: object, _: Context) -> Level:
    text = read_text(value)
    if text not in _LEVELS:
        raise fault(f"unknown level {quoted(text)}{did_you_mean(text, _LEVELS)}")
    return _LEVELS[text]


LevelName = Annotated[Level, Leaf(_read_level, {"enum": list(Level)})]
ClassName = Annotated[str, refers_to("class")]


def _repeated(names: tuple[str, ...], path: tuple[str | int, ...]) -> Iterator[Fault]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Fault(f'"{name}" is named twice', (*path, index))


@document
class ClassDocument:
    """A class of task types."""

    title: Text


@document
class TaskKindDocument:
    """A kind of task."""

    title: Text
    reasoning: LevelName
    ambiguity: LevelName
    stakes: LevelName
    tiers: tuple[Annotated[str, refers_to("taxonomy tier")], ...]
    task_class: Annotated[ClassName | None, Field(alias="class")] = None
    examples: tuple[Text, ...] = ()

    def faults(self) -> Iterator[Fault]:
        """Look for a task type that no tier may do."""
        if not self.tiers:
            yield Fault("no tier is admissible; expected at least one", ("tiers",))
        yield from _repeated(self.tiers, ("tiers",))

    def build(self, name: str) -> TaskKind:
        """Return the task type."""
        return TaskKind(
            name,
            self.title,
            self.reasoning,
            self.ambiguity,
            self.stakes,
            self.tiers,
            self.task_class,
            self.examples,
        )


@document
class TaxonomyDocument:
    """Task types and the tiers admissible for each; may extend another taxonomy."""

    version: Version
    task_types: dict[Name, Annotated[TaskKindDocument, Checked()]]
    tiers: tuple[Name, ...] = ()
    extends: Name | None = None
    description: Text | None = None
    source: Text | None = None
    classes: dict[Name, ClassDocument] = field(default_factory=dict)

    def faults(self) -> Iterator[Fault]:
        """Look for missing and repeated tiers."""
        if not self.tiers and self.extends is None:
            yield Fault('"tiers" is missing; expected the tiers, low to high')
        yield from _repeated(self.tiers, ("tiers",))

    def base_faults(self, base: Taxonomy) -> Iterator[Fault]:
        """Look for tiers that inherited task types admit and ``tiers`` here leaves out."""
        for kind in base.task_types.values() if self.tiers else ():
            left_out = [tier for tier in kind.tiers if tier not in self.tiers]
            if left_out and kind.name not in self.task_types:
                offer = did_you_mean(left_out[0], self.tiers)
                message = f'"{kind.name}" of taxonomy "{base.name}" admits "{left_out[0]}", no tier here'
                yield Fault(message + offer, ("tiers",))

    def build(self, name: str, base: Taxonomy | None) -> Taxonomy:
        """Return the taxonomy, on top of the one that it extends."""
        kinds = {key: kind.build(key) for key, kind in self.task_types.items()}
        classes = {key: made.title for key, made in self.classes.items()}
        if base is None:
            return Taxonomy(name, self.tiers, kinds, classes)
        tiers = self.tiers or base.tiers
        return Taxonomy(name, tiers, {**base.task_types, **kinds}, {**base.classes, **classes})


@document
class MeasuredDocument:
    """Measured successes of a model."""

    successes: Count
    trials: Count
    evaluated: Day
    model: Name | None = None
    escalated: Count | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for counts that cannot be."""
        for name in ("successes", "trials", "escalated"):
            count = getattr(self, name) or ZERO
            if count != int(count):
                yield Fault(f"{count} is not a whole number", (name,))
            elif self.trials and count > self.trials:
                yield Fault(f"{count} {name} of {self.trials} trials", (name,))
        if not self.trials:
            yield Fault("no trials; expected at least one", ("trials",))

    def build(self, task: str, tier: str) -> Evidence:
        """Return the evidence for a task type on a tier."""
        escalated = None if self.escalated is None else int(self.escalated)
        return Evidence(
            task, tier, int(self.successes), int(self.trials), self.evaluated, self.model, escalated
        )


@document
class EvidenceRowDocument(MeasuredDocument):
    """Measured successes of a task type on a tier."""

    task: Name
    tier: Name


@document
class EvidenceDocument:
    """An evidence file."""

    version: Version
    evidence: tuple[Annotated[EvidenceRowDocument, Checked()], ...]
    description: Text | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for rows that say the same of the same day twice."""
        first: dict[tuple[object, ...], int] = {}
        for index, row in enumerate(self.evidence):
            key = (row.task, row.tier, row.model, row.evaluated)
            if first.setdefault(key, index) != index:
                what = f'"{row.task}" on "{row.tier}" is measured twice on {row.evaluated}'
                yield Fault(what, ("evidence", index), earlier=("evidence", first[key]))

    def build(self) -> tuple[Evidence, ...]:
        """Return the evidence."""
        return tuple(row.build(row.task, row.tier) for row in self.evidence)


@document
class RouteDocument:
    """A row of a routing table."""

    task: Name
    tier: Name
    confidence: Name | None = None
    reviewer: Name | None = None
    escalation: tuple[Name, ...] | None = None
    evidence: Annotated[MeasuredDocument, Checked()] | None = None
    failure_cost: Amount | None = None

    def build(self, index: int, confidence: str | None, failure_cost: Decimal | None) -> Route:
        """Return the row; it inherits what it does not say from the table."""
        return Route(
            task=self.task,
            tier=self.tier,
            index=index,
            confidence=self.confidence or confidence,
            reviewer=self.reviewer,
            escalation=self.escalation,
            evidence=None if self.evidence is None else self.evidence.build(self.task, self.tier),
            failure_cost=failure_cost if self.failure_cost is None else self.failure_cost,
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
    confidence: Name | None = None
    failure_cost: Amount | None = None
    limits: Annotated[LimitsDocument, Checked()] | None = None

    def build(self, name: str) -> RoutingTable:
        """Return the table, called ``name``."""
        inherited = (self.confidence, self.failure_cost)
        routes = tuple(route.build(index, *inherited) for index, route in enumerate(self.routes))
        return RoutingTable(name, self.taxonomy, routes, self.escalation, self.reviewer, self.confidence)
