"""Report of the available pricing sheets."""

from __future__ import annotations

from collections.abc import Iterable

from routecost.model.report.cells import Column, Shown, Unit
from routecost.model.report.report import Report, Table
from routecost.model.results.price_lists import SheetSummary

_COLUMNS = (
    Column("sheet", "sheet"),
    Column("currency", "currency"),
    Column("tiers", "tiers, low to high"),
    Column("models", "models", Unit.COUNT),
    Column("checked", "checked", Unit.DATE),
    Column("source", "source"),
)


def report(sheets: Iterable[SheetSummary]) -> Report:
    """Return the report of pricing sheets, a row each."""
    rows = [
        (
            sheet.name,
            sheet.currency,
            ", ".join(sheet.tiers),
            sheet.models,
            Shown(sheet.checked, "unknown" if sheet.checked is None else str(sheet.checked)),
            sheet.source,
        )
        for sheet in sheets
    ]
    return Report("pricing list", "Pricing sheets", {}, (Table("sheets", _COLUMNS, rows),))
