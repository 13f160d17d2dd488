"""Conditional prices of OpenRouter (``overrides``): by the size of the prompt, and by the hour.

An override applies if all of its conditions do; of those that apply, later ones win for each price, and
prices that none states are the base prices.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from routecost.ingest.prices.sources.json_file import decimal
from routecost.ingest.prices.sources.week import (
    WHOLE_WEEK,
    ConditionError,
    Minutes,
    days_of,
    hours_of_week,
    week_minutes,
)
from routecost.model.pricing.hours import Hours
from routecost.model.pricing.sheet import STANDARD, ContextStep, PriceEntry, RateCard, Rates
from routecost.units import ZERO

CONDITIONS = frozenset({"min_prompt_tokens", "utc_start", "utc_end", "utc_days"})
_MOST = 50


class _Override(NamedTuple):
    """Rates above a number of tokens of the prompt, in some minutes of the week."""

    above: int
    minutes: Minutes
    rates: Rates


Lost = tuple[int, str]
"""The number of an override, and why it is not imported."""


def conditional_entry(
    base: Rates, overrides: Sequence[Mapping[str, Any]], rates_of: Callable[[Mapping[str, Any]], Rates]
) -> tuple[PriceEntry, list[Lost]]:
    """Return the price with context steps and modes with hours for the overrides, and what is lost."""
    if len(overrides) > _MOST:
        return PriceEntry(RateCard(base)), [(_MOST, f"there are more than {_MOST} conditional prices")]
    known: list[_Override] = []
    lost: list[Lost] = []
    for at, override in enumerate(overrides):
        try:
            if rates := rates_of(override):
                known.append(_Override(_above(override), _minutes(override), rates))
        except ConditionError as error:
            lost.append((at, str(error)))
    edges = sorted({override.above for override in known} - {0})
    times = _times(base, known)
    cards: list[RateCard] = []
    for edge in (0, *edges):
        of_time = {mode: _at(base, known, edge, part) for mode, (part, _) in times.items()}
        cards.append(RateCard(of_time.pop(STANDARD), of_time))
    steps = tuple(ContextStep(edge, card) for edge, card in zip(edges, cards[1:], strict=True))
    hours = {mode: hours for mode, (_, hours) in times.items() if hours}
    return PriceEntry(cards[0], steps=steps, hours=hours), lost


def _above(override: Mapping[str, Any]) -> int:
    """Return the number of tokens of the prompt above which an override applies."""
    stated = override.get("min_prompt_tokens")
    number = decimal(stated) if stated is not None else decimal("0")
    if number is None or number < 0 or number != number.to_integral_value():
        raise ConditionError('its "min_prompt_tokens" is not a whole number')
    return int(number)


def _minutes(override: Mapping[str, Any]) -> Minutes:
    """Return the minutes of the week in which an override applies. Raises ConditionError."""
    start, end, days = (override.get(key) for key in ("utc_start", "utc_end", "utc_days"))
    if start is None and end is None and days is None:
        return WHOLE_WEEK
    return week_minutes(_minute(start), _minute(end), days_of(days))


def _minute(stated: Any) -> int:
    """Return the minute of a time of the day such as 1630."""
    number = decimal("0") if stated is None else decimal(stated)
    if number is None or number != number.to_integral_value() or not 0 <= number <= 2400:
        raise ConditionError("its hours are not times such as 1630")
    hour, minute = divmod(int(number), 100)
    if minute > 59:
        raise ConditionError("its hours are not times such as 1630")
    return hour * 60 + minute


def _at(base: Rates, overrides: Sequence[_Override], edge: int, minutes: Minutes) -> Rates:
    """Return the rates above a context size in minutes of the week for which the same overrides apply."""
    rates = dict(base)
    for override in overrides:
        if override.above <= edge and override.minutes & minutes:
            rates.update(override.rates)
    return rates


def _times(base: Rates, overrides: Sequence[_Override]) -> dict[str, tuple[Minutes, tuple[Hours, ...]]]:
    """Return a mode for each set of hours with prices of their own: some of their minutes, and the hours.

    Most of the week is the standard mode, and has no hours.
    """
    edges = sorted({override.above for override in overrides} | {0})
    by_rates: dict[tuple[Any, ...], list[Minutes]] = {}
    for part in _parts(overrides):
        rates = tuple(tuple(sorted(_at(base, overrides, edge, part).items())) for edge in edges)
        by_rates.setdefault(rates, []).append(part)
    most, *others = sorted(by_rates.items(), key=lambda item: -sum(item[1]).bit_count())
    times: dict[str, tuple[Minutes, tuple[Hours, ...]]] = {STANDARD: (most[1][0], ())}
    for rates, parts in others:
        name = "peak" if sum(map(_total, rates)) > sum(map(_total, most[0])) else "off_peak"
        number = 1 + sum(mode.startswith(name) for mode in times)
        times[name if number == 1 else f"{name}_{number}"] = (parts[0], hours_of_week(sum(parts)))
    return times


def _parts(overrides: Sequence[_Override]) -> list[Minutes]:
    """Return the parts of the week in each of which the same overrides apply."""
    parts = [WHOLE_WEEK]
    for override in overrides:
        split = ((part & override.minutes, part & ~override.minutes) for part in parts)
        parts = [part for pair in split for part in pair if part]
    return parts


def _total(rates: tuple[tuple[str, Decimal], ...]) -> Decimal:
    return sum((rate for _, rate in rates), ZERO)
