"""Commercial terms: the discounts, surcharges and exchange rates of a contract."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A factor on the cost of some models: 0.9 for a discount of 10%, 1.1 for a surcharge.

    ``models`` is None if it applies to all of them.
    """

    name: str
    factor: Decimal
    models: tuple[str, ...] | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """Units of the sheet's currency for one unit of ``currency``, from ``start`` on."""

    currency: str
    rate: Decimal
    start: date | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class VolumeStep:
    """A discount on a month's spend above an amount, as a share."""

    above: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True)
class VolumeDiscount:
    """Steps of a month's spend, in rising order, each with its discount.

    By default a discount is marginal: it applies to the part of the spend between its step and the
    next. With ``retroactive``, the discount of the highest step reached applies to the whole month.
    """

    steps: tuple[VolumeStep, ...]
    retroactive: bool = False
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms that one sheet adds to the sheet it extends: adjustments first, then exchange.

    ``currency`` is that of the sheet.
    """

    currency: str
    adjustments: tuple[Adjustment, ...] = ()
    exchange: tuple[ExchangeRate, ...] = ()
    volume: VolumeDiscount | None = None
