"""Break-evens of the article's fleet, and questions that have none."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

import routecost
from routecost.engine.strategies.cascade import Cascade
from routecost.errors import UsageError
from routecost.model.results.breakeven import Answer, Question, routing_costs
from routecost.model.scenario.routing_decision import RoutingCosts
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.success import Detection
from routecost.units import exact
from tests.support.breakeven import (
    FLEET,
    HAIKU,
    OPUS,
    SONNET,
    breakevens_of,
    near,
    only,
    wrong,
)
from tests.support.build import (
    entry,
    mix,
    sheet,
    successes,
    task,
    tokens,
    workload,
)
from tests.support.strategies import TIERS

# the article's fleet


@exact
def test_the_articles_fleet() -> None:
    saved = SONNET - (HAIKU * 80 + SONNET * 15 + OPUS * 5) / 100
    rows = breakevens_of()
    for parameter, own, extra in (
        ("haiku -> opus", "0.80", OPUS - HAIKU),
        ("haiku -> sonnet", "0.80", SONNET - HAIKU),
        ("sonnet -> opus", "0.15", OPUS - SONNET),
    ):
        source = parameter.split(" ", maxsplit=1)[0]
        assert near(wrong(rows, parameter).value, saved / extra)
        assert near(wrong(rows, parameter, f"share of {source}'s tasks").value, saved / extra / Decimal(own))
    for parameter in ("opus -> haiku", "opus -> sonnet", "sonnet -> haiku"):
        assert wrong(rows, parameter).answer is Answer.NEVER


def test_the_built_in_fleet_has_the_published_figures() -> None:
    rows = routecost.breakeven("article-fleet")
    shown = {row.parameter: row.value for row in rows.of(Question.WRONG_TIER) if "all" in row.unit}
    assert round(shown["haiku -> opus"] or 0, 5) == Decimal("0.08169")
    assert round(shown["sonnet -> opus"] or 0, 4) == Decimal("0.0967")
    assert round(shown["haiku -> sonnet"] or 0, 3) == Decimal("0.527")
    own = wrong(rows, "haiku -> opus", "share of haiku's tasks").value
    assert round(own or 0, 4) == Decimal("0.1021")


@exact
def test_volume_repays_engineering_and_upkeep() -> None:
    rows = breakevens_of(routing_costs=RoutingCosts(Decimal(5_000), Decimal(100), 12))
    saved_per_task = SONNET - (HAIKU * 80 + SONNET * 15 + OPUS * 5) / 100
    row = only(rows, Question.VOLUME, "tasks_per_day")
    assert near(row.value, (Decimal(5_000) / 12 + 100) / 30 / saved_per_task)
    assert row.now == 500


def test_a_cascade_of_the_articles_tiers() -> None:
    cascade = Cascade(("haiku", "sonnet"), {"haiku": Decimal("0.8")})
    row = only(breakevens_of({"cascade": cascade}), Question.ESCALATION, "cascade vs. all on sonnet")
    assert near(row.value, (SONNET - HAIKU) / SONNET)
    assert row.now == Decimal("0.2")


@exact
def test_the_failure_cost_is_the_difference_of_costs_over_that_of_successes() -> None:
    work = workload(successes(task(500, tokens(2_000, 500)), haiku="0.9", sonnet="0.97", opus="0.98"))
    rows = breakevens_of(work=work)
    for cheap, costly, extra, gain in (
        ("haiku", "sonnet", SONNET - HAIKU, "0.07"),
        ("haiku", "opus", OPUS - HAIKU, "0.08"),
        ("sonnet", "opus", OPUS - SONNET, "0.01"),
    ):
        row = only(rows, Question.FAILURE_COST, f"{cheap} vs. {costly}")
        assert near(row.value, extra / Decimal(gain))
        assert row.unit == "USD per failure"


@exact
def test_the_success_rate_that_the_cheap_tier_needs() -> None:
    one = replace(successes(task(500, tokens(2_000, 500)), sonnet="0.97"), failure_cost=Decimal(2))
    row = only(breakevens_of(work=workload(one)), Question.SUCCESS_RATE, "haiku vs. sonnet")
    assert near(row.value, Decimal("0.97") - (SONNET - HAIKU) / 2)
    assert row.now is None


@exact
def test_a_cheaper_tier_erases_savings_where_failures_cost() -> None:
    one = successes(task(500, tokens(2_000, 500)), haiku="0.9", sonnet="0.97", opus="0.98")
    fleet: dict[str, Strategy | str] = {"default": "opus", "proposed": "sonnet"}
    row = wrong(breakevens_of(fleet, workload(replace(one, failure_cost=Decimal(1)))), "sonnet -> haiku")
    haiku, sonnet, opus = HAIKU + Decimal("0.10"), SONNET + Decimal("0.03"), OPUS + Decimal("0.02")
    assert near(row.value, (opus - sonnet) / (haiku - sonnet))
    assert "including failures" in row.meaning
    unstated = wrong(breakevens_of(fleet, workload(one)), "sonnet -> haiku")
    assert unstated.answer is Answer.NEVER
    assert "unless failures have a cost" in unstated.meaning


# what cannot be answered, and what has no turning point


def test_without_a_default_and_a_proposal_nothing_is_known_of_savings() -> None:
    rows = breakevens_of({"only": "haiku"}, routing_costs=RoutingCosts(Decimal(1), Decimal(1), 1))
    assert {row.answer for row in rows.breakevens} == {Answer.NOT_MODELLED}
    assert all("default" in row.meaning for row in rows.of(Question.VOLUME) + rows.of(Question.WRONG_TIER))


def test_nothing_is_assumed_of_costs_and_quality() -> None:
    rows = breakevens_of()
    for question in (Question.VOLUME, Question.SUCCESS_RATE, Question.FAILURE_COST):
        (row,) = rows.of(question)
        assert (row.answer, row.value) == (Answer.NOT_MODELLED, None)


def test_partly_known_quality_says_what_is_missing() -> None:
    rows = breakevens_of(work=workload(successes(task(500, tokens(2_000, 500)), haiku="0.9", sonnet="0.97")))
    assert "Set failure_cost" in only(rows, Question.SUCCESS_RATE, "haiku vs. sonnet").meaning
    assert "of opus" in only(rows, Question.SUCCESS_RATE, "sonnet vs. opus").meaning
    assert "of opus" in only(rows, Question.FAILURE_COST, "haiku vs. opus").meaning


def test_no_tasks() -> None:
    idle = workload(task(0, tokens(2_000, 500)))
    rows = breakevens_of(
        {**FLEET, "cascade": Cascade(("haiku", "sonnet"), {"haiku": Decimal(1)})},
        idle,
        routing_costs=RoutingCosts(Decimal(100), Decimal(0), 1),
    )
    assert rows.of(Question.VOLUME)[0].answer is Answer.AT
    assert {row.answer for row in rows.of(Question.WRONG_TIER)} == {Answer.NOT_MODELLED}
    assert {row.answer for row in rows.of(Question.ESCALATION)} == {Answer.NOT_MODELLED}
    several = workload(task(0, tokens(1, 1), "a"), task(0, tokens(1, 1), "b"))
    both = breakevens_of(work=several, routing_costs=RoutingCosts(Decimal(100), Decimal(0), 1))
    assert both.of(Question.VOLUME)[0].answer is Answer.NOT_MODELLED


def test_one_tier_leaves_nothing_to_choose() -> None:
    rows = breakevens_of({"default": "only", "proposed": "only"}, on=sheet(only=entry(input=1, output=5)))
    assert rows.of(Question.WRONG_TIER) == ()


def test_equal_costs_have_nothing_to_erase() -> None:
    same = sheet(low=entry(input=1, output=5), high=entry(input=1, output=5))
    one = replace(successes(task(10, tokens(100, 10)), low="0.9", high="0.9"), failure_cost=Decimal(1))
    costs = RoutingCosts(Decimal(1), Decimal(0), 12)
    rows = breakevens_of({"default": "high", "proposed": "low"}, workload(one), same, routing_costs=costs)
    assert {row.answer for row in rows.of(Question.WRONG_TIER)} == {Answer.ALWAYS}
    assert rows.of(Question.FAILURE_COST)[0].answer is Answer.NEVER
    assert rows.of(Question.VOLUME)[0].answer is Answer.NEVER
    assert near(rows.of(Question.SUCCESS_RATE)[0].value, Decimal("0.9"))


@pytest.mark.parametrize(("proposed", "answer"), [("haiku", Answer.ALWAYS), ("opus", Answer.NEVER)])
def test_nothing_to_repay(proposed: str, answer: Answer) -> None:
    costs = RoutingCosts(Decimal(0), Decimal(0), 12)
    rows = breakevens_of({"default": "sonnet", "proposed": proposed}, routing_costs=costs)
    assert rows.of(Question.VOLUME)[0].answer is answer


def test_more_than_the_tiers_own_share_is_never() -> None:
    few = mix(haiku="0.05", sonnet="0.95", opus=0)
    rows = breakevens_of({"default": "opus", "proposed": few})
    assert wrong(rows, "haiku -> opus").answer is Answer.NEVER
    assert "Even with all tasks of haiku" in wrong(rows, "haiku -> opus").meaning
    assert wrong(rows, "opus -> haiku").meaning == "No task is meant for opus."


def test_a_proposal_that_runs_on_several_tiers_has_no_wrong_one() -> None:
    cascade = Cascade(("haiku", "sonnet"), {"haiku": Decimal("0.8")})
    (row,) = breakevens_of({"default": "sonnet", "proposed": cascade}).of(Question.WRONG_TIER)
    assert row.answer is Answer.NOT_MODELLED


def test_longer_and_jumping_cascades_are_held_against_both_starts() -> None:
    graduated = Cascade(TIERS, {"low": Decimal("0.5"), "middle": Decimal("0.5")})
    jump = Cascade(("low", "high"), {"low": Decimal("0.5")})
    on = sheet(**{tier: entry(input=rate, output=rate) for tier, rate in zip(TIERS, (1, 3, 15), strict=True)})
    rows = breakevens_of({"graduated": graduated, "jump": jump}, on=on).of(Question.ESCALATION)
    shown = {row.parameter: row.value for row in rows}
    # in units of a call of low: 1 + e (3 + 15/2) against 3 + 15/2, or against 3; 1 + 15 e against 15, or 3
    assert near(shown["graduated vs. starting with middle -> high"], Decimal("9.5") / Decimal("10.5"))
    assert near(shown["graduated vs. all on middle"], 2 / Decimal("10.5"))
    assert near(shown["jump vs. all on high"], Decimal(14) / 15)
    assert near(shown["jump vs. all on middle"], Decimal(2) / 15)


def test_a_detected_cascade_tells_how_much_it_escalates_now() -> None:
    one = successes(task(100, tokens(1_000, 100)), haiku="0.9", sonnet="0.97")
    cascade = Cascade(("haiku", "sonnet"), detection=Detection(Decimal("0.6"), Decimal("0.05")))
    (row,) = breakevens_of({"cascade": cascade}, workload(one)).of(Question.ESCALATION)
    assert row.now == Decimal("0.9") * Decimal("0.05") + Decimal("0.1") * Decimal("0.6")


def test_a_judge_that_costs_too_much_never_lets_the_cascade_pay() -> None:
    from routecost.engine.usage.task_flow import Assistant

    judge = Assistant("judge", "opus", tokens(2_000, 500))
    cascade = Cascade(("haiku", "sonnet"), {"haiku": Decimal(1)}, judge=judge)
    assert breakevens_of({"cascade": cascade}).of(Question.ESCALATION)[0].answer is Answer.ALWAYS


def test_a_tier_without_a_price_is_no_obstacle() -> None:
    on = sheet(haiku=entry(input="0.80", output=4), sonnet=entry(input=3, output=15), opus=entry(input=15))
    rows = breakevens_of({"default": "sonnet", "proposed": "haiku"}, on=on)
    assert wrong(rows, "haiku -> opus").answer is Answer.NOT_MODELLED
    assert 'no rate for meter "output"' in wrong(rows, "haiku -> opus").meaning
    assert (
        wrong(rows, "haiku -> sonnet").answer is Answer.NEVER
    )  # all tasks on sonnet cost what the default does


# options


def test_options_take_the_place_of_the_scenarios_own() -> None:
    stated = RoutingCosts(Decimal(5_000), Decimal(100), 12)
    assert routing_costs(stated, None, None, None) == stated
    assert routing_costs(None, None, None, None) is None
    assert routing_costs(stated, "10", None, 3) == RoutingCosts(Decimal(10), Decimal(100), 3)
    assert routing_costs(None, "1.50", 0, 1) == RoutingCosts(Decimal("1.5"), Decimal(0), 1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("5000", None, None), "--engineering needs --upkeep and --within too"),
        (("nan", "1", 1), '--engineering "nan" is not an amount of money'),
        (("-1", "1", 1), '--engineering "-1" is not'),
        (("1", "1e999999", 1), '--upkeep "1e999999" is not'),
        (("1", "inf", 1), '--upkeep "inf" is not'),
        (("9" * 19, "1", 1), "is not an amount of money"),
        (("1", "1", 0), '--within "0" is out of range'),
        (("1", "1", 1201), "expected 1 to 1200 months"),
    ],
)
def test_bad_options_are_refused(options: tuple[Any, Any, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        routing_costs(None, *options)


def test_a_frame_has_a_row_per_answer() -> None:
    frame = breakevens_of().to_frame()
    assert list(frame.columns)[:6] == ["question", "parameter", "value", "unit", "answer", "meaning"]
    assert len(frame) == len(breakevens_of().breakevens)


def test_more_than_all_tasks_of_a_tier_cannot_be_misrouted() -> None:
    # all of the 70% on sonnet: the whole fleet costs as much as the default, which is sonnet
    rows = breakevens_of({"default": "sonnet", "proposed": mix(haiku="0.7", sonnet="0.3")})
    for unit in ("share of all tasks", "share of haiku's tasks"):
        row = only(rows, Question.WRONG_TIER, "haiku -> sonnet", unit)
        assert (row.answer, row.value) == (Answer.NEVER, None)
        assert row.meaning.startswith("Even with all tasks of haiku on sonnet, proposed costs no more than")
