"""Tiers that may not see the work, models that are or will be gone, and fleets of other types."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from routecost.model.routing.table import Evidence, Taxonomy
from tests.lint.mutations.evidence import measured, row_of, without_evidence
from tests.lint.mutations.tables import UNKNOWN, Draw
from tests.lint.worlds import DAY, Data, World

Mutation = Callable[[World, Draw], World]
PLACE_MUTATIONS: dict[str, Mutation] = {}


def breaks(code: str) -> Callable[[Mutation], Mutation]:
    """Register what a rule guards against."""

    def register(mutation: Mutation) -> Mutation:
        PLACE_MUTATIONS[code] = mutation
        return mutation

    return register


@breaks("RT106")
def fall_back_to_nothing(world: World, draw: Draw) -> World:
    tier = draw(st.sampled_from(world.taxonomy.tiers))
    assume(UNKNOWN not in world.sheet.models)
    model = draw(st.sampled_from([UNKNOWN, tier]))
    return replace(world, table={**world.table, "fallbacks": {tier: [model]}})


@breaks("RT107")
def retire_a_model(world: World, draw: Draw) -> World:
    tier = draw(st.sampled_from(world.taxonomy.tiers))
    last = DAY + timedelta(days=draw(st.integers(0, 90)))
    models = {**world.sheet.models, tier: (replace(world.sheet.models[tier][0], until=last),)}
    return replace(world, sheet=replace(world.sheet, models=models))


@breaks("RT205")
def leave_out_the_tier_of_a_row(world: World, draw: Draw) -> World:
    tiers = world.taxonomy.tiers
    row = row_of(world.table, draw, lambda row: 0 < tiers.index(row["tier"]) < len(tiers) - 1)
    rank = tiers.index(row["tier"])
    return _with_kind(_unreviewed(world), row["task"], tiers=(tiers[rank + 1], tiers[rank - 1]))


@breaks("RT206")
def require_another_region(world: World, draw: Draw) -> World:
    row = row_of(world.table, draw, lambda _: True)
    region = {"residency": ("eu",)}
    elsewhere = {tier: region for tier in world.sheet.models if tier != row["tier"]}
    priced = replace(world.sheet, properties=elsewhere)
    kind = {"requires": {"residency": ("eu", "ch")}}
    return replace(_with_kind(_unreviewed(world), row["task"], **kind), sheet=priced)


@breaks("RT307")
def escalate_through_a_gap(world: World, draw: Draw) -> World:
    tiers = world.taxonomy.tiers
    world = replace(_unreviewed(world), table=without_evidence(_unreviewed(world).table))
    row = row_of(world.table, draw, lambda row: tiers.index(row["tier"]) < len(tiers) - 2)
    row.pop("escalation", None)
    return _with_kind(world, row["task"], tiers=(row["tier"], tiers[-1]))


@breaks("RT308")
def opt_out_without_a_reason(world: World, draw: Draw) -> World:
    table = deepcopy(world.table)
    row_of(table, draw, lambda _: True)["reviewer"] = "none"
    return replace(world, table=table)


@breaks("RT408")
def let_a_higher_tier_do_better(world: World, draw: Draw) -> World:
    tiers = world.taxonomy.tiers
    table = without_evidence(world.table)
    row = row_of(table, draw, lambda row: row["tier"] != tiers[-1])
    row["evidence"] = measured(draw(st.integers(800, 900)))
    higher = draw(st.sampled_from(tiers[tiers.index(row["tier"]) + 1 :]))
    return replace(world, table=table, evidence=(Evidence(row["task"], higher, 990, 1000, DAY),))


@breaks("RT504")
def run_other_tasks(world: World, draw: Draw) -> World:
    assume(world.taxonomy.task_types)
    return replace(world, volumes={UNKNOWN: draw(st.integers(1, 5000))})


def _with_kind(world: World, task: str, **changes: Any) -> World:
    kinds = {**world.taxonomy.task_types, task: replace(world.taxonomy.task_types[task], **changes)}
    return replace(world, taxonomy=Taxonomy("world", world.taxonomy.tiers, kinds))


def _unreviewed(world: World) -> World:
    """Return the world without reviewers, which see the work of several tiers."""
    table: Data = deepcopy(world.table)
    table.pop("reviewer", None)
    for row in table["routes"]:
        row.pop("reviewer", None)
    return replace(world, table=table)
