"""Actuals in workbooks: the same as CSV, faults at their cells, and hostile files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

import routecost
from routecost.documents.actuals.load import load_actuals
from routecost.errors import EnvironmentFailure, UsageError
from routecost.model.results.actuals import Actuals
from routecost.model.scenario.horizon import Horizon
from routecost.report.projection.project import report
from tests.cli.running import routecost as run

openpyxl = pytest.importorskip("openpyxl")

FLEET = routecost.load_scenario("article-fleet")
MARCH = datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None)
HEADER = ("month", "tier", "strategy", "tasks", "spend", "input", "output", "web_search")
ROWS = (
    (date(2026, 3, 31), "sonnet", "all-sonnet", 14000, 180.5, 28_000_000, 7_000_000, 3),
    (
        MARCH,
        "opus",
        None,
        1000,
        24,
        "2_000_000",
        500_000,
        None,
    ),
    ("2026-02", None, None, None, 131.04, None, None, None),
    ("2026-03", None, None, 15000, 205, None, None, None),
)
CSV = """\
month,tier,strategy,tasks,spend,input,output,web_search
2026-03,sonnet,all-sonnet,14000,180.50,28000000,7000000,3
2026-03,opus,,1000,24,2_000_000,500000,
2026-02,,,,131.04,,,
2026-03,,,15000,205,,,
"""


def book(path: Path, *rows: Sequence[object], title: str = "Spend", change: Any = None) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if change is not None:
        change(made)
    made.save(path)
    return path


def load(path: Path, sheet: str | None = None) -> Actuals:
    return load_actuals(path, FLEET, Horizon(date(2026, 2, 1), 12), date(2026, 11, 26), sheet=sheet)


def figures(actuals: Actuals) -> list[tuple[object, ...]]:
    """Return what the months state, without the places."""
    return [
        (
            *(month.month, month.spend, month.strategy, month.tasks),
            {name: (used.tasks, used.calls, used.units, used.spend) for name, used in month.used.items()},
        )
        for month in actuals.months
    ]


def faults(path: Path, sheet: str | None = None) -> list[str]:
    with pytest.raises(routecost.DocumentError) as caught:
        load(path, sheet)
    return [str(finding).removeprefix(f"{path.parent}/") for finding in caught.value.findings]


def test_a_sheet_says_what_csv_says(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CSV, encoding="utf-8")
    read = load(book(tmp_path / "a.xlsx", HEADER, *ROWS))
    assert figures(read) == figures(load(tmp_path / "a.csv"))


def test_blank_rows_and_columns_are_left_out(tmp_path: Path) -> None:
    rows = [
        (None, *HEADER),
        (),
        *((None, *row) for row in ROWS),
        (None, date(2026, 4, 1), None, "all-sonnet"),
    ]
    read = load(book(tmp_path / "a.xlsx", (), *rows))
    assert figures(read) == figures(load(book(tmp_path / "b.xlsx", HEADER, *ROWS)))


def test_numbers_have_the_digits_of_excel(tmp_path: Path) -> None:
    read = load(book(tmp_path / "a.xlsx", ("month", "spend"), ("2026-02", 0.1 + 0.2), ("2026-03", 1e-7)))
    assert [month.spend for month in read.months] == [Decimal("0.3"), Decimal("1e-7")]


def test_the_sheet_is_that_with_the_columns_or_the_named_one(tmp_path: Path) -> None:
    def change(made: Any) -> None:
        made.create_sheet("Notes").append(("month", "text"))

    path = book(tmp_path / "a.xlsx", ("month", "spend"), ("2026-02", 5), change=change)
    assert load(path).months[0].spend == load(path, "Spend").months[0].spend == 5
    assert faults(path, "spent") == ['a.xlsx:1:1: no sheet named "spent"; the sheets are "Spend", "Notes"']
    assert 'a.xlsx:Notes!A1: column "spend" is missing' in faults(path, "Notes")

    def twice(made: Any) -> None:
        made.create_sheet("Old").append(("month", "spend"))

    assert faults(book(tmp_path / "b.xlsx", ("month", "spend"), change=twice)) == [
        (
            'b.xlsx:1:1: 2 sheets have the columns "month" and "spend"; expected one, or its name '
            '(--actuals-sheet): "Spend", "Old"'
        )
    ]
    with pytest.raises(UsageError, match="has no sheets; expected a workbook"):
        load(tmp_path / "a.csv", "Spend")


def test_every_fault_is_at_its_cell(tmp_path: Path) -> None:
    rows = (
        ("month", "spnd", "tier", "spend"),
        (date(2026, 2, 1), None, "haiku", "much"),
        (date(2027, 7, 1), None, None, 5),
        ("2026-03", None, "hiaku", 5),
        (202604, None, None, 5),
        ("2026-05", 1, None, "=1+1"),
        ("2026-06", None, None, "#REF!"),
    )
    found = "\n".join(faults(book(tmp_path / "a.xlsx", *rows)))
    for expected in (
        'a.xlsx:Spend!B1: unknown column "spnd"; did you mean "spend"?',
        'a.xlsx:Spend!D2: "much" is not an amount of money of 0 or more, such as 2 or 2 EUR',
        'a.xlsx:Spend!A3: "2027-07" is outside the plan, 2026-02 to 2027-01; see --start and --months',
        'a.xlsx:Spend!C4: unknown tier "hiaku"; did you mean "haiku"?',
        'a.xlsx:Spend!A5: "202604" is not a month; expected YYYY-MM, such as 2026-02',
        "a.xlsx:Spend!D6: the formula has no saved value; expected a value, or a saved workbook",
        "a.xlsx:Spend!D7: the cell has the error #REF!",
    ):
        assert expected in found


def with_part(path: Path, name: str, edit: Callable[[bytes], bytes]) -> Path:
    """Change a part of a workbook, or add it."""
    content = BytesIO(path.read_bytes())
    with ZipFile(content) as old, ZipFile(path, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, edit(old.read(name) if name in old.namelist() else b""))
    return path


SHEET = "xl/worksheets/sheet1.xml"


def test_formulas_have_their_saved_value(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ("month", "spend"), ("2026-02", "=100+31"))

    def edit(xml: bytes) -> bytes:
        start, _, rest = xml.partition(b"<f>")
        return start + b"<f>100+31</f><v>131</v>" + rest[rest.index(b"</c>") :]

    assert load(with_part(path, SHEET, edit)).months[0].spend == 131


@pytest.mark.parametrize(
    ("part", "edit", "message"),
    [
        (SHEET, lambda xml: b"<!DOCTYPE x [<!ENTITY e 'x'>]>" + xml, f'"{SHEET}" declares a document type'),
        ("xl/big.xml", lambda _: b" " * 20_000_001, "too large when unpacked; the limit is 20,000,000 bytes"),
        (SHEET, lambda xml: xml.replace(b'r="2"', b'r="99999999999"'), "has more than 100,000 rows"),
        (SHEET, lambda xml: xml.replace(b'r="B2"', b'r="ZZZ2"'), "or 1,000,000 cells"),
        (SHEET, lambda xml: xml[: len(xml) // 2], "not a workbook in the format xlsx that can be read"),
        ("xl/workbook.xml", lambda _: b"<a/>", "the workbook has no sheets with cells"),
    ],
)
def test_hostile_workbooks_are_refused(
    tmp_path: Path, part: str, edit: Callable[[bytes], bytes], message: str
) -> None:
    path = with_part(book(tmp_path / "a.xlsx", ("month", "spend"), ("2026-02", 5)), part, edit)
    (fault,) = faults(path)
    assert message in fault


def test_other_files_are_no_workbooks(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("month,spend\n2026-02,5\n", encoding="utf-8")
    assert faults(tmp_path / "a.xlsx") == ["a.xlsx:1:1: not a workbook in the format xlsx"]
    (tmp_path / "a.xls").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match=r"expected one of \.yaml, \.yml, \.csv, \.xlsx"):
        load(tmp_path / "a.xls")


def test_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(EnvironmentFailure, match=r'pip install "routecost\[xlsx\]"'):
        load(tmp_path / "a.xlsx")


def test_a_workbook_of_a_projection_is_a_template(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    path = tmp_path / "plan.xlsx"
    assert run("project", "article-fleet", "--months", "4", "--output", str(path)).code == 0
    made = openpyxl.load_workbook(path)
    sheet = made["fill in actuals"]
    assert [cell.value for cell in sheet[1]] == ["month", "tasks", "spend"]
    sheet["C2"], sheet["B2"] = 131.04, 15600
    made.save(path)
    projection = routecost.project("article-fleet", months=4, actuals=path)
    assert projection.actuals is not None
    spent = [month.record()["actual"] for month in projection.actuals.months]
    assert spent == [Decimal("131.04"), None, None, None]
    assert "fill in actuals" not in [table.name for table in report(projection).tables]
    done = run("project", "article-fleet", "--actuals", str(path), "--actuals-sheet", "months")
    assert done.code == 2
    assert 'plan.xlsx:months!A1: column "spend" is missing' in done.stderr
