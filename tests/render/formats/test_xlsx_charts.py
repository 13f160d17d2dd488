"""Charts of Excel workbooks: what they draw is on their sheet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from routecost.model.report.cells import Range, Unit
from routecost.model.report.line_figure import Band, LineFigure, Months, Numbers, Points, Reference, Series
from routecost.model.report.report import Bar, BarFigure, Figure
from routecost.model.report.sensitivity_figures import TornadoBar, TornadoFigure
from routecost.render.workbook import report as workbook_report
from tests.render.formats.test_xlsx import opened
from tests.render.reports import FIGURE, one_table

LINES = LineFigure(
    title="=A1 & 'x'!B2",
    axis="USD per month",
    across=Months((date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1))),
    lines=(Series("=one", (1.0, None, Range(3.0, None)), emphasis=True), Series("two", (5.0, 6.0), start=1)),
    source="Prices.",
    alt="Lines.",
    unit=Unit.MONEY,
    currency="USD",
    bands=(Band("=one", (0.5, 1.0, 2.0), (2.0, 3.0, 4.0), "P10 to P90"),),
    points=Points("actual", (1.5,)),
    reference=Reference("budget", 7.0),
)


def charted(figure: Figure) -> tuple[list[list[object]], str]:
    """Return the values of the chart sheet, from the headings on, and the XML of the chart."""
    workbook = opened(replace(one_table([["x"]]), figure=figure))
    rows: list[list[object]] = [list(row) for row in workbook.values("chart")[32:]]
    return rows, workbook.parts["xl/charts/chart1.xml"]


def test_lines_over_months_are_a_line_chart_of_the_values_on_its_sheet() -> None:
    rows, chart = charted(LINES)
    assert rows == [
        ["month", "=one", "two", "=one: P10 to P90, low", "=one: P10 to P90, high", "actual", "budget"],
        [46023.0, 1.0, None, 0.5, 2.0, 1.5, 7.0],
        [46054.0, None, 5.0, 1.0, 3.0, None, 7.0],
        [46082.0, 3.0, 6.0, 2.0, 4.0, None, 7.0],
    ]
    assert "<c:lineChart>" in chart
    assert "<c:f>chart!$C$34:$C$36</c:f>" in chart
    assert "<c:v>=A1 &amp; 'x'!B2</c:v>" in chart  # the title is read from a cell; its text is no formula
    assert "<c:f>=" not in chart
    assert '<c:numFmt formatCode="&quot;$&quot;#,##0.00"' in chart  # all values are below $10


@pytest.mark.parametrize("figure", [LINES, FIGURE])
def test_charts_of_long_workbooks_are_the_same(figure: Figure, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = charted(figure)
    monkeypatch.setattr(workbook_report, "LONG", 0)
    assert charted(figure) == expected


def test_a_low_end_on_a_chart_says_so() -> None:
    sheet = opened(replace(one_table([["x"]]), figure=LINES)).sheets["chart"]
    assert [row[1].format for row in sheet[33:]] == ['"$"#,##0.00', "General", '"$"#,##0.00" or more"']


def test_lines_over_numbers_are_a_scatter_chart() -> None:
    lines = (Series("one", (1.0, 2.0)),)
    rows, chart = charted(
        LineFigure("By price", "USD", Numbers((10.0, 40.0), "price", Unit.MONEY), lines, "Prices.", "Lines.")
    )
    assert rows == [["price", "one"], [10.0, 1.0], [40.0, 2.0]]
    assert "<c:scatterChart>" in chart


def test_bars_have_the_labels_and_order_of_the_figure() -> None:
    bars = (Bar("a", Range(2.0, 3.0)), Bar("b", None), Bar("c", 4.0, emphasis=True, is_baseline=True))
    figure = BarFigure("Bars", "USD", bars, "Prices.", "Bars.", Unit.MONEY, "USD")
    rows, chart = charted(figure)
    assert rows == [["", "USD"], ["a", 2.0], ["b (unknown)"], ["c", 4.0]]
    assert '<c:orientation val="maxMin"/>' in chart
    assert "$2.00 to $3.00" in chart
    sheet = opened(replace(one_table([["x"]]), figure=figure)).sheets["chart"]
    assert sheet[33][1].format == '"$2.00 to $3.00"'


def test_a_tornado_grows_from_its_base() -> None:
    bars = (TornadoBar("tokens", 80.0, 120.0), TornadoBar("share", None, 90.0))
    rows, chart = charted(TornadoFigure("T", "USD", 100.0, 0.2, bars, "Prices.", "T.", Unit.MONEY, "USD"))
    assert rows == [["", "20% less", "20% more"], ["tokens", 80.0, 120.0], ["share", None, 90.0]]
    category_axis = chart[chart.index("<c:catAx>") : chart.index("</c:catAx>")]
    assert '<c:crossesAt val="100.0"/>' in category_axis  # bars begin where the axis of the names crosses
