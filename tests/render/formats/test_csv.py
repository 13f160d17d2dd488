from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest

from routecost.model.report.cells import Column, Shown, Unit
from tests.render.reports import compare, one_table, rendered

EXPECTED = """\
strategy,cost_per_task,cost_per_month,vs_baseline,tasks
all-haiku,0.0036,54,-0.9466666666666666666666666667,15000
routed,0.00828,124.2,,15000
all-opus,0.0675,1012.5,0,15000
"""


def test_a_whole_report() -> None:
    assert rendered(compare(), "csv") == EXPECTED


def test_values_are_raw() -> None:
    row = (Shown(0.1 + 0.2, "about a third"), date(2026, 2, 1), True, None)
    columns = tuple(Column(key, key, Unit.TEXT) for key in "abcd")
    assert rendered(one_table([row], columns), "csv") == "a,b,c,d\n0.30000000000000004,2026-02-01,true,\n"


def test_names_read_back() -> None:
    names = ['a,"b"', "=1+1", " spaced ", "日本"]
    text = rendered(one_table([(name,) for name in names]), "csv")
    assert [row[0] for row in csv.reader(StringIO(text))] == ["name", *names]


def test_one_line_per_row() -> None:
    assert rendered(one_table([("a\nb",)]), "csv") == "name\na\\nb\n"


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        rendered(one_table([(Decimal("NaN"),)]), "csv")
