"""Payback: savings less engineering and upkeep, by month, discounted, and the volume that repays them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import routecost
from routecost.engine.projection.plan_volume import plan_volume
from routecost.engine.projection.project import project
from routecost.model.results.breakeven import Answer, Question
from routecost.model.results.failures import Between
from routecost.model.results.months.payback import Payback
from routecost.model.results.projection import Projection
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import Commitment, Engineering, Phase, Plan, Upkeep
from routecost.model.scenario.routing_decision import RoutingCosts
from routecost.model.scenario.scenario import Scenario
from routecost.report.projection.project import report
from routecost.units import exact
from tests.support.build import entry, scenario, sheet, task, tokens, workload
from tests.support.reports import text_of

FIRST = date(2026, 2, 1)
ON = sheet(low=entry(input=1), high=entry(input=3))
WORK = workload(task(1, tokens(1_000_000, 0)))


def fleet(routing_costs: RoutingCosts | None = None, **plan: Any) -> Scenario:
    """Return a fleet of $90 a month, or $30 as proposed."""
    strategies = {"low": "low", "high": "high"}
    planned = Plan(**plan)
    return scenario(
        strategies, WORK, ON, default="high", proposed="low", plan=planned, routing_costs=routing_costs
    )


def once(amount: str | Decimal, *day: int) -> Engineering:
    return Engineering("router", date(*day) if day else FIRST, Decimal(amount))


def upkeep(amount: str | Decimal, start: date = FIRST, until: date | None = None) -> Upkeep:
    return Upkeep("evaluation", Decimal(amount), start, until)


def projected(months: int = 6, growth: str = "0", **plan: Any) -> Projection:
    return project(fleet(**plan), Horizon(FIRST, months, Decimal(growth)))


def paid(months: int = 6, growth: str = "0", **plan: Any) -> Payback:
    found = projected(months, growth, **plan).payback
    assert found is not None
    return found


def test_by_hand() -> None:
    """$60 a month saved; 100 in March and 10 a month from April on."""
    found = paid(engineering=(once("100", 2026, 3, 20),), upkeep=(upkeep("10", date(2026, 4, 1)),))
    assert [month.cumulative.known for month in found.months] == [60, 20, 70, 120, 170, 220]
    assert [found.engineering, found.upkeep, found.net.known] == [100, 40, 220]
    assert found.latest == found.earliest == "2026-02"


def test_the_month_of_payback_is_the_last_in_which_the_net_turns_positive() -> None:
    """-40, 20, 80, then 200 more are due in May: -60, 0."""
    found = paid(5, engineering=(once("100"), once("200", 2026, 5, 1)))
    assert [month.cumulative.known for month in found.months] == [-40, 20, 80, -60, 0]
    assert found.latest == "2026-06"
    assert found.pays_back is True
    assert paid(4, engineering=(once("100"), once("200", 2026, 5, 1))).pays_back is False


def test_present_value_by_hand() -> None:
    """-121 now and 60 in each month; month 12 is divided by 1.21."""
    found = paid(13, engineering=(once("181"),), discount_rate=Decimal("0.21"))
    root = Decimal("1.21") ** (Decimal(1) / 12)
    expected = sum(60 / root**at for at in range(13)) - 181
    value = found.present_value
    assert value is not None
    assert value.known is not None
    assert abs(value.known - expected) < Decimal("1e-20")
    assert found.months[12].present_value is not None
    last = value.known - (found.months[11].present_value or Between()).low  # type: ignore[operator]
    assert abs(last - Decimal(60) / Decimal("1.21")) < Decimal("1e-40")


def test_discounting_may_delay_payback() -> None:
    found = paid(engineering=(once("180"),), discount_rate=Decimal("0.5"))
    assert (found.latest, found.discounted) == ("2026-04", "2026-05")
    text = text_of(report(projected(engineering=(once("180"),), discount_rate=Decimal("0.5"))))
    assert "repaid in 2026-05 when discounted" in text


def test_engineering_before_the_plan_counts_in_its_first_month() -> None:
    """A plan that starts after the work on routing has begun still has to repay it."""
    found = paid(engineering=(once("100", 2025, 11, 1),), upkeep=(upkeep("10", date(2025, 11, 1)),))
    assert [found.before, found.months[0].engineering, found.months[0].upkeep] == [100, 100, 10]


def test_costs_after_the_months_are_not_counted() -> None:
    found = paid(engineering=(once("100", 2030, 1, 1),), upkeep=(upkeep("10", until=date(2026, 3, 1)),))
    assert [found.engineering, found.upkeep] == [0, 20]


def test_routing_costs_are_those_of_the_plan_unless_it_states_its_own() -> None:
    stated = RoutingCosts(Decimal(100), Decimal(10), 12)
    found = project(fleet(stated), Horizon(FIRST, 2)).payback
    assert found is not None
    assert [found.engineering, found.upkeep] == [100, 20]
    own = project(fleet(stated, engineering=(once("7"),)), Horizon(FIRST, 2)).payback
    assert own is not None
    assert [own.engineering, own.upkeep] == [7, 0]


def test_a_migration_saves_from_its_day_on() -> None:
    moved = {"move": (Phase("high"), Phase("low", date(2026, 4, 1)))}
    found = paid(4, migrations=moved, proposed="move", engineering=(once("60"),))
    assert [month.cumulative.known for month in found.months] == [-60, -60, 0, 60]


def test_without_savings_the_note_says_why() -> None:
    alone = scenario({"low": "low"}, WORK, ON, plan=Plan(engineering=(once("1"),)))
    found = project(alone, Horizon(FIRST, 2))
    assert found.payback is None
    assert "payback of engineering and upkeep is unknown" in text_of(report(found))


def test_break_even_volume_over_the_plan() -> None:
    """Work doubles: 60 x (1 + 2 + 4) = 420 saved, and 210 to repay: half of the volume."""
    row = plan_volume(
        fleet(engineering=(once("150"),), upkeep=(upkeep("20"),)), Horizon(FIRST, 3, Decimal(1))
    )
    assert row is not None
    assert [row.answer, row.value, row.now] == [Answer.AT, Decimal("0.5"), 1]
    assert plan_volume(fleet(), Horizon(FIRST, 3)) is None


def test_break_even_volume_under_a_contract() -> None:
    """Both pay 90 at least: savings begin above one task a day, where high costs more than that."""
    promised = Commitment(Decimal(90), FIRST, None)
    row = plan_volume(fleet(commitments=(promised,), engineering=(once("180"),)), Horizon(FIRST, 1))
    assert row is not None
    assert row.value is not None
    assert abs(row.value - 3) < Decimal("1e-20")


amounts = st.decimals(0, 500, places=2)


@given(amounts, amounts, st.integers(1, 8), st.decimals("-0.5", "0.5", places=2))
@exact
def test_put_back_the_break_even_volume_repays_exactly(
    engineering: Decimal, monthly: Decimal, months: int, growth: Decimal
) -> None:
    stated = fleet(engineering=(once(engineering),), upkeep=(upkeep(monthly),))
    horizon = Horizon(FIRST, months, growth)
    row = plan_volume(stated, horizon)
    assert row is not None
    if row.value is None:
        assert engineering + monthly == 0
        return
    put_back = scenario(
        {"low": "low", "high": "high"},
        WORK.times(row.value),
        ON,
        default="high",
        proposed="low",
        plan=stated.plan,
    )
    found = project(put_back, horizon).payback
    assert found is not None
    assert found.net.known is not None
    assert abs(found.net.known) < Decimal("1e-20")


FLEET = """\
version: 1
pricing: claude-2026-11
as_of: 2026-11-22
workload:
  tasks_per_day: 1000
  tokens: {input: 6500, output: 700}
  success: {%s}
  failure_cost: 0.01
