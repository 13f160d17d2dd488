"""Capacity of one strategy is in the bill of that strategy alone, in every command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import routecost
from routecost.errors import UnpricedError
from routecost.model.results.breakeven import Answer, Question
from routecost.model.scenario.scenario import Scenario
from routecost.report.breakeven import report as breakeven_report
from routecost.report.compare.compare import report as compare_report
from routecost.report.mixes.sweep import report as sweep_report
from routecost.report.optimize import report as optimize_report
from tests.support.fleets import Document, write
from tests.support.reports import text_of

SHEET: Document = {
    "version": 1,
    "currency": "USD",
    "source": "invented",
    "tiers": {"low": "a", "mid": "b", "high": "c"},
    "models": {
        "a": [{"input": 1, "output": 5}],
        "b": [{"input": 2, "output": 10, "provisioned_hour": 3}],
        "c": [{"input": 3, "output": 15, "provisioned_hour": 3}],
    },
}
FLEET: Document = {
    "version": 1,
    "pricing": "./sheet.yaml",
    "as_of": "2026-02-01",
    "workload": {
        "tasks_per_day": 100,
        "tokens": {"input": 8000, "output": 2000},
        "success": {"low": "80%", "mid": "90%", "high": "95%"},
        "failure_cost": 2,
    },
    "strategies": {
        "rented": {"tier": "high"},
        "high": {"tier": "high"},
        "both": {"mix": {"low": "20%", "mid": "40%", "high": "40%"}},
        "low": {"tier": "low"},
    },
    "default": "high",
    "proposed": "rented",
}
HALF: Document = {"strategy": "rented", "units": 1, "hours": 1, "covers": "50%"}
POOL: Document = {"strategy": "both", "units": 2, "hours": 12, "tokens_per_hour": 50_000}
LOW, MID, HIGH = (30 * (Decimal("0.8") * rate + Decimal("0.2") * 5 * rate) for rate in (1, 2, 3))
"""A million tokens a day, 800,000 of them input, for a month."""
FEE = Decimal(30 * 3)
"""A month of a unit for an hour a day."""
RENTED = FEE + HIGH / 2
# Of the 800,000 tokens a day on both models with a rate, 600,000 are served.
BOTH = 24 * FEE + LOW / 5 + (MID + HIGH) * Decimal("0.4") / 4

Load = Callable[..., Scenario]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Return a function that loads the fleet with other keys, and perhaps another sheet."""

    def load(*capacity: Document, sheet: Document = SHEET, **keys: Any) -> Scenario:
        write(sheet, tmp_path / "sheet.yaml")
        return routecost.load_scenario(
            write({**FLEET, "capacity": list(capacity), **keys}, tmp_path / "fleet.yaml")
        )

    return load


def months(scenario: Scenario) -> dict[str, Decimal]:
    return {cost.strategy: cost.cost_per_month for cost in routecost.compare(scenario).strategies}


@pytest.mark.parametrize(
    ("capacity", "costs"),
    [
        ([HALF], {"rented": RENTED}),
        ([POOL], {"both": BOTH}),
        ([HALF, POOL], {"rented": RENTED, "both": BOTH}),
        ([{**HALF, "tier": "high"}], {"rented": RENTED}),
        (
            [{**HALF, "tier": "mid", "strategy": "both"}, {**HALF, "tier": "high", "strategy": "both"}],
            {"both": 2 * FEE + LOW / 5 + (MID + HIGH) * Decimal("0.4") / 2},
        ),
        ([{**HALF, "tier": "low", "strategy": "both"}], "no rate"),
        ([{**HALF, "tier": "mid"}], {}),  # a tier that the strategy does not use
        (
            [HALF, {**HALF, "tier": "high", "strategy": "both", "units": 3}],
            {"rented": RENTED, "both": 3 * FEE + LOW / 5 + MID * Decimal("0.4") + HIGH * Decimal("0.2")},
        ),
    ],
)
def test_only_its_strategy_pays_and_is_covered(load: Load, capacity: list[Document], costs: Any) -> None:
    if costs == "no rate":
        with pytest.raises(routecost.DocumentError, match="no rate"):
            load(*capacity)
        return
    plain = {"rented": HIGH, "high": HIGH, "both": LOW / 5 + (MID + HIGH) * Decimal("0.4"), "low": LOW}
    assert months(load(*capacity)) == {**plain, **costs}


def test_a_bill_has_the_fee_and_what_is_served_and_not_used(load: Load) -> None:
    comparison = routecost.compare(load(HALF, {**POOL, "tokens_per_hour": 90_000}))
    (served,) = comparison["rented"].bill.terms
    assert (served.name, served.amount) == ("tokens of rented served by capacity", -HIGH / 2)
    assert comparison["rented"].bill.total == comparison["rented"].cost_per_day * 30 == RENTED
    text = text_of(compare_report(comparison, explain=True))
    assert "The capacity of both is more than both uses: 800,000 of 1,080,000 tokens a day." in text
    assert text.count("provisioned_hour") == 2


