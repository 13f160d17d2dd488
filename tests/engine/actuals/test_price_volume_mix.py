"""Gaps in parts: they sum exactly, and each change is found where it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from routecost import load_scenario
from routecost.engine.actuals.planned_usage import PlannedMonth
from routecost.engine.actuals.price_volume_mix import split_gap
from routecost.engine.projection.project import project
from routecost.engine.projection.schedule import schedule
from routecost.engine.strategies.cascade import Cascade
from routecost.engine.strategies.mix import Mix
from routecost.errors import UnpricedError
from routecost.model.pricing.sheet import BATCH, PriceEntry, PricingSheet, RateCard
from routecost.model.pricing.usage import CALLS
from routecost.model.results.actuals import ActualMonth, Grain, PriceVolumeMix, Used
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import NO_PLAN
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.workload import Workload
from routecost.problems import Position
from routecost.units import exact
from tests.engine.actuals.actual_months import FIRST, STRATEGY, as_planned, by_model, lacking, planned, times
from tests.examples import FEWER_EXAMPLES
from tests.support.build import entry, mix, scenario, sheet, task, tokens, workload
from tests.support.strategies import METERS, TIERS, mixes, numbers, points, sheets, workloads

CASCADE = Cascade(("low", "high"), accept={"low": Decimal("0.75")})
strategies = mixes() | st.just(CASCADE)
factors = st.decimals("0.1", 10, places=2)
whats = st.sets(st.sampled_from(("tasks", "calls", "units", "spend")))


def planned_of(strategy: Strategy, work: Workload, on: PricingSheet, growth: str = "0") -> PlannedMonth:
    return planned(scenario({STRATEGY: strategy}, work, on), STRATEGY, 1, growth)


def split(plan: PlannedMonth, month: ActualMonth) -> PriceVolumeMix:
    gap = gap_of(plan, month)
    parts = split_gap(plan, month, gap)
    assert total(part.amount for part in parts.parts) == Fraction(gap)
    return parts


@exact
def gap_of(plan: PlannedMonth, month: ActualMonth) -> Decimal:
    return month.spend - Decimal(plan.cost.numerator) / Decimal(plan.cost.denominator)


def total(amounts: Iterable[Decimal]) -> Fraction:
    """Sum as fractions: Decimals would be cut at the digits of the context."""
    return sum(map(Fraction, amounts), Fraction(0))


def known_parts(variance: PriceVolumeMix) -> dict[str, Decimal]:
    """Return the parts that are not 0."""
    return {part.name: part.amount for part in variance.parts if part.amount}


@given(strategies, workloads(points()), sheets(), whats)
def test_what_comes_as_planned_has_no_gap(
    strategy: Strategy, work: Workload, on: PricingSheet, unknown: set[str]
) -> None:
    plan = planned_of(strategy, work, on)
    assert known_parts(split(plan, lacking(as_planned(plan), *unknown))) == {}


@st.composite
def months(draw: st.DrawFn) -> ActualMonth:
    """Draw a month that differs from its plan in everything, and does not tell all."""
    used = {
        model: Used(
            calls=draw(numbers(10_000)),
            units={meter: draw(numbers(10**9)) for meter in ("input", "output", "cache_read")},
            spend=draw(numbers(10_000)),
        )
        for model in draw(st.sets(st.sampled_from(("model-low", "model-high"))))
    }
    spend, tasks = draw(numbers(10_000)), draw(numbers(10_000))
    return lacking(ActualMonth(FIRST, spend, STRATEGY, tasks, Grain.MODEL, used), *draw(whats))


@given(months(), strategies, workloads(), sheets(), st.sampled_from(("0", "0.07", "-1")))
def test_parts_sum_to_the_gap_exactly(
    month: ActualMonth, strategy: Strategy, work: Workload, on: PricingSheet, growth: str
) -> None:
    split(planned_of(strategy, work, on, growth), month)


def test_spend_of_calls_without_tasks_is_unexplained() -> None:
    plan = planned_of(mix(low=1), workload(task(1, tokens(1000, 100))), sheet(low=entry(input=1, output=2)))
    used = {"model-low": Used(calls=Decimal(3), spend=Decimal("0.7"))}
    month = ActualMonth(FIRST, Decimal("0.7"), STRATEGY, Decimal(0), Grain.MODEL, used)
    rest = [part.amount for part in split(plan, month).parts if "unexplained" in part.name]
    assert rest == [Decimal("0.7")]


@given(strategies, workloads(points()), sheets(), factors)
def test_more_tasks_of_the_same_are_all_volume(
    strategy: Strategy, work: Workload, on: PricingSheet, factor: Decimal
) -> None:
    plan = planned_of(strategy, work, on)
    assert set(known_parts(split(plan, times(as_planned(plan), tasks=factor)))) <= {"volume"}


@st.composite
def sheets_without_fees(draw: st.DrawFn) -> PricingSheet:
    """Draw sheets on which a call costs nothing beside what it counts."""
    entries = {}
    for tier in TIERS:
        rates = {meter: draw(numbers(100)) for meter in METERS if meter != CALLS}
        entries[tier] = PriceEntry(RateCard(rates, {BATCH: rates}))
    return sheet(**entries)


@given(strategies, workloads(points()), sheets_without_fees(), factors)
def test_more_tokens_per_call_are_all_tokens(
    strategy: Strategy, work: Workload, on: PricingSheet, factor: Decimal
) -> None:
    plan = planned_of(strategy, work, on)
    assert set(known_parts(split(plan, times(as_planned(plan), units=factor)))) <= {"tokens"}


@given(strategies, workloads(points()), sheets(), factors)
def test_other_prices_are_all_price(
    strategy: Strategy, work: Workload, on: PricingSheet, factor: Decimal
) -> None:
    plan = planned_of(strategy, work, on)
    month = times(as_planned(plan), price=factor)
    assert set(known_parts(split(plan, month))) <= {"price"}
    assert set(known_parts(split(plan, lacking(month, "spend")))) <= {"price and unexplained"}


@FEWER_EXAMPLES
@given(mixes(), mixes(), workloads(points()), sheets())
def test_another_mix_is_all_mix(before: Mix, after: Mix, work: Workload, on: PricingSheet) -> None:
    assume(len(work.task_types) == 1 and all(before.shares.values()))
    plan, other = planned_of(before, work, on), planned_of(after, work, on)
    assert set(known_parts(split(plan, as_planned(other)))) <= {"mix"}


@given(months(), strategies, workloads(), sheets())
def test_the_order_of_models_changes_nothing(
    month: ActualMonth, strategy: Strategy, work: Workload, on: PricingSheet
) -> None:
    plan = planned_of(strategy, work, on)
    turned = replace(month, used=dict(reversed(list(month.used.items()))))
    assert split(plan, turned).parts == split(plan, month).parts


BUILT_INS = sorted(path.stem for path in (Path(__file__).parents[3] / "scenarios").glob("*.yaml"))


@pytest.mark.parametrize("name", BUILT_INS)
def test_every_kind_of_strategy_is_told_apart(name: str) -> None:
    file = load_scenario(name)
    horizon = Horizon(((file.plan or NO_PLAN).start or file.as_of or FIRST).replace(day=1), 6)
    projection, scheduled = project(file, horizon), schedule(file, horizon)
    for row, months in scheduled.rows.items():
        cost = Fraction(projection[row].months[-1].cost)
        plan = PlannedMonth(file, months[-1], scheduled.works, cost)
        parts = known_parts(split(plan, by_model(plan, Fraction("1.25"))))
        fees = sum((cost for (_, meter), cost in plan.costs.items() if meter == CALLS), Fraction(0))
        assert abs(Fraction(parts["tokens"]) - (plan.cost - fees) / 4) < plan.cost / 1000, row
        assert abs(total(parts.values()) - Fraction(parts["tokens"]) - fees / 4) < plan.cost / 1000


PLAIN = sheet(low=entry(input=1, output=5), high=entry(input=4, output=20))
WORK = workload(task(100, tokens(1_000, 200)))
MIX = mix(low="0.9", high="0.1")
PLAN = planned_of(MIX, WORK, PLAIN)  # 2,700 tasks of $0.002 and 300 of $0.008: $7.80


def by_tier(**used: Used) -> dict[str, Used]:
    return used


def test_a_month_that_can_be_followed_by_hand() -> None:
    # 4,000 tasks, 3,200 at $0.002 and 800 at $0.010, where a call wrote 300 tokens for 200: $14.40,
    # paid at list prices, and $1.60 for something else.
    month = ActualMonth(
        FIRST, Decimal(16), STRATEGY, Decimal(4_000), Grain.TIER,
        by_tier(
            low=Used(tasks=Decimal(3_200), units=units(3_200_000, 640_000), spend=Decimal("6.4")),
            high=Used(tasks=Decimal(800), units=units(800_000, 240_000), spend=Decimal(8)),
        ),
    )  # fmt: skip
    cost = {  # volume and mix and tokens, each as planned or as it came
        (tasks, high, costly): tasks * ((1 - high) * Decimal("0.002") + high * costly)
        for tasks in (3000, 4000)
        for high in (Decimal("0.1"), Decimal("0.2"))
        for costly in (Decimal("0.008"), Decimal("0.010"))
    }
    v0, v1, m0, m1, t0, t1 = 3000, 4000, Decimal("0.1"), Decimal("0.2"), Decimal("0.008"), Decimal("0.010")
    volume = (
        2 * (cost[v1, m0, t0] - cost[v0, m0, t0])
        + (cost[v1, m1, t0] - cost[v0, m1, t0])
        + (cost[v1, m0, t1] - cost[v0, m0, t1])
        + 2 * (cost[v1, m1, t1] - cost[v0, m1, t1])
    ) / 6
    amounts = known_parts(split(PLAN, month))
    assert set(amounts) == {"volume", "mix", "tokens", "unexplained"}
    assert abs(amounts["volume"] - volume) < Decimal("1e-18")
    assert amounts["unexplained"] == Decimal("1.6")
    assert total(amounts.values()) == Fraction("8.2")


def units(read: int, written: int) -> dict[str, Decimal]:
    return {"input": Decimal(read), "output": Decimal(written)}


@pytest.mark.parametrize(
    ("unknown", "names"),
    [
        ((), ["volume", "mix", "tokens", "price", "unexplained"]),
        (("spend",), ["volume", "mix", "tokens", "price and unexplained"]),
        (("units",), ["volume", "mix", "tokens and price", "unexplained"]),
        (("calls",), ["volume", "mix and tokens", "price", "unexplained"]),
        (("calls", "spend"), ["volume", "mix and tokens", "price and unexplained"]),
        (("calls", "units"), ["volume", "mix, tokens and price", "unexplained"]),
        (("calls", "units", "spend"), ["volume", "mix, tokens, price and unexplained"]),
        (("tasks",), ["volume and mix", "tokens", "price", "unexplained"]),
        (("tasks", "units"), ["volume and mix", "tokens and price", "unexplained"]),
        (("tasks", "calls"), ["volume, mix and tokens", "price", "unexplained"]),
        (("tasks", "calls", "units"), ["unexplained"]),
        (("tasks", "calls", "units", "spend"), ["unexplained"]),
    ],
)
def test_what_is_not_known_goes_with_its_neighbour(unknown: tuple[str, ...], names: list[str]) -> None:
    parts = split(PLAN, lacking(times(as_planned(PLAN), tasks=2, units=3, price=5), *unknown))
    assert [part.name for part in parts.parts] == names
    assert bool(parts.lacking) == bool(unknown)


def test_usage_of_the_whole_month_leaves_mix_and_price_together() -> None:
    # Planned were $7.80, $3.90 of it for output; half as much again is $9.75 at the planned prices,
    # and $10.50 was paid. The $0.15 that only both bring about are shared.
    whole = {"": Used(units=units(3_000_000, 900_000))}
    month = ActualMonth(FIRST, Decimal("10.5"), STRATEGY, Decimal(3_000), used=whole)
    parts = split(PLAN, month)
    assert [part.name for part in parts.parts] == ["volume", "tokens", "mix, price and unexplained"]
    assert known_parts(parts) == {"tokens": Decimal("2.025"), "mix, price and unexplained": Decimal("0.675")}


def test_tasks_are_not_calls_where_a_plan_makes_more_calls_than_tasks() -> None:
    plan = planned_of(CASCADE, WORK, PLAIN)
    used = by_tier(
        low=Used(tasks=Decimal(2_250), units=units(3_000_000, 600_000), spend=Decimal(6)),
        high=Used(tasks=Decimal(750), units=units(750_000, 150_000), spend=Decimal(6)),
    )
    parts = split(plan, ActualMonth(FIRST, Decimal(12), STRATEGY, Decimal(3_000), Grain.TIER, used))
    assert [part.name for part in parts.parts][1] == "mix and tokens"
    assert parts.lacking == ("calls per tier",)
    assert known_parts(parts) == {}


def test_a_tier_that_was_not_planned_is_a_matter_of_mix() -> None:
    plan = planned_of(mix(low=1, high=0), WORK, PLAIN)
    used = by_tier(
        low=Used(tasks=Decimal(2_000), units=units(2_000_000, 400_000), spend=Decimal(4)),
        high=Used(tasks=Decimal(1_000), units=units(1_000_000, 200_000), spend=Decimal(8)),
    )
    parts = split(plan, ActualMonth(FIRST, Decimal(12), STRATEGY, Decimal(3_000), Grain.TIER, used))
    assert known_parts(parts) == {"mix": Decimal(6)}


@pytest.mark.parametrize(
    ("high_planned", "names", "missing"),
    [
        ("0.1", ["volume", "mix", "tokens, price and unexplained"], set()),
        ("0", ["volume", "mix, tokens, price and unexplained"], {"tasks per tier"}),
    ],
)
def test_calls_alone_do_not_price_a_tier_that_was_not_planned(
    high_planned: str, names: list[str], missing: set[str]
) -> None:
    plan = planned_of(mix(low=1 - Decimal(high_planned), high=high_planned), WORK, PLAIN)
    used = by_tier(low=Used(tasks=Decimal(2_000)), high=Used(tasks=Decimal(1_000)))
    parts = split(plan, ActualMonth(FIRST, Decimal(12), STRATEGY, Decimal(3_000), Grain.TIER, used))
    assert [part.name for part in parts.parts] == names
    assert {"tasks per tier"} & set(parts.lacking) == missing


def test_a_tier_that_was_not_used_is_a_matter_of_mix() -> None:
    used = by_tier(low=Used(tasks=Decimal(3_000), units=units(3_000_000, 600_000), spend=Decimal(6)))
    parts = split(PLAN, ActualMonth(FIRST, Decimal(6), STRATEGY, Decimal(3_000), Grain.TIER, used))
    assert known_parts(parts) == {"mix": Decimal("-1.8")}


def test_a_meter_without_a_price_is_blamed_where_it_stands() -> None:
    where = Position("spend.yaml", 7, 11)
    used = by_tier(low=Used(units={**units(1, 1), "cache_read": Decimal(5)}, position=where))
    month = ActualMonth(FIRST, Decimal(6), STRATEGY, Decimal(3_000), Grain.TIER, used)
    with pytest.raises(UnpricedError, match=r'^spend.yaml:7:11: no rate for meter "cache_read"'):
        split(PLAN, month)


def test_money_for_no_usage_is_not_explained() -> None:
    used = by_tier(low=Used(tasks=Decimal(0), units=units(0, 0)))
    month = ActualMonth(FIRST, Decimal(3), STRATEGY, Decimal(0), Grain.TIER, used)
    assert known_parts(split(PLAN, month)) == {"volume": Decimal("-7.8"), "unexplained": Decimal(3)}
