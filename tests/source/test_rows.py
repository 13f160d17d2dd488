"""CSV: the values are those of the standard library, and each is where it is said to be."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.source.csv_reader import HEADER, ROWS, read_rows_text

texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufeff\x85")
)
values = (texts | st.sampled_from(('a"b', '"', "a,b", "a\nb", " x", ""))).map(str.strip)
tables = st.lists(st.lists(values, min_size=3, max_size=3), max_size=6)


def written(rows: list[list[str]], line_break: str, quoting: int) -> str:
    """Return a table with columns a, b and c as the standard library writes it."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator=line_break, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([["a", "b", "c"], *rows])
    return sink.getvalue()


@given(tables, st.sampled_from(("\n", "\r\n")), st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)))
def test_values_are_read_as_they_were_written(rows: list[list[str]], line_break: str, quoting: int) -> None:
    document, findings = read_rows_text(written(rows, line_break, quoting), "t.csv")
    assert document is not None
    kept = [dict(zip("abc", row, strict=True)) for row in rows if any(row)]
    assert document.get((ROWS,)) == [{key: value for key, value in row.items() if value} for row in kept]
    assert findings == []


@given(tables, st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)))
def test_values_stand_where_they_are_said_to(rows: list[list[str]], quoting: int) -> None:
    document, _ = read_rows_text(written(rows, "\n", quoting), "t.csv")
    assert document is not None
    for index, row in enumerate(document.get((ROWS,))):
        for column, value in row.items():
            offset = row.mark(column)[1]
            cells = next(csv.reader(io.StringIO(document.text[offset:], newline=""), strict=True))
            assert cells[0].strip() == value, (index, column)


def positions(text: str) -> list[tuple[int, int, str]]:
    _, findings = read_rows_text(text, "t.csv")
    return [(finding.position.line, finding.position.column, finding.message) for finding in findings]


def test_spaces_and_blank_lines_are_passed_over() -> None:
    document, findings = read_rows_text('\ufeffa, b ,c\n\n 1,  "2", \n  \n,,\n', "t.csv")
    assert document is not None
    assert findings == []
    assert document.get((ROWS,)) == [{"a": "1", "b": "2"}]
    assert str(document.position((ROWS, 0, "b"))) == "t.csv:3:6"
    assert str(document.position((HEADER, "b"))) == "t.csv:1:4"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [(1, 1, "the file is empty; expected a header and rows")]),
        ("\n \n", [(1, 1, "the file is empty; expected a header and rows")]),
        ("a,b,a\n", [(1, 5, 'duplicate column "a"')]),
        ("a,,b\n", [(1, 3, "a column has no name")]),
        ("a,b\n1,2,3\n4\n", [
            (2, 1, "this row has 3 fields; expected 2, as in the header"),
            (3, 1, "this row has 1 field; expected 2, as in the header"),
        ]),
        ('a,b\n1,2\n"3,4\n', [(3, 1, "not a valid CSV row: unexpected end of data")]),
        ('a,b\n"3"4,5\n', [(2, 1, "not a valid CSV row: ',' expected after '\"'")]),
        ("a\n\x00\n", [(2, 1, "character U+0000 is not allowed in CSV; expected printable text")]),
    ],
)  # fmt: skip
def test_what_is_no_table(text: str, found: list[tuple[int, int, str]]) -> None:
    assert positions(text) == found
