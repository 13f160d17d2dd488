"""Prices of usage. Every amount that routecost prints comes from :func:`price`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.engine.pricing.terms import linear_terms
from routecost.engine.pricing.tier_models import in_force
from routecost.errors import UnknownNameError, UnpricedError
from routecost.model.pricing.bill import Bill, BillLine
from routecost.model.pricing.usage import CALLS, Usage, UsageKey
from routecost.problems import did_you_mean
from routecost.units import METERS, amount, exact

if TYPE_CHECKING:
    from routecost.model.pricing.sheet import PriceEntry, PricingSheet


@exact
def price(usage: Usage, sheet: PricingSheet, day: date) -> Bill:
    """Return the bill for ``usage`` at the rates of ``sheet`` in force on ``day``.

    Linear in usage: price(a + b) = price(a) + price(b). Counts of zero are not billed.

    Raises UnknownNameError for a model that the sheet does not have, and UnpricedError for a
    meter, processing mode or day without a rate, and for counts whose context-size bucket
    straddles a price step.
    """
    lines = [
        line
        for key, quantity in usage.counts.items()
        if quantity and (line := _line(key, quantity, sheet, day)) is not None
    ]
    return Bill(sheet.currency, sheet.list_currency, tuple(lines), linear_terms(lines, sheet, day))


def entry_on(sheet: PricingSheet, model: str, day: date) -> PriceEntry:
    """Return the price entry of ``model`` in force on ``day``.

    Raises UnknownNameError for an unknown model, UnpricedError for a day before its first entry
    or after the end of one.
    """
    entries = sheet.models.get(model)
    if not entries:
        raise UnknownNameError(
            f'no model "{model}" in pricing sheet "{sheet.name}"{did_you_mean(model, sheet.models)}'
        )
    entry = in_force(entries, day)
    if entry is None:
        raise UnpricedError(
            f'model "{model}" has no price on {day} in pricing sheet "{sheet.name}"; '
            f"its first entry begins on {entries[0].start}"
        )
    if entry.until is not None and entry.until < day:
        raise UnpricedError(
            f'model "{model}" has no price on {day} in pricing sheet "{sheet.name}"; '
            f"its last one ended on {entry.until}"
        )
    return entry


def _line(key: UsageKey, quantity: Decimal, sheet: PricingSheet, day: date) -> BillLine | None:
    entry = entry_on(sheet, key.model, day)
    per_unit = _rate(sheet, entry, key, day)
    if per_unit is None:
        return None
    meter = METERS[key.meter]
    money = amount(quantity, per_unit, meter)
    return BillLine(key, quantity, per_unit, meter.per, money, entry.start, entry.source or sheet.source)


def _rate(sheet: PricingSheet, entry: PriceEntry, key: UsageKey, day: date) -> Decimal | None:
    _refuse_straddling(entry, key)
    where = f'model "{key.model}" on {day} in pricing sheet "{sheet.name}"'
    rates = entry.card_above(key.above).rates(key.mode)
    if rates is None:
        message = f'no rate for meter "{key.meter}" ({key.mode}) of {where}, which has no "{key.mode}" rates'
        raise UnpricedError(f"{message}{did_you_mean(key.mode, entry.card_above(key.above).modes)}", key)
    if key.meter in rates:
        return rates[key.meter]
    if key.meter == CALLS:
        return None
    mode = "" if key.mode == "standard" else f" ({key.mode})"
    message = f'no rate for meter "{key.meter}"{mode} of {where}{did_you_mean(key.meter, rates)}'
    raise UnpricedError(message, key)


def _refuse_straddling(entry: PriceEntry, key: UsageKey) -> None:
    for step in entry.steps:
        if key.above < step.above_tokens and (key.upto is None or key.upto > step.above_tokens):
            raise UnpricedError(
                f'calls of model "{key.model}" with contexts of {key.above} to {key.upto or "any"} tokens '
                f"straddle its price step at {step.above_tokens} tokens; count them apart"
            )
