"""Cells: numbers as numbers with the format of their unit, everything uncertain as text."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any

from routecost.model.report.cells import Bounds, Cell, Quantity, Range, Scalar, Shown, Unit, raw
from routecost.render.raw_values import number, plain_number
from routecost.render.rounding import is_numeric, places_of, shown, unit_symbols
from routecost.render.workbook.book import Book, write_text

WIDEST = 60
"""The width of the widest column, in characters; longer text is wrapped."""

_MOST_PLACES = 30
_FIRST_YEAR = 1900
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def number_format(unit: Unit, currency: str, places: int) -> str:
    """Return the number format that shows values as :func:`shown` does, rounded by Excel."""
    if not is_numeric(unit) or places > _MOST_PLACES:
        return "General"
    before, after = map(literal, unit_symbols(unit, currency))
    digits = f"{before}#,##0{'.' * (places > 0)}{'0' * places}{after}"
    return f"+{digits};-{digits};{digits}" if unit is Unit.CHANGE else digits


def literal(text: str) -> str:
    """Return text as a part of a number format; a percent sign has a meaning there."""
    if text in ("", "%"):
        return text
    return "".join(f"\\{character}" for character in text) if '"' in text else f'"{text}"'


class Cells:
    """Writes the cells of one sheet, whose money is in ``currency``."""

    def __init__(self, book: Book, sheet: Any, currency: str) -> None:
        self._book, self.sheet, self.currency = book, sheet, currency

    def write(self, row: int, at: int, cell: Cell, unit: Unit = Unit.TEXT, places: int = 0) -> None:
        """Write a cell; a number has at least ``places`` decimal places of the unit.

        Raises ValueError for NaN and infinity.
        """
        currency, value = self.currency, raw(cell)
        if isinstance(cell, Quantity):
            unit, currency, places = cell.unit, cell.currency or currency, cell.places
            cell = cell.value
        is_open = isinstance(cell, Bounds) or (isinstance(cell, Range) and cell.value != cell.end)
        if value is None or is_open:
            self.text(row, at, shown(cell, unit, currency, places), is_right=is_numeric(unit))
        elif isinstance(value, bool):
            self.sheet.write_boolean(row, at, value, self._book.look(align="left"))
        elif isinstance(value, str | date):
            self._text_or_day(row, at, value)
        elif isinstance(cell, Shown) and cell.text and not any(map(str.isdigit, cell.text)):
            self.number(row, at, value, literal(cell.text))
        else:
            least = max(places, places_of(value, unit)) if is_numeric(unit) else 0
            self.number(row, at, value, number_format(unit, currency, least))

    def month(self, row: int, at: int, cell: Cell, unit: Unit) -> None:
        """Write a month such as ``2026-02`` as its first day; anything else as it is."""
        matched = _MONTH.fullmatch(cell) if isinstance(cell, str) else None
        if matched is None or int(matched[1]) < _FIRST_YEAR:
            self.write(row, at, cell, unit)
        else:
            self.day(row, at, date(int(matched[1]), int(matched[2]), 1), "yyyy-mm")

    def number(self, row: int, at: int, value: Decimal | float | int, number_format: str) -> None:
        """Write a finite number with a number format; one that Excel cannot hold becomes text."""
        held = float(number(value))
        if isfinite(held):
            self.sheet.write_number(row, at, held, self.number_look(number_format))
        else:
            self.text(row, at, plain_number(value), is_right=True)

    def number_look(self, number_format: str) -> Any:
        """Return the format of cells with such numbers."""
        return self._book.look(num_format=number_format, align="right")

    def text(self, row: int, at: int, text: str, *, is_right: bool = False) -> None:
        """Write text; long text is wrapped."""
        properties: dict[str, object] = {"align": "right"} if is_right else {}
        if len(text) > WIDEST:
            properties["text_wrap"] = True
        write_text(self.sheet, row, at, text, self._book.look(**properties))

    def day(self, row: int, at: int, value: date, number_format: str = "yyyy-mm-dd") -> None:
        """Write a day; one before 1900, which Excel has no number for, becomes text."""
        if value.year < _FIRST_YEAR:
            self.text(row, at, value.isoformat())
        else:
            look = self._book.look(num_format=number_format, align="left")
            self.sheet.write_datetime(row, at, value, look)

    def _text_or_day(self, row: int, at: int, value: Scalar) -> None:
        if isinstance(value, date):
            self.day(row, at, value)
        else:
            self.text(row, at, str(value))
