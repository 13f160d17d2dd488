"""Random taxonomies with clean tables, for hypothesis; and a way to lint data without files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from routecost.documents.loader import Loader
from routecost.library import Library
from routecost.lint.registry import rules
from routecost.lint.run import lint
from routecost.lint.subject import Subject
from routecost.model.pricing import PriceEntry, PricingSheet, RateCard, TierModel
from routecost.model.routing import Level, TaskKind, Taxonomy
from routecost.problems import Finding
from routecost.source import read_text

DAY = date(2026, 11, 22)
NAMES = st.text("abcxyz -:#'\"[]{},&*!|>%@`éß日0159.", min_size=1, max_size=12).filter(str.strip)

Data = dict[str, Any]


@dataclass(frozen=True)
class World:
    """A taxonomy, a table (as data) that has no fault, and a sheet that prices every tier."""

    taxonomy: Taxonomy
    table: Data
    sheet: PricingSheet

    def findings(self, text: str, *, priced: bool = True) -> tuple[Finding, ...]:
        """Lint a text as a table of this world, with every rule."""
        document, faults = read_text(text, "table.yaml")
        assert document is not None, faults
        loader = Loader(Library())
        table = loader.finish(loader.check(document, "table", {})).build("table")
        sheet = self.sheet if priced else None
        return lint(Subject(document, table, self.taxonomy, DAY, sheet), rules()).findings


def kind(name: str, tiers: tuple[str, ...]) -> TaskKind:
    """Return a task type that admits the tiers."""
    return TaskKind(name, name, Level.LOW, Level.LOW, Level.LOW, tiers)


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
    kinds = {name: kind(name, tuple(draw(some_tiers))) for name in names}
    table: Data = {"version": "1", "taxonomy": "world", "escalation": list(tiers)}
    if draw(st.booleans()):
        table["reviewer"] = {tier: draw(st.sampled_from(tiers)) for tier in draw(some_tiers)}
    table["routes"] = [draw(_rows(found, tiers)) for found in kinds.values()]
    prices = sheet({tier: rank for rank, tier in enumerate(tiers, start=1)})
    return World(Taxonomy("world", tuple(tiers), kinds), table, prices)


@st.composite
def _rows(draw: st.DrawFn, found: TaskKind, tiers: list[str]) -> Data:
    tier = draw(st.sampled_from(found.tiers))
    row: Data = {"task": found.name, "tier": tier}
    above = tiers[tiers.index(tier) + 1 :]
    if draw(st.booleans()) and above:
        row["escalation"] = draw(st.sampled_from([above, above[:1], tiers]))
    if draw(st.booleans()):
        row["reviewer"] = draw(st.sampled_from(tiers))
    if draw(st.booleans()):
        row["confidence"] = "required"
    return dict(draw(st.permutations(list(row.items()))))
