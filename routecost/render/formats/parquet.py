"""Parquet: the report's first table, typed, written in batches (needs pyarrow)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Context
from importlib import import_module
from itertools import islice
from math import isfinite
from types import ModuleType
from typing import TYPE_CHECKING, BinaryIO

from routecost.errors import EnvironmentFailure, UsageError
from routecost.model.report.cells import Cell, Column, Scalar, Unit, raw
from routecost.model.report.report import Report
from routecost.render.raw_values import first_table, number, plain_scalar, schema_name

if TYPE_CHECKING:
    import pyarrow

NAME = "parquet"
SUFFIXES = (".parquet",)
BINARY = True
TABLE_ONLY = True

_ALL = Context(prec=500)
_FEW_DIGITS, _MOST_DIGITS = 38, 76
_DECIMAL = re.compile(r"(decimal\d+)\((\d+), (\d+)\)")

BATCH_ROWS = 65_536
"""Rows per row group, and the maximum number kept in memory."""

Batch = list[list[Scalar]]


def render(report: Report, sink: BinaryIO) -> None:
    """Write the first table: decimals as float64, exact ones as decimals, counts as int64, unknown as null.

    Raises UsageError for a report without tables, EnvironmentFailure if pyarrow is missing,
    ValueError for NaN, infinity, and a fraction in a column of whole counts.
    """
    table = first_table(report, NAME)
    arrow, parquet = _pyarrow("pyarrow"), _pyarrow("pyarrow.parquet")
    batches = _batches(iter(table.rows), len(table.columns))
    first = next(batches)
    kinds = [_kind(column, cells) for column, cells in zip(table.columns, first, strict=True)]
    schema = _schema(arrow, report, table.columns, kinds)
    with parquet.ParquetWriter(sink, schema) as writer:
        writer.write_batch(_record_batch(arrow, schema, kinds, first))
        for batch in batches:
            writer.write_batch(_record_batch(arrow, schema, kinds, batch))


def require() -> None:
    """Raise EnvironmentFailure if pyarrow is missing."""
    _pyarrow("pyarrow")


def _pyarrow(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ImportError as missing:
        raise EnvironmentFailure(
            'the format "parquet" needs pyarrow; install it with: pip install "routecost[parquet]"'
        ) from missing


def _batches(rows: Iterator[Sequence[Cell]], width: int) -> Iterator[Batch]:
    """Yield batches of raw values by column; only the first batch may be empty."""
    batch = list(islice(rows, BATCH_ROWS))
    yield _transposed(batch, width)
    while batch := list(islice(rows, BATCH_ROWS)):
        yield _transposed(batch, width)


def _transposed(rows: list[Sequence[Cell]], width: int) -> Batch:
    return [[raw(row[at]) for row in rows] for at in range(width)]


def _kind(column: Column, cells: list[Scalar]) -> str:
    """Return the Arrow type of a column; for counts, the first batch decides."""
    if column.unit is Unit.COUNT:
        is_whole = all(cell is None or isinstance(cell, int) for cell in cells)
        return "int64" if is_whole else "float64"
    kinds = {Unit.TEXT: "string", Unit.DATE: "date32", Unit.FLAG: "bool_", Unit.TIME: "time"}
    return _decimal(column, cells) if column.unit is Unit.EXACT else kinds.get(column.unit, "float64")


def _decimal(column: Column, cells: list[Scalar]) -> str:
    """Return the type of exact numbers, such as ``decimal128(38, 15)``: the first batch decides."""
    numbers = [number(cell).normalize(_ALL).as_tuple() for cell in cells if cell is not None]
    scale = max((-int(one.exponent) for one in numbers), default=0)
    scale = max(scale, 0)
    whole = max((len(one.digits) + int(one.exponent) for one in numbers), default=0)
    digits = scale + max(whole, 1)
    if digits > _MOST_DIGITS:
        raise UsageError(
            f'"{column.key}" has numbers of {digits} digits; Parquet has at most {_MOST_DIGITS}, CSV has all'
        )
    return f"decimal128(38, {scale})" if digits <= _FEW_DIGITS else f"decimal256(76, {scale})"


def _schema(
    arrow: ModuleType, report: Report, columns: Sequence[Column], kinds: Sequence[str]
) -> pyarrow.Schema:
    fields = [(column.key, _type(arrow, kind)) for column, kind in zip(columns, kinds, strict=True)]
    about = {"routecost.schema": schema_name(report), "routecost.currency": report.currency}
    return arrow.schema(fields, metadata=about)


def _type(arrow: ModuleType, kind: str) -> pyarrow.DataType:
    if kind == "time":
        return arrow.timestamp("s", tz="UTC")
    decimal = _DECIMAL.fullmatch(kind)
    if decimal is None:
        return getattr(arrow, kind)()
    return getattr(arrow, decimal[1])(int(decimal[2]), int(decimal[3]))


def _record_batch(
    arrow: ModuleType, schema: pyarrow.Schema, kinds: Sequence[str], batch: Batch
) -> pyarrow.RecordBatch:
    arrays = [
        arrow.array([None if cell is None else _converted(kind, cell) for cell in cells], type=field.type)
        for kind, cells, field in zip(kinds, batch, schema, strict=True)
    ]
    return arrow.record_batch(arrays, schema=schema)


def _float(value: Scalar) -> float:
    return value if type(value) is float and isfinite(value) else float(number(value))


def _whole(value: Scalar) -> int:
    exact = number(value)
    if exact != int(exact):
        raise ValueError(f"a column of whole counts has the value {value!r}")
    return int(exact)


def _day(value: Scalar) -> date:
    if not isinstance(value, date):
        raise ValueError(f"a column of dates has the value {value!r}")
    return value


def _converted(kind: str, value: Scalar) -> Scalar:
    return _CONVERT[kind](value) if kind in _CONVERT else value


_CONVERT: dict[str, Callable[[Scalar], Scalar]] = {
    "string": plain_scalar,
    "float64": _float,
    "int64": _whole,
    "date32": _day,
    "bool_": bool,
}
