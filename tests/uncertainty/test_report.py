"""What people see of a plan in which something is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

import routecost
from routecost.model.report.line_figure import LineFigure
from routecost.model.report.report import Note, Report
from routecost.report.projection.project import report
from tests.uncertainty.scenarios import written

VOLUME = "{uncertain: normal, mean: 500, sd: 60}"
BUDGET = "proposed: routed\nbudget: {amount: 130, per: month, strategy: routed}"


def reported(path: Path, **options: object) -> Report:
    return report(routecost.project(path, months=4, **{"runs": 3000, **options}))  # type: ignore[arg-type]


def figure(path: Path, **options: object) -> LineFigure:
    drawing = reported(path, **options).figure
    assert isinstance(drawing, LineFigure)
    return drawing


def texts(made: Report) -> list[str]:
    notes = [block for block in made.blocks if isinstance(block, Note)]
    return ["".join(part for part in note.parts if isinstance(part, str)) for note in notes]


def test_bands_are_drawn_around_two_lines(tmp_path: Path) -> None:
    drawn = figure(written(tmp_path, tasks=VOLUME, rest=BUDGET), strategies=["all-haiku", "routed"])
    assert [band.line for band in drawn.bands] == ["all-haiku", "routed"]
    line = drawn.lines[1].heights
    for low, value, high in zip(drawn.bands[1].low, line, drawn.bands[1].high, strict=True):
        assert low < value < high
    assert "3,000 simulated runs, seed 7" in drawn.source
    assert "bands" in drawn.alt


def test_of_many_lines_that_of_the_budget_has_a_band(tmp_path: Path) -> None:
    drawn = figure(written(tmp_path, tasks=VOLUME, rest=BUDGET))
    assert [band.line for band in drawn.bands] == ["routed"]
    assert drawn.bands[0].meaning.startswith("routed, P10 to P90")


def test_what_is_known_has_no_band(tmp_path: Path) -> None:
    drawn = figure(written(tmp_path, rest=BUDGET))
    assert drawn.bands == ()
    assert "paths" not in drawn.source
    assert [table.name for table in reported(tmp_path / "fleet.yaml").tables][:1] == ["months"]


def test_machines_get_the_variance(tmp_path: Path) -> None:
    document = reported(written(tmp_path, tasks=VOLUME, rest=BUDGET))
    (variance,) = (table for table in document.tables if table.name == "variance")
    rows = list(variance.records())
    assert {row["strategy"] for row in rows} == {"all-haiku", "routed", "all-opus"}
    assert [row["field"] for row in rows][:2] == ["workload.tasks_per_day", "interactions"]
    assert document.meta["uncertain"] == ["workload.tasks_per_day"]
    assert document.meta["runs"] == 3000


@pytest.mark.parametrize(("runs", "warned"), [(100, True), (100_000, False)])
def test_few_paths_draw_a_warning(tmp_path: Path, runs: int, warned: bool) -> None:
    document = reported(written(tmp_path, tasks=VOLUME), runs=runs)
    assert any("With this few runs" in text for text in texts(document)) == warned


def test_a_strategy_that_nothing_moves_is_told_of_in_the_table_alone(tmp_path: Path) -> None:
    rest = "  cascade: {cascade: [haiku, opus], accept: {haiku: {uncertain: beta, mean: 80%, trials: 20}}}"
    document = reported(written(tmp_path, rest=rest), strategies=["all-opus"])
    assert not any("variance" in text for text in texts(document))


def test_bands_beside_actuals_are_said_to_be_those_of_the_plan(tmp_path: Path) -> None:
    path = written(tmp_path, tasks=VOLUME, rest="default: routed")
    actuals = tmp_path / "actuals.csv"
    actuals.write_text("month,spend\n2026-02,140\n", encoding="utf-8")
    said = "percentiles and probabilities are those of the plan"
    assert any(said in text for text in texts(reported(path, actuals=actuals)))
    assert not any(said in text for text in texts(reported(path)))
