from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest

from routecost.errors import EnvironmentFailure
from routecost.model.report.cells import Column, Shown, Unit
from routecost.model.report.report import Report
from routecost.render import write
from routecost.render.formats import parquet
from tests.render.reports import compare, one_table

COLUMNS = (
    Column("name", "Name"),
    Column("cost", "Cost", Unit.MONEY),
    Column("calls", "Calls", Unit.COUNT),
    Column("day", "Day", Unit.DATE),
    Column("holds", "Holds", Unit.FLAG),
)


def read(report: Report) -> Any:
    pytest.importorskip("pyarrow")
    from pyarrow.parquet import ParquetFile

    sink = BytesIO()
    write(report, "parquet", sink)
    return ParquetFile(BytesIO(sink.getvalue()))


def test_values_have_types() -> None:
    row = ("a", Shown(Decimal("124.2"), "x"), 7, date(2026, 2, 1), True)
    file = read(one_table([row, (None,) * 5], COLUMNS))
    assert [str(field.type) for field in file.schema_arrow] == [
        "string",
        "double",
        "int64",
        "date32[day]",
        "bool",
    ]
    assert [tuple(each.values()) for each in file.read().to_pylist()] == [
        ("a", 124.2, 7, date(2026, 2, 1), True),
        (None,) * 5,
    ]


def test_fractions_of_counts_are_kept() -> None:
    file = read(one_table([(1,), (Decimal("2.5"),)], (Column("calls", "Calls", Unit.COUNT),)))
    assert file.read().to_pydict() == {"calls": [1.0, 2.5]}


def test_rows_are_written_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "BATCH_ROWS", 4)
    rows: Iterator[tuple[int]] = ((at,) for at in range(10))
    file = read(one_table(rows, (Column("calls", "Calls", Unit.COUNT),)))
    assert [file.metadata.row_group(at).num_rows for at in range(3)] == [4, 4, 2]
    assert file.read().to_pydict() == {"calls": list(range(10))}


def test_a_fraction_that_comes_late_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "BATCH_ROWS", 1)
    report = one_table([(1,), (Decimal("2.5"),)], (Column("calls", "Calls", Unit.COUNT),))
    with pytest.raises(ValueError, match="a column of whole counts has the value"):
        read(report)


def test_a_table_without_rows_keeps_its_columns() -> None:
    assert read(one_table([], COLUMNS)).schema_arrow.names == [column.key for column in COLUMNS]


def test_the_file_says_what_it_holds() -> None:
    metadata = read(compare()).schema_arrow.metadata
    assert metadata[b"routecost.schema"] == b"routecost.compare/1"
    assert metadata[b"routecost.currency"] == b"USD"


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(EnvironmentFailure, match=r'pip install "routecost\[parquet\]"'):
        write(compare(), "parquet", BytesIO())
