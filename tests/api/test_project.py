"""``routecost.project``: where a plan starts, and what its options may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import routecost
from routecost.api import scenarios as api
from routecost.model.scenario.horizon import GrowthStep
from routecost.model.scenario.month_plan import DayCount, Plan

FLEET = "article-fleet"


class Today(date):
    """A clock that stands still."""

    @classmethod
    def today(cls) -> Today:
        return cls(2026, 11, 22)


def test_a_plan_starts_in_the_month_of_the_scenarios_date() -> None:
    assert routecost.project(FLEET).horizon.start == date(2026, 2, 1)


def test_or_in_the_month_of_the_date_that_pins_its_prices() -> None:
    horizon = routecost.project(FLEET, as_of=date(2026, 5, 31)).horizon
    assert (horizon.start, horizon.pinned) == (date(2026, 5, 1), date(2026, 5, 31))


def test_or_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "date", Today)
    undated = replace(routecost.load_scenario(FLEET), as_of=None)
    horizon = routecost.project(undated).horizon
    assert (horizon.start, horizon.pinned) == (date(2026, 11, 1), None)


def test_or_where_it_is_told_to() -> None:
    horizon = routecost.project(FLEET, as_of=date(2026, 5, 31), start="2027-01").horizon
    assert (horizon.start, horizon.pinned) == (date(2027, 1, 1), date(2026, 5, 31))


def test_a_growth_may_be_a_number() -> None:
    plans = [routecost.project(FLEET, growth=growth) for growth in ("5%", "0.05", 0.05, Decimal("0.05"))]
    assert plans == [plans[0]] * 4


def test_fewer_strategies_leave_the_figures_of_the_others_alone() -> None:
    whole, part = routecost.project(FLEET), routecost.project(FLEET, strategies=["all-haiku"])
    assert part.strategies == (whole["all-haiku"],)
    assert (part.budget, part.savings) == (whole.budget, whole.savings)


def test_another_baseline_and_another_sheet() -> None:
    plan = routecost.project(
        FLEET, months=1, pricing="claude-2026-11", as_of=date(2026, 11, 22), baseline="all-sonnet"
    )
    assert (plan["all-opus"].total, plan["all-opus"].vs_baseline) == (Decimal(270), Decimal(1))


@pytest.mark.parametrize("wrong", [{"strategies": ["all-hiaku"]}, {"baseline": "all-hiaku"}])
def test_a_strategy_that_is_not_there(wrong: dict[str, str]) -> None:
    with pytest.raises(routecost.RoutecostError, match='"all-hiaku"; did you mean "all-haiku"'):
        routecost.project(FLEET, **wrong)  # type: ignore[arg-type]


PLANNED = "growth-plan"


def test_a_plan_says_where_it_starts_unless_an_option_does() -> None:
    assert routecost.project(PLANNED).horizon.start == date(2027, 1, 1)
    assert routecost.project(PLANNED, start="2026-12").horizon.start == date(2026, 12, 1)
    assert routecost.project(PLANNED, as_of=date(2026, 11, 25)).horizon.start == date(2026, 11, 1)


def test_growth_that_is_asked_for_takes_the_place_of_the_plans() -> None:
    horizon = routecost.project(PLANNED, growth="0%").horizon
    assert horizon.growth == 0
    assert not horizon.steps
    assert routecost.project(PLANNED).horizon.rate(date(2027, 7, 1)) == Decimal("0.02")


def test_one_rate_of_a_plan_is_that_of_an_option() -> None:
    scenario = routecost.load_scenario(FLEET)
    rate = Plan(growth=(GrowthStep(Decimal("0.05")),))
    projection = routecost.project(replace(scenario, plan=rate))
    assert projection.horizon == routecost.project(FLEET, growth="5%").horizon


def test_days_that_are_asked_for_take_the_place_of_the_plans() -> None:
    tasks = {days: sum(routecost.project(FLEET, months=1, days=days).tasks) for days in DayCount}
    assert tasks == {"per_month": 15_000, "calendar": 14_000, "working": 10_000}
    with pytest.raises(routecost.RoutecostError, match='no count of days named "weekly"'):
        routecost.project(FLEET, days="weekly")


def test_migrations_are_named_like_strategies() -> None:
    projection = routecost.project(PLANNED, strategies=["adopt-routing"], baseline="adopt-routing")
    assert [spend.strategy for spend in projection.strategies] == ["adopt-routing"]
    assert projection["adopt-routing"].vs_baseline == 0
    with pytest.raises(routecost.RoutecostError, match='"adopt-ruoting"; did you mean "adopt-routing"'):
        routecost.project(PLANNED, strategies=["adopt-ruoting"])


def test_other_commands_take_no_notice_of_a_plan() -> None:
    scenario = routecost.load_scenario(PLANNED)
    comparison = routecost.compare(scenario)
    assert replace(comparison, of_plan=()) == routecost.compare(replace(scenario, plan=None))


def test_a_budget_is_converted_into_the_currency_of_the_prices(tmp_path: Path) -> None:
    euros = tmp_path / "euros.yaml"
    text = "version: 1\nsource: test\nextends: claude-2026-11\ncurrency: EUR\nexchange: [{rate: 0.9}]\n"
    euros.write_text(text, encoding="utf-8")
    loaded = routecost.load_scenario(PLANNED)
    in_dollars = routecost.project(loaded, pricing="claude-2026-11").budget
    assert in_dollars is not None
    for scenario in (PLANNED, loaded):
        in_euros = routecost.project(scenario, pricing=euros).budget
        assert in_euros is not None
        assert in_euros.budget.amount == in_dollars.budget.amount * Decimal("0.9")
        assert (in_dollars.budget.currency, in_euros.budget.currency) == ("USD", "EUR")


def test_a_budget_is_refused_under_prices_without_an_exchange_rate(tmp_path: Path) -> None:
    euros = tmp_path / "euros.yaml"
    own = Path(routecost.__file__).parent.parent / "pricing" / "claude-2026-11.yaml"
    text = own.read_text(encoding="utf-8").replace("currency: USD", "currency: EUR")
    euros.write_text(text, encoding="utf-8")
    loaded = routecost.load_scenario(PLANNED)
    for scenario in (PLANNED, loaded):
        with pytest.raises(routecost.RoutecostError, match=r"is in USD, .* no exchange rate to EUR"):
            routecost.project(scenario, pricing=euros)
