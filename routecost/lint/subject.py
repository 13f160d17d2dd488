"""Subject of a lint run: a routing table and the facts that rules share, each computed once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property

from routecost.engine.pricing.tier_models import in_force
from routecost.lint.facts.escalation import EscalationPath, row_path, table_path
from routecost.lint.facts.evidence import (
    EvidenceByTask,
    EvidenceFile,
    LocatedEvidence,
    effective_evidence,
    in_file,
    in_rows,
)
from routecost.lint.facts.evidence_validity import EvidenceValidity
from routecost.lint.facts.expected_cost import ExpectedCosts
from routecost.lint.facts.name_suggestions import likely_intended, suggest_names
from routecost.lint.facts.tier_prices import TierPrices, tier_prices
from routecost.lint.facts.tier_references import TierReference, tier_references
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.routing.limits import DEFAULT_LIMITS, Limits
from routecost.model.routing.requirements import gap, unmet
from routecost.model.routing.table import Route, RoutingTable, TaskKind, Taxonomy
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.workload import ONE_TASK_TYPE
from routecost.problems import Finding
from routecost.records import dataclass
from routecost.source import Document
from routecost.units import ZERO


@dataclass(frozen=True)
class Subject:
    """A routing table with its taxonomy, and a pricing sheet as of a day, if any.

    ``scenario`` has the workload that the table routes; ``evidence`` is a separate evidence file;
    ``warnings`` are about the documents themselves. Prices are those of ``day``; evidence ages up to
    ``evidence_day`` (None: ``day``).
    Facts about the whole table are cached, so that rules are linear in the number of rows.
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
    evidence_day: date | None = None

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that findings may point at."""
        return (self.document,) if self.evidence is None else (self.document, self.evidence.document)

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """Tiers of the taxonomy and their ranks, 0 for the lowest."""
        return {tier: rank for rank, tier in enumerate(self.taxonomy.tiers)}

    @property
    def top(self) -> str:
        """The highest tier."""
        return self.taxonomy.tiers[-1]

    @cached_property
    def routes_by_task(self) -> Mapping[str, Route]:
        """The effective row of each task type: the first."""
        routes: dict[str, Route] = {}
        for route in self.table.routes:
            routes.setdefault(route.task, route)
        return routes

    @property
    def routes(self) -> tuple[Route, ...]:
        """The effective rows. Rows that repeat a task type have no effect; only RT103 reports them."""
        return tuple(self.routes_by_task.values())

    @cached_property
    def unknown_tasks(self) -> Mapping[str, str]:
        """Task types missing from the taxonomy, and a suggestion for each."""
        known = self.taxonomy.task_types
        return suggest_names([task for task in self.routes_by_task if task not in known], known)

    @cached_property
    def misspelled_tasks(self) -> frozenset[str]:
        """Task types of the taxonomy that unknown names probably misspell."""
        return likely_intended(self.unknown_tasks, self.taxonomy.task_types)

    @cached_property
    def tier_references(self) -> tuple[TierReference, ...]:
        """Every place that names a tier, except in rows without effect, in order of use."""
        return tuple(tier_references(self.table, self.routes))

    @cached_property
    def first_references(self) -> Mapping[str, TierReference]:
        """The first place that names each tier."""
        first: dict[str, TierReference] = {}
        for reference in self.tier_references:
            first.setdefault(reference.tier, reference)
        return first

    @cached_property
    def unknown_tiers(self) -> Mapping[str, str]:
        """Tiers missing from the taxonomy, and a suggestion for each."""
        return suggest_names([tier for tier in self.first_references if tier not in self.ranks], self.ranks)

    @cached_property
    def paths(self) -> tuple[EscalationPath, ...]:
        """The escalation path of the table, and those of rows that have their own."""
        own = (row_path(route, self.ranks) for route in self.routes)
        return (self._table_path, *(path for path in own if path is not None))

    @cached_property
    def dead_ends(self) -> frozenset[str]:
        """Tiers below the top from which the table's path does not continue."""
        below = self.taxonomy.tiers[:-1]
        return frozenset(tier for tier in below if not self._table_path.continues_from(tier))

    @cached_property
    def prices(self) -> TierPrices:
        """The rates of the tiers; empty without a sheet."""
        return TierPrices({}, {}, {}) if self.sheet is None else tier_prices(self.sheet, self.ranks, self.day)

    @cached_property
    def confidence(self) -> float:
        """The confidence level of intervals and tests."""
        return float(self.limits.confidence)

    @cached_property
    def validity(self) -> EvidenceValidity:
        """The check of whether evidence is current."""
        day = self.evidence_day or self.day
        dated = {} if self.sheet is None else self.sheet.tiers
        models = {tier: in_force(dated[tier], day) for tier in self.ranks if tier in dated}
        known = {tier: model for tier, model in models.items() if model is not None}
        return EvidenceValidity(day, self.limits.evidence_days, known)

    @cached_property
    def all_evidence(self) -> tuple[LocatedEvidence, ...]:
        """All evidence; that of effective rows comes first."""
        return (*in_rows(self.document, self.routes), *in_file(self.evidence))

    @cached_property
    def evidence_by_task(self) -> EvidenceByTask:
        """The evidence used for each task type and tier."""
        return effective_evidence(self.all_evidence, self.validity)

    @cached_property
    def routes_with_evidence(self) -> tuple[tuple[Route, LocatedEvidence], ...]:
        """Rows on known tiers that have evidence for their own tier, and that evidence."""
        rows = ((route, self.evidence_by_task.get(route.task, {}).get(route.tier)) for route in self.routes)
        return tuple((route, measured) for route, measured in rows if measured and route.tier in self.ranks)

    @cached_property
    def measured_routes(self) -> tuple[tuple[Route, LocatedEvidence], ...]:
        """Rows on known tiers that have current evidence for it, which alone decides anything."""
        rows = self.routes_with_evidence
        return tuple(
            (route, measured) for route, measured in rows if self.validity.is_valid(measured.evidence)
        )

    def evidence_by_tier(self, task: str) -> dict[str, LocatedEvidence]:
        """Return the evidence for a task type by tier, low to high."""
        by_tier = self.evidence_by_task.get(task, {})
        return {tier: by_tier[tier] for tier in self.ranks if tier in by_tier}

    def valid_tiers(self, task: str) -> dict[str, LocatedEvidence]:
        """Return the current evidence for a task type by tier, low to high."""
        return self._valid_tiers.get(task, {})

    @cached_property
    def _valid_tiers(self) -> dict[str, dict[str, LocatedEvidence]]:
        is_valid = self.validity.is_valid
        return {
            task: {
                tier: measured
                for tier, measured in self.evidence_by_tier(task).items()
                if is_valid(measured.evidence)
            }
            for task in self.evidence_by_task
        }

    def is_allowed(self, task: str, tier: str) -> bool:
        """Return whether the taxonomy allows a tier for a task type; True for an unknown type."""
        kind = self.taxonomy.task_types.get(task)
        return kind is None or (tier in kind.tiers and self.why_forbidden(task, tier) is None)

    def why_forbidden(self, task: str, tier: str) -> str | None:
        """Return why no work of a task type may ever reach a tier; None if it may.

        The taxonomy leaves the tier out between others that it allows, or the tier's model does not meet
        a requirement. Tiers above the allowed ones take work that escalates.
        """
        if tier in self.gaps.get(task, ()):
            return f"the taxonomy allows only {' and '.join(self.taxonomy.task_types[task].tiers)} for it"
        return self.why_unmet(task, tier)

    @cached_property
    def gaps(self) -> Mapping[str, frozenset[str]]:
        """The tiers that routed task types leave out between others that they allow, if there are any."""
        kinds, tiers = self.taxonomy.task_types, self.taxonomy.tiers
        routed = (task for task in self.routes_by_task if task in kinds and len(kinds[task].tiers) > 1)
        return {task: left_out for task in routed if (left_out := gap(kinds[task], tiers))}

    def why_unmet(self, task: str, tier: str) -> str | None:
        """Return the requirement of a task type that a tier's model does not meet; None without prices."""
        kind = self.taxonomy.task_types.get(task)
        if kind is None or not kind.requires or self.sheet is None or tier not in self.prices.models:
            return None
        return unmet(kind.requires, self.sheet, self.prices.models[tier])

    def reviewer_of(self, route: Route) -> str | None:
        """Return the tier that reviews a row's work: the row's reviewer, else that of its tier."""
        return self.table.reviewer_of(route)

    def below_top(self) -> Iterator[Route]:
        """Yield the rows on known tiers below the top, which can escalate."""
        return (route for route in self.routes if route.tier in self.ranks and route.tier != self.top)

    @cached_property
    def without_any_signal(self) -> tuple[Route, ...]:
        """The rows below the top that lack a signal as the table does: empty if any row has one."""
        rows = tuple(self.below_top())
        inherited = {None, self.table.confidence}
        inheriting = tuple(route for route in rows if route.confidence in inherited and not route.opts_out)
        return inheriting if len(inheriting) > 1 and not any(route.signals for route in rows) else ()

    @cached_property
    def expected_costs(self) -> ExpectedCosts | None:
        """Expected cost per task and tier, including failures; None without a scenario."""
        return None if self.scenario is None else ExpectedCosts(self.scenario, self.day)

    @cached_property
    def volumes(self) -> Mapping[str, Decimal]:
        """The scenario's tasks per day, by task type; empty if the scenario states no task types."""
        volumes: dict[str, Decimal] = {}
        tasks = self.scenario.workload.task_types if self.scenario else ()
        for task in () if [task.name for task in tasks] == [ONE_TASK_TYPE] else tasks:
            volumes[task.routed_as] = volumes.get(task.routed_as, ZERO) + task.tasks_per_day
        return volumes

    @cached_property
    def routed_volumes(self) -> Mapping[str, Decimal]:
        """The tasks per day of the task types that the table routes."""
        return {task: volume for task, volume in self.volumes.items() if task in self.routes_by_task}

    def users_of(self, path: EscalationPath) -> tuple[Route, ...]:
        """Return the rows below the top that use an escalation path."""
        if path is self._table_path:
            return tuple(route for route in self.below_top() if route.escalation is None)
        return (self.table.routes[int(path.key_path[1])],)

    def path_of(self, route: Route) -> EscalationPath | None:
        """Return the escalation path of a row, if it has its own."""
        return row_path(route, self.ranks)

    def known_routes(self) -> Iterator[tuple[Route, TaskKind]]:
        """Yield the rows whose task type and tier the taxonomy defines, with the task type."""
        return iter(self._known_routes)

    @cached_property
    def _known_routes(self) -> Sequence[tuple[Route, TaskKind]]:
        kinds, ranks = self.taxonomy.task_types, self.ranks
        rows = ((route, kinds.get(route.task)) for route in self.routes)
        return [(route, kind) for route, kind in rows if kind is not None and route.tier in ranks]

    @cached_property
    def _table_path(self) -> EscalationPath:
        return table_path(self.table, self.ranks)
