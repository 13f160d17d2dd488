"""A routing table as a strategy: each task type on its tier, and the mix that follows from volumes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost import load_scenario
from routecost.engine.pricing.price import price
from routecost.engine.pricing.tier_models import tier_models
from routecost.engine.strategies.table import Routed
from routecost.engine.strategies.tier import UniformTier
from routecost.errors import UnknownNameError
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.routing.table import Route, RoutingTable
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.workload import TaskType, Workload
from routecost.units import exact
from tests.support import build
from tests.support.strategies import TIERS, points, sheets, task_types


def table(**tiers: str) -> RoutingTable:
    routes = tuple(Route(task, tier, index) for index, (task, tier) in enumerate(tiers.items()))
    return RoutingTable("invented", "invented", routes)


def cost(strategy: Strategy, workload: Workload, sheet: PricingSheet) -> Decimal:
    return price(strategy.expand(workload, tier_models(sheet, build.DAY)).usage, sheet, build.DAY).total


@st.composite
def routed(draw: st.DrawFn) -> tuple[Workload, dict[str, str]]:
    """Draw a workload of up to four task types, and the tier of each."""
    tasks = draw(st.lists(task_types(points()), min_size=1, max_size=4))
    named = tuple(replace(task, name=f"type-{at}") for at, task in enumerate(tasks))
    return Workload(named), {task.name: draw(st.sampled_from(TIERS)) for task in named}


@given(routed(), sheets())
def test_it_costs_what_its_parts_cost_on_their_tiers(
    drawn: tuple[Workload, dict[str, str]], sheet: PricingSheet
) -> None:
    workload, tiers = drawn
    parts = [cost(UniformTier(tiers[task.name]), Workload((task,)), sheet) for task in workload.task_types]
    assert cost(Routed(table(**tiers)), workload, sheet) == exact(sum)(parts)


@given(routed(), sheets())
def test_the_mix_follows_from_the_volumes(
    drawn: tuple[Workload, dict[str, str]], sheet: PricingSheet
) -> None:
    workload, tiers = drawn
    expansion = Routed(table(**tiers)).expand(workload, tier_models(sheet, build.DAY))
    total = sum((task.tasks_per_day for task in workload.task_types), Decimal(0))
    assert expansion.mix_follows
    if not total:
        assert expansion.mix == {}
        return
    assert list(expansion.mix) == [tier for tier in TIERS if tier in tiers.values()]
    for tier, share in expansion.mix.items():
        volume = sum(task.tasks_per_day for task in workload.task_types if tiers[task.name] == tier)
        assert share == pytest.approx(volume / total)


def test_the_built_in_pipeline_by_hand() -> None:
    scenario = load_scenario("content-pipeline")
    expansion = scenario.strategies["routed"].expand(
        scenario.workload, tier_models(scenario.pricing, build.DAY)
    )
    tasks = {"haiku": 1000, "sonnet": 1000 + 120 + 120, "opus": 100}
    assert {tier: float(share) for tier, share in expansion.mix.items()} == pytest.approx(
        {tier: count / 2340 for tier, count in tasks.items()}
    )


def test_a_task_is_routed_by_its_type_not_its_name() -> None:
    task = TaskType("publish", Decimal(1), build.tokens(1000, 100), kind="decision")
    sheet = build.sheet(low=build.entry(input=1, output=5), high=build.entry(input=5, output=25))
    strategy = Routed(table(publish="low", decision="high"))
    assert cost(strategy, Workload((task,)), sheet) == build.mtok(5, 1000) + build.mtok(25, 100)


def test_of_rows_that_repeat_a_type_the_first_counts() -> None:
    rows = (Route("draft", "low", 0), Route("draft", "high", 1))
    strategy = Routed(RoutingTable("invented", "invented", rows))
    sheet = build.sheet(low=build.entry(input=1, output=5), high=build.entry(input=5, output=25))
    workload = Workload((TaskType("draft", Decimal(1), build.tokens(1000, 0)),))
    assert cost(strategy, workload, sheet) == build.mtok(1, 1000)


def test_a_type_without_a_route_is_refused() -> None:
    workload = Workload((TaskType("darft", Decimal(1), build.tokens(1, 1)),))
    sheet = build.sheet(low=build.entry(input=1, output=5))
    expected = 'table "invented" has no route for task type "darft"; did you mean "draft"?'
    with pytest.raises(UnknownNameError, match=expected.replace("?", r"\?")):
        cost(Routed(table(draft="low")), workload, sheet)
