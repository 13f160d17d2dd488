"""Charges, which become rows of FOCUS 1.2: usage at unit prices, and what terms on totals change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum
from typing import NamedTuple

from routecost.model.pricing.sheet import STANDARD
from routecost.records import dataclass
from routecost.units import METERS, ZERO

SUMS = Context(prec=500, rounding=ROUND_HALF_EVEN)
"""The context of products and sums that are exact."""

PLACES = 12
"""The most decimal places of counts, and of amounts that have no unit price."""


class Category(StrEnum):
    """What a charge is for."""

    USAGE = "Usage"
    PURCHASE = "Purchase"
    CREDIT = "Credit"
    ADJUSTMENT = "Adjustment"


class Sku(NamedTuple):
    """What is priced: a meter of a model, in a processing mode, for calls above a context size."""

    model: str
    meter: str
    mode: str = STANDARD
    above: int = 0
    provider: str | None = None

    @property
    def id(self) -> str:
        """The meter of the model, whatever its price."""
        return f"{self.model}/{self.meter}"

    @property
    def price_id(self) -> str:
        """The place in the price list."""
        return f"{self.id}/{self.mode}" + (f"/above-{self.above}" if self.above else "")


class UnitPrice(NamedTuple):
    """The price of ``METERS[meter].per`` units: of the list and of the contract, in two currencies.

    ``listed`` and ``contracted`` are in the currency of the bill, the others in that of the price list.
    """

    listed: Decimal
    contracted: Decimal
    listed_there: Decimal
    contracted_there: Decimal


class Bought(NamedTuple):
    """What is bought of a subscription: ``quantity`` x ``price``, which recurs each month, or not."""

    plan: str
    name: str
    unit: str
    quantity: Decimal
    price: Decimal
    recurs: bool


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge from the day ``begins`` until before the day ``ends``; amounts are in the bill's currency.

    Usage has a ``sku``, a ``price`` and a ``count`` of units; what terms on totals change has none.
    ``commitment`` names the commitment that it belongs to, and ``bought`` is what of a subscription is
    bought. ``high`` is the most that it may have cost, None if the cost is known.
    """

    begins: date
    ends: date
    category: Category
    description: str
    billed: Decimal
    effective: Decimal
    listed: Decimal
    contracted: Decimal
    sku: Sku | None = None
    price: UnitPrice | None = None
    count: Decimal | None = None
    commitment: str | None = None
    tags: Mapping[str, str | bool] = field(default_factory=dict)
    high: Decimal | None = None
    bought: Bought | None = None

    @property
    def month(self) -> date:
        """The first day of the month that it is billed in."""
        return self.begins.replace(day=1)


def usage_charge(  # noqa: PLR0917  the parts of a charge
    period: tuple[date, date],
    sku: Sku,
    price: UnitPrice,
    count: Decimal,
    tags: Mapping[str, str | bool],
    high: Decimal | None = None,
) -> Charge:
    """Return the charge of a count of units at a price: each cost is count x price exactly."""
    quantity = priced_quantity(sku.meter, count)
    listed, cost = SUMS.multiply(quantity, price.listed), SUMS.multiply(quantity, price.contracted)
    mode = "" if sku.mode == STANDARD else f", {sku.mode}"
    above = f", contexts above {sku.above:,} tokens" if sku.above else ""
    text = f"{meter_name(sku.meter)} of {sku.model}{mode}{above}"
    return Charge(
        *period, Category.USAGE, text, cost, cost, listed, cost, sku, price, count, tags=tags, high=high
    )


def priced_quantity(meter: str, count: Decimal) -> Decimal:
    """Return a count in the units that prices are for, such as millions of tokens."""
    return SUMS.scaleb(count, 1 - len(str(METERS[meter].per)))


def amount_charge(
    period: tuple[date, date],
    amount: Decimal,
    text: str,
    tags: Mapping[str, str | bool],
    commitment: str | None = None,
    *,
    is_rounding: bool = False,
) -> Charge:
    """Return a credit, or an adjustment: what costs something, or is the rounding of other charges."""
    category = Category.CREDIT if amount < 0 and not is_rounding else Category.ADJUSTMENT
    return Charge(*period, category, text, amount, amount, amount, amount, tags=tags, commitment=commitment)


def bought_charge(
    period: tuple[date, date], bought: Bought, text: str, tags: Mapping[str, str | bool]
) -> Charge:
    """Return the purchase of something of a subscription."""
    cost = SUMS.multiply(bought.quantity, bought.price)
    return Charge(*period, Category.PURCHASE, text, cost, ZERO, cost, cost, tags=tags, bought=bought)


def unused_charges(
    period: tuple[date, date], amount: Decimal, commitment: str, tags: Mapping[str, str | bool]
) -> tuple[Charge, Charge]:
    """Return the purchase of the unused part of a commitment, and the charge to which it is amortised."""
    one, other = Category.PURCHASE, Category.USAGE
    text = f"Unused part of {commitment}"
    bought = Charge(*period, one, text, amount, ZERO, amount, amount, commitment=commitment, tags=tags)
    unused = Charge(*period, other, text, ZERO, amount, ZERO, ZERO, commitment=commitment, tags=tags)
    return bought, unused


def total_of(charges: Iterable[Charge]) -> Decimal:
    """Return the sum of billed costs, exactly."""
    return summed(charge.billed for charge in charges)


def summed(amounts: Iterable[Decimal]) -> Decimal:
    """Return a sum, exactly."""
    total = ZERO
    for amount in amounts:
        total = SUMS.add(total, amount)
    return total


def rounded(number: Decimal) -> Decimal:
    """Return a number with at most ``PLACES`` decimal places."""
    exponent = number.as_tuple().exponent
    places = Decimal(1).scaleb(-PLACES)
    return (
        number.quantize(places, context=SUMS) if isinstance(exponent, int) and exponent < -PLACES else number
    )


def meter_name(meter: str) -> str:
    """Return the name of a meter, such as ``Cache Write 1h Tokens``."""
    words = " ".join(word if word[0].isdigit() else word.capitalize() for word in meter.split("_"))
    return f"{words} Tokens" if METERS[meter].is_token else words
