"""Prices of LiteLLM that are more than a number: by context size, by time of day, and by the model's use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from routecost.ingest.prices.sources.decisions import Loss, Priced, has_number, unknown
from routecost.ingest.prices.sources.json_file import REPEATED, Repeated, decimal
from routecost.ingest.prices.sources.litellm_keys import KEYS, SECONDS_PER_HOUR
from routecost.ingest.prices.sources.week import ConditionError, Minutes, days_of, fixed_offset, week_minutes
from routecost.model.pricing.sheet import STANDARD
from routecost.units import METERS

OFF_PEAK = "off_peak"
_MOST_TIERS = 100
_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d) ?- ?([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)
_WHEN = frozenset({"hours_utc", "weekdays", "weekday_timezone", "windows"})


class Figure(NamedTuple):
    """A rate with its mode, context size and meter, and the key that states it."""

    mode: str
    above_tokens: int
    meter: str
    rate: Decimal
    key: str


Found = Figure | Loss


def tiered(_: Mapping[str, Any], tiers: Any) -> Iterator[Found]:
    """Yield the rates of ranges of context sizes, each of which holds for the whole call."""
    fault = _tiers_fault(tiers)
    if fault is not None:
        if has_number(tiers):
            yield Loss("tiered_pricing", fault)
        return
    for tier in tiers:
        above = int(tier["range"][0])
        for key, value in tier.items():
            if key != "range":
                decision = KEYS[key]
                assert isinstance(decision, Priced)
                yield Figure(STANDARD, above, decision.meter, decision.rate(Decimal(value)), "tiered_pricing")


def _tiers_fault(tiers: Any) -> str | None:
    if not isinstance(tiers, list) or not tiers or not all(isinstance(tier, dict) for tier in tiers):
        return "it is not a list of ranges with prices"
    if len(tiers) > _MOST_TIERS:
        return f"it has more than {_MOST_TIERS} ranges"
    faults = [fault for tier in tiers if (fault := _tier_fault(tier)) is not None]
    if faults:
        return faults[0]
    ends = [0, *(tier["range"][1] for tier in tiers)]
    if any(tier["range"][0] != end for tier, end in zip(tiers, ends, strict=False)):
        return "its ranges do not follow each other from 0 on"
    return None


def _tier_fault(tier: Mapping[str, Any]) -> str | None:
    bounds = tier.get("range")
    if not isinstance(bounds, list) or len(bounds) != 2 or not all(map(_is_size, bounds)):
        return 'a range has no whole numbers of tokens; expected "range": [0, 32000]'
    for key, value in tier.items():
        decision = KEYS.get(key)
        if key != "range" and not (isinstance(decision, Priced) and METERS[decision.meter].is_token):
            return f'its prices depend on "{key}", for which there is no meter'
        if key != "range" and decimal(value) is None:
            return f'the price "{key}" is not a number'
    return None


def _is_size(value: Any) -> bool:
    number = decimal(value)
    return number is not None and number >= 0 and number == number.to_integral_value()


def search(about: Mapping[str, Any], prices: Any) -> Iterator[Found]:
    """Yield the rate of a web search, if it does not depend on the size of its context."""
    key = "search_context_cost_per_query"
    sizes = [f"search_context_size_{size}" for size in ("low", "medium", "high")]
    stated = {} if not isinstance(prices, dict) else {size: decimal(prices.get(size)) for size in sizes}
    values = {value for value in stated.values() if value is not None}
    if not isinstance(prices, dict) or None in stated.values() or prices.keys() - stated.keys():
        if has_number(prices):
            yield Loss(key, "it has not a price for each of the three sizes of the search context")
    elif about.get("web_search_billing_unit") == "per_prompt" and any(values):
        yield Loss(key, "it is charged once per prompt with searches, not per search")
    elif len(values) > 1:
        low, high = min(values), max(values)
        yield Loss(
            key, f"a search costs {low.normalize():f} to {high.normalize():f}, by the size of its context"
        )
    else:
        yield Figure(STANDARD, 0, "web_search", Priced("web_search").rate(values.pop()), key)


def cache_hit(about: Mapping[str, Any], value: Any) -> Iterator[Found]:
    """Yield the rate of cache reads under its older name."""
    price, newer = decimal(value), decimal(about.get("cache_read_input_token_cost"))
    if price is None:
        yield Loss("input_cost_per_token_cache_hit", "its price is not a number")
    elif newer is None:
        rate = Priced("cache_read").rate(price)
        yield Figure(STANDARD, 0, "cache_read", rate, "input_cost_per_token_cache_hit")
    elif newer != price:
        yield Loss("input_cost_per_token_cache_hit", 'it differs from "cache_read_input_token_cost"')


def seconds(about: Mapping[str, Any], value: Any) -> Iterator[Found]:
    """Yield the rate of seconds of audio; those of computing have no meter."""
    price = decimal(value)
    if price is None:
        yield Loss("input_cost_per_second", "its price is not a number")
    elif about.get("mode") == "audio_transcription":
        yield Figure(STANDARD, 0, "input_audio_hour", price * SECONDS_PER_HOUR, "input_cost_per_second")
    elif price:
        yield Loss("input_cost_per_second", "no meter for seconds of computing")


def options(_: Mapping[str, Any], factors: Any) -> Iterator[Found]:
    """Yield a loss for each option of a provider that changes prices."""
    for option, factor in factors.items() if isinstance(factors, dict) else [("", factors)]:
        if has_number(factor):
            part = f"provider_specific_entry.{option}".rstrip(".")
            times = "" if decimal(factor) is None else f" of {decimal(factor)}"
            yield Loss(part, f"a factor{times} of a request option; state it as a multiplier or a mode")


def end(about: Mapping[str, Any], value: Any) -> Iterator[Found]:
    """Yield a loss for a date of deprecation that is none."""
    if value and until(about) is None:
        yield Loss("deprecation_date", "it is not a date such as 2026-12-31")


def until(about: Mapping[str, Any]) -> date | None:
    """Return the day on which the model is shut down, if a valid one is given."""
    try:
        return date.fromisoformat(str(about.get("deprecation_date")))
    except ValueError:
        return None


def off_peak(_: Mapping[str, Any], prices: Any) -> Iterator[Found]:
    """Yield the rates of off-peak hours."""
    try:
        off_peak_minutes(prices)
    except ConditionError as error:
        if has_number(prices):
            yield Loss("off_peak_pricing", str(error))
        return
    for key, value in prices.items():
        decision = KEYS.get(key)
        if key in _WHEN or value is None:
            continue
        if isinstance(value, Repeated):
            yield Loss(f"off_peak_pricing.{key}", REPEATED)
        elif not isinstance(decision, Priced):
            if has_number(value):
                yield Loss(f"off_peak_pricing.{key}", decision or unknown(key))
        elif (price := decimal(value)) is None:
            yield Loss(f"off_peak_pricing.{key}", "its price is not a number")
        else:
            yield Figure(OFF_PEAK, 0, decision.meter, decision.rate(price), "off_peak_pricing")


def off_peak_minutes(prices: Any) -> Minutes:
    """Return the minutes of the week, in UTC, with off-peak prices. Raises ConditionError."""
    if not isinstance(prices, dict):
        raise ConditionError('it has no "hours_utc" such as "16:30-00:30"')
    offset = fixed_offset(str(prices.get("weekday_timezone") or "UTC"))
    rules = prices.get("windows") or []
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise ConditionError('its "windows" are not a list of {hours_utc, weekdays}')
    minutes = 0
    for rule in (*([prices] if prices.get("hours_utc") is not None else []), *rules):
        if rule is not prices and rule.keys() - {"hours_utc", "weekdays"}:
            raise ConditionError('its "windows" have unknown conditions')
        days = days_of(rule.get("weekdays"), first=1)
        if offset is None and len(days) < 7:
            raise ConditionError("its days are in a time zone with daylight saving time, its hours in UTC")
        texts = rule.get("hours_utc")
        for text in texts if isinstance(texts, list) else [texts]:
            minutes |= week_minutes(*_window(text), days, offset or 0)
    if not minutes:
        raise ConditionError('it has no "hours_utc" such as "16:30-00:30"')
    return minutes


def _window(text: Any) -> tuple[int, int]:
    hours = _HOURS.fullmatch(str(text))
    start, end = (int(hours[at]) * 60 + int(hours[at + 1]) for at in (1, 3)) if hours else (0, 0)
    if hours is None or end > 24 * 60:
        raise ConditionError('it has no "hours_utc" such as "16:30-00:30"')
    return start, end


HANDLERS: dict[str, Callable[[Mapping[str, Any], Any], Iterator[Found]]] = {
    "tiered_pricing": tiered,
    "off_peak_pricing": off_peak,
    "search_context_cost_per_query": search,
    "provider_specific_entry": options,
    "input_cost_per_token_cache_hit": cache_hit,
    "input_cost_per_second": seconds,
    "deprecation_date": end,
}
"""Key -> the function that yields its rates, and what is lost of it."""
