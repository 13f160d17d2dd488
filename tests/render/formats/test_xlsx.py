"""Excel workbooks: typed cells that look as in text, harmless text, charts, and long tables."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.errors import EnvironmentFailure, UsageError
from routecost.model.report.cells import Cell, Column, Quantity, Range, Shown, Unit
from routecost.model.report.report import Listing, Note, Report, Table
from routecost.render import write
from routecost.render.rounding import common_places, is_numeric, places_of, shown_column
from routecost.render.workbook import report as workbook_report
from routecost.render.workbook import tables as workbook_tables
from routecost.render.workbook.cells import number_format
from tests.render.formats.test_formats import HOSTILE, report_of
from tests.render.formats.test_parts import document
from tests.render.formats.workbooks import ReadCell, Workbook, read
from tests.render.reports import FIGURE, compare, one_table


def written(report: Report) -> bytes:
    pytest.importorskip("xlsxwriter")
    sink = BytesIO()
    write(report, "xlsx", sink)
    return sink.getvalue()


def opened(report: Report) -> Workbook:
    return read(written(report))


def column(
    cells: Sequence[Cell], unit: Unit = Unit.TEXT, currency: str = "USD", key: str = "key"
) -> list[ReadCell]:
    """Return the cells of a column as a workbook has them."""
    report = one_table([[cell] for cell in cells], (Column(key, "Label", unit),))
    rows = opened(replace(report, currency=currency)).sheets["usage"]
    assert rows[0][0].value == "Label"
    return [row[0] for row in rows[1:]]


def test_cells_have_the_type_and_format_of_their_unit() -> None:
    money = column([Decimal("1234.5"), 3, None], Unit.MONEY)
    assert money == [
        ReadCell(1234.5, '"$"#,##0.00'),
        ReadCell(3.0, '"$"#,##0.00'),
        ReadCell("\N{EN DASH}"),
    ]
    assert column([Decimal(2)], Unit.MONEY, "EUR") == [ReadCell(2.0, '"EUR "#,##0.00')]
    assert column([0.256], Unit.SHARE) == [ReadCell(0.256, "#,##0.0%")]
    assert column([-0.5], Unit.CHANGE) == [ReadCell(-0.5, "+#,##0.0%;-#,##0.0%;#,##0.0%")]
    assert column([12000], Unit.COUNT) == [ReadCell(12000.0, "#,##0")]
    assert column([1.5], Unit.SECONDS) == [ReadCell(1.5, '#,##0.0" s"')]
    assert column([True, False, None], Unit.FLAG) == [
        ReadCell(True),
        ReadCell(False),
        ReadCell("\N{EN DASH}"),
    ]
    assert column([Decimal("0.1"), "text"]) == [ReadCell(0.1), ReadCell("text")]
    assert column([Quantity(0.5, Unit.SHARE), Quantity(2, Unit.MONEY, "EUR")], Unit.NUMBER) == [
        ReadCell(0.5, "#,##0%"),
        ReadCell(2.0, '"EUR "#,##0.00'),
    ]


def test_days_and_months_are_dates_unless_excel_has_no_number_for_them() -> None:
    assert column([date(2026, 2, 1), date(1815, 12, 10)], Unit.DATE) == [
        ReadCell(46054.0, "yyyy-mm-dd"),
        ReadCell("1815-12-10"),
    ]
    assert column(["2026-02", "total", "1815-12"], key="month") == [
        ReadCell(46054.0, "yyyy-mm"),
        ReadCell("total"),
        ReadCell("1815-12"),
    ]
    assert column(["2026-02"]) == [ReadCell("2026-02")]


def test_a_bound_is_text_and_a_text_for_a_number_is_its_format() -> None:
    cells: list[Cell] = [
        Range(5, None),
        Range(5, 7),
        Range(None, 7),
        Range(5, 5),
        Shown(0, "baseline"),
        Shown(None, "in mix"),
    ]
    assert [(cell.value, cell.format) for cell in column(cells, Unit.MONEY)] == [
        ("$5.00 or more", "General"),
        ("$5.00 to $7.00", "General"),
        (f"{shown_column([Range(None, 7)], Unit.MONEY, 'USD')[0]}", "General"),
        (5.0, '"$"#,##0.00'),
        (0.0, '"baseline"'),
        ("in mix", "General"),
    ]
    assert column([Shown(Decimal("0.8"), "$0.80"), Shown(0, 'say "no"')], Unit.MONEY) == [
        ReadCell(0.8, '"$"#,##0.00'),
        ReadCell(0.0, r"\s\a\y\ \"\n\o\""),
    ]


def test_one_end_of_a_range_is_no_number() -> None:
    columns = tuple(
        Column(key, key, Unit.MONEY)
        for key in ("cost", "cost_high", "rate", "rate_low", "mean", "mean_low", "mean_high")
    )
    rows: list[tuple[Cell, ...]] = [(5, 7, 2, 1, 3, 2, 4), (5.0, Decimal(5), 2, None, None, 2, 4)]
    assert opened(one_table(rows, columns)).values("usage")[1:] == [
        ["$5.00 to $7.00", 7.0, "$1.00 to $2.00", 1.0, 3.0, 2.0, 4.0],
        [5.0, 5.0, 2.0, "\N{EN DASH}", "\N{EN DASH}", 2.0, 4.0],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@now",
        "{=1}",
        "http://x.test",
        "mailto:a@b.test",
        "internal:A1",
        "00123",
        "1e5",
        "TRUE",
        "<r><t>x</t></r>",
        "<r>a & b</r>",
        " padded ",
        "_x0041_",
        "",
        "#REF!",
        "'quoted",
        "x" * 16_000,
        "zwölf 日本 👩‍💻",
    ],
)
def test_text_is_text_whatever_it_looks_like(text: str) -> None:
    workbook = opened(one_table([[text], [text]]))
    assert workbook.values("usage") == [["Name"], [text], [text]]
    assert not any(
        "hyperlinks" in part for name, part in workbook.parts.items() if name.endswith("sheet2.xml")
    )


def test_hostile_and_very_long_text_is_escaped_and_cut() -> None:
    workbook = opened(report_of(HOSTILE))
    safe = r"a\x1b[31m\r\nb\u202ec\x9bd\ud800e\u2028f\tg\x00"
    assert workbook.values("usage") == [["name", "cost"], [safe, 1.0]]
    assert workbook.values("Summary")[0] == [safe]
    assert column(["y" * 40_000]) == [ReadCell("y" * 16_000 + " ... (cut)")]


def test_headings_are_frozen_and_differ() -> None:
    columns = (
        Column("a_b", "at most"),
        Column("c_d", "at most"),
        Column("e", ""),
        Column("f", "F", machine_only=True),
    )
    workbook = opened(one_table([("x", 1, 2, 3)], columns))
    assert workbook.values("usage") == [["a b", "c d", "e", "F"], ["x", 1.0, 2.0, 3.0]]
    page = workbook.parts["xl/worksheets/sheet2.xml"]
    assert '<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>' in page
    assert '<autoFilter ref="A1:D2"/>' in page


def test_an_empty_table_has_headings_only() -> None:
    workbook = opened(one_table([]))
    assert workbook.values("usage") == [["Name"]]
    assert "autoFilter" not in workbook.parts["xl/worksheets/sheet2.xml"]


def test_the_first_sheet_has_title_notes_sheets_and_fields() -> None:
    report = compare(FIGURE)
    report = replace(report, blocks=(*report.blocks, Listing("Example", "a: 1\n  b: 2\n")))
    workbook = opened(report)
    assert list(workbook.sheets) == ["Summary", "chart", "strategies"]
    assert [[value for value in row if value is not None] for row in workbook.values("Summary")] == [
        ["Compare: article-fleet"],
        ["Saves $78.30 a month."],
        ["Warning", "Old."],
        ["Example:"],
        ["a: 1"],
        ["  b: 2"],
        [],
        ["Sheets"],
        ["chart", "Spend per month by strategy"],
        ["strategies", "Compare: article-fleet"],
        [],
        ["Fields"],
        ["scenario", "article-fleet"],
        ["as_of", 46054.0],
        ["savings.per_month", 78.3],
    ]


def test_parts_are_headings_and_repeated_names_of_tables_get_the_name_of_the_part() -> None:
    workbook = opened(document())
    assert list(workbook.sheets) == ["Summary", "comparison chart", "strategies"]
    texts = [value for row in workbook.values("Summary") for value in row]
    assert texts.index("Summary") < texts.index("It is worth it.") < texts.index("Saves $78.30 a month.")
    twice = replace(document(), parts={"a": compare(), "B": compare()})
    assert list(opened(twice).sheets) == ["Summary", "a strategies", "B strategies"]


def test_names_of_sheets_are_unique_short_and_allowed() -> None:
    names = [
        "history",
        "Summary",
        "a/b[c]:d*e?f\\g",
        "'quoted'",
        "long" * 20,
        "LONG" * 20,
        "",
        "x" * 30 + "' y",
    ]
    tables = tuple(Table(name, (Column("name", "Name"),), [["x"]]) for name in names)
    assert list(opened(Report("usage", "Usage", {}, tables)).sheets) == [
        "Summary",
        "history 2",
        "Summary 2",
        "a-b-c--d-e-f-g",
        "quoted",
        "longlonglonglonglonglonglonglon",
        "LONGLONGLONGLONGLONGLONGLONGL 2",
        "sheet",
        "x" * 30,
    ]


def test_the_same_report_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert written(compare(FIGURE)) == written(compare(FIGURE))
    core = opened(compare()).parts["docProps/core.xml"]
    assert "2000-01-01T00:00:00Z" in core
    assert "Compare: article-fleet" in core
    monkeypatch.setattr(workbook_report, "LONG", 1)
    assert written(compare(FIGURE)) == written(compare(FIGURE))


def test_a_long_table_is_written_row_by_row_with_the_same_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(f"=row {at}", 0.5 + at, Decimal(at), None) for at in range(2_000)]
    columns = (
        Column("name", "Name"),
        Column("a", "A", Unit.MONEY),
        Column("b", "B"),
        Column("c", "C", Unit.SHARE),
    )
    in_memory = opened(one_table(rows, columns))
    monkeypatch.setattr(workbook_report, "LONG", 100)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    streamed = opened(one_table(iter(rows), columns))
    assert streamed.sheets == in_memory.sheets
    assert "xl/sharedStrings.xml" in in_memory.parts
    assert "inlineStr" in streamed.parts["xl/worksheets/sheet2.xml"]
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_an_error_of_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(xlsxwriter.workbook, "ZipFile", full)
    monkeypatch.setattr(workbook_report, "LONG", 1)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(OSError, match="No space left on device"):
        write(compare(), "xlsx", BytesIO())
    assert list(tmp_path.iterdir()) == []


def test_a_table_with_too_many_rows_is_refused_before_a_row_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("xlsxwriter")
    rows = map(pytest.fail, ["a row was read"])
    table = Table("points", (Column("name", "Name"),), rows, count=2_000_000)
    sink = BytesIO()
    with pytest.raises(
        UsageError, match='"points" has 2,000,000 rows, but a sheet of "xlsx" holds 1,048,575'
    ):
        write(Report("sweep", "Sweep", {}, (table,)), "xlsx", sink)
    monkeypatch.setattr(workbook_tables, "MOST_ROWS", 3)
    monkeypatch.setattr(workbook_report, "LONG", 2)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert len(column(["x"] * 3)) == 3
    with pytest.raises(UsageError, match='"usage" has more rows'):
        write(one_table(("x",) for _ in range(4)), "xlsx", sink)
    assert (sink.getvalue(), list(tmp_path.iterdir())) == (b"", [])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_no_number_is_refused(value: Cell) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        column([value], Unit.MONEY)


def test_a_number_that_excel_cannot_hold_is_text() -> None:
    assert column([Decimal("1e400")]) == [ReadCell("1E+400")]


def displayed(value: float, number_format: str) -> str:
    """Return a number as Excel shows it with one of our formats."""
    positive, *others = number_format.split(";")
    section = positive
    if others:
        section = others[0] if value < 0 else positive if value > 0 else others[1]
    before, digits, after = section.partition("#,##0")[0], *_digits(section.partition("#,##0")[2])
    exact = abs(Decimal(f"{value:.15g}")) * (100 if "%" in after else 1)
    rounded = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    sign = "-" if value < 0 and not others else ""
    return f"{sign}{before}{rounded:,f}{after}".replace('"', "")


def _digits(rest: str) -> tuple[int, str]:
    zeros = len(rest) - len(rest.lstrip(".0"))
    return max(0, zeros - 1), rest[zeros:]


@given(
    st.sampled_from([unit for unit in Unit if is_numeric(unit)]),
    st.lists(st.integers(-(10**12), 10**12).map(lambda digits: digits / 10**7), min_size=1, max_size=4),
    st.sampled_from(["USD", "EUR"]),
)
def test_numbers_look_as_in_text(unit: Unit, values: list[float], currency: str) -> None:
    common = common_places(values, unit)
    formats = [number_format(unit, currency, max(common, places_of(value, unit))) for value in values]
    assert list(map(displayed, values, formats)) == shown_column(values, unit, currency)


def test_a_note_alone_is_a_workbook() -> None:
    assert list(opened(Report("rules", "Rules", {}, (Note.of("none"),))).sheets) == ["Summary"]


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(EnvironmentFailure, match=r'pip install "routecost\[xlsx\]"'):
        write(compare(), "xlsx", BytesIO())
