"""Reconciliation with a provider's cost report, by day and line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from routecost.api.scenarios import load_pricing
from routecost.engine.logs.against import billed_rows, gap_causes
from routecost.engine.logs.pricing import CellPricer
from routecost.engine.logs.usage import priced
from routecost.errors import CurrencyError
from routecost.model.logs.cells import Cell
from routecost.model.logs.costs import CostLine
from routecost.model.results.logs.against import BilledRow

PRICER = CellPricer(load_pricing("claude-2026-11"))
SONNET, HAIKU = "claude-sonnet-5-5", "claude-haiku-5-5"
DAY, NEXT = date(2026, 11, 18), date(2026, 11, 19)


def cell(day: date = DAY, model: str = SONNET, **units: int) -> Cell:
    number = (day - date(1970, 1, 1)).days
    used = units or {"input": 1_000_000}
    return Cell({"day": number}, model, "standard", (DAY,), 0, 100_000, False, 1, used, False, 0, None)


def line(amount: str, day: date = DAY, model: str | None = SONNET, meter: str | None = None) -> CostLine:
    return CostLine(day, Decimal(amount), "USD", "tokens", model, meter)


def compared(cells: Sequence[Cell], lines: Sequence[CostLine]) -> tuple[list[BilledRow], list[str]]:
    found = priced(cells, PRICER)
    rows = billed_rows(found, lines, PRICER, Decimal("0.01"))
    return rows, list(gap_causes(rows, found, PRICER))


def test_lines_agree_within_the_tolerance() -> None:
    rows, causes = compared([cell(), cell(NEXT)], [line("1.5"), line("0.5"), line("2.02", NEXT)])
    assert [(row.day, row.billed, row.computed.low, row.is_within) for row in rows] == [
        (DAY, Decimal(2), Decimal(2), True),
        (NEXT, Decimal("2.02"), Decimal(2), True),
    ]
    assert causes == []


def test_meters_are_compared_if_the_report_states_them_for_all_of_a_model() -> None:
    cells = [cell(input=1_000_000, output=100_000, web_search=2), cell(model=HAIKU)]
    lines = [
        line("2", meter="input"),
        line("1", meter="output"),
        line("0.02", model=None, meter="web_search"),
        line("0.1", model=f"{HAIKU}-20261014"),
    ]
    rows, _ = compared(cells, lines)
    assert {(row.model, row.meter): row.is_within for row in rows} == {
        (SONNET, "input"): True,
        (SONNET, "output"): True,
        (None, "web_search"): True,
        (HAIKU, None): True,
    }


@pytest.mark.parametrize(
    ("cells", "lines", "cause"),
    [
        ([cell()], [line("2.2")], f"{SONNET}: rates of a region, 10% above"),
        ([cell()], [line("1")], f"{SONNET}: the prices of service tier or mode batch"),
        ([cell()], [line("3.3")], f"{SONNET}: another price sheet, discount"),
        ([cell()], [line("2", meter="input"), line("0.7", meter="cache_write_5m")], "writes of 0.7 USD"),
        ([cell()], [line("2"), line("2", NEXT)], "2026-11-19: billed, but the log has no calls"),
        ([cell(), cell(NEXT)], [line("2")], "2026-11-19: calls are logged, but nothing is billed"),
        ([cell()], [line("2"), line("1", model=HAIKU)], f"{HAIKU}: billed, but not in the log"),
        ([cell(), cell(model=HAIKU)], [line("2")], f"{HAIKU}: in the log, but not in the report"),
        ([cell(), cell(model="other")], [line("2"), line("1", model="other")], "other: 1 logged calls have"),
    ],
)
def test_each_gap_has_its_cause(cells: list[Cell], lines: list[CostLine], cause: str) -> None:
    rows, causes = compared(cells, lines)
    assert not all(row.is_within for row in rows)
    assert len(causes) == 1
    assert cause in causes[0]


def test_days_that_agree_together_are_not_explained_by_prices() -> None:
    _, causes = compared([cell(), cell(NEXT)], [line("2.1"), line("1.9", NEXT)])
    assert causes == [
        f"{SONNET}: all days together agree: calls may be billed on another day, or amounts are rounded"
    ]


def test_an_assumption_that_changes_nothing_explains_nothing() -> None:
    _, causes = compared([cell()], [line("2.1")])
    assert all("cache" not in cause and "cached" not in cause for cause in causes)


def test_a_report_without_models_is_compared_by_day() -> None:
    cells = [cell(output=100_000), cell(model=HAIKU), cell(NEXT)]
    rows, causes = compared(cells, [line("1.1", model=None), line("2.2", NEXT, model=None)])
    assert [(row.day, row.line, row.billed, row.computed.low, row.is_within) for row in rows] == [
        (DAY, "all costs", Decimal("1.1"), Decimal("1.1"), True),
        (NEXT, "all costs", Decimal("2.2"), Decimal(2), False),
    ]
    assert len(causes) == 1
    assert causes[0].startswith("all costs: another price sheet")


def test_a_report_of_meters_without_models_is_compared_by_meter() -> None:
    cells = [cell(input=1_000_000, output=100_000), cell(model=HAIKU)]
    lines = [line("2.1", model=None, meter="input"), line("1", model=None, meter="output")]
    rows, _ = compared(cells, lines)
    assert [(row.model, row.meter, row.is_within) for row in rows] == [
        (None, "input", True),
        (None, "output", True),
    ]


def test_calls_without_a_price_make_a_day_without_models_a_lower_bound() -> None:
    rows, causes = compared([cell(model="other"), cell()], [line("3", model=None)])
    assert [(row.is_least, row.computed.low, row.is_within) for row in rows] == [(True, Decimal(2), False)]
    assert causes == ["all costs: 1 logged calls have no price, so that the computed cost lacks them"]


def test_calls_without_a_price_have_no_computed_cost() -> None:
    rows, _ = compared([cell(model="other"), cell()], [line("1", model="other"), line("2")])
    assert [(row.model, row.is_known, row.is_least) for row in rows] == [
        (SONNET, True, False),
        ("other", False, True),
    ]


def test_a_report_in_another_currency_is_refused() -> None:
    euro = CostLine(DAY, Decimal(1), "EUR", "tokens")
    with pytest.raises(CurrencyError, match="the cost report is in EUR"):
        billed_rows([], [euro], PRICER, Decimal(0))


@pytest.mark.parametrize(
    ("logged", "meter", "billed", "lifetime"),
    [
        ("cache_write_5m", "cache_write_1h", "0.40", "1 hour"),
        ("cache_write_1h", "cache_write_5m", "0.25", "5 minutes"),
        ("cache_write_5m", None, "0.40", "1 hour"),
    ],
)
def test_the_lifetime_of_cache_writes_is_tried_before_missing_writes(
    logged: str, meter: str | None, billed: str, lifetime: str
) -> None:
    _, causes = compared([cell(DAY, SONNET, **{logged: 100_000})], [line(billed, meter=meter)])
    assert causes == [f"{SONNET}: cache writes that last {lifetime} reproduce it"]
