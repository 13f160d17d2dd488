"""Projections: laws that hold of every one, and cases that can be followed by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.compare.compare import compare
from routecost.engine.projection.project import project
from routecost.engine.strategies.mix import Mix
from routecost.errors import UnknownNameError, UnpricedError
from routecost.model.pricing.sheet import PriceEntry, PricingSheet, TierModel
from routecost.model.pricing.terms import ExchangeRate, Terms, VolumeDiscount, VolumeStep
from routecost.model.results.projection import Projection
from routecost.model.scenario.budget import Budget, Period
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.workload import Workload
from routecost.units import exact
from tests.examples import FEWER_EXAMPLES
from tests.support.build import card, entry, mix, mtok, scenario, sheet, task, tokens, workload
from tests.support.strategies import mixes, points, sheets, workloads

FIRST = date(2026, 2, 1)
MIX = mix(low="0.5", middle="0.3", high="0.2")
STRATEGIES: dict[str, Strategy | str] = {"all-low": "low", "all-high": "high", "mixed": MIX}
WORK = workload(task(1, tokens(1_000_000, 0)))
PLAIN = sheet(low=entry(input=1), high=entry(input=3))

growths = st.decimals(-1, 1, places=3)
lengths = st.integers(1, 30)


def costs(projection: Projection, strategy: str) -> list[Decimal]:
    return [month.cost for month in projection[strategy].months]


def dated(*starts_and_rates: tuple[date | None, str]) -> PricingSheet:
    """Return a sheet whose one model changes its input rate."""
    entries = tuple(PriceEntry(card(input=rate), start) for start, rate in starts_and_rates)
    return PricingSheet("dated", "USD", "a test", {"low": (TierModel("m"),)}, {"m": entries})


def planned(on: PricingSheet, horizon: Horizon, **more: object) -> Projection:
    return project(scenario({"all-low": "low"}, WORK, on, **more), horizon)


@given(mixes(), workloads(), sheets(), lengths)
def test_without_growth_every_month_is_alike(
    mixed: Mix, work: Workload, on: PricingSheet, months: int
) -> None:
    projection = project(scenario({"mixed": mixed}, work, on), Horizon(FIRST, months))
    assert len(set(costs(projection, "mixed"))) == 1


@given(workloads(points()), sheets(), lengths, growths)
@exact
def test_growth_compounds_from_the_second_month(
    work: Workload, on: PricingSheet, months: int, growth: Decimal
) -> None:
    spends = costs(project(scenario(STRATEGIES, work, on), Horizon(FIRST, months, growth)), "mixed")
    assert spends[1:] == [spends[0] * (1 + growth) ** at for at in range(1, months)]


@FEWER_EXAMPLES
@given(workloads(points()), sheets(), growths, st.decimals(1, 31, places=2))
def test_the_first_month_is_the_month_of_compare(
    work: Workload, on: PricingSheet, growth: Decimal, days: Decimal
) -> None:
    fleet = scenario(STRATEGIES, work, on, days_per_month=days)
    projection = project(fleet, Horizon(FIRST, 3, growth))
    for cost in compare(fleet, FIRST).strategies:
        assert projection[cost.strategy].months[0].cost == cost.cost_per_month


@given(workloads(), sheets(), lengths, growths)
@exact
def test_cumulative_is_the_running_sum(
    work: Workload, on: PricingSheet, months: int, growth: Decimal
) -> None:
    for spend in project(scenario(STRATEGIES, work, on), Horizon(FIRST, months, growth)).strategies:
        so_far = Decimal(0)
        for month in spend.months:
            so_far += month.cost
            assert month.cumulative == so_far
        assert spend.total == so_far


@given(st.permutations(list(STRATEGIES)), workloads(), sheets(), growths)
def test_the_order_of_strategies_changes_nothing(
    order: list[str], work: Workload, on: PricingSheet, growth: Decimal
) -> None:
    horizon = Horizon(FIRST, 4, growth)
    projection = project(scenario(STRATEGIES, work, on), horizon)
    turned = project(scenario({name: STRATEGIES[name] for name in order}, work, on), horizon)
    assert all(turned[name] == projection[name] for name in order)


@given(st.integers(1, 31), st.decimals(0, 100, places=3), st.decimals(0, 100, places=3))
def test_a_change_within_a_month_gives_the_mean_weighted_by_days(
    day: int, before: Decimal, after: Decimal
) -> None:
    on = dated((None, str(before)), (date(2026, 3, day), str(after)))
    february, march, april = costs(planned(on, Horizon(FIRST, 3)), "all-low")
    assert (february, april) == (30 * before, 30 * after)
    assert abs(march * 31 - 30 * ((day - 1) * before + (32 - day) * after)) < Decimal("1e-50")


@given(st.lists(st.dates(date(2025, 1, 1), date(2029, 1, 1)), unique=True, max_size=8))
def test_entries_that_change_nothing_change_nothing(days: list[date]) -> None:
    on = dated((None, "1.7"), *((day, "1.7") for day in sorted(days)))
    projection = planned(on, Horizon(FIRST, 24))
    assert set(costs(projection, "all-low")) == {30 * Decimal("1.7")}
    assert projection.changes == ()


def test_each_month_is_priced_at_its_own_rates() -> None:
    on = dated((None, "1"), (date(2026, 3, 1), "2"), (date(2026, 4, 16), "4"))
    projection = planned(on, Horizon(FIRST, 4))
    halfway = (15 * mtok(2, 1_000_000) + 15 * mtok(4, 1_000_000)) / 30 * 30
    assert costs(projection, "all-low") == [30, 60, halfway, 120]
    assert [(change.day, change.subject) for change in projection.changes] == [
        (date(2026, 3, 1), "m"),
        (date(2026, 4, 16), "m"),
    ]


@pytest.mark.parametrize(("day", "cost"), [(date(2026, 2, 28), "31.5"), (date(2026, 3, 1), "30")])
def test_the_last_day_of_the_plan_counts_and_the_next_does_not(day: date, cost: str) -> None:
    projection = planned(dated((None, "1"), (day, "2.4")), Horizon(FIRST, 1))
    assert costs(projection, "all-low") == [Decimal(cost)]


def test_growth_and_a_price_change_multiply() -> None:
    on = dated((None, "1"), (date(2026, 3, 1), "2"))
    assert costs(planned(on, Horizon(FIRST, 3, Decimal("0.5"))), "all-low") == [30, 90, 135]


def test_a_tier_that_becomes_another_model_changes_the_price() -> None:
    tiers = {"low": (TierModel("old"), TierModel("new", date(2026, 3, 1))), "high": (TierModel("big"),)}
    models = {"old": (entry(input=1),), "new": (entry(input=3),), "big": (entry(input=9),)}
    on = PricingSheet("dated", "USD", "a test", tiers, models)
    projection = project(scenario({"all-low": "low", "all-high": "high"}, WORK, on), Horizon(FIRST, 2))
    assert costs(projection, "all-low") == [30, 90]
    assert costs(projection, "all-high") == [270, 270]
    (change,) = projection.changes
    assert (change.day, change.subject, change.becomes, change.strategies) == (
        date(2026, 3, 1), "low", "new", ("all-low",),
    )  # fmt: skip
    assert projection.only(["all-high"]).changes == ()


def test_a_pinned_day_prices_every_month() -> None:
    on = dated((None, "1"), (date(2026, 3, 1), "2"))
    for pinned, rate in ((date(2020, 1, 1), 1), (date(2026, 3, 1), 2), (date(2030, 1, 1), 2)):
        projection = planned(on, Horizon(FIRST, 3, pinned=pinned))
        assert costs(projection, "all-low") == [30 * rate] * 3
        assert projection.changes == ()


def test_a_month_before_the_first_entry_names_both_dates() -> None:
    with pytest.raises(
        UnpricedError, match=r"no price on 2026-02-01 .* its first entry begins on 2026-03-10"
    ):
        planned(dated((date(2026, 3, 10), "1")), Horizon(FIRST, 3))


def test_the_day_after_prices_end_is_an_error() -> None:
    ended = PriceEntry(card(input=1), until=date(2026, 3, 14))
    on = PricingSheet("s", "USD", "a test", {"low": (TierModel("m"),)}, {"m": (ended,)})
    assert costs(planned(on, Horizon(FIRST, 1)), "all-low") == [30]
    with pytest.raises(UnpricedError, match=r"no price on 2026-03-15 .* ended on 2026-03-14"):
        planned(on, Horizon(FIRST, 2))


def test_the_calendar_may_end() -> None:
    projection = planned(dated((None, "1"), (date(9999, 12, 17), "3")), Horizon(date(9999, 12, 1), 1))
    assert projection["all-low"].months[0].month == "9999-12"
    assert abs(projection["all-low"].total - (16 * 1 + 15 * 3) * Decimal(30) / 31) < Decimal("1e-25")


def budgeted(amount: str, per: Period, months: int, growth: str = "0") -> list[tuple[str, Decimal, Decimal]]:
    """Return the months over a budget for $30 in the first month, growing."""
    budget = Budget(Decimal(amount), per, "all-low")
    projection = planned(PLAIN, Horizon(FIRST, months, Decimal(growth)), budget=budget)
    assert projection.budget is not None
    assert (projection.budget.crossed is None) == (not projection.budget.exceeded)
    return [(month.month, month.spent, month.over) for month in projection.budget.exceeded]


def test_a_budget_per_month_is_crossed_by_a_month_that_costs_more() -> None:
    assert budgeted("33", Period.MONTH, 3, "0.1") == [("2026-04", Decimal("36.3"), Decimal("3.3"))]


def test_a_budget_per_day_counts_the_mean_day() -> None:
    assert budgeted("1.1", Period.DAY, 3, "0.1") == [("2026-04", Decimal("1.21"), Decimal("0.11"))]


def test_a_budget_per_year_counts_each_plan_year_anew() -> None:
    over = budgeted("340", Period.YEAR, 25)
    assert over == [("2027-01", Decimal(360), Decimal(20)), ("2028-01", Decimal(360), Decimal(20))]
    assert budgeted("360", Period.YEAR, 25) == []


def test_the_month_of_a_budget() -> None:
    for amount, per in (("5", Period.DAY), ("150", Period.MONTH), ("1800", Period.YEAR)):
        projection = planned(PLAIN, Horizon(FIRST, 1), budget=Budget(Decimal(amount), per, "all-low"))
        assert projection.budget is not None
        assert projection.budget.months[0].allowance == 150


def test_what_the_proposed_strategy_saves_over_the_horizon() -> None:
    projection = project(
        scenario(
            {"all-low": "low", "all-high": "high"}, WORK, PLAIN,
            baseline="all-high", default="all-high", proposed="all-low",
        ),
        Horizon(FIRST, 2, Decimal("0.1")),
    )  # fmt: skip
    assert projection.savings is not None
    assert projection.savings.amount == Decimal("126.0")
    assert [spend.total for spend in projection.strategies] == [63, 189]
    assert projection["all-high"].vs_baseline == 0
    only = projection.only(["all-low"])
    assert [spend.strategy for spend in only.strategies] == ["all-low"]
    assert only.savings == projection.savings


def test_a_name_that_is_not_there() -> None:
    projection = planned(PLAIN, Horizon(FIRST, 1))
    with pytest.raises(UnknownNameError, match='no strategy named "all-lo"; did you mean "all-low"'):
        projection["all-lo"]
    faulty: Scenario = replace(scenario({"all-low": "low"}, WORK, PLAIN), baseline="all-hi")
    with pytest.raises(UnknownNameError, match='"all-hi"'):
        project(faulty, Horizon(FIRST, 1))


def test_a_frame_has_a_row_per_month_and_strategy() -> None:
    frame = project(scenario({"a": "low", "b": "high"}, WORK, PLAIN), Horizon(FIRST, 2)).to_frame()
    assert list(zip(frame["month"], frame["strategy"], frame["cost"], strict=True)) == [
        ("2026-02", "a", 30.0), ("2026-02", "b", 90.0), ("2026-03", "a", 30.0), ("2026-03", "b", 90.0),
    ]  # fmt: skip
    assert frame["p50"].equals(frame["cost"])
    assert frame["p10"].isna().all()


def test_volume_discounts_are_on_each_month_after_growth() -> None:
    steps = VolumeDiscount((VolumeStep(Decimal(40), Decimal("0.5")),))
    on = replace(PLAIN, terms=(Terms("USD", volume=steps),))
    fleet = scenario({"all-low": "low"}, WORK, on)
    assert costs(project(fleet, Horizon(FIRST, 3, Decimal(1))), "all-low") == [30, 50, 80]


def test_an_exchange_rate_changes_within_a_month() -> None:
    rates = (ExchangeRate("USD", Decimal("0.9")), ExchangeRate("USD", Decimal("0.8"), date(2026, 4, 16)))
    on = replace(PLAIN, currency="EUR", terms=(Terms("EUR", exchange=rates),))
    projection = planned(on, Horizon(FIRST, 4))
    assert costs(projection, "all-low") == [27, 27, Decimal("25.5"), 24]
    assert projection.currency == "EUR"
    assert [(change.day, change.subject) for change in projection.changes] == [
        (date(2026, 4, 16), "exchange at 0.8")
    ]
