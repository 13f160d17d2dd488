"""Rounding and formatting of values for people; nothing is rounded elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

from routecost.model.report.cells import Bounds, Cell, Code, Column, Quantity, Range, Scalar, Shown, Unit
from routecost.model.report.report import Note, Table
from routecost.render.escape import one_paragraph, sanitize
from routecost.render.raw_values import number, plain_scalar
from routecost.units import ONE

UNKNOWN = "\N{EN DASH}"
"""Placeholder for an unknown value."""

_CONTEXT = Context(prec=400, rounding=ROUND_HALF_UP)  # wide enough for every float
_SETTLED = Context(prec=13, rounding=ROUND_HALF_UP)
"""Context that removes float noise: 116.77499999999999 must round like 116.775."""
_QUOTIENT = Context(prec=34, rounding=ROUND_HALF_UP)
"""Context that removes the noise of quotients, such as tasks of a day from those of a month."""
_MOST_WHOLE_DIGITS = 20

_PERCENT = (Unit.SHARE, Unit.CHANGE)

_PLACES = {Unit.MONEY: 2, Unit.SHARE: 1, Unit.CHANGE: 1, Unit.COUNT: 0, Unit.NUMBER: 3, Unit.SECONDS: 1}
"""Usual decimal places of a unit (of the percentage, for fractions)."""

_SMALL = {
    Unit.MONEY: Decimal("0.01"),
    Unit.SHARE: Decimal("0.1"),
    Unit.CHANGE: Decimal("0.1"),
    Unit.COUNT: ONE,
    Unit.NUMBER: Decimal("0.01"),
    Unit.SECONDS: ONE,
}
"""Values closer to 0 than this get two significant digits, so that they never show as 0."""

_TRIMMED = (Unit.SHARE, Unit.NUMBER)
_MOST_COMMON_PLACES = 6


def is_numeric(unit: Unit) -> bool:
    """Return whether a column of the unit holds numbers, which are aligned right."""
    return unit in _PLACES


def shown(cell: Cell, unit: Unit, currency: str | None = None, at_least: int = 0) -> str:
    """Return a cell as text for people: one line, rounded half up, with the signs of its unit.

    ``at_least`` is the minimum number of decimal places. Raises ValueError for NaN and infinity.
    """
    if isinstance(cell, Quantity):
        return shown(cell.value, cell.unit, cell.currency or currency, cell.places)
    if isinstance(cell, Range | Bounds):
        return _range(cell, unit, currency, at_least)
    if cell is None or isinstance(cell, Shown):
        return UNKNOWN if cell is None else sanitize(cell.text)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, str | date) or not is_numeric(unit):
        return sanitize(plain_scalar(cell))
    scaled = _scaled(cell, unit)
    return _dressed(scaled, unit, currency, max(at_least, _places(scaled, unit)))


def _range(cell: Range | Bounds, unit: Unit, currency: str | None, at_least: int) -> str:
    """Return a range, low to high; one value if its ends look alike, or if one is unknown."""
    ends = _ends(cell)
    texts = [shown(end, unit, currency, at_least) for end in ends]
    if ends[0] is None and ends[1] is not None:
        return f"{texts[1]} or less"
    if ends[0] is not None and ends[1] is None:
        return f"{texts[0]} or more"
    return " to ".join(dict.fromkeys(texts))


def _ends(cell: Range | Bounds) -> list[Scalar]:
    ends = [cell.low, cell.high] if isinstance(cell, Bounds) else [cell.value, cell.end]
    known = [end for end in ends if isinstance(end, Decimal | float | int)]
    return [*sorted(known)] if len(known) == len(ends) else ends


def shown_column(cells: Sequence[Cell], unit: Unit, currency: str | None = None) -> list[str]:
    """Return the cells of a column as text for people, with common decimal places."""
    common = common_places(cells, unit)
    return [shown(cell, unit, currency, common) for cell in cells]


def common_places(cells: Iterable[Cell], unit: Unit) -> int:
    """Return the decimal places common to the cells of a column."""
    return _common_places(_numbers(cells, unit) if is_numeric(unit) else (), unit)


def places_of(value: Decimal | float | int, unit: Unit) -> int:
    """Return the decimal places that a number alone is shown with."""
    return _places(_scaled(value, unit), unit)


def small(unit: Unit) -> float:
    """Return the value below which a number other than 0 is shown with more places than others."""
    return float(_SMALL[unit]) / (100 if unit in _PERCENT else 1)


def unit_symbols(unit: Unit, currency: str | None) -> tuple[str, str]:
    """Return what is shown before and after a number of the unit."""
    return _prefix(unit, currency), _SUFFIX.get(unit, "")


def shown_table(table: Table, currency: str) -> tuple[tuple[Column, ...], list[tuple[str, ...]]]:
    """Return the columns and rows of a table as text for people; consumes the rows."""
    rows = list(table.rows)
    kept = [(at, column) for at, column in enumerate(table.columns) if not column.machine_only]
    cells = [shown_column([row[at] for row in rows], column.unit, currency) for at, column in kept]
    return tuple(column for _, column in kept), list(zip(*cells, strict=True))


def sentence(note: Note, currency: str) -> str:
    """Return a note as one sanitized line, with quantities formatted as in tables."""
    return one_paragraph("".join(part_text(part, currency) for part in note.parts))


def part_text(part: str | Quantity | Code, currency: str) -> str:
    """Return a part of a note as text, with code unmarked."""
    if isinstance(part, Quantity):
        return shown(part, part.unit, currency)
    return part.text if isinstance(part, Code) else part


def _numbers(cells: Iterable[Cell], unit: Unit) -> list[Decimal]:
    scalars = (
        end for cell in cells for end in (_ends(cell) if isinstance(cell, Range | Bounds) else (cell,))
    )
    return [
        _scaled(cell, unit)
        for cell in scalars
        if isinstance(cell, Decimal | float | int) and not isinstance(cell, bool)
    ]


def _scaled(raw: Decimal | float | int, unit: Unit) -> Decimal:
    value = number(raw)
    if isinstance(raw, float):
        value = _SETTLED.plus(value)
    elif value.adjusted() < _MOST_WHOLE_DIGITS:
        value = _QUOTIENT.plus(value)
    return _CONTEXT.scaleb(value, 2) if unit in _PERCENT else value


def _places(value: Decimal, unit: Unit) -> int:
    if value and value.copy_abs() < _SMALL[unit]:
        return 1 - value.adjusted()
    return min(_PLACES[unit], _own_places(value)) if unit in _TRIMMED else _PLACES[unit]


def _own_places(value: Decimal) -> int:
    exponent = _CONTEXT.normalize(value).as_tuple().exponent
    return max(0, -int(exponent))


def _common_places(numbers: Iterable[Decimal], unit: Unit) -> int:
    """Return the decimal places common to a column.

    Cents are too coarse for the price of a single task, so a money column with all values below
    1 takes the places of its smallest value; in other columns a tiny value has its own places.
    """
    values = [value.copy_abs() for value in numbers]
    is_fine = unit is Unit.MONEY and all(value < 1 for value in values)
    most = _MOST_COMMON_PLACES if is_fine else _PLACES.get(unit, 0)
    return max((places for value in values if (places := _places(value, unit)) <= most), default=0)


def _dressed(value: Decimal, unit: Unit, currency: str | None, places: int) -> str:
    rounded = _CONTEXT.quantize(value.copy_abs(), ONE.scaleb(-places))
    digits = f"{rounded:,f}"
    return _sign(value, unit) + _prefix(unit, currency) + digits + _SUFFIX.get(unit, "")


def _sign(value: Decimal, unit: Unit) -> str:
    if value < 0:
        return "-"
    return "+" if value and unit is Unit.CHANGE else ""


_SUFFIX = {Unit.SHARE: "%", Unit.CHANGE: "%", Unit.SECONDS: " s"}


def _prefix(unit: Unit, currency: str | None) -> str:
    if unit is not Unit.MONEY or currency is None:
        return ""
    return "$" if currency == "USD" else sanitize(currency) + " "
