"""Replays from cells: costs on other models, bounds of caches, parts of the difference."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.logs.moves import Mover, buckets, scaled_edges
from routecost.engine.logs.pricing import CellPricer
from routecost.engine.logs.replay import Replayer, by_type
from routecost.engine.logs.session_pass import OrderedCall
from routecost.engine.logs.targets import LOGGED, Target, strategy_target
from routecost.engine.logs.usage import priced
from routecost.engine.strategies.assigned import Assigned
from routecost.engine.strategies.cascade import Cascade
from routecost.engine.strategies.mix import Mix
from routecost.engine.strategies.tier import UniformTier
from routecost.errors import UsageError
from routecost.model.logs.cells import Bounds
from routecost.model.pricing.sheet import ContextStep, RateCard, TierModel
from routecost.model.results.logs.replay import ModeAssumption, UnroutedCallsError
from routecost.units import ONE
from tests.engine.logs.replays import (
    DAY,
    HAIKU,
    OPUS,
    SHEET,
    SONNET,
    bounds,
    cell_of,
    exactly,
    logged,
    mtok,
    ratio,
    replayer,
    sheet,
    table,
)

TIERS = {HAIKU: "haiku", SONNET: "sonnet", OPUS: "opus"}
counts = st.integers(0, 30_000)
calls = st.lists(
    st.builds(
        logged,
        st.integers(0, 9000),
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from([*TIERS]),
        session=st.sampled_from(["s", "t"]),
        agent=st.sampled_from([None, "x"]),
        mode=st.sampled_from(["standard", "batch"]),
        input=counts,
        output=counts,
        read=counts,
        write=counts,
        hour=counts,
    ),
    max_size=12,
)
tables = st.fixed_dictionaries({name: st.sampled_from(["haiku", "sonnet", "opus"]) for name in "abc"}).map(
    table
)


def in_force(routes: Target, every: list[OrderedCall]) -> list[OrderedCall]:
    """The same calls, on the models of a table."""
    models = {tier: model for model, tier in TIERS.items()}
    return [call._replace(model=models[routes.parts[0].tier(call.task_type) or ""]) for call in every]


@given(calls, tables)
def test_a_replay_under_the_table_that_was_in_force_costs_what_it_did(
    every: list[OrderedCall], routes: Target
) -> None:
    ran = in_force(routes, every)
    for found in (bounds(ran, routes), exactly(ran, routes)):
        assert found.cost == found.stages.actual
        assert found.cost.is_exact


@given(calls, tables)
def test_the_parts_of_a_difference_add_up_for_every_task_type(
    every: list[OrderedCall], routes: Target
) -> None:
    for found in (bounds(every, routes), exactly(every, routes)):
        for stages in (found.stages, *(row.stages for row in found.rows)):
            parts = [part or Bounds() for part in stages.parts]
            assert sum((part.low for part in parts), Decimal(0)) == stages.cost.low - stages.actual.low
            assert sum((part.high for part in parts), Decimal(0)) == stages.cost.high - stages.actual.high


@given(calls, tables)
def test_caches_by_session_cost_within_the_bounds_from_sums_if_a_session_has_one_task_type(
    every: list[OrderedCall], routes: Target
) -> None:
    alone = [call._replace(session=f"{call.session} {call.task_type}") for call in every]
    outer, inner = bounds(alone, routes), exactly(alone, routes)
    for wide, one in zip(outer.rows, inner.rows, strict=True):
        assert wide.stages.cost.low <= one.stages.cost.low == one.stages.cost.high <= wide.stages.cost.high


def test_a_moved_call_keeps_its_cache_at_the_least_and_writes_it_again_at_the_most() -> None:
    call = logged(input=1000, output=500, read=8000, write=2000)
    (row,) = bounds([call], table({"a": "haiku"})).rows
    rest = mtok("0.10", 1000) + mtok("0.50", 500)
    assert row.stages.actual.low == mtok("2", 1000) + mtok("10", 500) + mtok("0.10", 8000) + mtok("2.5", 2000)
    assert row.stages.cost == Bounds(
        rest + mtok("0.01", 8000) + mtok("0.125", 2000), rest + mtok("0.125", 10_000)
    )
    assert row.stages.parts.cache == Bounds(Decimal(0), mtok("0.115", 8000))
    assert (row.models, row.replaced_by, row.calls) == ((SONNET,), (HAIKU,), 1)


def test_caches_of_an_hour_are_written_again_for_an_hour() -> None:
    (row,) = bounds([logged(read=8000), logged(hour=8000)], table({"a": "haiku"})).rows
    assert row.stages.cost.high == mtok("0.20", 16_000)


def test_a_vendor_that_does_not_bill_caches_apart_bills_input() -> None:
    prices = sheet(low={"input": "1", "output": "2"}, high={**dict.fromkeys(SHEET_METERS, "3")})
    call = logged(model="high-1", input=1000, read=8000, write=2000, hour=500)
    (row,) = bounds([call], table({"a": "low"}), prices).rows
    assert row.stages.cost == Bounds(mtok("1", 11_500), mtok("1", 11_500))


SHEET_METERS = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")


def test_a_mode_that_the_model_does_not_have_is_the_standard_one_and_is_reported() -> None:
    sums = replayer([logged(model=OPUS, mode="fast", input=1_000_000)])
    (row,) = sums.table(table({"a": "sonnet"})).rows
    assert row.stages.cost.low == 2
    assert [*sums.mover.modes] == [ModeAssumption("fast", SONNET)]


def scaled_sheet() -> object:
    """A sheet whose high model has 1.25 tokens for one of the low one, and a step at 1,000 tokens."""
    prices = sheet(low={"input": "1", "output": "1"}, high={"input": "2", "output": "4"})
    (entry,) = prices.models["high-1"]
    step = ContextStep(1000, RateCard({"input": Decimal(20), "output": Decimal(40)}))
    high = replace(entry, steps=(step,), tokens_vs=ratio("low-1", "1.25"))
    return replace(prices, models={**prices.models, "high-1": (high,)})


def test_tokens_are_those_of_the_other_tokenizer_and_answers_are_longer_by_the_stated_factor() -> None:
    prices = scaled_sheet()
    pricer = CellPricer(prices)  # type: ignore[arg-type]
    mover = Mover(pricer, pricer, {"high-1": Decimal("1.2")})
    cells = by_type(
        priced([cell_of(logged(model="low-1", input=400, output=100), edges=(800, 1000))], pricer)
    )
    (row,) = Replayer(cells, mover).table(table({"a": "high"})).rows
    assert row.stages.mix.low == mtok("2", 400) + mtok("4", 100)
    assert row.stages.cost.low == mtok("2", 500) + mtok("4", 150)
    (one,) = mover.tokens
    assert (one.factor, one.output_factor, one.source) == (Decimal("1.25"), Decimal("1.2"), "measured")


def test_contexts_are_grouped_where_scaled_tokens_reach_a_step() -> None:
    prices = scaled_sheet()
    assert scaled_edges([prices]) == (800,)  # type: ignore[list-item]
    pricer = CellPricer(prices)  # type: ignore[arg-type]
    for size, rate in ((800, "2"), (801, "20")):
        call = logged(model="low-1", input=size)
        for edges, is_exact in (((800, 1000), True), ((1000,), False)):
            cells = by_type(priced([cell_of(call, edges=edges)], pricer))
            (row,) = Replayer(cells, Mover(pricer, pricer)).table(table({"a": "high"})).rows
            assert row.stages.cost.is_exact is is_exact
            cost = row.stages.cost.low if rate == "2" else row.stages.cost.high
            assert cost == Decimal(rate) * size * Decimal("1.25") / 1_000_000


@given(st.integers(0, 3000), st.integers(1, 3000), st.decimals("0.5", "2", places=3))
def test_scaled_contexts_are_in_a_bucket_that_is_found(above: int, width: int, factor: Decimal) -> None:
    edges = (500, 1000, 1001)
    found = buckets((above, above + width), factor, edges)
    for context in {above + 1, above + width // 2 + 1, above + width}:
        size = context * factor
        assert any(low < size and (high is None or size <= high) for low, high in found)


def test_other_prices_are_a_part_and_models_that_the_sheet_lacks_are_those_of_the_tier() -> None:
    double = replace(
        SHEET,
        name="double",
        models={
            model: tuple(
                replace(
                    entry,
                    steps=(),
                    card=RateCard({meter: rate * 2 for meter, rate in entry.card.standard.items()}),
                )
                for entry in dated
            )
            for model, dated in SHEET.models.items()
        },
    )
    actual = CellPricer(SHEET)
    cells = by_type(priced([cell_of(logged(input=1_000_000))], actual))
    same = Replayer(cells, Mover(actual, CellPricer(double))).table(LOGGED)
    assert same.cost.low == 4
    assert same.stages.parts.price == Bounds(Decimal(2), Decimal(2))
    moved = Replayer(cells, Mover(actual, CellPricer(double))).table(table({"a": "haiku"}))
    assert [part and part.low for part in moved.stages.parts] == [2, Decimal("-3.8"), 0, 0]
    other = replace(sheet(haiku={"input": "1"}, sonnet={"input": "5"}), currency="USD")
    vendor = Replayer(cells, Mover(actual, CellPricer(other))).table(LOGGED)
    assert vendor.rows[0].replaced_by == ("sonnet-1",)
    assert vendor.cost.low == 5
    assert vendor.stages.parts.price is None


def test_a_mix_is_a_share_of_the_calls_of_every_task_type() -> None:
    mix = strategy_target("m", Mix({"haiku": Decimal("0.75"), "sonnet": Decimal("0.25")}), None)
    found = bounds([logged(input=100_000), logged(0, None, input=100_000)], mix)
    assert found.cost.low == 2 * (
        Decimal("0.75") * mtok("0.1", 100_000) + Decimal("0.25") * mtok("2", 100_000)
    )
    assert found.rows[0].tiers == {"haiku": Decimal("0.75"), "sonnet": Decimal("0.25")}


def test_assigned_strategies_keep_their_shares_and_split_sessions_alike() -> None:
    half = Mix({"haiku": Decimal("0.5"), "opus": Decimal("0.5")})
    assigned = Assigned({"a": half, "b": UniformTier("sonnet")})
    target = strategy_target("x", assigned, "haiku")
    assert [(part.share, part.tiers, part.others) for part in target.parts] == [
        (Decimal("0.5"), {"a": "haiku", "b": "sonnet"}, "haiku"),
        (Decimal("0.5"), {"a": "opus", "b": "sonnet"}, "haiku"),
    ]


@pytest.mark.parametrize(
    ("strategy", "reason"),
    [
        (Cascade(("haiku", "sonnet"), {}), "makes other calls than the logged ones"),
        (Assigned({"a": UniformTier("haiku")}, error=Decimal("0.1")), "its router makes errors"),
        (Assigned({"a": Cascade(("haiku", "sonnet"), {})}), "makes other calls"),
    ],
)
def test_other_strategies_are_refused_with_the_reason(strategy: object, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        strategy_target("x", strategy, None)


def test_all_calls_without_a_tier_are_named_with_the_nearest_task_type() -> None:
    every = [logged(0, "extractoin"), logged(0, "extractoin"), logged(0, None), logged(0, "extraction")]
    with pytest.raises(UnroutedCallsError) as caught:
        bounds(every, table({"extraction": "haiku"}))
    first, second = caught.value.lines
    assert first.startswith('2 calls: table "t" has no task type "extractoin"; did you mean "extraction"?')
    assert second == '1 call: no task type, which table "t" needs'
    assert caught.value.is_routable


def test_a_tier_without_a_model_on_the_day_of_a_call_is_named() -> None:
    first = date(2026, 12, 1)
    late = {**SHEET.tiers, "haiku": (TierModel(HAIKU, first),)}
    with pytest.raises(UnroutedCallsError) as caught:
        bounds([logged(), logged()], table({"a": "haiku"}), replace(SHEET, tiers=late))
    assert caught.value.lines == (
        f'2 calls: table "t", task type "a": tier "haiku" has no model on {DAY}; its first begins on {first}',
    )


def test_calls_of_an_unknown_day_cost_between_the_models_of_all_days() -> None:
    tiers = {**SHEET.tiers, "haiku": (TierModel(HAIKU), TierModel(OPUS, date(2026, 12, 1)))}
    prices = replace(SHEET, tiers=tiers)
    pricer = CellPricer(prices)
    days = (date(2026, 11, 18), date(2026, 12, 2))
    cells = by_type(priced([cell_of(logged(input=100_000), days=days)], pricer))
    (row,) = Replayer(cells, Mover(pricer, pricer)).table(table({"a": "haiku"})).rows
    assert row.stages.cost == Bounds(mtok("0.1", 100_000), mtok("4", 100_000))
    assert row.replaced_by == (HAIKU, OPUS)
    assert sum(part.share for part in LOGGED.parts) == ONE
