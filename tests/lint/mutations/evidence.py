"""Faults of signals, evidence and fleets put into clean worlds, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from routecost.model.routing.limits import Limits
from routecost.model.routing.table import Evidence
from tests.lint.worlds import DAY, LENIENT, Data, World

Draw = Callable[[st.SearchStrategy[Any]], Any]
Mutation = Callable[[World, Draw], World]
EVIDENCE_MUTATIONS: dict[str, Mutation] = {}


def breaks(code: str) -> Callable[[Mutation], Mutation]:
    """Register what a rule guards against."""

    def register(mutation: Mutation) -> Mutation:
        EVIDENCE_MUTATIONS[code] = mutation
        return mutation

    return register


@breaks("RT203")
def make_failures_costly(world: World, draw: Draw) -> World:
    tiers = world.taxonomy.tiers
    table = deepcopy(world.table)
    row = row_of(table, draw, lambda row: row["tier"] != tiers[-1])
    row["failure_cost"] = "1000"
    row["evidence"] = measured(950)
    higher = draw(st.sampled_from(tiers[tiers.index(row["tier"]) + 1 :]))
    better = Evidence(row["task"], higher, 999, 1000, DAY)
    limits = replace(LENIENT, failure_gap=Decimal(1))
    volumes = {row["task"]: 1000}
    return replace(world, table=table, evidence=(better,), volumes=volumes, limits=limits)


@breaks("RT304")
def silence_an_executor(world: World, draw: Draw) -> World:
    top = world.taxonomy.tiers[-1]
    table = _without_signals(world, draw)
    table["reviewer"] = dict.fromkeys(world.taxonomy.tiers, top)
    return replace(world, table=table)


@breaks("RT305")
def review_from_below(world: World, draw: Draw) -> World:
    tiers = world.taxonomy.tiers
    assume(len(tiers) > 1)
    table = deepcopy(world.table)
    if draw(st.booleans()):
        row = row_of(table, draw, lambda row: row["tier"] != tiers[0])
        row["reviewer"] = draw(st.sampled_from(tiers[: tiers.index(row["tier"])]))
    else:
        executor = draw(st.integers(1, len(tiers) - 1))
        table.setdefault("reviewer", {})[tiers[executor]] = draw(st.sampled_from(tiers[:executor]))
    return replace(world, table=table)


@breaks("RT306")
def lose_every_signal(world: World, draw: Draw) -> World:
    table = _without_signals(world, draw)
    table.pop("reviewer", None)
    for row in table["routes"]:
        row.pop("reviewer", None)
    return replace(world, table=table)


@breaks("RT401")
def let_evidence_age(world: World, draw: Draw) -> World:
    days = draw(st.one_of(st.integers(91, 5000), st.integers(-5000, -1)))
    return _with_evidence(world, draw, measured(990, evaluated=str(DAY - timedelta(days=days))))


@breaks("RT402")
def measure_another_model(world: World, draw: Draw) -> World:
    return _with_evidence(world, draw, measured(990, model="a model of old"))


@breaks("RT403")
def measure_too_little(world: World, draw: Draw) -> World:
    trials = draw(st.integers(1, 29))
    return _with_evidence(world, draw, measured(trials, trials=str(trials)))


@breaks("RT404")
def escalate_a_lot(world: World, draw: Draw) -> World:
    return _with_evidence(world, draw, measured(990, escalated=str(draw(st.integers(250, 1000)))))


@breaks("RT405")
def send_too_much_to_a_low_tier(world: World, draw: Draw) -> World:
    tiers = world.taxonomy.tiers
    table = without_evidence(world.table)
    low = row_of(table, draw, lambda row: row["tier"] != tiers[-1])
    high = row_of(table, draw, lambda row: tiers.index(row["tier"]) > tiers.index(low["tier"]))
    low["evidence"] = measured(draw(st.integers(860, 950)))
    high["evidence"] = measured(draw(st.integers(990, 1000)))
    return replace(world, table=table)


@breaks("RT406")
def let_a_lower_tier_catch_up(world: World, draw: Draw) -> World:
    tiers = world.taxonomy.tiers
    table = without_evidence(world.table)
    row = row_of(table, draw, lambda row: row["tier"] != tiers[0])
    row["evidence"] = measured(990)
    lower = draw(st.sampled_from(tiers[: tiers.index(row["tier"])]))
    suffices = Evidence(row["task"], lower, draw(st.integers(980, 1000)), 1000, DAY)
    return replace(world, table=table, evidence=(suffices,))


@breaks("RT407")
def fail(world: World, draw: Draw) -> World:
    table = without_evidence(world.table)
    row_of(table, draw, lambda _: True)["evidence"] = measured(draw(st.integers(0, 750)))
    return replace(world, table=table)


@breaks("RT501")
def run_few_tasks(world: World, draw: Draw) -> World:
    row = row_of(world.table, draw, lambda _: True)
    return replace(world, volumes={row["task"]: draw(st.integers(1, 199))})


@breaks("RT502")
def do_one_thing_only(world: World, draw: Draw) -> World:
    row = row_of(world.table, draw, lambda _: True)
    limits = replace(LENIENT, largest_share=Limits().largest_share)
    return replace(world, volumes={row["task"]: 1000}, limits=limits)


@breaks("RT503")
def look_away(world: World, draw: Draw) -> World:
    table = without_evidence(world.table)
    row = row_of(table, draw, lambda _: True)
    limits = replace(LENIENT, observed_share=Limits().observed_share)
    return replace(world, table=table, volumes={row["task"]: 1000}, limits=limits)


def measured(successes: int, **more: str) -> Data:
    return {"successes": str(successes), "trials": "1000", "evaluated": str(DAY), **more}


def row_of(table: Data, draw: Draw, wanted: Callable[[Data], bool]) -> Data:
    rows = [row for row in table["routes"] if wanted(row)]
    assume(rows)
    found: Data = draw(st.sampled_from(rows))
    return found


def _with_evidence(world: World, draw: Draw, evidence: Data) -> World:
    """Give one row this evidence, and no other row any: rules that compare rows have nothing to say."""
    table = without_evidence(world.table)
    row_of(table, draw, lambda _: True)["evidence"] = evidence
    return replace(world, table=table)


def without_evidence(table: Data) -> Data:
    changed = deepcopy(table)
    for row in changed["routes"]:
        row.pop("evidence", None)
    return changed


def _without_signals(world: World, draw: Draw) -> Data:
    """Let at least one executor below the top say nothing of its confidence."""
    table = deepcopy(world.table)
    table.pop("confidence")
    row = row_of(table, draw, lambda row: row["tier"] != world.taxonomy.tiers[-1])
    row["confidence"] = draw(st.sampled_from(["none", "optional"]))
    return table
