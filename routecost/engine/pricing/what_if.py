"""What-if prices: a sheet whose rates of some models change between two days."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from routecost.errors import UsageError
from routecost.model.pricing.sheet import (
    AT_INPUT_RATE,
    CACHE_WRITES,
    PriceEntry,
    PricingSheet,
    RateCard,
    Rates,
    WhatIf,
)
from routecost.problems import did_you_mean
from routecost.units import MAX_COUNT, METERS, ONE, ZERO, exact, read_number

_EXAMPLE = '"claude-sonnet-5-5 input -20% from 2027-06"'
_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?", re.ASCII)
_WINDOW = ("from", "until")


Ends = tuple[date | None, date | None]
Amount = tuple[Decimal | None, Decimal | None]


@exact
def with_what_if(sheet: PricingSheet, texts: Sequence[str]) -> PricingSheet:
    """Return a sheet with the changes that texts state, one after the other; its name says so.

    Raises UsageError, which names the part of a text that is at fault and what was expected.
    """
    return with_changes(sheet, [read_what_if(text, sheet) for text in texts])


@exact
def with_changes(sheet: PricingSheet, changes: Sequence[WhatIf]) -> PricingSheet:
    """Return a sheet with changes of its rates, one after the other; its name says so."""
    if not changes:
        return sheet
    models = dict(sheet.models)
    for change in changes:
        for model in change.models:
            models[model] = tuple(_changed(models[model], change))
    name = f"{sheet.name} (what if {'; '.join(change.text for change in changes)})"
    return replace(sheet, name=name, models=models, what_if=(*sheet.what_if, *changes), place=None)


def read_what_if(text: str, sheet: PricingSheet) -> WhatIf:
    """Parse a change such as ``claude-sonnet-5-5 input -20% from 2027-06``. Raises UsageError."""
    words, window, (factor, rate) = parse(text)
    target, meter = _subject(text, words, sheet)
    models = models_of(target, sheet)
    if not models:
        raise _error(text, unknown_target(target, sheet))
    if meter is None and rate is not None:
        raise _error(text, f'a new rate needs a meter, such as "{target} input {rate}"')
    change = WhatIf(" ".join(text.split()), models, meter, factor, rate, *window)
    why = why_not(change, sheet)
    if why is not None:
        raise _error(text, why)
    return change


def parse(text: str) -> tuple[list[str], Ends, Amount]:
    """Return the words for what a change is about, its first and last day, and its factor or new rate.

    Raises UsageError for a text that is no change of any sheet.
    """
    words = text.split()
    window = _window(text, words)
    if len(words) < 2:
        raise _error(
            text, f"expected a model, tier or provider, a meter or none, and a change, such as {_EXAMPLE}"
        )
    amount = _amount(text, words.pop())
    return words, window, amount


def _error(text: str, why: str) -> UsageError:
    return UsageError(f'--what-if "{text}": {why}')


def _window(text: str, words: list[str]) -> Ends:
    """Remove the days of a change from the end of its words, and return the first and the last."""
    ends: dict[str, date] = {}
    while len(words) >= 2 and (words[-2] in _WINDOW or _DAY.fullmatch(words[-1])):
        day, key = words.pop(), words.pop()
        if key not in _WINDOW:
            raise _error(text, f'"{key}" precedes a date{did_you_mean(key, _WINDOW)}')
        if key in ends:
            raise _error(text, f'"{key}" is given twice')
        ends[key] = _read_day(text, key, day)
    if words and words[-1] in _WINDOW:
        raise _error(text, f'"{words[-1]}" has no date; expected YYYY-MM or YYYY-MM-DD')
    start, until = ends.get("from"), ends.get("until")
    if start is not None and until is not None and until < start:
        raise _error(text, f'"until {until}" is before "from {start}"')
    return start, until


def _read_day(text: str, key: str, day: str) -> date:
    """Return a day, or for a month its first or last one."""
    try:
        if len(day) == len("YYYY-MM") and _DAY.fullmatch(day):
            first = date.fromisoformat(f"{day}-01")
            return first if key == "from" else first.replace(day=monthrange(first.year, first.month)[1])
        if _DAY.fullmatch(day):
            return date.fromisoformat(day)
    except ValueError:
        pass
    raise _error(text, f'"{day}" after "{key}" is not a date; expected YYYY-MM or YYYY-MM-DD')


def _amount(text: str, word: str) -> Amount:
    """Return the factor of a change in percent, or else the new rate."""
    number = read_number(word)
    if number is None or (word[0] in "+-") is not number.is_percent:
        expected = "expected a change such as -20% or +5%, or a new rate such as 2.50"
        raise _error(text, f'"{word}" is no change of a price; {expected}')
    if number.is_percent:
        if not -1 <= number.value <= 1000:
            raise _error(text, f'"{word}" is out of range; expected a change from -100% to +100000%')
        return 1 + number.value, None
    if number.value > MAX_COUNT:
        raise _error(text, f'"{word}" is out of range; expected a rate up to 1e15')
    return None, number.value


def _subject(text: str, words: Sequence[str], sheet: PricingSheet) -> tuple[str, str | None]:
    """Return the target and the meter of a change."""
    whole, last = " ".join(words), words[-1]
    if len(words) == 1 or whole in (*sheet.models, *sheet.tiers, *sheet.providers):
        return whole, None
    if last not in METERS:
        raise _error(text, f'unknown meter "{last}"{did_you_mean(last, METERS)}')
    return " ".join(words[:-1]), last


def models_of(target: str, sheet: PricingSheet) -> tuple[str, ...]:
    """Return the models that a name selects: a model, or those of a tier or provider; none if unknown."""
    if target in sheet.models:
        return (target,)
    served = [entry.model for entry in sheet.tiers.get(target, ()) if entry.model in sheet.models]
    served = served or [model for model in sheet.models if sheet.provider(model) == target]
    return tuple(dict.fromkeys(served))


def unknown_target(target: str, sheet: PricingSheet) -> str:
    """Return the message for a name that selects no model."""
    known = (*sheet.models, *sheet.tiers, *sheet.providers)
    unknown = f'no model, tier or provider "{target}" in pricing sheet "{sheet.name}"'
    return f"{unknown}{did_you_mean(target, known)}"


def why_not(change: WhatIf, sheet: PricingSheet) -> str | None:
    """Return why rates cannot change: there are none, or those of batches or long contexts cannot follow."""
    entries = [entry for model in change.models for entry in sheet.models[model]]
    if change.meter is None:
        return None
    cards = [card for entry in entries for card in (entry.card, *(step.card for step in entry.steps))]
    rates = [one for card in cards for one in (card.standard, *card.modes.values())]
    if not any(change.meter in one for one in rates):
        names = dict.fromkeys(meter for one in rates for meter in one)
        expected = did_you_mean(change.meter, tuple(names))
        return f'{", ".join(change.models)} has no rate for "{change.meter}"{expected}'
    free = [entry for entry in entries if not entry.card.standard.get(change.meter, ONE)]
    if change.rate is not None and any(entry.steps or entry.card.modes for entry in free):
        why = "is free today, so its rates of modes and long contexts cannot change in proportion"
        return f'"{change.meter}" {why}; expected a change of the sheet'
    return None


def _changed(dated: Sequence[PriceEntry], change: WhatIf) -> Iterator[PriceEntry]:
    """Yield the entries of a model, cut where the change begins and ends."""
    for at, entry in enumerate(dated):
        end = dated[at + 1].start if at + 1 < len(dated) else None
        begins = change.start if entry.start is None else max(entry.start, change.start or entry.start)
        after = None if change.until in (None, date.max) else change.until + timedelta(days=1)
        starts_late = begins is not None and end is not None and begins >= end
        if starts_late or (after is not None and entry.start is not None and after <= entry.start):
            yield entry
            continue
        if begins is not None and begins != entry.start:
            yield entry
        yield replace(_entry(entry, change), start=begins)
        if after is not None and (end is None or after < end):
            yield replace(entry, start=after)


def _entry(entry: PriceEntry, change: WhatIf) -> PriceEntry:
    factor = change.factor
    if factor is None:
        factor = _factor(entry.card.standard, change)
    steps = tuple(replace(step, card=_card(step.card, entry, change, factor)) for step in entry.steps)
    card, source = _card(entry.card, entry, change, factor), f"what if {change.text}"
    return replace(entry, card=card, steps=steps, source=source)


def _factor(rates: Rates, change: WhatIf) -> Decimal | None:
    """Return the factor to a new rate; None if there is none."""
    before = rates.get(change.meter or "", ZERO)
    return change.rate / before if before and change.rate is not None else None


def _card(card: RateCard, entry: PriceEntry, change: WhatIf, factor: Decimal | None) -> RateCard:
    """Return a card with changed rates; those of modes and steps change in proportion."""

    def changed(rates: Rates) -> Rates:
        meters = set(rates if change.meter is None else (change.meter,)) & {*rates}
        if change.meter == "input" and entry.cache_writes == AT_INPUT_RATE:
            meters |= {meter for meter in CACHE_WRITES if rates.get(meter) == rates.get("input")} & {*rates}
        new, scale = dict(rates), ONE if factor is None else factor
        for meter in meters:
            is_stated = rates is entry.card.standard or factor is None
            new[meter] = rates[meter] * scale if change.rate is None or not is_stated else change.rate
        return new

    return card.each(changed)
