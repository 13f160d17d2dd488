"""Contract terms on top of list prices that are linear in the bill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.engine.pricing.tier_models import in_force
from routecost.errors import UnpricedError
from routecost.model.pricing.bill import BillLine, TermLine
from routecost.model.pricing.terms import EVERYTHING
from routecost.units import ONE, ZERO

if TYPE_CHECKING:
    from routecost.model.pricing.sheet import PricingSheet
    from routecost.model.pricing.terms import ExchangeRate, Scope

Item = tuple[str, str]
"""A model and a meter."""


def linear_terms(
    lines: Iterable[BillLine], sheet: PricingSheet, day: date
) -> tuple[tuple[TermLine, ...], Mapping[Item, Decimal]]:
    """Return the lines that the sheet's terms add to list prices, and their factor for each item."""
    listed: dict[Item, Decimal] = {}
    for line in lines:
        item = line.key.model, line.key.meter
        listed[item] = listed.get(item, ZERO) + line.amount
    factors = dict.fromkeys(listed, ONE)

    def multiply(factor: Decimal, scope: Scope = EVERYTHING) -> tuple[Decimal, Decimal]:
        """Multiply the items of a scope; return their sum before, and the change as a share."""
        covered = [
            (model, meter) for model, meter in listed if scope.covers(model, sheet.provider(model), meter)
        ]
        base = sum((listed[item] * factors[item] for item in covered), ZERO)
        factors.update({item: factors[item] * factor for item in covered})
        return base, factor - 1

    currency = sheet.list_currency
    term_lines: list[TermLine] = []
    for terms in sheet.terms:
        for term in terms.adjustments:
            base, change = multiply(term.factor, term.scope)
            term_lines.append(TermLine(term.name, currency, base, change, base * change, term.source))
        if terms.exchange:
            rate = exchange_on(terms.exchange, sheet, day)
            base, change = multiply(rate.rate)
            name = f"exchange at {rate.rate}"
            term_lines.append(TermLine(name, rate.currency, base, change, base * change, rate.source))
            currency = terms.currency
    return tuple(term_lines), factors


def exchange_on(rates: tuple[ExchangeRate, ...], sheet: PricingSheet, day: date) -> ExchangeRate:
    """Return the exchange rate in force; UnpricedError, naming both dates, before the first."""
    rate = in_force(rates, day)
    if rate is None:
        raise UnpricedError(
            f'pricing sheet "{sheet.name}" has no exchange rate from {rates[0].currency} to {sheet.currency} '
            f"on {day}; its first begins on {rates[0].start}"
        )
    return rate
