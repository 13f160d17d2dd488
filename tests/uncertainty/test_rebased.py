"""Bands of forecasts that are re-based on actual spend."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import routecost
from routecost.engine.actuals.work_scale import fitting_scale
from routecost.engine.uncertainty.doubt import rebased
from routecost.engine.uncertainty.path_vectors import Floats
from routecost.model.results.actuals import PlanVsActual
from routecost.render import write
from routecost.report.projection.project import report
from tests.support.reports import text_of

RUNS = 20_000
COMMITTED = "commitments: [{amount: 240, from: 2026-02, discount: 10%, discount_above: 20%}]"
YEARLY = "commitments: [{amount: 1200, from: 2026-02, per: year, discount: 10%}]"


def fleet(folder: Path, tasks: str, growth: str, more: str = "") -> Path:
    path = folder / "fleet.yaml"
    path.write_text(f"""version: 1
pricing: claude-article
as_of: 2026-02-01
workload: {{tasks_per_day: {tasks}, tokens: {{input: 2000, output: 500}}}}
strategies:
  all-sonnet: {{tier: sonnet}}
  all-haiku: {{tier: haiku}}
default: all-sonnet
plan:
  start: 2026-02
  growth: {growth}
  {more}
""")
    (folder / "actuals.csv").write_text("month,spend\n2026-02,240\n2026-03,250\n")
    return path


def compared(path: Path, runs: int = RUNS, months: int = 6) -> PlanVsActual:
    actuals = routecost.project(path, months=months, actuals=path.parent / "actuals.csv", runs=runs).actuals
    assert actuals is not None
    return actuals


def test_what_the_spend_tells_of_the_level_is_known_in_each_run(tmp_path: Path) -> None:
    """With growth g, months 1 and 2 of 490 and (1 + g)^5 of month 1 in the sixth: 490 (1 + g)^5 / (2 + g)."""
    path = fleet(tmp_path, "{uncertain: normal, mean: 500, sd: 80}", "{uncertain: normal, mean: 3%, sd: 3%}")
    actuals = compared(path)
    for share, name in ((0.1, "p10"), (0.5, "p50"), (0.9, "p90")):
        growth = NormalDist(0.03, 0.03).inv_cdf(share)
        band = actuals.months[-1].band
        assert band is not None
        assert float(getattr(band, name)) == pytest.approx(490 * (1 + growth) ** 5 / (2 + growth), rel=0.005)


def test_months_with_actuals_have_no_band(tmp_path: Path) -> None:
    path = fleet(tmp_path, "{uncertain: normal, mean: 500, sd: 80}", "{uncertain: normal, mean: 3%, sd: 3%}")
    actuals = compared(path)
    assert [month.band is None for month in actuals.months] == [True, True, False, False, False, False]
    records = actuals.records()
    assert [record["p10"] is None for record in records] == [month.band is None for month in actuals.months]
    assert actuals.expected_band is not None
    assert actuals.expected_band.p10 < actuals.expected_total < actuals.expected_band.p90  # type: ignore[operator]
    widths = [month.band.p90 - month.band.p10 for month in actuals.months if month.band is not None]
    assert widths == sorted(widths)


def test_the_level_alone_leaves_no_doubt(tmp_path: Path) -> None:
    actuals = compared(fleet(tmp_path, "{uncertain: lognormal, mean: 500, sd: 200}", "3%"))
    for month in actuals.months[2:]:
        assert month.band is not None
        assert month.rebased is not None
        ends = [float(month.band.p10), float(month.band.p90)]
        assert ends == pytest.approx([float(month.rebased)] * 2, rel=1e-9)


@pytest.mark.parametrize("more", ["", COMMITTED, YEARLY])
def test_without_variance_the_bands_are_the_forecast(tmp_path: Path, more: str) -> None:
    path = fleet(tmp_path, "{uncertain: normal, mean: 500, sd: 0}", "3%", more)
    for month in compared(path, runs=10).months[2:]:
        assert month.band is not None
        assert month.rebased is not None
        assert float(month.band.p10) == pytest.approx(float(month.rebased), rel=1e-6)
        assert float(month.band.p90) == pytest.approx(float(month.rebased), rel=1e-6)


def test_a_floor_hides_the_level_of_the_work(tmp_path: Path) -> None:
    """Spend at the floor fits every lower scale: each run keeps its own plan, and the band its width."""
    tasks = "{uncertain: uniform, low: 400, high: 600}"
    path = fleet(tmp_path, tasks, "10%", "commitments: [{amount: 245, from: 2026-02}]")
    band = compared(path).months[-1].band
    assert band is not None
    sixth = [max(245, 30 * tasks * 0.0135 * 1.1**5) for tasks in (420, 500, 580)]
    # Runs above 550 tasks would have cost more than 490 in two months: they are scaled down.
    assert float(band.p10) == pytest.approx(sixth[0], rel=0.01)
    assert float(band.p50) == pytest.approx(sixth[1], rel=0.01)
    assert float(band.p90) < sixth[2]


def test_the_budget_is_compared_with_actuals_and_forecast(tmp_path: Path) -> None:
    budget = "budget: {amount: 245, per: month, strategy: all-sonnet}"
    path = fleet(
        tmp_path, "{uncertain: normal, mean: 500, sd: 80}", "{uncertain: normal, mean: 0, sd: 1%}", budget
    )
    risk = compared(path).budget_risk
    assert risk is not None
    assert list(risk.months[:2]) == [0, 1]  # 240 and 250 are known
    assert float(risk.months[2]) == pytest.approx(0.5, abs=0.02)
    assert risk.any_month == 1


def test_a_run_without_work_has_no_bands(tmp_path: Path) -> None:
    path = fleet(tmp_path, "{uncertain: uniform, low: 0, high: 0}", "3%")
    (tmp_path / "actuals.csv").write_text("month,spend\n2026-02,240\n")
    assert compared(path, runs=10).expected_band is None


def test_text_and_json_have_the_bands(tmp_path: Path) -> None:
    budget = "budget: {amount: 245, per: month, strategy: all-sonnet}"
    path = fleet(
        tmp_path, "{uncertain: normal, mean: 500, sd: 80}", "{uncertain: normal, mean: 3%, sd: 3%}", budget
    )
    projection = routecost.project(path, months=6, actuals=tmp_path / "actuals.csv", runs=2000)
    made, out = report(projection), StringIO()
    assert "each run is re-based as the plan is" in text_of(made)
    write(made, "json", out)
    data = json.loads(out.getvalue())
    assert data["rebased"]["expected_p10"] < data["rebased"]["expected_p90"]
    assert data["rebased"]["over_budget_probability_any_month"] == 1
    assert [row["p90"] is None for row in data["actuals"]] == [True, True, False, False, False, False]
    assert projection.actuals is not None
    assert list(projection.actuals.to_frame()["p10"].isna()) == [True, True, False, False, False, False]


@given(
    st.lists(st.integers(0, 200), min_size=1, max_size=6),
    st.integers(0, 300),
    st.integers(0, 300),
    st.integers(0, 400),
    st.sampled_from(["0.5", "1", "1.7"]),
)
def test_each_run_has_the_scale_of_the_exact_engine(
    levels: list[int], floor: int, free: int, spent: int, wanted: str
) -> None:
    """A fee of 7, an allowance of ``free`` and a commitment to ``floor``: the cost is flat in two places."""
    work = np.array([float(level + 1) for level in levels])

    def cost(scale: Floats) -> Floats:
        total: Floats = np.maximum(floor, 7 + np.maximum(0, work * scale - free))
        return total

    found = rebased._fitting_scale(cost, float(spent), float(wanted), len(work))
    assert found is not None
    for at, level in enumerate(levels):
        exact = fitting_scale(
            lambda scale, level=level: max(Decimal(floor), 7 + max(Decimal(0), (level + 1) * scale - free)),  # type: ignore[misc]
            Decimal(spent),
            Decimal(wanted),
        )
        assert exact is not None
        assert found[at] == pytest.approx(float(exact.value), rel=1e-6, abs=1e-6)
