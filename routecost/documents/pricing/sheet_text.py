"""Serializes prices for a pricing sheet: the inverse of :mod:`routecost.documents.pricing.rates`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from routecost.engine.pricing.rate_changes import gaps
from routecost.model.pricing.hours import EVERY_DAY, WEEKDAYS, Hours, clock
from routecost.model.pricing.sheet import CACHE_WRITES, STANDARD, Gap, PriceEntry, RateCard, Rates
from routecost.units import METERS

NO_RATES = RateCard({})


def entry_data(entry: PriceEntry, before: PriceEntry | None = None) -> dict[str, Any]:
    """Return an entry, which follows that ``before``, as data for YAML, without inherited fees.

    Rates that a step, a mode or the entry lacks are stated as ``unpriced``.
    """
    optional = {
        "from": _text(entry.start),
        "until": _text(entry.until),
        "checked": _text(entry.checked),
        "source": entry.source,
        "provider": entry.provider,
        "cache_writes": entry.cache_writes,
    }
    entry = _without_writes(entry)
    lacking = list(dict.fromkeys(gaps(entry, before and _without_writes(before))))
    cards = [(0, entry.card), *((step.above_tokens, step.card) for step in entry.steps)]
    base, *above = (
        _with_lacking(_card_data(card, below), [gap for gap in lacking if gap.above_tokens == edge])
        for (edge, card), below in zip(cards, (NO_RATES, *(card for _, card in cards)), strict=False)
    )
    for mode, hours in entry.hours.items():
        base["modes"][mode]["hours"] = [_hours_data(part) for part in hours]
    steps = [{"tokens": str(edge), **data} for (edge, _), data in zip(cards[1:], above, strict=True)]
    given = {key: value for key, value in optional.items() if value is not None}
    return {**given, **base, **({"above": steps} if steps else {})}


def entries_data(entries: Iterable[PriceEntry]) -> list[dict[str, Any]]:
    """Return the entries of a model as data for YAML."""
    listed = list(entries)
    return [entry_data(entry, before) for before, entry in zip([None, *listed], listed, strict=False)]


def _with_lacking(data: dict[str, Any], lacking: Sequence[Gap]) -> dict[str, Any]:
    """State the rates that a card lacks; what the standard mode lacks holds for all."""
    lost = {gap.meter for gap in lacking if gap.mode == STANDARD}
    modes: dict[str, Any] = data.get("modes", {})
    for mode in dict.fromkeys(gap.mode for gap in lacking if gap.mode != STANDARD):
        meters = [gap.meter for gap in lacking if gap.mode == mode and gap.meter not in lost]
        modes[mode] = {**_listed(meters), **modes.get(mode, {})}
    modes = {mode: rates for mode, rates in modes.items() if rates}
    return {**_listed(lost), **data, **({"modes": modes} if modes else {})}


def _listed(meters: Iterable[str]) -> dict[str, list[str]]:
    """Return the key that states meters without a rate, in the order of all meters; none for none."""
    missing = {*meters}
    return {"unpriced": [meter for meter in METERS if meter in missing]} if missing else {}


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
