"""Hits of a shared cache that follow from the arrivals of calls and its lifetime."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import routecost
from routecost.engine.actuals.planned_usage import PlannedMonth
from routecost.engine.mixes.sweep import sweep
from routecost.engine.pricing.tier_models import tier_models
from routecost.engine.projection.project import project
from routecost.engine.projection.schedule import schedule
from routecost.engine.strategies.conversation import Conversation, Turns
from routecost.engine.strategies.tier import UniformTier
from routecost.engine.uncertainty.path_number import PathNumber
from routecost.engine.uncertainty.path_vectors import PathVectors
from routecost.engine.usage.cache_hits import missed_share
from routecost.errors import UnpricedError
from routecost.model.pricing.hours import MINUTES_PER_WEEK
from routecost.model.pricing.usage import UsageKey
from routecost.model.results.breakeven import Question
from routecost.model.results.mix_sweep import MixGrid
from routecost.model.scenario.arrivals import Arrivals
from routecost.model.scenario.caching import CachedPrefix
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import DayCount, Launch, Plan, WorkStep
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.success import Rework
from routecost.model.scenario.workload import Carry, TaskCalls, TaskType
from tests.support.build import (
    DAY,
    compared,
    cost,
    entry,
    mix,
    mtok,
    scenario,
    sheet,
    successes,
    task,
    tokens,
    workload,
)

ONE = Decimal(1)
FLAT = Arrivals("UTC", (((0, MINUTES_PER_WEEK), ONE),))
PRICES: dict[str, Any] = {
    "input": 1,
    "output": 5,
    "cache_read": "0.1",
    "cache_write_5m": "1.25",
    "cache_write_1h": 2,
}
ON = sheet(low=entry(**PRICES), high=entry(**PRICES))
ROUNDING = Decimal("1e-12")


def prefixed(per_day: int | str, arrivals: Arrivals | None = FLAT, window: str = "5m") -> TaskType:
    one = task(per_day, tokens(2_000, 0), arrivals=arrivals)
    return replace(one, cache=CachedPrefix(Decimal(1_000), None, window))


def per_call(missed: float, write: str = "1.25") -> Decimal:
    share = Decimal(missed)
    return mtok(1, 1_000) + mtok(write, 1_000) * share + mtok("0.1", 1_000) * (1 - share)


def test_even_arrivals_miss_if_none_came_within_the_lifetime() -> None:
    # 288 a day are one in five minutes
    assert abs(cost("low", workload(prefixed(288)), ON) - 288 * per_call(exp(-1))) < ROUNDING
    hour = workload(prefixed(48, window="1h"))
    assert abs(cost("low", hour, ON) - 48 * per_call(exp(-2), "2")) < ROUNDING


def test_more_tasks_cost_less_each() -> None:
    costs = [cost("low", workload(prefixed(number)), ON) / number for number in (1, 10, 100, 1_000, 10_000)]
    assert costs == sorted(costs, reverse=True)
    assert abs(costs[-1] - per_call(0)) < Decimal("1e-15")


def test_a_mix_splits_the_arrivals() -> None:
    work = workload(prefixed(288))
    expected = 288 * (Decimal("0.25") * per_call(exp(-0.25)) + Decimal("0.75") * per_call(exp(-0.75)))
    assert abs(cost(mix(low="0.25", high="0.75"), work, ON) - expected) < ROUNDING


def test_calls_of_one_task_come_together() -> None:
    one = replace(prefixed(288), calls=TaskCalls(4))
    assert abs(cost("low", workload(one), ON) - 288 * 4 * per_call(exp(-1) / 4)) < ROUNDING
    # another model was called in between: each model is visited twice
    back = Conversation((Turns("low", 1), Turns("high", 1), Turns("low", 1), Turns("high", 1)), cached=False)
    assert abs(cost(back, workload(one), ON) - 288 * 4 * per_call(exp(-2))) < ROUNDING


def test_a_context_that_grows_keeps_its_prefix() -> None:
    one = replace(prefixed(288), calls=TaskCalls(2, Decimal(500), Carry.ALL))
    plain = mtok(1, 500) * 2 + mtok(1, 2_000)  # the second call carries the first
    assert abs(cost("low", workload(one), ON) - 288 * (2 * per_call(exp(-1) / 2) + plain)) < ROUNDING


def test_rework_arrives_as_other_calls_do() -> None:
    one = replace(
        successes(prefixed(288), low="0.5"), rework=Rework(ONE, Decimal(0), "low"), failure_cost=ONE
    )
    assert abs(cost("low", workload(one), ON) - 288 * Decimal("1.5") * per_call(exp(-1.5))) < ROUNDING


profiles = st.lists(st.integers(0, 5), min_size=7 * 24, max_size=7 * 24).filter(any)


def of_hours(weights: list[int]) -> Arrivals:
    spans = ((hour * 60, hour * 60 + 60) for hour in range(len(weights)))
    weighted = ((span, Decimal(weight)) for span, weight in zip(spans, weights, strict=True) if weight)
    return Arrivals("UTC", tuple(weighted))


def integrated(weights: list[int], lifetime: int, per_week: float) -> float:
    """Sum over short steps of a week, as the definition says."""
    step = 0.5
    minutes = np.arange(step / 2, MINUTES_PER_WEEK, step)
    rates = np.array(weights, float)[(minutes // 60).astype(int)]
    rates *= per_week / (rates.sum() * step)
    before = round(lifetime / step)
    total = np.concatenate([[0.0], np.cumsum(np.concatenate([rates[-before - 1 :], rates]) * step)])
    within = (total[before:] - total[: len(total) - before])[-len(rates) - 1 :]
    return float((rates * np.exp(-(within[:-1] + within[1:]) / 2)).sum() * step / per_week)


@given(
    weights=profiles, window=st.sampled_from(["5m", "1h"]), per_week=st.sampled_from([1, 50, 2_000, 9_000])
)
def test_profiles_agree_with_an_integral(weights: list[int], window: str, per_week: int) -> None:
    exactly = float(missed_share(of_hours(weights), window, Decimal(per_week)))
    assert exactly == pytest.approx(integrated(weights, {"5m": 5, "1h": 60}[window], per_week), abs=2e-3)
    assert 0 <= exactly <= 1


@given(weights=profiles, window=st.sampled_from(["5m", "1h"]))
def test_all_paths_agree_with_decimals(weights: list[int], window: str) -> None:
    volumes = [0.0, 1e-9, 1e-3, 1.0, 700.0, 1e5, 1e12]
    space = PathVectors(len(volumes))
    number = PathNumber(space, space.vector(np.array(volumes)))
    exactly = [missed_share(of_hours(weights), window, Decimal(volume)) for volume in volumes]
    values = missed_share(of_hours(weights), window, number).values
    assert values.tolist() == pytest.approx([float(share) for share in exactly], rel=1e-12, abs=1e-300)


def grown(start: int = 288, **plan: Any) -> Scenario:
    return scenario(
        {"low": "low", "mixed": mix(low="0.5", high="0.5")}, workload(prefixed(start)), ON, **plan
    )


def test_growth_of_a_plan_changes_the_hits() -> None:
    months = project(grown(), Horizon(date(2026, 2, 1), 4, Decimal("0.5"))).strategies
    for at in range(4):
        volume = 288 * Decimal("1.5") ** at
        exactly = compared(
            {"low": "low", "mixed": mix(low="0.5", high="0.5")}, workload(prefixed(str(volume))), ON
        )
        for spend in months:
            expected = exactly[spend.strategy].cost_per_month
            assert abs(spend.months[at].cost - expected) < Decimal("1e-50")


def test_steps_launches_and_seasons_change_the_hits() -> None:
    steps = (WorkStep(date(2026, 3, 1), Decimal(3)),)
    launch = Launch("b", date(2026, 3, 1), workload(prefixed(100)), share=Decimal("0.5"))
    plan = Plan(steps=steps, seasons={3: Decimal(2)}, launches=(replace(launch, workload=grown().workload),))
    months = project(grown(plan=plan), Horizon(date(2026, 2, 1), 2)).strategies[0].months
    one, other = (cost("low", workload(prefixed(number)), ON) for number in (6 * 288, 144))
    assert abs(months[1].cost - 30 * (one + other)) < Decimal("1e-20")


def test_working_days_have_the_arrivals_of_five_days() -> None:
    plan = Plan(days=DayCount.WORKING)
    (month,) = project(grown(plan=plan), Horizon(date(2026, 3, 1), 1)).strategies[0].months
    assert abs(month.cost - 22 * 288 * per_call(exp(-5 / 7))) < ROUNDING


def test_planned_usage_has_the_hits_of_its_month() -> None:
    fleet, horizon = grown(), Horizon(date(2026, 2, 1), 2, ONE)
    planned = schedule(fleet, horizon)
    month = planned.rows["low"][1]
    units = PlannedMonth(fleet, month, planned.works, 0).units  # type: ignore[arg-type]
    usage = UniformTier("low").expand(workload(prefixed(576)), tier_models(ON, DAY)).usage
    key = UsageKey("model-low", "cache_write_5m")
    assert float(units["model-low", "cache_write_5m"]) == pytest.approx(
        30 * float(usage.counts[key]), rel=1e-12
    )


FLEET = """\
version: 1
pricing: claude-2026-11
as_of: 2026-11-22
workload:
  tasks_per_day: {uncertain: uniform, low: 100, high: 500}
  tokens: {input: 5000, output: 300}
  cache: {prefix: 4000}
  arrivals: {time_zone: UTC, from: "08:00", to: "18:00", days: working}
