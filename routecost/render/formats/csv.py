"""CSV: the report's first table, raw and unrounded, one line per row."""

from __future__ import annotations

import csv
from math import isfinite
from typing import TextIO

from routecost.model.report.cells import Cell, raw
from routecost.model.report.report import Report
from routecost.render.escape import sanitize
from routecost.render.raw_values import first_table, plain_scalar

NAME = "csv"
SUFFIXES = (".csv",)
BINARY = False
TABLE_ONLY = True


def render(report: Report, sink: TextIO) -> None:
    """Write the first table with column keys as header; unknown values are empty.

    Raises UsageError for a report without tables, ValueError for NaN and infinity.
    """
    table = first_table(report, NAME)
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow([column.key for column in table.columns])
    writer.writerows([_field(cell) for cell in row] for row in table.rows)


def _field(cell: Cell) -> str | float:
    if type(cell) is float and isfinite(cell):
        return cell  # the writer formats floats itself, several times faster
    return sanitize(plain_scalar(raw(cell)))
