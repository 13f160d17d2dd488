"""What logs do not say is an error, a bound or a note, and days of prices are in UTC."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import routecost
from routecost.engine.logs.pricing import UNKNOWN_USAGE
from routecost.errors import UsageError
from routecost.model.results.logs.usage import LogUsage, UnpricedCallsError
from routecost.report.logs.usage import report

MAPPING = """
version: 1
mapping: plain
time: t
model: m
meters: {input: i, output: o}
cost: {column: c, optional: true}
currency: {constant: USD}
outcome: {column: state, values: {bad: failure}, default: "", optional: true}
scores: scores
"""
SHEET = """
version: 1
currency: USD
source: made
tiers: {low: alpha}
models:
  alpha:
    - {checked: 2026-10-01, source: made, until: 2026-10-24, input: 1, output: 1}
    - {from: 2026-10-25, checked: 2026-11-01, source: made, input: 2, output: 2}
  beta:
    - {from: 2026-10-25, checked: 2026-11-01, source: made, input: 2, output: 2}
"""
MILLION = 1_000_000


def used(time: str, count: int | None = MILLION, model: str = "alpha", **more: object) -> dict[str, Any]:
    """A call with input only."""
    return {"t": time, "m": model, "i": count, "o": None if count is None else 0, **more}


def usage(folder: Path, *calls: Mapping[str, Any], **options: Any) -> LogUsage:
    """The usage of calls."""
    names = ("success", "time_zone", "since", "until")
    source = {name: options.pop(name) for name in names if name in options}
    files = {"log.jsonl": "\n".join(map(json.dumps, calls)), "m.yaml": MAPPING, "sheet.yaml": SHEET}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    logs = routecost.LogSource([folder / "log.jsonl"], dialect=str(folder / "m.yaml"), **source)
    return routecost.log_usage(logs, pricing=folder / "sheet.yaml", **options)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Los_Angeles"])
def test_prices_are_those_of_the_day_in_utc_in_every_zone(tmp_path: Path, zone: str) -> None:
    calls = [used("2026-10-24T23:30:00Z"), used("2026-10-25T00:30:00Z")]
    found = usage(tmp_path, *calls, time_zone=zone, by=["day"])
    assert found.total.cost.low == found.total.cost.high == 3
    one_day = {"Europe/Berlin": "2026-10-25", "America/Los_Angeles": "2026-10-24"}
    days = [one_day[zone]] if zone in one_day else ["2026-10-24", "2026-10-25"]
    assert [row.keys for row in found.rows] == [(day,) for day in days]


def test_the_day_of_a_missing_price_is_that_of_the_first_call(tmp_path: Path) -> None:
    calls = [used(f"2026-10-{day}T10:00:00Z", model="beta") for day in (26, 21, 20)]
    with pytest.raises(UnpricedCallsError) as error:
        usage(tmp_path, *calls, by=["day"])
    (missing,) = error.value.calls
    assert missing.calls == 2
    assert "2026-10-20" in missing.reason


def test_a_cost_without_usage_makes_costs_lower_bounds(tmp_path: Path) -> None:
    calls = [used("2026-10-26", c=2), used("2026-10-26", None, c=7), used("2026-10-26", None)]
    found = usage(tmp_path, *calls)
    assert (found.total.span, found.total.calls) == ((Decimal(2), None), 2)
    assert [(one.calls, one.reason) for one in found.unpriced] == [(1, UNKNOWN_USAGE)]
    assert found.facts.skipped == {"rows without usage": 1}


def test_failed_calls_without_usage_are_part_of_the_failure_rate(tmp_path: Path) -> None:
    calls = [used("2026-10-26", scores={"ok": 1}), used("2026-10-26", None, state="bad")]
    found = usage(tmp_path, *calls, success="ok>=1")
    assert [(row.calls, row.successes, row.failures) for row in found.outcomes] == [(2, 1, 1)]
    assert found.total.cost.low == found.total.cost.high == 2


@pytest.mark.parametrize(
    ("scores", "rule", "expected"),
    [
        ({"correct": 1}, "corect>=1", 'no score "corect" in the logs; did you mean "correct"?'),
        ({"correct": 1}, "correct=yes", 'does not fit scores "correct", which are numbers'),
        ({"correct": "yes"}, "correct>=1", 'does not fit scores "correct", which are words'),
        (None, "correct>=1", "the logs have no scores"),
    ],
)
def test_a_rule_of_success_that_no_score_fits_is_refused(
    tmp_path: Path, scores: object, rule: str, expected: str
) -> None:
    with pytest.raises(UsageError) as error:
        usage(tmp_path, used("2026-10-26", scores=scores), success=rule)
    assert expected in str(error.value)


def test_months_in_part_are_left_out_of_actuals_and_named(tmp_path: Path) -> None:
    days = ("2026-03-20", "2026-04-02", "2026-05-01")
    found = usage(tmp_path, *map(used, days), months=True, by=["month"])
    assert [f"{month.month:%Y-%m}" for month in found.months] == ["2026-04"]
    assert (found.left_out, found.partial) == (("2026-03", "2026-05"), ("2026-03", "2026-05"))
    texts = [str(block) for block in report(found).blocks]
    assert any("only a part of 2026-03 and 2026-05" in text for text in texts)
    whole = usage(tmp_path, *map(used, days), months=True, partial_months=True)
    assert (len(whole.months), whole.left_out) == (3, ())
    with pytest.raises(UsageError, match="of 2026-03 they have only a part; --partial-months"):
        routecost.log_actuals(usage(tmp_path, used(days[0]), months=True))


def test_weeks_in_part_are_named(tmp_path: Path) -> None:
    days = ("2026-11-02", "2026-11-15", "2026-11-18")  # a Monday, a Sunday, a Wednesday
    assert usage(tmp_path, *map(used, days), by=["week"]).partial == ("2026-11-16",)
    assert usage(tmp_path, *map(used, days[:2]), by=["week"]).partial == ()
