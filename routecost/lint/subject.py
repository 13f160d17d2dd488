"""What is linted: a routing table with all that rules ask about it, worked out once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from routecost.engine.pricing.tier_models import in_force
from routecost.lint.facts.escalation import EscalationPath, row_path, table_path
from routecost.lint.facts.evidence import (
    EvidenceFile,
    Measured,
    Measurements,
    in_file,
    in_rows,
    that_count,
)
from routecost.lint.facts.evidence_validity import Standing
from routecost.lint.facts.expected_cost import Risk
from routecost.lint.facts.name_suggestions import meant, offers
from routecost.lint.facts.tier_prices import TierPrices, tier_prices
from routecost.lint.facts.tier_references import Mention, mentions
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.routing.limits import DEFAULT_LIMITS, Limits
from routecost.model.routing.table import Route, RoutingTable, TaskKind, Taxonomy
from routecost.model.scenario.scenario import Scenario
from routecost.problems import Finding
from routecost.source import Document


@dataclass(frozen=True)
class Subject:
    """A routing table, the taxonomy it is held against, and a pricing sheet as of a day, if any.

    A ``scenario`` says what is routed by the table; ``evidence`` comes from a file of its own.
    ``warnings`` are about the documents themselves.
    Everything that depends on the whole table is worked out once, so that rules stay linear in
    the number of rows.
    """

    document: Document
    table: RoutingTable
    taxonomy: Taxonomy
    day: date
    sheet: PricingSheet | None = None
    evidence: EvidenceFile | None = None
    scenario: Scenario | None = None
    limits: Limits = DEFAULT_LIMITS
    warnings: tuple[Finding, ...] = ()

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that findings may be in."""
        return (self.document,) if self.evidence is None else (self.document, self.evidence.document)

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """The tiers of the taxonomy with their ranks, 0 for the lowest."""
        return {tier: rank for rank, tier in enumerate(self.taxonomy.tiers)}

    @property
    def top(self) -> str:
        """The highest tier."""
        return self.taxonomy.tiers[-1]

    @cached_property
    def routes_by_task(self) -> Mapping[str, Route]:
        """The row that is in force for each task type: the first."""
        routes: dict[str, Route] = {}
        for route in self.table.routes:
            routes.setdefault(route.task, route)
        return routes

    @property
    def routes(self) -> tuple[Route, ...]:
        """The rows in force. Rows that repeat a task type do nothing; only one rule speaks of them."""
        return tuple(self.routes_by_task.values())

    @cached_property
    def unknown_tasks(self) -> Mapping[str, str]:
        """The task types that the taxonomy does not have, with what to offer instead."""
        known = self.taxonomy.task_types
        return offers([task for task in self.routes_by_task if task not in known], known)

    @cached_property
    def misspelled_tasks(self) -> frozenset[str]:
        """The task types of the taxonomy that unknown ones were probably meant to be."""
        return meant(self.unknown_tasks, self.taxonomy.task_types)

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Every place that names a tier, except in rows that do nothing; in the order of use."""
        return tuple(mentions(self.table, self.routes))

    @cached_property
    def first_mentions(self) -> Mapping[str, Mention]:
        """The first place that names each tier."""
        first: dict[str, Mention] = {}
        for mention in self.mentions:
            first.setdefault(mention.tier, mention)
        return first

    @cached_property
    def unknown_tiers(self) -> Mapping[str, str]:
        """The tiers that the taxonomy does not have, with what to offer instead."""
        return offers([tier for tier in self.first_mentions if tier not in self.ranks], self.ranks)

    @cached_property
    def paths(self) -> tuple[EscalationPath, ...]:
        """The escalation path of the table, and those of rows with their own."""
        own = (row_path(route, self.ranks) for route in self.routes)
        return (self._table_path, *(path for path in own if path is not None))

    @cached_property
    def dead_ends(self) -> frozenset[str]:
        """The tiers below the top that the table's own path does not lead on from."""
        below = self.taxonomy.tiers[:-1]
        return frozenset(tier for tier in below if not self._table_path.leads_on_from(tier))

    @cached_property
    def prices(self) -> TierPrices:
        """What the tiers cost; nothing where there is no sheet."""
        return TierPrices({}, {}) if self.sheet is None else tier_prices(self.sheet, self.ranks, self.day)

    @cached_property
    def confidence(self) -> float:
        """The confidence of intervals and tests."""
        return float(self.limits.confidence)

    @cached_property
    def standing(self) -> Standing:
        """What tells evidence that still stands from evidence that does not."""
        dated = {} if self.sheet is None else self.sheet.tiers
        models = {tier: in_force(dated[tier], self.day) for tier in self.ranks if tier in dated}
        known = {tier: model for tier, model in models.items() if model is not None}
        return Standing(self.day, self.limits.evidence_days, known)

    @cached_property
    def measured(self) -> tuple[Measured, ...]:
        """All evidence, that of the rows in force first."""
        return (*in_rows(self.document, self.routes), *in_file(self.evidence))

    @cached_property
    def measurements(self) -> Measurements:
        """The evidence that counts for each task type and tier."""
        return that_count(self.measured, self.standing)

    @cached_property
    def rested(self) -> tuple[tuple[Route, Measured], ...]:
        """The rows on known tiers with evidence for their own tier, and that evidence."""
        rows = ((route, self.measurements.get(route.task, {}).get(route.tier)) for route in self.routes)
        return tuple((route, found) for route, found in rows if found and route.tier in self.ranks)

    def measured_tiers(self, task: str) -> dict[str, Measured]:
        """Return the evidence for a task type by tier, low to high."""
        found = self.measurements.get(task, {})
        return {tier: found[tier] for tier in self.ranks if tier in found}

    def standing_tiers(self, task: str) -> dict[str, Measured]:
        """Return the evidence for a task type that still stands, by tier, low to high."""
        found = self.measured_tiers(task)
        return {tier: measured for tier, measured in found.items() if self.standing.holds(measured.evidence)}

    def reviewer_of(self, route: Route) -> str | None:
        """Return the tier that reviews a row's work: its own reviewer, else that of its tier."""
        return route.reviewer or self.table.reviewer.get(route.tier)

    def below_top(self) -> Iterator[Route]:
        """Yield the rows on known tiers below the top: work on them can go up."""
        return (route for route in self.routes if route.tier in self.ranks and route.tier != self.top)

    @cached_property
    def risk(self) -> Risk | None:
        """What tasks cost on each tier, failures included; None without a scenario."""
        return None if self.scenario is None else Risk(self.scenario, self.day)

    @cached_property
    def volumes(self) -> Mapping[str, Decimal]:
        """Tasks a day by task type of the taxonomy, as the scenario has them."""
        found: dict[str, Decimal] = {}
        for task in self.scenario.workload.task_types if self.scenario else ():
            found[task.routed_as] = found.get(task.routed_as, Decimal(0)) + task.tasks_per_day
        return found

    def path_of(self, route: Route) -> EscalationPath | None:
        """Return the path of a row with its own."""
        return row_path(route, self.ranks)

    def placed(self) -> Iterator[tuple[Route, TaskKind]]:
        """Yield the rows whose task type and tier the taxonomy knows, with the task type."""
        for route in self.routes:
            kind = self.taxonomy.task_types.get(route.task)
            if kind is not None and route.tier in self.ranks:
                yield route, kind

    @cached_property
    def _table_path(self) -> EscalationPath:
        return table_path(self.table, self.ranks)
