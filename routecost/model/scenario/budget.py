"""A budget and the period that it is for."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from routecost.records import dataclass

if TYPE_CHECKING:
    pass


class Period(StrEnum):
    """A budget period."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Budget:
    """An amount of money per period, in the currency of the scenario's prices, for one strategy.

    ``currency`` is that currency if the document states one, else None.
    """

    amount: Decimal
    per: Period
    strategy: str
    currency: str | None = None
