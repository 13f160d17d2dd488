"""CSV for spreadsheet programs: as CSV, but no text of a document is run as a formula."""

from __future__ import annotations

import csv
import re
from typing import TextIO

from routecost.model.report.cells import Cell, raw
from routecost.model.report.report import Report
from routecost.render.escape import sanitize
from routecost.render.raw_values import first_table, plain_scalar

NAME = "spreadsheet"
SUFFIXES = ()
BINARY = False
TABLE_ONLY = True

# In some locales other characters separate cells, and wide signs start formulas.
_FORMULA = re.compile(r"((?:^|[;,|])\s*)(?=[-+=@\uff0b\uff0d\uff1d\uff20])")


def render(report: Report, sink: TextIO) -> None:
    """Write the first table as CSV; an apostrophe precedes every text that could start a formula.

    Raises UsageError for a report without tables, ValueError for NaN and infinity.
    """
    table = first_table(report, NAME)
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow([_text(column.key) for column in table.columns])
    writer.writerows([_field(cell) for cell in row] for row in table.rows)


def _field(cell: Cell) -> str:
    value = raw(cell)
    return _text(value) if isinstance(value, str) else plain_scalar(value)


def _text(text: str) -> str:
    return _FORMULA.sub(r"\1'", sanitize(text))
