"""Serializes prices for a pricing sheet: the inverse of :mod:`routecost.documents.pricing.rates`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from routecost.model.pricing.hours import EVERY_DAY, WEEKDAYS, Hours, clock
from routecost.model.pricing.sheet import PriceEntry, RateCard, Rates
from routecost.units import METERS

NO_FEES: Rates = {}


def entry_data(entry: PriceEntry) -> dict[str, Any]:
    """Return an entry as data for YAML, without inherited fees."""
    optional = {
        "from": _text(entry.start),
        "until": _text(entry.until),
        "checked": _text(entry.checked),
        "source": entry.source,
    }
    above = [
        {"tokens": str(step.above_tokens), **_card_data(step.card, entry.card.standard)}
        for step in entry.steps
    ]
    given = {key: value for key, value in optional.items() if value is not None}
    card = _card_data(entry.card, NO_FEES)
    for mode, hours in entry.hours.items():
        card["modes"][mode]["hours"] = [_hours_data(part) for part in hours]
    return {**given, **card, **({"above": above} if above else {})}


def rate_text(rate: Decimal) -> str:
    """Return a rate with all its digits, without an exponent or trailing zeros."""
    digits = f"{rate:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _card_data(card: RateCard, inherited: Rates) -> dict[str, Any]:
    modes = {mode: _rates_data(rates, card.standard) for mode, rates in card.modes.items()}
    return {**_rates_data(card.standard, inherited), **({"modes": modes} if modes else {})}


def _hours_data(hours: Hours) -> dict[str, Any]:
    data: dict[str, Any] = {"from": clock(hours.start), "to": clock(hours.end), "time_zone": hours.time_zone}
    return data if hours.days == EVERY_DAY else {**data, "days": [WEEKDAYS[day] for day in hours.days]}


def _rates_data(rates: Rates, inherited: Rates) -> dict[str, str]:
    return {meter: rate_text(rates[meter]) for meter in _written(rates, inherited)}


def _written(rates: Rates, inherited: Mapping[str, Decimal]) -> Iterable[str]:
    """Yield the meters to write, in the order of all meters; fees only where they differ."""
    for meter in METERS:
        is_inherited = not METERS[meter].is_token and inherited.get(meter) == rates.get(meter)
        if meter in rates and not is_inherited:
            yield meter


def _text(day: object) -> str | None:
    return None if day is None else str(day)
