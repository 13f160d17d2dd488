"""Price lists and their differences, figure by figure, and what time does to a sheet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given

from routecost.engine.compare.pricing_diff import pricing_diff
from routecost.engine.pricing.price_list import price_list
from routecost.engine.pricing.rate_changes import contradictions, rate_pairs
from routecost.engine.pricing.sheet_check import sheet_remarks
from routecost.errors import UsageError
from routecost.model.pricing.sheet import PriceEntry, PricingSheet
from routecost.units import ONE
from tests.support import build
from tests.support.strategies import entries, sheets

DAY = build.DAY


@given(sheets())
def test_a_sheet_does_not_differ_from_itself(sheet: PricingSheet) -> None:
    diff = pricing_diff(sheet, sheet, DAY)
    assert diff.prices == ()
    assert 0 < diff.unchanged <= len(price_list(sheet, DAY).rows)


@given(entries(), entries())
def test_differences_are_seen_from_both_sides(before: PriceEntry, after: PriceEntry) -> None:
    mirrored = [replace(pair, before=pair.after, after=pair.before) for pair in rate_pairs(after, before)]
    assert list(rate_pairs(before, after)) == mirrored


def test_a_step_that_only_one_side_has_is_compared_with_the_rate_that_held() -> None:
    flat, stepped = build.entry(input=1), build.entry((100, build.card(input=2)), input=1)
    (change,) = contradictions(flat, stepped)
    assert (change.above_tokens, change.before, change.after) == (100, Decimal(1), Decimal(2))


def test_a_step_repeats_no_figure_that_does_not_step() -> None:
    stepped = build.entry((100, build.card(input=2, output=5)), input=1, output=5)
    flat = build.entry(input=3, output=6)
    pairs = [(pair.above_tokens, pair.meter) for pair in contradictions(flat, stepped)]
    assert pairs == [(0, "input"), (0, "output"), (100, "input")]


def test_what_only_one_side_has_is_no_contradiction() -> None:
    assert contradictions(build.entry(input=1), build.entry(input=1, output=5)) == []


def test_tiers_are_compared_with_themselves_whichever_model_they_are() -> None:
    before = build.sheet(low=build.entry(input=1, output=2))
    after = replace(
        before,
        tiers={"low": (replace(before.tiers["low"][0], model="newer"),)},
        models={"newer": (build.entry(input=2, web_search=10),)},
    )
    rows = {row.meter: row for row in pricing_diff(before, after, DAY).prices}
    assert {(row.tier, row.model_before) for row in rows.values()} == {("low", "model-low")}
    assert {row.model_after for row in rows.values()} == {"newer"}
    changed = rows["input"]
    assert (changed.status, changed.change, changed.change_fraction) == ("changed", ONE, ONE)
    assert (rows["output"].status, rows["output"].change) == ("removed", None)
    assert (rows["web_search"].status, rows["web_search"].change_fraction) == ("added", None)


def test_different_currencies_are_refused() -> None:
    sheet = build.sheet(low=build.entry(input=1))
    with pytest.raises(UsageError, match='"invented" is in USD and "invented" in EUR'):
        pricing_diff(sheet, replace(sheet, currency="EUR"), DAY)


def test_models_that_are_no_tier_come_last_and_without_one() -> None:
    sheet = build.sheet(low=build.entry(input=1))
    more = replace(sheet, models={"extra": (build.entry(input=3),), **sheet.models})
    assert [(row.tier, row.model) for row in price_list(more, DAY).rows] == [
        ("low", "model-low"),
        (None, "extra"),
    ]


def test_what_has_no_price_yet_is_said() -> None:
    sheet = build.sheet(low=build.entry(input=1, start=date(2026, 3, 1)))
    listed = price_list(replace(sheet, tiers={}), DAY)
    assert listed.rows == ()
    assert "its first entry begins on 2026-03-01" in listed.unpriced[0]


def rules(sheet: PricingSheet, day: date = DAY, max_age_days: int = 90) -> list[str]:
    return [remark.rule for remark in sheet_remarks(sheet, day, max_age_days, DAY)]


@pytest.mark.parametrize(
    ("checked", "until", "found"),
    [
        (date(2025, 11, 3), None, []),
        (date(2025, 11, 2), None, ["stale"]),
        (None, None, ["unchecked"]),
        (date(2025, 1, 1), DAY, ["stale"]),
        (date(2025, 1, 1), date(2026, 1, 31), ["ended"]),
    ],
)
def test_time_passes(checked: date | None, until: date | None, found: list[str]) -> None:
    assert rules(build.sheet(low=replace(build.entry(input=1), checked=checked, until=until))) == found


def test_only_the_price_in_force_must_be_checked() -> None:
    entry = replace(build.entry(input=1), checked=date(2024, 1, 1))
    newer = replace(build.entry(input=1, start=date(2026, 1, 1)), checked=DAY)
    sheet = build.sheet(low=entry)
    assert rules(replace(sheet, models={"model-low": (entry, newer)})) == []


def test_a_check_in_the_future_is_found() -> None:
    late = replace(build.entry(), checked=DAY + timedelta(days=1))
    (remark,) = sheet_remarks(build.sheet(low=late), DAY, 90, DAY)
    assert remark.rule == "future"
    assert remark.message.endswith(f"are checked on {late.checked}, which is in the future")
    assert remark.path[2:] == (0, "checked")
    assert not list(
        sheet_remarks(build.sheet(low=late), DAY - timedelta(days=30), 90, DAY + timedelta(days=1))
    )


def test_a_lower_tier_that_costs_more_is_found() -> None:
    costly, cheap = (replace(build.entry(input=1, output=rate), checked=DAY) for rate in (5, 4))
    (remark,) = sheet_remarks(build.sheet(low=costly, high=cheap), DAY, 90, DAY)
    assert remark.message == 'tier "low" is below "high" but costs more for output: 5 compared with 4'
    assert remark.path == ("tiers", "low")
    assert rules(build.sheet(low=cheap, high=costly)) == []


def test_rates_are_listed_per_size_and_mode() -> None:
    entry = build.entry((100, build.card({"input": Decimal(1)}, input=2)), input=1)
    rows = price_list(build.sheet(low=entry), DAY).rows
    assert [(row.above_tokens, row.mode, row.price) for row in rows] == [
        (0, "standard", ONE),
        (100, "standard", Decimal(2)),
        (100, "batch", ONE),
    ]
