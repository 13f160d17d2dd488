"""Every command's report as a workbook: the same tables and numbers as in JSON."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import isclose
from pathlib import Path
from typing import Any

import pytest

from routecost.cli.app import run
from routecost.render.escape import sanitize
from tests.cli.test_output_files import CASES, COMMANDS, arguments, command_of, here
from tests.render.formats.workbooks import ReadCell, Sheet, Workbook, read

pytest.importorskip("xlsxwriter")

__all__ = ["here"]  # the fixture with a document of every kind

REPORTS = [
    name
    for name in CASES
    if any("--format" in parameter.opts for parameter in COMMANDS[command_of(name)].params)
]
COMMAND_LINES = {name: arguments(name) for name in REPORTS} | {
    "rules": ["rules"],  # with --prompt it writes no report
    "compare with bounds": ["compare", "support-desk", "--explain"],
    "project with bounds": ["project", "support-desk", "--months", "3"],
    "sweep --mix": ["sweep", "support-desk", "--mix", "--step", "10%"],
    "sweep --tornado": ["sweep", "article-fleet", "--tornado"],
}


def written(arguments: Sequence[str]) -> bytes:
    """Return the bytes that a command line writes to stdout."""
    held, stderr = io.BytesIO(), io.StringIO()
    stdout = io.TextIOWrapper(held, encoding="utf-8")
    code = run(arguments, stdout=stdout, stderr=stderr)
    assert code in (0, 1), stderr.getvalue()
    stdout.flush()
    return held.getvalue()


def tables(report: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the tables of a JSON report and its parts, by the names of their sheets; also empty lists."""
    parts = {"": report} | {key: value for key, value in report.items() if isinstance(value, dict)}
    found = [
        (part, key, value)
        for part, members in parts.items()
        for key, value in members.items()
        if isinstance(value, list) and all(isinstance(each, dict) for each in value)
    ]
    uses = Counter(key for _, key, value in found if value)
    for part, key, value in found:
        yield key if uses[key] < 2 or key == part else f"{part} {key}", value


def same(cell: ReadCell, expected: Any) -> bool:
    """Return whether a cell holds a value of JSON."""
    value = cell.value
    if isinstance(expected, bool) or expected is None:
        return value is expected if expected is not None else isinstance(value, str)
    if isinstance(expected, int | float):
        if isinstance(value, str):
            return " to " in value or value.endswith(" or more")  # a bound is no number
        return isinstance(value, float) and isclose(value, expected, rel_tol=1e-14)
    if cell.format in ("yyyy-mm-dd", "yyyy-mm"):
        assert isinstance(value, float)
        day = date(1899, 12, 30) + timedelta(days=int(value))
        return day.isoformat()[: len(cell.format)] == str(expected)
    return value == sanitize(str(expected))


def check(workbook: Workbook, report: dict[str, Any]) -> None:
    """Hold the tables of a workbook to those of a JSON report."""
    left = {name for name in workbook.sheets if name != "Summary" and not name.endswith("chart")}
    assert left
    for name, records in tables(report):
        if records or name in left:  # other empty lists are fields
            check_table(workbook.sheets[name], records, name)
            left.remove(name)
    # a sheet that JSON does not have: a form without figures
    has_form = str(report["schema"]).startswith(("routecost.project/", "routecost.report/"))
    assert left == ({"fill in actuals"} if has_form else set())


def check_table(sheet: Sheet, records: list[dict[str, Any]], name: str) -> None:
    headings = [cell.value for cell in sheet[0]]
    assert len(set(headings)) == len(headings), name
    assert len(sheet) == 1 + len(records), name
    for row, record in zip(sheet[1:], records, strict=True):
        assert len(row) == len(record), name
        for cell, (key, expected) in zip(row, record.items(), strict=True):
            assert same(cell, expected), (name, key, cell, expected)


@pytest.mark.parametrize(
    "name",
    [name if at % 2 else pytest.param(name, marks=pytest.mark.slow) for at, name in enumerate(COMMAND_LINES)],
)
def test_a_workbook_has_the_numbers_of_the_json(name: str) -> None:
    given = [word for word in COMMAND_LINES[name] if word not in ("--format", "json")]
    report = json.loads(written([*given, "--format", "json"]))
    workbook = read(written([*given, "--format", "xlsx"]))
    check(workbook, report)
    summary = {cell.value for row in workbook.sheets["Summary"] for cell in row}
    assert set(report.get("notes", [])) <= summary


def test_the_lines_of_a_bill_have_their_own_currencies() -> None:
    Path("contract.yaml").write_text(
        "version: 1\nextends: ./sheet.yaml\ncurrency: EUR\nsource: a contract\ndiscounts: [{share: 10%}]\n"
        "exchange: [{from: 2026-01-01, rate: 0.92, source: an assumption}]\n"
    )
    words = ["compare", "./fleet.yaml", "--pricing", "./contract.yaml", "--strategy", "all-opus", "--explain"]
    bill = read(written([*words, "--format", "xlsx"])).sheets["bill"]
    formats = [(row[1].value, row[6].format[:6], row[10].format[:6]) for row in bill[1:]]
    assert formats == [
        ("usage", '"$"#,#', '"$"#,#'),
        ("usage", '"$"#,#', '"$"#,#'),
        ("term", "+#,##0", '"$"#,#'),
        ("term", "+#,##0", '"$"#,#'),
    ]
