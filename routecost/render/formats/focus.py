"""FOCUS 1.2: charges as CSV, with all digits of their numbers; a file in .parquet is Parquet."""

from __future__ import annotations

import csv
from datetime import datetime
from decimal import Context, Decimal
from typing import TextIO

from routecost.model.report.cells import Cell, raw
from routecost.model.report.report import Report
from routecost.render.escape import sanitize
from routecost.render.raw_values import first_table, plain_scalar

NAME = "focus"
SUFFIXES = ()
BINARY = False
TABLE_ONLY = True
NEEDS_CHARGES = True
BY_SUFFIX = {".parquet": "parquet"}

_DIGITS = Context(prec=500)


def render(report: Report, sink: TextIO) -> None:
    """Write the rows of charges; null is an empty field."""
    table = first_table(report, NAME)
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow([column.key for column in table.columns])
    writer.writerows([_field(cell) for cell in row] for row in table.rows)


def _field(cell: Cell) -> str:
    value = raw(cell)
    if isinstance(value, Decimal):
        text = f"{_DIGITS.normalize(value):f}" if value else "0"
        return text if "." in text else f"{text}.0"  # readers that guess types take the column as decimals
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return sanitize(plain_scalar(value))
