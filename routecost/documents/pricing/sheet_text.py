"""Serializes prices for a pricing sheet: the inverse of :mod:`routecost.documents.pricing.rates`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from routecost.model.pricing.hours import EVERY_DAY, WEEKDAYS, Hours, clock
from routecost.model.pricing.sheet import CACHE_WRITES, PriceEntry, RateCard, Rates
from routecost.units import METERS

NO_RATES = RateCard({})


def entry_data(entry: PriceEntry) -> dict[str, Any]:
    """Return an entry as data for YAML, without inherited fees."""
    optional = {
        "from": _text(entry.start),
        "until": _text(entry.until),
        "checked": _text(entry.checked),
        "source": entry.source,
        "provider": entry.provider,
        "cache_writes": entry.cache_writes,
    }
    entry = _without_writes(entry)
    below = (entry.card, *(step.card for step in entry.steps))
    above = [
        {"tokens": str(step.above_tokens), **_unpriced(step.card, card), **_card_data(step.card, card)}
        for step, card in zip(entry.steps, below, strict=False)
    ]
    given = {key: value for key, value in optional.items() if value is not None}
    card = _card_data(entry.card, NO_RATES)
    for mode, hours in entry.hours.items():
        card["modes"][mode]["hours"] = [_hours_data(part) for part in hours]
    return {**given, **card, **({"above": above} if above else {})}


def _without_writes(entry: PriceEntry) -> PriceEntry:
    """Leave out the rates of cache writes that follow the rate of input."""
    if entry.cache_writes is None:
        return entry
    steps = tuple(replace(step, card=step.card.each(_stated)) for step in entry.steps)
    return replace(entry, card=entry.card.each(_stated), steps=steps)


def _stated(rates: Rates) -> Rates:
    return {
        meter: rate
        for meter, rate in rates.items()
        if meter not in CACHE_WRITES or rate != rates.get("input")
    }


def rate_text(rate: Decimal) -> str:
    """Return a rate with all its digits, without an exponent or trailing zeros."""
    digits = f"{rate:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _unpriced(card: RateCard, below: RateCard) -> dict[str, list[str]]:
    """Return the token meters whose rate is missing above a step, in any mode."""
    modes = {"standard", *card.modes} & {"standard", *below.modes}
    missing = {
        meter
        for mode in modes
        for meter in below.rates(mode) or ()
        if METERS[meter].is_token and meter not in (card.rates(mode) or ())
    }
    return {"unpriced": [meter for meter in METERS if meter in missing]} if missing else {}


def _card_data(card: RateCard, below: RateCard) -> dict[str, Any]:
    modes = {
        mode: _rates_data(rates, below.carried_fees(mode, card.standard))
        for mode, rates in card.modes.items()
    }
    return {**_rates_data(card.standard, below.carried_fees()), **({"modes": modes} if modes else {})}


def _hours_data(hours: Hours) -> dict[str, Any]:
    data: dict[str, Any] = {"from": clock(hours.start), "to": clock(hours.end), "time_zone": hours.time_zone}
    return data if hours.days == EVERY_DAY else {**data, "days": [WEEKDAYS[day] for day in hours.days]}


def _rates_data(rates: Rates, inherited: Rates) -> dict[str, str]:
    return {meter: rate_text(rates[meter]) for meter in _written(rates, inherited)}


def _written(rates: Rates, inherited: Mapping[str, Decimal]) -> Iterable[str]:
    """Yield the meters to write, in the order of all meters; fees only where they differ."""
    for meter in METERS:
        if meter in rates and inherited.get(meter) != rates[meter]:
            yield meter


def _text(day: object) -> str | None:
    return None if day is None else str(day)