def test_projections_and_migrations_pay_while_the_strategy_is_in_force(load: Load) -> None:
    phases = [
        {"strategy": "high"},
        {"from": "2026-03-01", "strategy": "rented"},
        {"from": "2026-04-11", "strategy": "low"},
    ]
    rows = routecost.project(load(HALF, POOL, plan={"migrations": {"move": phases}}), months=4, runs=2)
    costs = {row.strategy: [month.cost for month in row.months] for row in rows.strategies}
    assert (costs["rented"], costs["both"]) == ([RENTED] * 4, [BOTH] * 4)
    assert costs["high"] == [HIGH] * 4
    assert costs["move"] == [HIGH, RENTED, RENTED / 3 + LOW * 2 / 3, LOW]


def test_simulated_months_pay_as_exact_ones(load: Load) -> None:
    work = {**FLEET["workload"], "tasks_per_day": {"uncertain": "uniform", "low": 99, "high": 101}}
    plan = {"migrations": {"move": [{"strategy": "high"}, {"from": "2026-03-01", "strategy": "rented"}]}}
    rows = routecost.project(load(HALF, workload=work, plan=plan), months=2, runs=200)
    first, second = rows["move"].months
    assert float(first.p50 or 0) == pytest.approx(float(HIGH), rel=0.01)
    assert float(second.p50 or 0) == pytest.approx(float(RENTED), rel=0.01)


def test_task_types_that_change_apart_share_one_fee(load: Load) -> None:
    """A part of the work on a model without a rate has no fee, and the parts of a day have one together."""
    types = {name: {"tasks_per_day": 100, "tokens": {"input": 8000, "output": 2000}} for name in "xyz"}
    assign = {"x": {"tier": "low"}, "y": {"tier": "mid"}, "z": {"tier": "high"}}
    keys: Document = {
        "workload": {"task_types": types},
        "strategies": {"apart": {"assign": assign}},
        "default": "apart",
        "proposed": "apart",
    }
    scenario = load({**POOL, "strategy": "apart", "covers": "50%", "tokens_per_hour": None}, **keys)
    assert months(scenario) == {"apart": 24 * FEE + LOW + (MID + HIGH) / 2}
    steps = [{"from": "2026-03-01", "factor": 2, "task_types": [name]} for name in "xy"]
    apart = routecost.project(scenario, months=1, runs=2)["apart"]
    assert apart.months[0].cost == months(scenario)["apart"]
    planned = load(
        {**POOL, "strategy": "apart", "covers": "50%", "tokens_per_hour": None},
        plan={"volume": steps},
        **keys,
    )
    costs = [month.cost for month in routecost.project(planned, months=2, runs=2)["apart"].months]
    assert costs == [24 * FEE + LOW + (MID + HIGH) / 2, 24 * FEE + 2 * LOW + (2 * MID + HIGH) / 2]


def test_a_rate_that_ends_with_a_model_is_an_error(load: Load) -> None:
    tiers = {"high": [{"from": "2026-01-01", "model": "c"}, {"from": "2026-03-01", "model": "a"}]}
    sheet = {**SHEET, "tiers": {**SHEET["tiers"], **tiers}}
    scenario = load(HALF, sheet=sheet)
    assert months(scenario)["rented"] == RENTED
    with pytest.raises(UnpricedError, match='"rented" uses on 2026-03-01 \\("a"\\)') as error:
        routecost.project(scenario, months=2, runs=2)
    (finding,) = error.value.findings
    assert (finding.source_line or "")[finding.position.column - 1 :].startswith('"rented"')


def test_capacity_of_a_tier_serves_no_other_tier_on_its_later_model(load: Load) -> None:
    tiers = {"mid": [{"from": "2026-01-01", "model": "b"}, {"from": "2026-03-01", "model": "c"}]}
    sheet = {**SHEET, "tiers": {**SHEET["tiers"], **tiers}}
    assert months(load({**HALF, "tier": "mid", "strategy": "both"}, sheet=sheet))["both"] == (
        FEE + LOW / 5 + MID * Decimal("0.2") + HIGH * Decimal("0.4")
    )


def test_sweeps_of_fields_pay_at_each_point(load: Load, tmp_path: Path) -> None:
    load(HALF, POOL)
    sweep = routecost.sweep_over(tmp_path / "fleet.yaml", ["tasks_per_day=100,200", "capacity.0.units=1,2"])
    costs = [
        [cost.cost_per_month for cost in point.costs if cost.strategy == "rented"] for point in sweep.points
    ]
    assert costs == [[RENTED], [RENTED + FEE], [FEE + HIGH], [2 * FEE + HIGH]]
    load({**HALF, "strategy": "both", "tier": "high"})
    shares = routecost.sweep_over(tmp_path / "fleet.yaml", ["strategies.both.mix.high=40%,10%"])
    mixed = [
        cost.cost_per_month for point in shares.points for cost in point.costs if cost.strategy == "both"
    ]
    assert mixed == [FEE + LOW / 5 + MID * 2 / 5 + HIGH / 5, FEE + LOW * 3 / 10 + MID * 3 / 5 + HIGH / 20]


