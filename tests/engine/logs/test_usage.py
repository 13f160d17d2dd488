"""Usage of cells by keys, reconciliation with logged costs, and rates of tasks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from routecost.api.scenarios import load_pricing
from routecost.engine.logs.pricing import CellPricer
from routecost.engine.logs.usage import (
    TaskCount,
    outcome_rows,
    priced,
    reconciled,
    task_rows,
    tier_ranks,
    usage_rows,
)
from routecost.errors import CurrencyError
from routecost.model.logs.cells import NANOS, Bounds, Cell
from routecost.model.pricing.hours import Hours
from routecost.model.pricing.sheet import PriceEntry, RateCard
from routecost.model.results.logs.usage import Key
from tests.support.build import sheet

PRICER = CellPricer(load_pricing("claude-2026-11"))
DAY = date(2026, 11, 18)
SONNET, HAIKU = "claude-sonnet-5-5", "claude-haiku-5-5"


def cell(
    model: str = SONNET,
    units: Mapping[str, int] | None = None,
    *,
    calls: int = 1,
    logged: str | None = None,
    currency: str = "USD",
    mode: str = "standard",
    days: tuple[date, ...] = (DAY,),
    **keys: str | int | None,
) -> Cell:
    """A cell whose logged cost is ``logged``, if any."""
    return Cell(
        {"task_type": None, "outcome": None, **keys},
        model,
        mode,
        days,
        0,
        100_000,
        False,
        calls,
        units or {"input": 1_000_000},
        logged is not None,
        int(Decimal(logged or 0).scaleb(NANOS)),
        currency if logged else None,
    )


def test_rows_fall_by_cost_and_add_up_to_the_total() -> None:
    cells = [cell(HAIKU, {"output": 1_000_000}), cell(), cell(f"{SONNET}-20261014", calls=2)]
    rows = usage_rows(priced(cells, PRICER), [Key.MODEL, Key.TIER], PRICER)
    assert [(row.keys, row.calls, row.cost.low) for row in rows] == [
        ((SONNET, "sonnet"), 3, Decimal(4)),
        ((HAIKU, "haiku"), 1, Decimal("0.5")),
    ]


def test_calls_of_a_model_with_prices_by_the_hour_are_between_them() -> None:
    night = {"night": (Hours(22 * 60, 6 * 60, "UTC"),)}
    rates = RateCard({"input": Decimal(2)}, {"night": {"input": Decimal("0.5")}})
    pricer = CellPricer(sheet(low=PriceEntry(rates, hours=night)))
    assert pricer.cost(cell("model-low")) == Bounds(Decimal("0.5"), Decimal(2))
    assert pricer.cost(cell("model-low", mode="night")) == Bounds(Decimal("0.5"), Decimal("0.5"))


def test_periods_are_in_the_order_of_time_and_weeks_begin_on_monday() -> None:
    numbers = {day: (day - date(1970, 1, 1)).days for day in (date(2026, 11, 22), date(2026, 11, 23))}
    cells = [cell(day=number, calls=number) for number in numbers.values()] + [cell(day=None)]
    found = {
        key: [row.keys[0] for row in usage_rows(priced(cells, PRICER), [key], PRICER)]
        for key in (Key.DAY, Key.WEEK, Key.MONTH)
    }
    assert found == {
        Key.DAY: ["2026-11-22", "2026-11-23", None],
        Key.WEEK: ["2026-11-16", "2026-11-23", None],
        Key.MONTH: ["2026-11", None],
    }


def test_calls_without_a_price_make_a_lower_bound_and_never_cost_nothing() -> None:
    rows = usage_rows(priced([cell(), cell(mode="fast"), cell("other")], PRICER), [Key.MODEL], PRICER)
    assert [(row.keys[0], row.least, row.most) for row in rows] == [
        (SONNET, Decimal(2), None),
        ("other", None, None),
    ]


CACHED = {"input": 100_000, "cache_read": 1_000_000, "cache_write_5m": 40_000, "output": 50_000}
"""Costs 0.20 + 0.10 + 0.10 + 0.50 on Sonnet."""


@pytest.mark.parametrize(
    ("logged", "hint"),
    [
        ("0.90", None),
        ("0.905", None),
        ("0.80", "cache writes are missing"),
        ("2.98", "input includes them"),
        ("2.78", "were priced as input"),
        ("0.45", "service tier or mode batch"),
        ("1.80", f"prices of {'claude-opus-5-5'}"),
        ("1.23", "another price sheet, discount, service tier or region"),
        ("0", "may not know the model's price"),
    ],
)
def test_a_difference_is_explained_by_what_reproduces_the_logged_cost(logged: str, hint: str | None) -> None:
    (row,) = reconciled(priced([cell(SONNET, CACHED, logged=logged), cell(SONNET)], PRICER), PRICER)
    assert (row.calls, row.computed) == (1, Bounds(Decimal("0.9"), Decimal("0.9")))
    assert row.difference == Decimal("0.9") - Decimal(logged)
    assert row.hint is None if hint is None else hint in str(row.hint)


def test_a_logged_cost_within_bounds_has_no_difference() -> None:
    bounded = CellPricer(load_pricing("claude-2026-11"))
    wide = cell(HAIKU, logged="0.30", days=(DAY,))
    wide = Cell(
        **{**{name: getattr(wide, name) for name in Cell.__dataclass_fields__}, "is_sum": True, "upto": None}
    )
    (row,) = reconciled(priced([wide], bounded), bounded)
    assert (row.computed, row.difference) == (Bounds(Decimal("0.1"), Decimal("0.5")), Decimal(0))


def test_costs_in_another_currency_are_refused() -> None:
    cells = priced([cell(logged="1"), cell(logged="1", currency="EUR")], PRICER)
    with pytest.raises(CurrencyError, match=r'costs are logged in EUR, but .* "claude-2026-11" is in USD'):
        reconciled(cells, PRICER)


def test_outcomes_are_counted_by_task_type_and_tier() -> None:
    cells = [
        cell(task_type="a", outcome="success", calls=3),
        cell(task_type="a", outcome="failure"),
        cell(HAIKU, task_type="a", calls=2),
    ]
    rows = outcome_rows(priced(cells, PRICER), PRICER)
    assert [(row.tier, row.calls, row.successes, row.failures) for row in rows] == [
        ("haiku", 2, 0, 0),
        ("sonnet", 4, 3, 1),
    ]
    assert outcome_rows(priced(cells[2:], PRICER), PRICER) == []


def test_failed_attempts_are_part_of_the_cost_per_success() -> None:
    cells = priced([cell(task_type="a", calls=5), cell(HAIKU, task_type="a"), cell(task_type="b")], PRICER)
    counts = [
        TaskCount("a", 2, 4, is_success=True, is_failure=True, is_escalated=True),
        TaskCount("a", 1, 2, is_success=False, is_failure=True, is_escalated=False),
        TaskCount("b", 1, 1, is_success=False, is_failure=False, is_escalated=False),
    ]
    first, second = task_rows(counts, cells)
    assert (first.tasks, first.calls, first.successes, first.failures, first.escalated) == (3, 6, 2, 1, 2)
    assert first.cost_per_success == Bounds(Decimal("1.05"), Decimal("1.05"))
    assert (second.task_type, second.cost_per_success) == ("b", None)


def test_models_have_the_rank_of_their_tier() -> None:
    cells = priced([cell(), cell(f"{HAIKU}@20261014"), cell("other")], PRICER)
    assert tier_ranks(cells, PRICER) == {SONNET: 1, f"{HAIKU}@20261014": 0}


def test_units_without_a_count_of_calls_never_cost_nothing() -> None:
    cells = [cell(calls=0, mode="fast"), cell(HAIKU, calls=0)]
    rows = usage_rows(priced(cells, PRICER), [Key.MODEL], PRICER)
    assert [(row.keys[0], row.least, row.most) for row in rows] == [
        (HAIKU, Decimal("0.1"), Decimal("0.1")),
        (SONNET, None, None),
    ]
    (total,) = usage_rows(priced(cells, PRICER), [], PRICER)
    assert (total.least, total.most) == (Decimal("0.1"), None)
