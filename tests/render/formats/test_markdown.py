from __future__ import annotations

import pytest

from routecost.model.report.report import Note, Report, Table
from tests.render.reports import COLUMNS, ROWS, compare, one_table, rendered

EXPECTED = """\
## Compare: article-fleet

| Strategy   |   Per task |   Per month |   Against all-opus |
|:-----------|-----------:|------------:|-------------------:|
| all-haiku  |    $0.0036 |      $54.00 |             -94.7% |
| routed     |    $0.0083 |     $124.20 |                  \N{EN DASH} |
| all-opus   |    $0.0675 |   $1,012.50 |           baseline |

Saves $78.30 a month.

> **Warning:** Old.
"""


def test_a_whole_report() -> None:
    assert rendered(compare(), "markdown") == EXPECTED


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a|b", r"a\|b"),
        ("a\\|b", r"a\\\|b"),
        ("a\nb", r"a\\nb"),
        ("<script>&", "&lt;script&gt;&amp;"),
        ("**bold** `code` [x](y) ~~no~~", r"\*\*bold\*\* \`code\` \[x\](y) \~\~no\~\~"),
        ("cache_read_5m", "cache_read_5m"),
        ("_emphasis_", r"\_emphasis\_"),
        ("1e5", "1e5"),
        ("007", "007"),
    ],
)
def test_names_show_as_they_are(name: str, written: str) -> None:
    row = rendered(one_table([(name,)]), "markdown").splitlines()[-1]
    assert row.removeprefix("| ").removesuffix(" |").strip() == written


@pytest.mark.parametrize(
    ("note", "written"), [("# 1", "&#35; 1"), ("- no list", "&#45; no list"), ("1. x", "&#49;. x")]
)
def test_notes_stay_paragraphs(note: str, written: str) -> None:
    assert rendered(Report("plan", "Plan", {}, (Note.of(note),)), "markdown") == f"## Plan\n\n{written}\n"


def test_an_empty_table_keeps_its_header() -> None:
    lines = rendered(one_table([]), "markdown").splitlines()
    assert [line[:3] for line in lines[2:]] == ["| N", "|--"]


def test_a_table_has_its_title() -> None:
    table = Table("strategies", COLUMNS, ROWS, title="By month")
    assert "\n### By month\n\n| Strategy" in rendered(Report("plan", "Plan", {}, (table,)), "markdown")
