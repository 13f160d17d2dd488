"""Actual months on the chart of a projection: dots, and a line that leads on from them."""

from __future__ import annotations

from pathlib import Path

from routecost import project
from routecost.model.report.line_figure import LineFigure
from routecost.report.projection.project import report

ROWS = """\
month,spend,tasks
2026-03,140,15750
2026-04,160,16500
"""


def figure(tmp_path: Path, rows: str = ROWS) -> LineFigure:
    file = tmp_path / "spent.csv"
    file.write_text(rows, encoding="utf-8")
    projection = project(
        "article-fleet", months=6, growth="5%", actuals=file, strategies=["all-sonnet", "routed-80-15-5"]
    )
    drawn = report(projection).figure
    assert isinstance(drawn, LineFigure)
    return drawn


def test_actual_months_are_dots_in_their_places(tmp_path: Path) -> None:
    points = figure(tmp_path).points
    assert points is not None
    assert (points.start, points.values) == (1, (140.0, 160.0))


def test_the_forecast_leads_on_from_the_last_actual(tmp_path: Path) -> None:
    *_, forecast = figure(tmp_path).lines
    assert (forecast.start, len(forecast.values), forecast.values[0]) == (2, 4, 160.0)
    assert "spent.csv" in figure(tmp_path).source


def test_dots_reach_back_to_the_first_gap(tmp_path: Path) -> None:
    points = figure(tmp_path, "month,spend\n2026-02,100\n2026-04,160\n").points
    assert points is not None
    assert (points.start, points.values) == (2, (160.0,))