strategies: {today: {tier: sonnet}, cheap: {tier: haiku}}
default: today
proposed: cheap
plan:
  engineering: {router: {date: 2026-11-01, amount: 1000}}
"""


@pytest.mark.parametrize(("rates", "pays_back"), [("haiku: 90%, sonnet: 95%", True), ("sonnet: 95%", None)])
def test_failures_are_part_of_the_savings(tmp_path: Path, rates: str, pays_back: bool | None) -> None:
    """Without the rate of haiku, only bounds of its failures are known, and so is the payback."""
    path = tmp_path / "fleet.yaml"
    path.write_text(FLEET % rates, encoding="utf-8")
    projection = routecost.project(path, months=3)
    found, savings = projection.payback, projection.savings
    assert found is not None
    assert savings is not None
    assert savings.with_failures is not None
    assert found.counts_failures
    total = Between()
    for month in found.months:
        total = total.plus(month.savings)
    assert total == savings.with_failures
    assert found.net == total.plus(Between.exactly(Decimal(-1000)))
    assert found.pays_back is pays_back
    meta = report(projection).meta["payback"]
    assert isinstance(meta, dict)
    assert ("net_low" in meta) is not found.is_known


def test_breakeven_has_the_row_of_the_plan_and_options_override_its_costs(tmp_path: Path) -> None:
    path = tmp_path / "fleet.yaml"
    path.write_text(FLEET % "haiku: 90%, sonnet: 95%", encoding="utf-8")
    result = routecost.breakeven(path, months=3)
    (plan,), (now,) = result.of(Question.PLAN_VOLUME), result.of(Question.VOLUME)
    assert plan.value is not None
    assert now.value is not None
    assert abs(plan.value - now.value) < Decimal("1e-9")  # without growth both are the same
    (other,) = routecost.breakeven(path, months=3, engineering=2000, upkeep=0, within=3).of(
        Question.PLAN_VOLUME
    )
    assert other.value is not None
    assert abs(other.value - 2 * plan.value) < Decimal("1e-9")
