"""Prices of usage. Every amount that routecost prints comes from :func:`price`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.engine.pricing.tier_models import in_force
from routecost.errors import UnknownNameError, UnpricedError
from routecost.model.pricing.bill import Bill, BillLine
from routecost.model.pricing.sheet import CACHE_WRITES
from routecost.model.pricing.usage import CALLS, Usage, UsageKey
from routecost.problems import did_you_mean
from routecost.units import FIXED_METERS, METERS, amount, exact

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
    if not sheet.terms:
        return Bill(sheet.currency, sheet.list_currency, tuple(lines), day=day)
    from routecost.engine.pricing.terms import linear_terms  # few sheets have terms

    terms, factors = linear_terms(lines, sheet, day)
    netted = (replace(line, factor=factors[line.key.model, line.key.meter]) for line in lines)
    return Bill(sheet.currency, sheet.list_currency, tuple(netted), terms, day)


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
    rates = entry.card_above(key.above).rates(key.mode)
    if rates is not None and key.meter in rates:
        return rates[key.meter]
    if rates is not None and key.meter == CALLS:
        return None
    step = max((step.above_tokens for step in entry.steps if step.above_tokens <= key.above), default=0)
    above = f", above its price step at {step} tokens," if step else ""
    where = f'model "{key.model}"{above} on {day} in pricing sheet "{sheet.name}"'
    if rates is None:
        message = f'no rate for meter "{key.meter}" ({key.mode}) of {where}, which has no "{key.mode}" rates'
        elsewhere = _elsewhere(entry, key)
        suggestion = elsewhere or did_you_mean(key.mode, entry.card_above(key.above).modes)
        suggestion = suggestion or _from_day(sheet, key, day, "; it has them")
        raise UnpricedError(f"{message}{suggestion}", key)
    mode = "" if key.mode == "standard" else f" ({key.mode})"
    hint = _from_day(sheet, key, day, "; it has one")
    if not hint and key.meter in CACHE_WRITES:
        hint = (
            "; it has one below the step"
            if key.meter in entry.card.standard
            else _cache_hint(sheet, key, entry)
        )
    hint = hint or did_you_mean(key.meter, rates)
    raise UnpricedError(f'no rate for meter "{key.meter}"{mode} of {where}{hint}', key)


def _cache_hint(sheet: PricingSheet, key: UsageKey, entry: PriceEntry) -> str:
    place = None if sheet.place is None else sheet.place(key.model, sheet.models[key.model].index(entry))
    where = "on the model" if place is None else f"on its prices at {place}"
    return f'; if its vendor caches without a charge for writing, set "cache_writes: input" {where}'


def _elsewhere(entry: PriceEntry, key: UsageKey) -> str:
    """Say for which other contexts a model has rates of the mode; nothing if for none."""
    edges = [0, *(step.above_tokens for step in entry.steps)]
    places = [edge for edge in edges if entry.card_above(edge).rates(key.mode) is not None]
    if not places:
        return ""
    lacking = max(edge for edge in edges if edge <= key.above)
    limit = (
        f" for contexts above {lacking:,} tokens" if lacking else f" for contexts up to {edges[1]:,} tokens"
    )
    others = "; it has them for smaller ones" if min(places) < lacking else "; it has them for larger ones"
    return limit + others


def _from_day(sheet: PricingSheet, key: UsageKey, day: date, phrase: str) -> str:
    """Return the phrase with the day from which the model has the rate; nothing if it never has."""
    for entry in sheet.models[key.model]:
        rates = entry.card_above(key.above).rates(key.mode)
        if rates and key.meter in rates and entry.start is not None and entry.start > day:
            return f"{phrase} from {entry.start} on"
    return ""


def _refuse_straddling(entry: PriceEntry, key: UsageKey) -> None:
    for step in () if key.meter in FIXED_METERS else entry.steps:
        if key.above < step.above_tokens and (key.upto is None or key.upto > step.above_tokens):
            raise UnpricedError(
                f'calls of model "{key.model}" with contexts of {key.above} to {key.upto or "any"} tokens '
                f"straddle its price step at {step.above_tokens} tokens; count them apart"
            )
