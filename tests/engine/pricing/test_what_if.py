"""What-if prices: rates of models that change between two days, by hand and as laws."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import routecost
from routecost.engine.pricing.price import entry_on
from routecost.engine.pricing.what_if import with_what_if
from routecost.errors import UsageError
from routecost.model.pricing.sheet import AT_INPUT_RATE, PricingSheet
from routecost.render import write
from routecost.report.compare.compare import report as comparison_report
from routecost.report.projection.project import report as projection_report
from tests.support.build import card, entry, sheet
from tests.support.reports import text_of

NEW_YEAR, JULY = date(2027, 1, 1), date(2027, 7, 1)
PLAIN = sheet(low=entry(input=1, output=5), high=entry(input=3, output=15, web_search=10))
DATED = replace(
    PLAIN,
    models={
        **PLAIN.models,
        "model-low": (entry(input=1, output=5), entry(input=2, output=8, start=JULY)),
    },
)


def rate(on: PricingSheet, day: date, meter: str = "input", model: str = "model-low") -> Decimal:
    return entry_on(on, model, day).card.standard[meter]


def by_month(on: PricingSheet, meter: str = "input") -> list[Decimal]:
    return [rate(on, date(2027, month, 1), meter) for month in (1, 4, 6, 7, 10, 12)]


def test_a_change_holds_in_its_window_and_scales_each_price_within() -> None:
    changed = with_what_if(DATED, ["model-low input -50% from 2027-04 until 2027-09"])
    assert by_month(DATED) == [1, 1, 1, 2, 2, 2]
    assert by_month(changed) == [1, Decimal("0.5"), Decimal("0.5"), 1, 2, 2]
    assert rate(changed, date(2027, 9, 30)) == 1
    assert rate(changed, date(2027, 10, 1)) == 2
    assert by_month(changed, "output") == by_month(DATED, "output")


def test_a_day_cuts_a_month() -> None:
    changed = with_what_if(PLAIN, ["model-low +10% from 2027-03-10 until 2027-03-12"])
    days = [date(2027, 3, day) for day in (9, 10, 12, 13)]
    assert [rate(changed, day) for day in days] == [1, Decimal("1.1"), Decimal("1.1"), 1]
    assert rate(changed, days[1], "output") == Decimal("5.5")


def test_a_tier_and_a_provider_stand_for_their_models() -> None:
    vendor = {"provider": "acme"}
    owned = {name: tuple(replace(one, **vendor) for one in dated) for name, dated in PLAIN.models.items()}  # type: ignore[arg-type]
    both = with_what_if(replace(PLAIN, models=owned), ["acme output -10%"])
    assert rate(both, JULY, "output") == Decimal("4.5")
    assert rate(both, JULY, "output", "model-high") == Decimal("13.5")
    one = with_what_if(PLAIN, ["high output -10%"])
    assert rate(one, JULY, "output") == 5


def test_a_new_rate_takes_modes_and_long_contexts_along() -> None:
    long = entry((1000, card(input=2, output=5)), input=1, output=5)
    deferred = replace(long, card=card({"input": "0.5", "output": 2}, input=1, output=5))
    on = replace(PLAIN, models={**PLAIN.models, "model-low": (deferred,)})
    changed = entry_on(with_what_if(on, ["low input 0.80"]), "model-low", JULY)
    assert changed.card.standard["input"] == Decimal("0.80")
    assert changed.card.modes["batch"]["input"] == Decimal("0.40")
    assert changed.steps[0].card.standard["input"] == Decimal("1.60")
    assert changed.card.standard["output"] == 5


def test_cache_writes_at_the_input_rate_follow_it() -> None:
    cached = replace(entry(input=1, output=5), cache_writes=AT_INPUT_RATE).with_writes_at_input()
    on = replace(PLAIN, models={**PLAIN.models, "model-low": (cached,)})
    assert rate(with_what_if(on, ["low input -20%"]), JULY, "cache_write_5m") == Decimal("0.8")


def test_changes_apply_one_after_the_other_and_the_sheet_says_so() -> None:
    changed = with_what_if(PLAIN, ["low  input 2", "low input +50% from 2027-07"])
    assert [rate(changed, NEW_YEAR), rate(changed, JULY)] == [2, 3]
    assert changed.name == "invented (what if low input 2; low input +50% from 2027-07)"
    assert [change.text for change in changed.what_if] == ["low input 2", "low input +50% from 2027-07"]
    assert with_what_if(PLAIN, []) is PLAIN


day = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@given(day, day, day, st.integers(-100, 300))
def test_every_day_has_the_old_or_the_new_rate(one: date, other: date, on: date, percent: int) -> None:
    first, last = sorted((one, other))
    changed = with_what_if(DATED, [f"low {percent:+}% from {first} until {last}"])
    factor = 1 + Decimal(percent) / 100 if first <= on <= last else 1
    for meter in ("input", "output"):
        assert rate(changed, on, meter) == rate(DATED, on, meter) * factor
    dated = changed.models["model-low"]
    starts = [one.start or date.min for one in dated]
    assert starts == sorted(set(starts))


@given(day, st.integers(0, 400))
def test_a_change_and_its_inverse_leave_the_prices(first: date, length: int) -> None:
    window = f"from {first} until {first + timedelta(length)}"
    changed = with_what_if(DATED, [f"low input +100% {window}", f"low input -50% {window}"])
    assert by_month(changed) == by_month(DATED)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a model, tier or provider"),
        ("low", "expected a model, tier or provider"),
        ("lwo input -20%", 'no model, tier or provider "lwo"'),
        ("low inptu -20%", 'unknown meter "inptu"; did you mean "input"'),
        ("low web_search -20%", 'model-low has no rate for "web_search"'),
        ("low input 20%", '"20%" is no change of a price; expected a change such as -20%'),
        ("low input -2", '"-2" is no change of a price'),
        ("low input less", '"less" is no change of a price'),
        ("low input -101%", '"-101%" is out of range'),
        ("low input 1e16", '"1e16" is out of range'),
        ("low 2", 'a new rate needs a meter, such as "low input 2"'),
        ("low input -5% from 2027-13", '"2027-13" after "from" is not a date'),
        ("low input -5% until soon", '"soon" after "until" is not a date'),
        ("low input -5% since 2027-01", '"since" precedes a date; known: "from", "until"'),
        ("low input -5% from", '"from" has no date'),
        ("low input -5% from 2027-01 from 2027-02", '"from" is given twice'),
        ("low input -5% from 2027-02 until 2027-01", '"until 2027-01-31" is before "from 2027-02-01"'),
    ],
)
def test_errors_name_the_part_and_what_was_expected(text: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        with_what_if(PLAIN, [text])
    assert message in str(error.value)
    assert str(error.value).startswith(f'--what-if "{text}": ')


def test_a_new_rate_of_a_free_meter_with_batch_rates_is_refused() -> None:
    deferred = replace(entry(input=0, output=5), card=card({"input": 0, "output": 2}, input=0, output=5))
    on = replace(PLAIN, models={**PLAIN.models, "model-low": (deferred,)})
    with pytest.raises(UsageError, match='"input" is free today'):
        with_what_if(on, ["low input 1"])


FLEET = """\
version: 1
pricing: claude-article
as_of: 2026-02-01
workload: {tasks_per_day: 1000, tokens: {input: 2000, output: %s}}
strategies: {all-haiku: {tier: haiku}, all-sonnet: {tier: sonnet}}
default: all-sonnet
proposed: all-haiku
"""
CHANGE = "sonnet output -20% from 2026-04"


def fleet(folder: Path, output: str = "500") -> Path:
    path = folder / "fleet.yaml"
    path.write_text(FLEET % output, encoding="utf-8")
    return path


def test_a_projection_by_hand(tmp_path: Path) -> None:
    """A task on Sonnet costs 0.0060 + 0.0075; from April on the output costs 0.0060."""
    projection = routecost.project(fleet(tmp_path), months=3, what_if=[CHANGE])
    costs = [month.cost for month in projection["all-sonnet"].months]
    assert costs == [405, 405, 360]
    assert [change.day for change in projection.changes] == [date(2026, 4, 1)]
    loaded = routecost.load_scenario(fleet(tmp_path))
    again = routecost.project(loaded, months=3, what_if=[CHANGE])
    assert again.strategies == projection.strategies


def test_a_comparison_says_that_a_change_is_not_in_force(tmp_path: Path) -> None:
    comparison = routecost.compare(fleet(tmp_path), what_if=[CHANGE])
    assert comparison["all-sonnet"].cost_per_month == 405
    assert f"{CHANGE} (not in force on 2026-02-01)" in text_of(comparison_report(comparison))


def test_no_output_hides_a_change(tmp_path: Path) -> None:
    path = fleet(tmp_path)
    reports = [
        comparison_report(routecost.compare(path, what_if=[CHANGE], as_of=date(2026, 4, 1))),
        projection_report(routecost.project(path, what_if=[CHANGE])),
    ]
    for report in reports:
        assert CHANGE in report.title
        assert f"What-if prices, not those of the sheet: {CHANGE}." in text_of(report)
        sink = StringIO()
        write(report, "json", sink)
        assert json.loads(sink.getvalue())["what_if"] == [CHANGE]
        assert CHANGE in str(report.figure)


def test_simulated_runs_have_the_changed_prices(tmp_path: Path) -> None:
    uncertain = "{uncertain: uniform, low: 400, high: 600}"
    free = "sonnet -100%"
    projection = routecost.project(fleet(tmp_path, uncertain), months=1, runs=100, what_if=[free])
    (month,) = projection["all-sonnet"].months
    assert [month.cost, month.p90] == [0, 0]
