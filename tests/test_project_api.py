"""``routecost.project``: where a plan starts, and what its options may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

import routecost
from routecost import api

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
