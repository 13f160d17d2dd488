"""``sweep --mix``, the tornado and ``pricing diff`` show how much depends on how hard repeated work is."""

from __future__ import annotations

from pathlib import Path

import pytest

import routecost
from routecost.library import open_library
from routecost.report.mixes.sweep import report as mixes_report
from routecost.report.pricing.diff import report as diff_report
from routecost.report.sensitivity.tornado import report as tornado_report
from tests.support.reports import text_of

HARD = "If repeated work is as hard as the success rates allow, "
FLEET = """\
version: 1
pricing: claude-article
as_of: 2026-02-01
workload:
  tasks_per_day: 100
  tokens: {input: 1000, output: 200}
  success: {haiku: 90%, sonnet: 95%, opus: 99%}
  failure_cost: 5
strategies:
  steps: {cascade: [haiku, sonnet, opus], detection: {wrong_rejected: 70%, right_rejected: 5%}}
  known:
    cascade: [haiku, sonnet]
    detection: {wrong_rejected: 70%, right_rejected: 5%}
    success_after: {sonnet: 85%}
  all-sonnet: {tier: sonnet}
baseline: steps
default: steps
proposed: steps
"""


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    path = tmp_path / "fleet.yaml"
    path.write_text(FLEET, encoding="utf-8")
    return path


def test_mixes_are_compared_with_both_ends_of_the_default(fleet: Path) -> None:
    steps = routecost.compare(fleet)["steps"]
    assert steps.cost_per_month < steps.cost_per_month_high
    swept = routecost.sweep(fleet)
    months = swept.to_frame()["cost_per_month"]
    assert swept.cheaper is not None
    assert swept.cheaper_high is not None
    assert swept.cheaper.count == (months < float(steps.cost_per_month)).sum()
    assert swept.cheaper_high == (months < float(steps.cost_per_month_high)).sum() > swept.cheaper.count
    saved = swept.to_frame()["savings_per_month_high"]
    assert saved.tolist() == pytest.approx((float(steps.cost_per_month_high) - months).tolist())
    change = swept.to_frame()["vs_baseline_low"]
    assert change.tolist() == pytest.approx((months / float(steps.cost_per_month_high) - 1).tolist())
    assert f"warning: {HARD}steps costs up to $" in text_of(mixes_report(swept))


def test_mixes_have_no_range_where_the_default_has_none(fleet: Path) -> None:
    fleet.write_text(FLEET.replace("default: steps", "default: known").replace("line: steps", "line: known"))
    swept = routecost.sweep(fleet)
    assert swept.cheaper_high is None
    assert not {"savings_per_month_high", "vs_baseline_low"} & swept.columns.keys()
    assert HARD not in text_of(mixes_report(swept))


def test_every_cost_of_a_tornado_has_its_worst_case(fleet: Path) -> None:
    tornado = routecost.tornado(fleet)
    steps = routecost.compare(fleet)["steps"]
    assert tornado.cost_per_month_high == steps.cost_per_month_high
    assert tornado.costs.total == steps.total_cost_per_month
    assert tornado.costs.total_high == steps.total_cost_per_month_high
    (moved,) = [one for one in tornado.assumptions if one.name == "workload.success.haiku"]
    fleet.write_text(FLEET.replace("haiku: 90%", "haiku: 72%"))
    low = routecost.compare(fleet)["steps"]
    assert (moved.down.cost, moved.down.cost_high) == (low.cost_per_month, low.cost_per_month_high)
    record = next(one for one in tornado.records() if one["assumption"] == moved.name)
    expected = float(low.cost_per_month_high / steps.cost_per_month_high - 1)
    assert float(record["worst_change_down"]) == pytest.approx(expected)
    text = text_of(tornado_report(tornado))
    span = f"${steps.total_cost_per_month:,.2f} to ${steps.total_cost_per_month_high:,.2f}"
    assert f"unchanged, the cost is {span} a month, including failures" in text


def test_a_tornado_says_if_another_assumption_matters_most(fleet: Path) -> None:
    tornado = routecost.tornado(fleet)
    base = tornado.costs
    worst = max(tornado.assumptions, key=lambda one: one.swing(base, worst=True))
    said = f"warning: {HARD}{worst.name} has the largest effect" in text_of(tornado_report(tornado))
    assert said is (worst.swing(base, worst=True) > tornado.assumptions[0].swing(base, worst=True))
    known = routecost.tornado(fleet, strategy="known")
    assert not known.is_ranged
    assert "cost_per_month_up_high" not in known.records()[0]
    assert " to $" not in text_of(tornado_report(known))


def test_a_difference_of_sheets_has_ranges_and_says_what_flips(fleet: Path) -> None:
    diff = routecost.diff_pricing("claude-article", "claude-2026-11", scenario=fleet)
    old, new = (
        routecost.compare(fleet, pricing=sheet, as_of=diff.as_of)["steps"]
        for sheet in (diff.before, diff.after)
    )
    steps, known, sonnet = diff.changes
    assert steps.worst_change == new.cost_per_month_high - old.cost_per_month_high
    assert known == known.in_worst_case
    assert sonnet == sonnet.in_worst_case
    text = text_of(diff_report(diff))
    assert "Failure costs are not included." in text
    cheapest = min((known, sonnet, steps), key=lambda row: row.cost_per_month_before_high).strategy
    usual = min((known, sonnet, steps), key=lambda row: row.cost_per_month_before).strategy
    assert (f"{HARD}{cheapest} has the cheapest calls in claude-article" in text) is (cheapest != usual)


def test_a_change_of_sign_is_named(tmp_path: Path) -> None:
    sheet = (open_library(None).find("pricing", "claude-article")).read_text(encoding="utf-8")
    (tmp_path / "fleet.yaml").write_text(FLEET, encoding="utf-8")
    changed = tmp_path / "changed.yaml"
    changed.write_text(sheet.replace("input: 0.80", "input: 0.90").replace("input: 15.00", "input: 10.00"))
    diff = routecost.diff_pricing("claude-article", changed, scenario=tmp_path / "fleet.yaml")
    steps = diff.changes[0]
    assert steps.change > 0 > steps.worst_change
    assert f"warning: {HARD}steps costs less, and not more." in text_of(diff_report(diff))
