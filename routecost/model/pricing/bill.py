"""The bill of a strategy: priced usage and contract terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.model.frames import Result
from routecost.records import dataclass
from routecost.units import ONE, ZERO, cancelled, exact

if TYPE_CHECKING:
    from routecost.model.pricing.usage import UsageKey


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of a bill: ``amount`` = ``quantity`` x ``rate`` / ``per``, unrounded.

    ``factor`` converts list prices to the bill's currency, linear terms included.
    """

    key: UsageKey
    quantity: Decimal
    rate: Decimal
    per: int
    amount: Decimal
    price_start: date | None
    source: str | None
    factor: Decimal = ONE

    def times(self, factor: Decimal) -> BillLine:
        """Return the line for ``factor`` times the usage."""
        quantity, amount = self.quantity * factor, self.amount * factor
        start, source = self.price_start, self.source
        return BillLine(self.key, quantity, self.rate, self.per, amount, start, source, self.factor)


@dataclass(frozen=True, slots=True)
class TermLine:
    """A line that a contract adds: ``amount`` = ``base`` x ``factor``, negative for a discount.

    ``currency`` is that of the base. The amount of an exchange converts the sum of all lines so far
    into the new currency.
    """

    name: str
    currency: str
    base: Decimal
    factor: Decimal
    amount: Decimal
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Bill(Result):
    """Lines at list prices and lines of commercial terms, which sum to the total exactly.

    The lines are in ``list_currency``, the total is in ``currency``. ``day`` is that of the prices.
    ``fees_of`` is the strategy whose own fees are due with it, if it is one with such fees.
    """

    currency: str
    list_currency: str
    lines: tuple[BillLine, ...]
    terms: tuple[TermLine, ...] = ()
    day: date | None = None
    fees_of: str | None = None

    @property
    @exact
    def total(self) -> Decimal:
        """The sum of all lines."""
        listed = sum((line.amount for line in self.lines), ZERO)
        if not self.terms:
            return listed
        return cancelled(sum((line.amount for line in self.terms), listed), listed)

    @exact
    def __add__(self, other: Bill) -> Bill:
        """Return the bill for the usage of both; linear terms are the same, with other amounts."""
        terms = (
            replace(line, base=line.base + more.base, amount=line.amount + more.amount)
            for line, more in zip(self.terms, other.terms, strict=True)
        )
        return replace(self, lines=(*self.lines, *other.lines), terms=tuple(terms))

    @exact
    def scaled(self, factor: Decimal) -> Bill:
        """Return the bill for ``factor`` times the usage."""
        lines = tuple([line.times(factor) for line in self.lines])
        terms = (replace(line, base=line.base * factor, amount=line.amount * factor) for line in self.terms)
        return replace(self, lines=lines, terms=tuple(terms))
