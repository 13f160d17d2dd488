"""Random taxonomies with clean tables, for hypothesis; and a way to lint data without files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from routecost.documents.core.loader import Loader
from routecost.documents.routing.table import TABLE
from routecost.library import Library
from routecost.lint.facts.evidence import EvidenceFile
from routecost.lint.registry import rules
from routecost.lint.run import lint
from routecost.lint.subject import Subject
from routecost.model.pricing.sheet import PriceEntry, PricingSheet, RateCard, TierModel
from routecost.model.routing.limits import Limits
from routecost.model.routing.table import Evidence, Level, TaskKind, Taxonomy
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.workload import TaskType, TokenShape, Workload
from routecost.problems import Finding
from routecost.source import read_text
from tests.lint.mutations.layouts import LUCK, Choices

DAY = date(2026, 11, 22)
NAMES = st.text("abcxyz -:#'\"[]{},&*!|>%@`éß日0159.", min_size=1, max_size=12).filter(str.strip)

Data = dict[str, Any]

LENIENT = Limits(largest_share=Decimal(1), observed_share=Decimal(0))
"""Limits that let every fleet pass."""


@dataclass(frozen=True)
class World:
    """A taxonomy, a table (as data) that has no fault, and a sheet that prices every tier.

    ``evidence`` is that of a file, beside what the table has; ``volumes`` are tasks a day.
    """

    taxonomy: Taxonomy
    table: Data
    sheet: PricingSheet
    evidence: tuple[Evidence, ...] = ()
    volumes: Mapping[str, int] = field(default_factory=dict)
    limits: Limits = LENIENT

    def findings(self, text: str, *, priced: bool = True) -> tuple[Finding, ...]:
        """Lint a text as a table of this world, with every rule."""
        return lint(self.subject(text, priced=priced), rules()).findings

    def subject(self, text: str, *, priced: bool = True) -> Subject:
        """Read a text as a table of this world."""
        document, faults = read_text(text, "table.yaml")
        assert document is not None, faults
        loader = Loader(Library())
        table = loader.finish(loader.check(document, TABLE, {})).build("table")
        sheet = self.sheet if priced else None
        file, _ = read_text("version: 1", "evidence.yaml")
        assert file is not None
        evidence = EvidenceFile(file, self.evidence)
        rows: list[Data] = self.table["routes"]
        known = [row["task"] for row in rows if row["task"] in self.taxonomy.task_types]
        volumes = self.volumes or dict.fromkeys(known[:1], 1000)
        scenario = fleet(volumes, self.sheet) if priced and volumes else None
        return Subject(document, table, self.taxonomy, DAY, sheet, evidence, scenario, self.limits)


def fleet(volumes: Mapping[str, int], prices: PricingSheet) -> Scenario:
    """Return a scenario of tasks that all take the same tokens."""
    tokens = TokenShape.mean(Decimal(2000), Decimal(500))
    tasks = tuple(TaskType(name, Decimal(volume), tokens) for name, volume in volumes.items())
    return Scenario("fleet", Workload(tasks), {}, prices)


def evidence_of(choices: Choices, tier: str) -> Data:
    """Return sound evidence: plenty, recent, successful, and much the same on every tier."""
    evidence: Data = {
        "successes": str(choices.of(range(985, 996))),
        "trials": "1000",
        "evaluated": str(DAY - timedelta(days=choices.of(range(91)))),
    }
    if choices.of([False, True]):
        evidence["model"] = tier
    if choices.of([False, True]):
        evidence["escalated"] = str(choices.of(range(151)))
    return evidence


def kind(name: str, tiers: tuple[str, ...]) -> TaskKind:
    """Return a task type that admits the tiers."""
    return TaskKind(name, name, Level.LOW, Level.LOW, Level.LOW, tiers)


def without_gaps(some: list[str], tiers: list[str]) -> tuple[str, ...]:
    """Return tiers with those between them, in the order of the first: those of a gap are forbidden."""
    ranks = [tiers.index(tier) for tier in some]
    return (*some, *(tier for tier in tiers[min(ranks) : max(ranks)] if tier not in some))


def sheet(rates: dict[str, int]) -> PricingSheet:
    """Return a sheet on which each tier is a model of its own, at a rate for input and output."""
    entries = {
        tier: (PriceEntry(RateCard({"input": Decimal(rate), "output": Decimal(rate)})),)
        for tier, rate in rates.items()
    }
    return PricingSheet("prices", "USD", "a test", {tier: (TierModel(tier),) for tier in rates}, entries)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw a world with up to five tiers and eight task types."""
    tiers = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    names = draw(st.lists(NAMES, max_size=8, unique=True))
    some_tiers = st.lists(st.sampled_from(tiers), min_size=1, unique=True)
    kinds = {name: kind(name, without_gaps(draw(some_tiers), tiers)) for name in names}
    table: Data = {
        "version": "1",
        "taxonomy": "world",
        "escalation": list(tiers),
        "confidence": "required",
    }
    if draw(st.booleans()):
        table["reviewer"] = {
            tier: draw(st.sampled_from(tiers[tiers.index(tier) :])) for tier in draw(some_tiers)
        }
    choices = Choices(draw(LUCK))
    table["routes"] = [_row(kind, tiers, choices) for kind in kinds.values()]
    prices = sheet({tier: rank for rank, tier in enumerate(tiers, start=1)})
    return World(Taxonomy("world", tuple(tiers), kinds), table, prices)


def _row(task: TaskKind, tiers: list[str], choices: Choices) -> Data:
    tier = choices.of(task.tiers)
    row: Data = {"task": task.name, "tier": tier}
    above = tiers[tiers.index(tier) + 1 :]
    if choices.of([False, True]) and above:
        row["escalation"] = choices.of([above, above[:1], tiers])
    if choices.of([False, True]):
        row["reviewer"] = choices.of(tiers[tiers.index(tier) :])
    if choices.of([False, True]):
        row["confidence"] = "required"
    if choices.of([False, True]):
        row["evidence"] = evidence_of(choices, tier)
    return dict(sorted(row.items(), key=lambda _: choices.of(range(251))))
