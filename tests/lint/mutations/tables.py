"""Faults put into clean worlds, one at a time: for each rule, what it guards against."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from tests.lint.worlds import Data, World, sheet

Draw = Callable[[st.SearchStrategy[Any]], Any]
UNKNOWN = "nowhere to be found"
MUTATIONS: dict[str, Callable[[World, Draw], World]] = {}


def breaks(code: str) -> Callable[[Callable[[World, Draw], World]], Callable[[World, Draw], World]]:
    """Register what a rule guards against."""

    def register(mutation: Callable[[World, Draw], World]) -> Callable[[World, Draw], World]:
        MUTATIONS[code] = mutation
        return mutation

    return register


@breaks("RT101")
def route_what_nobody_knows(world: World, draw: Draw) -> World:
    assume(UNKNOWN not in world.taxonomy.task_types)
    row = {"task": UNKNOWN, "tier": world.taxonomy.tiers[-1]}
    return _with_row(world, draw(st.integers(0, len(world.table["routes"]))), row)


@breaks("RT102")
def forget_a_route(world: World, draw: Draw) -> World:
    table = deepcopy(world.table)
    table["routes"].pop(_a_row(world, draw))
    return replace(world, table=table)


@breaks("RT103")
def route_twice(world: World, draw: Draw) -> World:
    first = _a_row(world, draw)
    row = {"task": world.table["routes"][first]["task"], "tier": draw(st.sampled_from(world.taxonomy.tiers))}
    return _with_row(world, draw(st.integers(first + 1, len(world.table["routes"]))), row)


@breaks("RT104")
def name_an_unknown_tier(world: World, draw: Draw) -> World:
    assume(UNKNOWN not in world.taxonomy.tiers)
    table = deepcopy(world.table)
    where = draw(st.sampled_from(["escalation", "reviewer", "route"]))
    if where == "escalation":
        table["escalation"][draw(st.integers(0, len(table["escalation"]) - 1))] = UNKNOWN
    elif where == "reviewer":
        table["reviewer"] = {**table.get("reviewer", {}), UNKNOWN: world.taxonomy.tiers[0]}
    else:
        table["routes"][_a_row(world, draw)]["tier"] = UNKNOWN
    return replace(world, table=table)


@breaks("RT105")
def lose_a_price(world: World, draw: Draw) -> World:
    lost = draw(st.sampled_from(world.taxonomy.tiers))
    tiers = {tier: models for tier, models in world.sheet.tiers.items() if tier != lost}
    return replace(world, sheet=replace(world.sheet, tiers=tiers))


@breaks("RT201")
def route_too_low(world: World, draw: Draw) -> World:
    return _moved(world, draw, lambda rank, ranks: rank < min(ranks))


@breaks("RT202")
def route_too_high(world: World, draw: Draw) -> World:
    return _moved(world, draw, lambda rank, ranks: rank > max(ranks))


@breaks("RT204")
def raise_a_price(world: World, draw: Draw) -> World:
    tiers = world.taxonomy.tiers
    assume(len(tiers) > 1)
    raised = draw(st.sampled_from(tiers[:-1]))
    rates = {tier: rank for rank, tier in enumerate(tiers, start=1)}
    return replace(world, sheet=sheet({**rates, raised: len(tiers) + 1}))


@breaks("RT301")
def skip_a_tier(world: World, draw: Draw) -> World:
    assume(len(world.taxonomy.tiers) > 2)
    table = deepcopy(world.table)
    table["escalation"].pop(draw(st.integers(1, len(world.taxonomy.tiers) - 2)))
    return replace(world, table=table)


@breaks("RT302")
def lose_the_path(world: World, _: Draw) -> World:
    table = deepcopy(world.table)
    del table["escalation"]
    top = world.taxonomy.tiers[-1]
    assume(any(row["tier"] != top and "escalation" not in row for row in table["routes"]))
    return replace(world, table=table)


@breaks("RT303")
def turn_down(world: World, draw: Draw) -> World:
    assume(len(world.taxonomy.tiers) > 1)
    table = deepcopy(world.table)
    at = draw(st.integers(0, len(world.taxonomy.tiers) - 2))
    path = table["escalation"]
    path[at], path[at + 1] = path[at + 1], path[at]
    return replace(world, table=table)


def _a_row(world: World, draw: Draw) -> int:
    assume(bool(world.table["routes"]))
    return int(draw(st.integers(0, len(world.table["routes"]) - 1)))


def _with_row(world: World, index: int, row: Data) -> World:
    table = deepcopy(world.table)
    table["routes"].insert(index, row)
    return replace(world, table=table)


def _moved(world: World, draw: Draw, wanted: Callable[[int, list[int]], bool]) -> World:
    """Send a task type to another tier; a path of its own would not fit there."""
    tiers = world.taxonomy.tiers
    targets = [
        (index, tier)
        for index, row in enumerate(world.table["routes"])
        for rank, tier in enumerate(tiers)
        if wanted(rank, [tiers.index(known) for known in world.taxonomy.task_types[row["task"]].tiers])
    ]
    assume(targets)
    index, tier = draw(st.sampled_from(targets))
    table = deepcopy(world.table)
    table["routes"][index] = {"task": table["routes"][index]["task"], "tier": tier}
    return replace(world, table=table)
