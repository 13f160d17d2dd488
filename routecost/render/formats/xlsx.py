"""Excel: a sheet of notes, then one sheet per table and per chart (needs XlsxWriter)."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import BinaryIO

from routecost.errors import EnvironmentFailure
from routecost.model.report.report import Report

NAME = "xlsx"
SUFFIXES = (".xlsx",)
BINARY = True


def render(report: Report, sink: BinaryIO) -> None:
    """Write a workbook; output is deterministic, and nothing is written unless all of it is.

    Raises UsageError for a table with more rows than a sheet has (before any row is computed, if their
    number is known), EnvironmentFailure if XlsxWriter is missing, ValueError for NaN and infinity.
    """
    xlsxwriter = require()
    from routecost.render.workbook.report import write_report

    write_report(xlsxwriter, report, sink)


def require() -> ModuleType:
    """Return XlsxWriter; raises EnvironmentFailure if it is missing."""
    try:
        return import_module("xlsxwriter")
    except ImportError as missing:
        raise EnvironmentFailure(
            'the format "xlsx" needs XlsxWriter; install it with: pip install "routecost[xlsx]"'
        ) from missing
