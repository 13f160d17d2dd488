"""Strategies that subscriptions pay for, by hand, in every command."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import routecost
from routecost.errors import DocumentError, UnpricedError
from routecost.model.report.cells import Range
from routecost.model.results.breakeven import Answer, Question
from routecost.model.results.subscriptions.seat_groups import Cheaper
from routecost.render.formats.json import render
from routecost.report.breakeven import report as breakeven_report
from routecost.report.compare.compare import report as compare_report
from routecost.report.projection.figure import figure as project_figure
from routecost.report.projection.project import report as project_report
from tests.engine.pricing.subscriptions.conftest import EVENLY, Fleet
from tests.engine.pricing.subscriptions.reference import rolled
from tests.support.fleets import Document
from tests.support.reports import text_of


def test_overage_is_at_api_rates(fleet: Fleet) -> None:
    plan = {"fee": 5, "beyond": "api", "included": [{"money": 8}]}
    cost = routecost.compare(fleet(plan, {"usage": EVENLY}))["team"]
    assert cost.cost_per_month == 2 * 5 + (30 - 2 * 8)
    assert cost.worst is None
    assert cost.vs_baseline == Decimal(24) / 30 - 1


def test_groups_do_not_share_what_is_included_per_seat(fleet: Fleet) -> None:
    plan = {"fee": 5, "beyond": "api", "included": [{"money": 8}]}
    usage = {"light": {"seats": "75%", "work": "25%"}, "heavy": {"seats": "25%", "work": "75%"}}
    cost = routecost.compare(fleet(plan, {"usage": usage, "seats": 4}))["team"]
    assert cost.subscribed is not None
    light, heavy = cost.subscribed.groups
    assert [light.api_cost_per_month, light.cost_per_month] == [Decimal("7.5"), 15]
    assert (heavy.api_cost_per_month, heavy.cost_per_month) == (Decimal("22.5"), 5 + Decimal("22.5") - 8)
    assert (light.cheaper, heavy.cheaper) == (Cheaper.API, Cheaper.SUBSCRIPTION)
    assert cost.cost_per_month == light.cost_per_month + heavy.cost_per_month


def test_an_unknown_spread_over_seats_is_a_range(fleet: Fleet) -> None:
    plan = {"fee": 5, "beyond": "api", "included": [{"money": 8}]}
    comparison = routecost.compare(fleet(plan))
    cost = comparison["team"]
    assert [cost.cost_per_month, cost.cost_per_month_high] == [24, 10 + 30 - 8]
    assert comparison.savings is not None
    assert [comparison.savings.per_month_low, comparison.savings.per_month_high] == [-2, 6]
    text = " ".join(text_of(compare_report(comparison)).split())
    assert 'state "usage" of it to narrow the range' in text
    assert (
        "team (proposed) may save money or cost more, compared with api (default), by how much subscriptions "
        "serve: it saves at most $6.00 a month and costs at most $2.00 a month more." in text
    )
    assert "saves 20" not in text, "the best case is no estimate"
    assert "repeated work" not in text
    assert comparison.verdict is None, "the same calls: nothing is routed"


@pytest.mark.parametrize(
    ("use", "used"),
    [
        ({"credit_value": "0.001"}, 30_000),
        ({"credit_rates": {"m": {"input": 500, "output": 1000}}}, 3000 * (2 + Decimal("0.2"))),
        ({"credit_rates": {"m": {"request": 1000}}}, 3000),
    ],
)
def test_credits_beyond_the_pool_are_bought(fleet: Fleet, use: Document, used: Decimal) -> None:
    plan = {
        "fee": 5,
        "beyond": "credits",
        "credit_price": "0.01",
        "included": [{"credits": 100, "of": "seats"}],
    }
    cost = routecost.compare(fleet({**plan, **use}))["team"]
    assert cost.cost_per_month == 10 + (used - 200) * Decimal("0.01")
    assert [line.amount for line in cost.bill.terms] == [-30, 10, (used - 200) * Decimal("0.01")]


def test_a_model_without_credits_is_an_error_at_its_strategy(fleet: Fleet) -> None:
    plan = {"fee": 5, "beyond": "stop", "included": [{"credits": 1}], "credit_rates": {"n": {"input": 1}}}
    with pytest.raises((UnpricedError, DocumentError), match='model "m" takes an unknown number of credits'):
        routecost.compare(fleet(plan))
    rates = {"credit_rates": {"m": {"input": 1}}}
    with pytest.raises((UnpricedError, DocumentError), match='"output" of model "m" takes an unknown number'):
        routecost.compare(fleet({**plan, **rates}))


def test_work_that_is_not_done_is_counted_and_not_compared(fleet: Fleet) -> None:
    plan = {"fee": 5, "beyond": "stop", "included": [{"tasks": 600}]}
    path = fleet(plan, {"usage": EVENLY})
    comparison = routecost.compare(path)
    cost = comparison["team"]
    assert cost.subscribed is not None
    assert cost.subscribed.total("tasks_not_served") == 3000 - 1200
    assert round(cost.cost_per_task or 0, 20) == round(Decimal(10) / 1200, 20)
    assert [cost.cost_per_month, cost.vs_baseline, comparison.savings] == [10, None, None]
    assert cost.served_share == cost.served_share_low == Decimal("0.4")
    assert comparison.columns[-1] == "served_share"
    assert comparison["api"].served_share == 1
    assert "1,800 tasks a month are not done" in " ".join(text_of(compare_report(comparison)).split())
    projection = routecost.project(path, months=2)
    assert [month.tasks_not_served for month in projection["team"].months] == [1800, 1800]
    assert projection["team"].vs_baseline is None
    assert projection.savings is None
    assert "3,600 tasks in all are not done" in " ".join(text_of(project_report(projection)).split())


def test_slow_work_is_done_and_counted(fleet: Fleet) -> None:
    plan = {"fee": 5, "beyond": "slow", "included": [{"tasks": 600}]}
    comparison = routecost.compare(fleet(plan, {"usage": EVENLY}))
    cost = comparison["team"]
    assert cost.subscribed is not None
    assert [cost.subscribed.total("tasks_slowed"), cost.subscribed.total("tasks_not_served")] == [1800, 0]
    assert round(cost.vs_baseline or 0, 20) == round(Decimal(10) / 30 - 1, 20)
    assert "is slow for 1,800 tasks" in text_of(compare_report(comparison))


def test_an_unknown_amount_is_between_nothing_and_everything(fleet: Fleet) -> None:
    plan = {"fee": 5, "beyond": "api", "included": [{"tokens": "unknown", "per": "5h"}]}
    cost = routecost.compare(fleet(plan, {"usage": EVENLY, "windows": "even"}))["team"]
    assert [cost.cost_per_month, cost.cost_per_month_high] == [10, 10 + 30]
    bounds = {"tokens": "unknown", "at_least": 1_050_000, "at_most": 2_100_000}
    cost = routecost.compare(fleet({**plan, "included": [bounds]}, {"usage": EVENLY}))["team"]
    tokens = 3000 * 4200
    low, high = (10 + 30 * (1 - Decimal(2 * most) / tokens) for most in (2_100_000, 1_050_000))
    assert [float(cost.cost_per_month), float(cost.cost_per_month_high)] == [float(low), float(high)]


def test_seats_and_fees_follow_the_dates_of_a_projection(fleet: Fleet) -> None:
    plan = [
        {"fee": 5, "beyond": "api", "included": [{"money": 8}]},
        {"from": "2026-05-01", "fee": 6, "beyond": "api", "included": [{"money": 8}]},
    ]
    seats = [{"from": "2026-03-17", "seats": 2}, {"from": "2026-06-01", "seats": 3}]
    path = fleet(plan, {"usage": EVENLY, "seats": seats}, plan={"start": "2026-03"})
    months = routecost.project(path, months=5, as_of=None)["team"].months
    half = Decimal(30) * 16 / 31 + (10 + 14) * Decimal(15) / 31
    expected = [half, Decimal(24), Decimal(12 + 14), Decimal(18 + 6), Decimal(18 + 6)]
    assert [round(month.cost, 20) for month in months] == [round(cost, 20) for cost in expected]


def test_the_terms_of_both_parts_of_a_month_are_billed(fleet: Fleet) -> None:
    terms = [{"fee": 5, "beyond": "slow"}, {"from": "2026-04-11", "fee": 8, "beyond": "slow"}]
    path = fleet(terms, plan={"start": "2026-03"})
    costs = [month.cost for month in routecost.project(path, months=3)["team"].months]
    assert costs[0] == 10
    assert round(costs[1], 12) == round(Decimal(2 * 5 * 10 + 2 * 8 * 20) / 30, 12)
    assert costs[2] == 16


def test_unused_requests_are_no_money_of_later_terms(fleet: Fleet) -> None:
    more = {"fee": 5, "beyond": "api", "rollover": 1}
    terms = [
        {"included": [{"requests": 3000}], **more},
        {"from": "2026-04-01", "included": [{"money": 8}], **more},
    ]
    path = fleet(terms, {"usage": EVENLY}, plan={"start": "2026-03"})
    months = routecost.project(path, months=2)["team"].months
    assert [month.cost for month in months] == [10, 10 + 30 - 2 * 8]


def test_unused_amounts_roll_over(fleet: Fleet) -> None:
    plan = {"fee": 5, "beyond": "api", "included": [{"money": 10}], "rollover": 2}
    steps = {"2026-04-01": "10%", "2026-05-01": "20%", "2026-06-01": "300%", "2026-07-01": "150%"}
    path = fleet(
        plan,
        {"usage": EVENLY, "seats": 3},
        plan={
            "start": "2026-03",
            "volume": [{"from": day, "factor": factor} for day, factor in steps.items()],
        },
    )
    months = routecost.project(path, months=6)["team"].months
    uses = [
        Fraction(30) * part
        for part in (1, Fraction(1, 10), Fraction(1, 5), 3, Fraction(3, 2), Fraction(3, 2))
    ]
    done = rolled(Fraction(30), 2, uses)
    expected = [15 + use - part for use, part in zip(uses, done, strict=True)]
    assert [round(month.cost, 10) for month in months] == [
        round(Decimal(one.numerator) / one.denominator, 10) for one in expected
    ]


def test_owners_pay_for_their_own_seats(fleet: Fleet) -> None:
    def task(count: int, owner: str | None = None) -> Document:
        return {"tasks_per_day": count, "tokens": {"input": 4000, "output": 200}, "owner": owner or "rest"}

    workload = {"task_types": {"a": task(60, "x"), "b": task(30, "y"), "c": task(10)}}
    plan = {"fee": 5, "beyond": "api", "included": [{"money": 8}]}
    path = fleet(plan, {"seats": {"x": 2, "y": 1}, "usage": EVENLY}, workload=workload)
    comparison = routecost.compare(path, by=["owner"])
    (owners,) = comparison.breakdowns
    (month,) = {period.name: period for period in owners.periods if period.kind == "month"}.values()
    parts = {part: owners.cost("team", part, month).cost for part in owners.parts}
    assert parts == {"x": 10 + 18 - 16, "y": 5 + 9 - 8, "rest": 3}
    assert comparison["team"].cost_per_month == sum(parts.values())


def test_break_evens_are_where_both_cost_the_same(fleet: Fleet) -> None:
    plan = {"fee": 5, "beyond": "stop", "included": [{"tasks": 900, "per": "month"}]}
    path = fleet(plan, {"usage": EVENLY})
    result = routecost.breakeven(path)
    values = {row.parameter: round(row.value or 0, 12) for row in result.of(Question.SUBSCRIPTION)}
    assert values == {
        "team: tasks a day": round(Decimal(1000) / 30, 12),
        "team: seats": 6,
        "team: tasks a month of a seat of all": 500,
    }
    served = {row.parameter: round(row.value or 0, 12) for row in result.of(Question.SERVED)}
    assert served["team: tasks a day"] == 60
    assert served["team: tasks a month of a seat of all"] == 900
    assert served["team: seats"] == round(Decimal(3000) / 900, 12)
    assert "serves all tasks" in text_of(breakeven_report(result))


@pytest.mark.slow
def test_a_plan_that_stops_before_it_pays_never_pays(fleet: Fleet) -> None:
    plan = {"fee": 5, "beyond": "stop", "included": [{"tasks": 400}]}
    result = routecost.breakeven(fleet(plan, {"usage": EVENLY}))
    answers = {row.answer for row in result.of(Question.SUBSCRIPTION)}
    assert answers == {Answer.NEVER}
    path = fleet(plan, {"usage": EVENLY})
    (volume,) = routecost.breakeven(path, engineering=10, upkeep=1, within=12).of(Question.VOLUME)
    assert volume.answer is Answer.NOT_MODELLED
    assert volume.meaning == "The subscription of team may not serve all tasks."


def test_json_has_the_groups(fleet: Fleet, tmp_path: Path) -> None:
    plan = {"fee": 5, "beyond": "stop", "included": [{"requests": 20, "per": "5h"}]}
    with (tmp_path / "out.json").open("w", encoding="utf-8") as sink:
        render(compare_report(routecost.compare(fleet(plan))), sink)
    (row,) = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["subscriptions"]
    assert row["strategy"] == "team"
    assert (row["tasks_not_served"], row["tasks_not_served_high"]) == (0, 2980)
    assert row["cheaper"] == "not all served"


@pytest.mark.slow
def test_a_simulation_draws_months_after_the_subscription(fleet: Fleet) -> None:
    plan = {"fee": 5, "beyond": "api", "included": [{"money": 8}]}
    workload = {
        "tasks_per_day": {"uncertain": "uniform", "low": 50, "high": 150},
        "tokens": {"input": 4000, "output": 200},
    }
    projection = routecost.project(fleet(plan, {"usage": EVENLY}, workload=workload), months=1, runs=2000)
    (month,) = projection["team"].months
    expected = [10 + max(Decimal(0), Decimal(tasks) * 30 / 100 - 16) for tasks in (60, 100, 140)]
    found = [float(part or 0) for part in (month.p10, month.p50, month.p90)]
    assert found == pytest.approx([float(one) for one in expected], rel=0.05)


def test_volume_discounts_apply_to_what_is_billed_and_not_to_fees(fleet: Fleet) -> None:
    plan = {"fee": 5, "beyond": "api", "included": [{"money": 8}]}
    discount = {"volume_discounts": {"steps": [{"above": 4, "share": "50%"}]}}
    cost = routecost.compare(fleet(plan, {"usage": EVENLY}, discount))["team"]
    assert cost.cost_per_month == 10 + 4 + (14 - 4) / 2


def test_the_chart_of_a_projection_has_the_range_of_a_subscription(fleet: Fleet) -> None:
    projection = routecost.project(
        fleet({"fee": 5, "beyond": "api", "included": [{"money": 8}]}, {}), months=2
    )
    (cost, high) = (one["team"].months[0].cost for one in (projection, projection.worst or projection))
    assert cost < high
    (line,) = (one for one in project_figure(projection).lines if one.name == "team")
    assert line.values == (Range(float(cost), float(high)),) * 2