def test_no_mix_of_a_grid_pays(load: Load) -> None:
    sweep = routecost.sweep(load(HALF, POOL), step="20%")
    assert sweep.why_not_linear is None
    frame = sweep.to_frame().round({"low": 1, "mid": 1}).set_index(["low", "mid"])
    assert frame["cost_per_month"][0.2, 0.4] == pytest.approx(float(LOW / 5 + (MID + HIGH) * Decimal("0.4")))
    shown = {highlight.strategy: highlight.mix.cost_per_month for highlight in sweep.highlights}
    assert (shown["rented"], shown["both"]) == (RENTED, BOTH)
    assert "Capacity that is for rented, both alone: the mixes neither pay for it nor use it." in text_of(
        sweep_report(sweep)
    )


def test_no_policy_pays(load: Load) -> None:
    search = routecost.search_policies(load(HALF, POOL))
    plain = routecost.search_policies(load())
    for policy in search.policies:
        assert search.comparison[policy.name].cost_per_month == plain.comparison[policy.name].cost_per_month
    assert search.approximate == ()
    assert search.comparison["rented"].cost_per_month == RENTED
    assert "alone: the policies neither pay" in text_of(optimize_report(search))


def test_a_tornado_and_claims_are_about_the_same_cost(load: Load, tmp_path: Path) -> None:
    claims = [
        {"that": "strategies.rented.cost_per_month", "is": float(RENTED), "within": 0},
        {
            "that": "strategies.rented.cost_per_month",
            "is": float(3 * FEE + HIGH / 2),
            "within": 0,
            "with": {"capacity.0.units": 3},
        },
        {
            "that": "strategies.rented.cost_per_month",
            "is": float(FEE + MID / 2),
            "within": 0,
            "with": {"strategies.rented.tier": "mid"},
        },
    ]
    load(HALF, claims=claims)
    tornado = routecost.tornado(tmp_path / "fleet.yaml", by="50%")
    assert tornado.cost_per_month == RENTED
    (moved,) = (row for row in tornado.assumptions if row.name == "workload.tasks_per_day")
    assert (moved.down.cost, moved.up.cost) == (FEE + HIGH / 4, FEE + HIGH * 3 / 4)
    assert [claim.holds for claim in routecost.check(tmp_path / "fleet.yaml").claims] == [True] * 3


def test_the_volume_from_which_it_pays(load: Load) -> None:
    """The fee is 90 and half of 5.4 a day per million tokens is saved: 90 + 126 are 80 days of 2.7."""
    scenario = load(HALF)
    rows = routecost.breakeven(scenario, engineering=126, upkeep=0, within=1)
    (row,) = rows.of(Question.VOLUME)
    assert row.answer is Answer.AT
    assert row.value == pytest.approx(100 * (FEE + 126) / (HIGH / 2))
    assert row.value is not None
    factor = row.value / 100
    at = months(replace(scenario, workload=scenario.workload.times(factor)))
    assert at["high"] - at["rented"] == pytest.approx(126)
    assert "Capacity that is for rented alone: single tiers, and starts higher up, neither" in text_of(
        breakeven_report(rows)
    )


def test_a_strategy_that_is_left_out_takes_its_capacity_along(load: Load, tmp_path: Path) -> None:
    faulty = {**FLEET["strategies"], "rented": {"tier": "hihg"}}
    with pytest.raises(routecost.DocumentError):
        load(HALF, strategies=faulty, default=None, proposed=None)
    comparison = routecost.compare(tmp_path / "fleet.yaml", strategies=["high"])
    assert comparison["high"].cost_per_month == HIGH


def test_prices_without_the_rate_are_an_error_in_every_command(load: Load, tmp_path: Path) -> None:
    bare = {tier: [{"input": 1, "output": 5}] for tier in "abc"}
    scenario = load(HALF)
    sheet = write({**SHEET, "models": bare}, tmp_path / "bare.yaml")
    for run in (routecost.compare, routecost.project, routecost.breakeven, routecost.sweep):
        with pytest.raises(UnpricedError, match='no rate for meter "provisioned_hour" of any model that'):
            run(scenario, pricing=sheet)
        with pytest.raises(
            routecost.DocumentError, match='no rate for meter "provisioned_hour" of any model'
        ):
            run(tmp_path / "fleet.yaml", pricing=sheet)


def test_the_rates_of_one_model_of_a_pool_cannot_move_alone(load: Load, tmp_path: Path) -> None:
    load(POOL)
    tornado = routecost.tornado(tmp_path / "fleet.yaml", strategy="both")
    moved = {row.name: (row.down.cost, row.up.why) for row in tornado.assumptions}
    assert tornado.cost_per_month == BOTH
    assert moved["rates of a"] == (BOTH - LOW / 25, None)
    assert moved["rates of b"][0] is None
    assert "different rates or terms" in str(moved["rates of b"][1])
