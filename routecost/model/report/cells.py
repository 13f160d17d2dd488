"""Values of reports: cells, units and columns."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from routecost.records import dataclass

if TYPE_CHECKING:
    pass


Scalar = Decimal | float | int | str | bool | date | None
"""A raw value: money unrounded, shares and changes as fractions, unknown as None."""


class Unit(StrEnum):
    """The unit of a column; formats decide how to show it, raw values do not change.

    Only rows of FOCUS have EXACT numbers, of which all digits are written, and times.
    """

    TEXT = "text"
    MONEY = "money"
    SHARE = "share"
    CHANGE = "change"
    COUNT = "count"
    NUMBER = "number"
    SECONDS = "seconds"
    DATE = "date"
    FLAG = "flag"
    EXACT = "exact"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Shown:
    """A raw value that is displayed as another text, such as the baseline's change of 0."""

    value: Scalar
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A piece of code in a sentence; formats with a style for code use it."""

    text: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A raw value with its own unit: in a sentence, or in a column of mixed units.

    ``currency`` is set if it is not the report's; ``places`` is the least number of decimal places.
    """

    value: Scalar | Bounds
    unit: Unit
    currency: str | None = None
    places: int = 0


@dataclass(frozen=True, slots=True)
class Range:
    """A raw value that is displayed with the other end of its range; ``end`` is None if unknown."""

    value: Scalar
    end: Scalar


@dataclass(frozen=True, slots=True)
class Bounds:
    """A value that is unknown between two, and is displayed as these; None is no bound on that side.

    ``value`` is the usual value, if there is one.
    """

    low: Scalar
    high: Scalar
    value: Scalar = None


Cell = Scalar | Shown | Quantity | Range | Bounds
Amount = float | Range | None
"""A value that is drawn: exact, between two (no end: that or more), or unknown."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``key`` is the contract (JSON, CSV), ``label`` is for display.

    ``machine_only`` columns are left out of formats for display.
    """

    key: str
    label: str
    unit: Unit = Unit.TEXT
    machine_only: bool = False


def ends(amount: Amount) -> tuple[float | None, float | None]:
    """Return the least and the most that an amount can be; None for an end that is not known."""
    if isinstance(amount, Range):
        low, high = (float(end) if isinstance(end, Decimal | float | int) else None for end in _both(amount))
        return low, high
    return amount, amount


def _both(span: Range) -> tuple[Scalar, Scalar]:
    return span.value, span.end


def raw(cell: Cell) -> Scalar:
    """Return the raw value of a cell."""
    value = cell.value if isinstance(cell, Shown | Quantity | Range | Bounds) else cell
    return value.value if isinstance(value, Bounds) else value
