"""Unit prices of lines of a bill: of the list and of the contract, in two currencies."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from routecost.engine.pricing.terms import exchange_on
from routecost.model.results.focus.charges import SUMS, Sku, UnitPrice
from routecost.units import ONE

if TYPE_CHECKING:
    from routecost.model.pricing.bill import BillLine
    from routecost.model.pricing.sheet import PricingSheet


def sku_of(line: BillLine, sheet: PricingSheet) -> Sku:
    """Return what a line of a bill prices."""
    key = line.key
    return Sku(key.model, key.meter, key.mode, key.above, sheet.provider(key.model))


def unit_price(line: BillLine, sheet: PricingSheet, day: date) -> UnitPrice:
    """Return the unit price of a line: adjustments change that of the contract, exchange rates both."""
    exchange = adjustment = ONE
    provider = sheet.provider(line.key.model)
    for terms in sheet.terms:
        for term in terms.adjustments:
            if term.scope.covers(line.key.model, provider, line.key.meter):
                adjustment = SUMS.multiply(adjustment, term.factor)
        if terms.exchange:
            exchange = SUMS.multiply(exchange, exchange_on(terms.exchange, sheet, day).rate)
    return UnitPrice(
        *(SUMS.multiply(line.rate, factor) for factor in (exchange, line.factor, ONE, adjustment))
    )