strategies: {all-opus: {tier: opus}, split: {mix: {haiku: 50%, opus: 50%}}}
default: all-opus
proposed: split
routing_costs: {engineering: 100, upkeep_per_month: 5, within_months: 12}
plan: {growth: 10%}
"""


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    path = tmp_path / "fleet.yaml"
    path.write_text(FLEET)
    return path


def test_uncertain_volumes_have_the_hits_of_each_run(fleet: Path) -> None:
    projection = routecost.project(fleet, months=3, runs=4_000)
    assert projection.outlook is not None
    by_name = {strategy.strategy: strategy for strategy in projection.outlook.strategies}
    for name in ("all-opus", "split"):
        for at, growth in enumerate((1.0, 1.1, 1.21)):
            for share in ("p10", "p50", "p90"):
                volume = 100 + 400 * float(share[1:]) / 100
                exactly = float(month_of(fleet, volume * growth, name))
                # the cost rises with the volume, so its quantiles are the costs of quantiles
                assert float(getattr(by_name[name].months[at], share)) == pytest.approx(exactly, rel=0.01)


def month_of(fleet: Path, volume: float, name: str) -> Decimal:
    sized = fleet.with_name("sized.yaml")
    sized.write_text(FLEET.replace("{uncertain: uniform, low: 100, high: 500}", f"{volume:.17g}"))
    return routecost.compare(sized)[name].cost_per_month


def test_sweeps_of_the_volume_change_the_hits(fleet: Path) -> None:
    swept = routecost.sweep_over(fleet, ["tasks_per_day=100:300:100"])
    for point, volume in zip(swept.points, (100, 200, 300), strict=True):
        for row in point.costs:
            assert row.cost_per_month == month_of(fleet, volume, row.strategy)


def test_the_break_even_volume_costs_the_same(fleet: Path) -> None:
    (answer,) = routecost.breakeven(fleet).of(Question.VOLUME)
    assert answer.value is not None
    default, proposed = (month_of(fleet, float(answer.value), name) for name in ("all-opus", "split"))
    assert float(default - proposed) * 12 == pytest.approx(100 + 5 * 12, rel=1e-6)


def test_mixes_are_not_taken_for_linear() -> None:
    result = sweep(grown(), MixGrid(Decimal("0.5")), DAY)
    assert result.why_not_linear is not None
    at = [*result.columns].index("cost_per_month")
    by_mix = {tuple(row[:2]): row[at] for row in result.rows}
    for share in (Decimal(0), Decimal("0.5"), Decimal(1)):
        mixed = {"mixed": mix(low=str(share), high=str(1 - share))}
        exactly = compared(mixed, workload(prefixed(288)), ON)["mixed"].cost_per_month
        assert by_mix[float(share), float(1 - share)] == pytest.approx(float(exactly), rel=1e-9)


def test_unknown_arrivals_are_an_error() -> None:
    with pytest.raises(UnpricedError, match='expected "reuse" or "arrivals"'):
        cost("low", workload(prefixed(100, None)), ON)


def test_the_tasks_in_a_budget_have_the_hits_of_their_volume(fleet: Path) -> None:
    fleet.write_text(FLEET + "budget: {amount: 50, per: month, strategy: split}\n")
    for name in ("all-opus", "split"):
        count = routecost.compare(fleet)[name].tasks_per_budget
        assert count is not None
        assert count == int(count)
        fitting, beyond = (month_of(fleet, float(number) / 30, name) for number in (count, count + 1))
        assert fitting <= 50 < beyond
