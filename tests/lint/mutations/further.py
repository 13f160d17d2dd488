"""Further ways to break a rule: a row in place of the table, the evidence file, dates, single meters."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import assume
from hypothesis import strategies as st

from routecost.model.pricing.sheet import PriceEntry, PricingSheet, RateCard, TierModel
from routecost.model.routing.table import Evidence
from routecost.problems import nearest
from tests.lint.mutations.evidence import measured, row_of, without_evidence
from tests.lint.mutations.tables import UNKNOWN, Draw
from tests.lint.worlds import DAY, LENIENT, World

Mutation = Callable[[World, Draw], World]
MORE_MUTATIONS: dict[tuple[str, str], Mutation] = {}


def breaks(code: str, how: str) -> Callable[[Mutation], Mutation]:
    """Register another way to break what a rule guards."""

    def register(mutation: Mutation) -> Mutation:
        MORE_MUTATIONS[code, how] = mutation
        return mutation

    return register


@breaks("RT101", "misspelled")
def misspell(world: World, draw: Draw) -> World:
    table = deepcopy(world.table)
    row = row_of(table, draw, lambda _: True)
    meant, known = row["task"], world.taxonomy.task_types
    at = draw(st.integers(0, len(meant)))
    row["task"] = f"{meant[:at]}x{meant[at:]}"
    assume(row["task"] not in known and nearest(row["task"], known) == meant)
    return replace(world, table=table)


@breaks("RT101", "in evidence")
def measure_what_nobody_knows(world: World, draw: Draw) -> World:
    tier = draw(st.sampled_from(world.taxonomy.tiers))
    assume(UNKNOWN not in world.taxonomy.task_types)
    return replace(world, evidence=(Evidence(UNKNOWN, tier, 990, 1000, DAY),))


@breaks("RT104", "in evidence")
def measure_on_an_unknown_tier(world: World, draw: Draw) -> World:
    row = row_of(world.table, draw, lambda _: True)
    assume(UNKNOWN not in world.taxonomy.tiers)
    return replace(world, evidence=(Evidence(row["task"], UNKNOWN, 990, 1000, DAY),))


@breaks("RT104", "in a row")
def name_an_unknown_tier_in_a_row(world: World, draw: Draw) -> World:
    table = deepcopy(world.table)
    assume(UNKNOWN not in world.taxonomy.tiers)
    key, value = draw(st.sampled_from([("reviewer", UNKNOWN), ("escalation", [UNKNOWN])]))
    row_of(table, draw, lambda _: True)[key] = value
    return replace(world, table=table)


@breaks("RT105", "without a meter")
def lose_a_meter(world: World, draw: Draw) -> World:
    card = RateCard({draw(st.sampled_from(["input", "output"])): Decimal(1)})
    return _with_entry(world, draw(st.sampled_from(world.taxonomy.tiers)), PriceEntry(card))


@breaks("RT105", "before its price")
def price_a_tier_from_tomorrow(world: World, draw: Draw) -> World:
    tier = draw(st.sampled_from(world.taxonomy.tiers))
    tomorrow = DAY + timedelta(days=draw(st.integers(1, 1000)))
    return _with_entry(world, tier, replace(world.sheet.models[tier][0], start=tomorrow))


@breaks("RT203", "failures are cheap")
def make_failures_cheap(world: World, draw: Draw) -> World:
    tiers = world.taxonomy.tiers
    table = without_evidence(world.table)
    row = row_of(table, draw, lambda row: row["tier"] != tiers[0])
    row["failure_cost"], row["evidence"] = "0.0000001", measured(990)
    lower = draw(st.sampled_from(tiers[: tiers.index(row["tier"])]))
    worse = Evidence(row["task"], lower, draw(st.integers(800, 900)), 1000, DAY)
    return replace(world, table=table, evidence=(worse,), volumes={row["task"]: 1000})


@breaks("RT204", "on one meter")
def raise_one_rate(world: World, draw: Draw) -> World:
    tiers = world.taxonomy.tiers
    assume(len(tiers) > 1)
    raised, meter = draw(st.sampled_from(tiers[:-1])), draw(st.sampled_from(["input", "output"]))
    rates = {**world.sheet.models[raised][0].card.standard, meter: Decimal(len(tiers) + 1)}
    return _with_entry(world, raised, PriceEntry(RateCard(rates)))


@breaks("RT301", "in a row")
def skip_a_tier_in_a_row(world: World, draw: Draw) -> World:
    tiers = world.taxonomy.tiers
    table = deepcopy(world.table)
    row = row_of(table, draw, lambda row: tiers.index(row["tier"]) < len(tiers) - 2)
    row["escalation"] = [draw(st.sampled_from(tiers[tiers.index(row["tier"]) + 2 :]))]
    return replace(world, table=table)


@breaks("RT302", "in a row")
def end_a_path_where_it_starts(world: World, draw: Draw) -> World:
    table = deepcopy(world.table)
    row = row_of(table, draw, lambda row: row["tier"] != world.taxonomy.tiers[-1])
    row["escalation"] = draw(st.sampled_from([[], [row["tier"]]]))
    return replace(world, table=table)


@breaks("RT303", "in a row")
def turn_down_in_a_row(world: World, draw: Draw) -> World:
    tiers = world.taxonomy.tiers
    table = deepcopy(world.table)
    row = row_of(table, draw, lambda row: row["tier"] != tiers[0])
    row["escalation"] = [draw(st.sampled_from(tiers[: tiers.index(row["tier"])]))]
    return replace(world, table=table)


@breaks("RT402", "by its day")
def change_the_model_of_a_tier(world: World, draw: Draw) -> World:
    table = without_evidence(world.table)
    row = row_of(table, draw, lambda _: True)
    since = DAY - timedelta(days=draw(st.integers(0, 80)))
    row["evidence"] = measured(990, evaluated=str(since - timedelta(days=draw(st.integers(1, 10)))))
    dated = (TierModel("what it was"), TierModel(row["tier"], since))
    return replace(world, table=table, sheet=_with_tier(world.sheet, row["tier"], dated))


@breaks("RT405", "one of many")
def send_one_kind_too_low(world: World, draw: Draw) -> World:
    tiers = world.taxonomy.tiers
    table = without_evidence(world.table)
    low = row_of(table, draw, lambda row: row["tier"] != tiers[-1])
    beside = row_of(table, draw, lambda row: row["tier"] == low["tier"] and row is not low)
    high = row_of(table, draw, lambda row: tiers.index(row["tier"]) > tiers.index(low["tier"]))
    low["evidence"] = measured(draw(st.integers(860, 950)))
    # so much succeeds beside it that the tier as a whole is as good as the next
    beside["evidence"] = measured(99_990, trials="100000")
    high["evidence"] = measured(995)
    return replace(world, table=table)


@breaks("RT502", "with another type")
def do_nearly_one_thing_only(world: World, draw: Draw) -> World:
    rank = world.taxonomy.tiers.index
    one = row_of(world.table, draw, lambda _: True)
    # of a cheaper tier, so that the share of the cost is as high as that of the tasks
    other = row_of(world.table, draw, lambda row: rank(row["tier"]) < rank(one["tier"]))
    volumes = {one["task"]: 961, other["task"]: draw(st.integers(1, 39))}
    return replace(world, volumes=volumes, limits=replace(LENIENT, largest_share=Decimal("0.95")))


def _with_entry(world: World, tier: str, entry: PriceEntry) -> World:
    return replace(world, sheet=replace(world.sheet, models={**world.sheet.models, tier: (entry,)}))


def _with_tier(sheet: PricingSheet, tier: str, dated: tuple[TierModel, ...]) -> PricingSheet:
    return replace(sheet, tiers={**sheet.tiers, tier: dated})
