"""Sweeps over fields of a plan: every point is the projection of a file with that value."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest

import routecost
from routecost.errors import DocumentError, RoutecostError
from routecost.render import write
from routecost.report.sensitivity.plan_sweep import report
from tests.support.reports import text_of

FLEET = """\
version: 1
pricing: claude-article
as_of: 2026-02-01
workload: {tasks_per_day: 1000, tokens: {input: 2000, output: 500}%s}
strategies: {all-haiku: {tier: haiku}, all-sonnet: {tier: sonnet}}
baseline: all-sonnet
default: all-sonnet
proposed: all-haiku
plan: {%s}
"""


def fleet(folder: Path, plan: str = "start: 2026-03", more: str = "") -> Path:
    path = folder / "fleet.yaml"
    path.write_text(FLEET % (more, plan), encoding="utf-8")
    return path


def test_growth_by_hand(tmp_path: Path) -> None:
    """A month on Haiku costs 108; with 100% of growth three months cost 108 x (1 + 2 + 4)."""
    sweep = routecost.sweep_plan(fleet(tmp_path), ["plan.growth=0:100%:50%"], months=3)
    costs = [point.costs[0].cost for point in sweep.points]
    assert costs == [324, 108 * (1 + Decimal("1.5") + Decimal("2.25")), 756]
    assert all(
        abs((point.costs[0].vs_baseline or 0) - (Decimal(108) / 405 - 1)) < Decimal("1e-20")
        for point in sweep.points
    )


@pytest.mark.parametrize(
    ("field", "values", "plan"),
    [
        ("plan.growth", ["0", "7%"], "growth: {}"),
        ("plan.growth.0.rate", ["0.01", "7%"], "growth: [{{rate: {}}}]"),
        ("plan.commitments.0.amount", ["0", "300"], "commitments: [{{from: 2026-02, amount: {}}}]"),
        (
            "plan.engineering.router.amount",
            ["10", "900"],
            "engineering: {{router: {{date: 2026-02-01, amount: {}}}}}",
        ),
        ("plan.seasonality.april", ["0.5", "2"], "seasonality: {{april: {}}}"),
    ],
)
def test_each_point_is_a_projection_of_its_file(
    tmp_path: Path, field: str, values: list[str], plan: str
) -> None:
    texts = [plan.format(value) for value in values]
    swept = routecost.sweep_plan(fleet(tmp_path, texts[0]), [f"{field}={','.join(values)}"], months=4)
    for point, text in zip(swept.points, texts, strict=True):
        projection = routecost.project(fleet(tmp_path, text), months=4)
        assert [cost.cost for cost in point.costs] == [spend.total for spend in projection.strategies]
        assert point.payback == (projection.payback and projection.payback.latest)


def test_failures_are_counted_or_bounded(tmp_path: Path) -> None:
    more = ", success: {sonnet: 90%}, failure_cost: 1"
    sweep = routecost.sweep_plan(fleet(tmp_path, more=more), ["plan.growth=0,5%"], months=2)
    low, known = list(sweep.records())[:2]
    assert low["total_over_plan"] is None
    assert low["total_over_plan_low"] == low["cost_over_plan"] == 216
    assert known["total_over_plan"] == 810 + 60_000 * Decimal("0.1")


def test_other_fields_may_be_swept_beside_those_of_the_plan(tmp_path: Path) -> None:
    sweep = routecost.sweep_plan(fleet(tmp_path), ["plan.growth=0,100%", "tasks_per_day=1000,2000"], months=2)
    assert [point.costs[0].cost for point in sweep.points] == [216, 432, 324, 648]
    sink = StringIO()
    write(report(sweep), "json", sink)
    document = json.loads(sink.getvalue())
    assert document["schema"] == "routecost.sweep/1"
    assert [document["months"], document["start"]] == [2, ["2026-03"]]
    assert document["points"][0] == {
        "plan.growth": 0,
        "tasks_per_day": 1000,
        "strategy": "all-haiku",
        "cost_over_plan": 216,
        "vs_baseline": document["points"][0]["vs_baseline"],
    }
    assert "totals of 2 months from 2026-03" in text_of(report(sweep))


def test_errors_name_the_point_or_the_field(tmp_path: Path) -> None:
    path = fleet(tmp_path, "growth: [{rate: 5%}]")
    with pytest.raises(DocumentError, match=r"at plan\.growth\.0\.rate = 500: "):
        routecost.sweep_plan(path, ["plan.growth.0.rate=0,500"])
    with pytest.raises(RoutecostError, match=r'did you mean "plan\.growth\.0\.rate"'):
        routecost.sweep_plan(path, ["plan.growth=0,5%"])
    with pytest.raises(RoutecostError, match="sweep_plan"):
        routecost.sweep_over(path, ["plan.growth.0.rate=0,5%"])
