"""Task taxonomies, routing tables, and the evidence for their rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from routecost.records import dataclass
from routecost.units import ONE

if TYPE_CHECKING:
    from routecost.model.scenario.workload import TokenShape

NO_SIGNAL = ("none", "optional")
"""Values of ``confidence`` that do not require the executor to report it."""

CONFIDENCE = ("required", *NO_SIGNAL)
"""Known values of ``confidence``; any other word requires a report too, of the kind that it names."""


def signals(confidence: str | None) -> bool:
    """Return whether ``confidence`` requires executors to report their confidence."""
    return confidence is not None and confidence not in NO_SIGNAL


class Level(StrEnum):
    """The level of a characteristic of a task type, from low to high."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class TaskKind:
    """A kind of task: what it demands of a model, and the tiers allowed for it.

    ``requires`` has the values of each property of models that are accepted, such as the residency.
    """

    name: str
    title: str
    reasoning: Level
    ambiguity: Level
    stakes: Level
    tiers: tuple[str, ...]
    task_class: str | None = None
    examples: tuple[str, ...] = ()
    requires: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Task types by name, and the tiers they use, low to high."""

    name: str
    tiers: tuple[str, ...]
    task_types: Mapping[str, TaskKind]
    classes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Measured successes out of trials of a task type on a tier, with the day and the model.

    ``escalated`` counts the trials that went on to a higher tier, if recorded; ``effort`` is what they asked
    of the model.
    """

    task: str
    tier: str
    successes: int
    trials: int
    evaluated: date
    model: str | None = None
    escalated: int | None = None
    effort: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """The call of a reviewer: its own ``tokens``, what it reads, and the share of outputs that it sees."""

    tokens: TokenShape
    reads_output: bool = False
    reads_input: bool = False
    share: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Route:
    """A row of a routing table: the tier of a task type.

    ``escalation`` overrides the table's path for this row; ``confidence`` says whether the executor
    must report it; ``index`` is the row's place in the file. ``failure_cost`` is the cost of one failed
    task, in ``currency``: None is the currency of the prices. ``review`` is the call of its reviewers,
    None if not stated; with ``pass_on`` the next tier reads the output that escalates. ``unreviewed`` rows
    have no reviewer, whatever the table says; ``why`` is the reason of a row that opts out of checks.
    """

    task: str
    tier: str
    index: int
    confidence: str | None = None
    reviewer: str | None = None
    escalation: tuple[str, ...] | None = None
    evidence: Evidence | None = None
    failure_cost: Decimal | None = None
    currency: str | None = None
    review: Review | None = None
    pass_on: bool = False
    unreviewed: bool = False
    why: str | None = None

    @property
    def signals(self) -> bool:
        """True if the executor reports its confidence."""
        return signals(self.confidence)

    @property
    def opts_out(self) -> bool:
        """True if the row opts out of a signal of quality and gives the reason."""
        return self.why is not None and (self.unreviewed or self.confidence == NO_SIGNAL[0])

    @property
    def escalated(self) -> Decimal | None:
        """The share of the tasks that went on to a higher tier when it was measured; None if not counted."""
        measured = self.evidence
        if measured is None or measured.escalated is None:
            return None
        return Decimal(measured.escalated) / measured.trials


@dataclass(frozen=True)
class RoutingTable:
    """A routing table: task type -> tier, with the escalation path and the reviewer of each tier.

    Rows that do not state ``confidence`` inherit the table's. ``routes`` keeps every row, including a
    second one for the same task type, so that a linter can report it; ``tier_of`` takes the first.
    ``fallbacks`` has the models that answer, in order, if that of a tier is not available.
    """

    name: str
    taxonomy: str
    routes: tuple[Route, ...]
    escalation: tuple[str, ...] = ()
    reviewer: Mapping[str, str] = field(default_factory=dict)
    confidence: str | None = None
    fallbacks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def signals(self) -> bool:
        """True if executors report their confidence, unless their row says otherwise."""
        return signals(self.confidence)

    def tier_of(self, task: str) -> str | None:
        """Return the tier that a task type is routed to, or None."""
        return self.tiers_by_task.get(task)

    def reviewer_of(self, route: Route) -> str | None:
        """Return the tier that reviews the results of a row, or None."""
        return None if route.unreviewed else route.reviewer or self.reviewer.get(route.tier)

    def reviewers_of(self, route: Route) -> dict[str, str]:
        """Return the reviewing tier of each tier whose outputs are reviewed: the row's, and those above."""
        if route.unreviewed:
            return {}
        above = {tier: self.reviewer[tier] for tier in self.path_above(route) if tier in self.reviewer}
        own = self.reviewer_of(route)
        return above if own is None else {**above, route.tier: own}

    def path_above(self, route: Route) -> tuple[str, ...]:
        """Return the tiers that rejected work of a row goes on to; none if nothing is ever rejected."""
        if (route.confidence or self.confidence) == "none" and self.reviewer_of(route) is None:
            return ()
        path = self.escalation if route.escalation is None else route.escalation
        if route.tier in path:
            return path[path.index(route.tier) + 1 :]
        return () if route.escalation is None else path

    @cached_property
    def routes_by_task(self) -> dict[str, Route]:
        """The first row of each task type."""
        return {route.task: route for route in reversed(self.routes)}

    @cached_property
    def tiers_by_task(self) -> dict[str, str]:
        """The tier of each task type."""
        return {task: route.tier for task, route in self.routes_by_task.items()}
