from __future__ import annotations

from decimal import Decimal

from routecost.model.report.cells import Column, Unit
from routecost.model.report.report import Note, Report, Table
from tests.render.reports import compare, one_table, rendered

EXPECTED = """\
Compare: article-fleet

Strategy   Per task  Per month  Against all-opus
---------  --------  ---------  ----------------
all-haiku   $0.0036     $54.00            -94.7%
routed      $0.0083    $124.20                 \N{EN DASH}
all-opus    $0.0675  $1,012.50          baseline

Saves $78.30 a month.

warning: Old.
"""


def test_a_whole_report() -> None:
    assert rendered(compare(), "text") == EXPECTED


def test_wide_characters_take_two_columns() -> None:
    columns = (Column("name", "Name"), Column("n", "N", Unit.COUNT))
    lines = rendered(one_table([("日本", 1), ("e\u0301te", 22)], columns), "text").splitlines()
    assert lines[4:] == ["日本   1", "e\u0301te   22"]


def test_an_empty_table_says_so() -> None:
    assert rendered(one_table([]), "text") == "Usage\n\nName\n----\n(none)\n"


def test_tables_keep_their_titles_and_order() -> None:
    one = Table("one", (Column("a", "A"),), [("x",)], title="First")
    two = Table("two", (Column("b", "B"),), [("y",)], title="Second")
    text = rendered(Report("plan", "Plan", {}, (one, Note.of("Between."), two)), "text")
    assert text == "Plan\n\nFirst\nA\n-\nx\n\nBetween.\n\nSecond\nB\n-\ny\n"


def test_notes_are_folded() -> None:
    note = Note.of("word " * 40 + "x" * 100, warning=True)
    lines = rendered(Report("plan", "Plan", {}, (note,)), "text").splitlines()[2:]
    assert lines[0].startswith("warning: word word")
    assert all(len(line) <= 88 for line in lines[:-1])
    assert lines[-1] == "x" * 100


def test_no_line_ends_in_a_space() -> None:
    columns = (Column("n", "N", Unit.MONEY), Column("name", "Name"))
    text = rendered(one_table([(Decimal(1), "long name"), (Decimal(2), "x")], columns), "text")
    assert all(line == line.rstrip() for line in text.splitlines())
