"""Charts of logs draw what is known: ranges, lower bounds and unknown costs are no exact values."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from routecost.api.logs.periods import spend_change, spend_pace
from routecost.api.logs.replay import replay
from routecost.api.logs.source import LogSource
from routecost.api.logs.usage import log_usage
from routecost.model.logs.cells import Bounds
from routecost.model.report.cells import Range
from routecost.model.report.line_figure import LineFigure, Points, Reference
from routecost.model.report.report import BarFigure
from routecost.model.results.logs.changes import read_days
from routecost.report.logs import replay as replay_report
from routecost.report.logs import usage as usage_report
from routecost.report.logs.periods import change_report, pace_report
from tests.support.transcripts import call, written

SHEET = "claude-2026-11"
SONNET, HAIKU, PRIVATE = "claude-sonnet-5-5", "claude-haiku-5-5", "a-private-model"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def log(*calls: tuple[str, int], time: str = "T12:00:00Z") -> LogSource:
    """A log of calls of models on days of November; a call of Sonnet costs $2."""
    lines = [
        call(at, model, f"2026-11-{day:02}{time}" if day else "", input=1_000_000)
        for at, (model, day) in enumerate(calls)
    ]
    return LogSource([str(written(Path("calls.jsonl"), *lines))], allow_unpriced=True)


def bars(source: LogSource, *by: str) -> BarFigure:
    figure = usage_report.report(log_usage(source, pricing=SHEET, by=by)).figure
    assert isinstance(figure, BarFigure)
    return figure


def lines(source: LogSource, *by: str) -> LineFigure:
    figure = usage_report.report(log_usage(source, pricing=SHEET, by=by)).figure
    assert isinstance(figure, LineFigure)
    return figure


def test_bars_without_a_price_are_unknown() -> None:
    figure = bars(log((SONNET, 16), (PRIVATE, 16)), "model")
    assert [(bar.name, bar.value) for bar in figure.bars] == [(SONNET, 2.0), (PRIVATE, None)]
    assert figure.footnote == "Unknown: none of the usage has a price."
    assert bars(log((SONNET, 16)), "model").footnote is None


def test_bars_with_a_part_without_a_price_have_no_end() -> None:
    figure = bars(log((SONNET, 16), (PRIVATE, 16)), "month")
    assert [bar.value for bar in figure.bars] == [Range(2, None)]
    assert figure.footnote == "Fading ends: this or more; some usage has no price."


def test_bars_and_dots_of_bounds_are_ranges() -> None:
    usage = log_usage(log((SONNET, 16), (SONNET, 17)), pricing=SHEET, by=["day"])
    first, last = usage.rows
    bounded = replace(first, cost=Bounds(Decimal(1), Decimal(3)))
    figure = usage_report.report(replace(usage, rows=(bounded, last))).figure
    assert isinstance(figure, LineFigure)
    assert figure.lines[0].values == (Range(1, 3), 2.0)
    assert str(figure.footnote).startswith("Whiskers: from the least to the most; the day or the context")
    single = usage_report.report(replace(usage, rows=(bounded,))).figure
    assert isinstance(single, BarFigure)
    assert [bar.value for bar in single.bars] == [Range(1, 3)]
    assert str(single.footnote).startswith("Light parts: from the least to the most; the day or the context")


def test_lines_have_gaps_and_lower_bounds() -> None:
    figure = lines(log((SONNET, 16), (PRIVATE, 16), (PRIVATE, 17), (SONNET, 18)), "day")
    assert [line.values for line in figure.lines] == [(Range(2, None), None, 2.0)]
    assert figure.footnote == (
        "Open dots: this or more, as some usage has no price. Gaps: none of the usage has a price."
    )


def test_a_model_without_a_price_has_no_line_at_zero() -> None:
    figure = lines(log((SONNET, 16), (PRIVATE, 17)), "day", "model")
    assert [(line.name, line.values) for line in figure.lines] == [(SONNET, (2.0, 0.0))]
    assert figure.footnote == f"Not drawn: {PRIVATE}; none of the usage has a price."
    alone = lines(log((PRIVATE, 16), (PRIVATE, 17)), "day", "model")
    assert [line.values for line in alone.lines] == [(None, None)]


@pytest.mark.parametrize(
    ("by", "days", "partial"),
    [
        ("week", (9, 15, 16, 22), ()),
        ("week", (9, 16, 22), ()),
        ("week", (10, 16, 22), (0,)),
        ("week", (9, 16, 23, 24), (2,)),
        ("week", (11, 20), (0, 1)),
        ("day", (11, 20), ()),
    ],
)
def test_weeks_that_may_be_incomplete_are_marked(
    by: str, days: tuple[int, ...], partial: tuple[int, ...]
) -> None:
    figure = lines(log(*((SONNET, day) for day in days)), by)
    assert figure.partial == partial
    note = f"a week that may be incomplete, as calls are from 2026-11-{days[0]:02} to 2026-11-{days[-1]}"
    assert figure.footnote == (f"Open dots: {note}." if partial else None)


def test_many_lines_are_joined() -> None:
    types = [
        {**call(at, SONNET, "2026-11-16T12:00:00Z", input=10**6 * at), "cwd": f"/home/dev/project-{at % 9}"}
        for at in range(1, 10)
    ]
    last = call(10, HAIKU, "2026-11-17T12:00:00Z", input=1)
    source = LogSource([str(written(Path("calls.jsonl"), *types, last))], task_types="project")
    names = [line.name for line in lines(source, "day", "task_type").lines]
    assert (len(names), names[0], names[-1]) == (7, "project-0", "4 others")


def test_the_pace_has_its_band_plan_and_budget() -> None:
    source = log((SONNET, 1), (SONNET, 2), (SONNET, 2), (SONNET, 3))
    pace = spend_pace(source, pricing=SHEET, plan="article-fleet", budget="100")
    figure = pace_report(pace).figure
    assert isinstance(figure, LineFigure)
    expected, plan = figure.lines
    assert figure.points == Points("spent", (2.0, 6.0, 8.0), is_line=True)
    assert (expected.name, expected.start, expected.is_dashed, expected.least[0]) == ("expected", 2, True, 8)
    (band,) = figure.bands
    drawn = [expected.level, plan.level, band.low[-1], band.high[-1]]
    wanted = [pace.expected, pace.planned, pace.low, pace.high]
    assert drawn == pytest.approx([float(amount or 0) for amount in wanted])
    assert (plan.name, figure.reference, figure.footnote) == ("plan", Reference("budget", 100.0), None)


def test_the_pace_of_bounds_and_of_a_month_that_is_over() -> None:
    bounds = pace_report(spend_pace(log((SONNET, 1), (PRIVATE, 2)), pricing=SHEET, budget="9")).figure
    assert isinstance(bounds, LineFigure)
    assert isinstance(bounds.lines[0].values[-1], Range)
    assert bounds.points is not None
    assert bounds.points.name == "spent at least"
    assert str(bounds.footnote).startswith("Costs are the least possible")
    over = pace_report(spend_pace(log((SONNET, 1), (SONNET, 30)), pricing=SHEET, budget="9")).figure
    assert isinstance(over, LineFigure)
    assert ([line.name for line in over.lines], over.points, over.bands) == (["spent"], None, ())


def test_the_change_has_a_total() -> None:
    days = read_days("2026-11-16"), read_days("2026-11-17")
    figure = change_report(spend_change(log((SONNET, 16), (PRIVATE, 17)), *days, pricing=SHEET)).figure
    assert isinstance(figure, BarFigure)
    assert (figure.bars[-1].name, figure.bars[-1].value) == ("total", -2.0)
    assert str(figure.footnote).startswith("Costs are the least possible")


def test_replays_are_ranges_and_the_cheapest_stay() -> None:
    lines = [call(1, SONNET, "2026-11-16T12:00:00Z", input=1_000_000, read=1_000_000)]
    source = LogSource([str(written(Path("calls.jsonl"), *lines))], task_types="=extraction")
    for tier in ("haiku", "opus"):
        text = f"version: 1\ntaxonomy: agent-fleet\nroutes:\n  - {{task: extraction, tier: {tier}}}\n"
        Path(f"{tier}.yaml").write_text(text, encoding="utf-8")
    found = replay(source, tables=["./haiku.yaml", "./opus.yaml"], pricing=[SHEET])
    cheap, costly = found.tables
    many = replace(found, tables=(costly, *[cheap] * 10, costly, *[cheap] * 9, costly))
    figure = replay_report.report(many).figure
    assert isinstance(figure, BarFigure)
    assert (figure.axis, len(figure.bars)) == ("cost (USD)", 21)
    assert [bar.name for bar in figure.bars[:3]] == ["as it ran", "opus", "haiku"]
    assert figure.bars[0].value == float(found.actual.low)
    assert figure.bars[2].value == Range(cheap.cost.low, cheap.cost.high)
    assert [bar.name for bar in figure.bars].count("haiku") == 19
    assert str(figure.subtitle).endswith("the 20 cheapest tables, 2 are left out")
    assert str(figure.footnote).startswith("Light parts: from the least to the most")
