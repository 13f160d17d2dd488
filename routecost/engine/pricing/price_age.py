"""How far the day of a scenario is from the days on which its prices are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from routecost.engine.pricing.price import entry_on
from routecost.errors import RoutecostError
from routecost.model.pricing.sheet import PriceEntry
from routecost.problems import Severity

if TYPE_CHECKING:
    from routecost.model.scenario.scenario import Scenario
    from routecost.problems import Finding

MOST_DAYS = 365
"""The most days between the day of a scenario and that on which its prices were checked."""

_SHOWN = 3


def price_age(scenario: Scenario) -> tuple[Finding, ...]:
    """Return warnings if the stated day of a scenario is years from the days its prices were checked.

    One for a day after them, and one for prices of unknown start on a day before them.
    """
    day, place = scenario.as_of, scenario.place
    if day is None or place is None:
        return ()
    entries = {model: entry for model, entry in _in_force(scenario, day) if entry.checked is not None}
    late = {model: entry for model, entry in entries.items() if _days(entry, day) > MOST_DAYS}
    early = {
        model: entry
        for model, entry in entries.items()
        if entry.start is None and -_days(entry, day) > MOST_DAYS
    }
    messages = []
    if late:
        last = max(entry.checked for entry in late.values() if entry.checked is not None)
        messages.append(
            f"the prices of {_names(late)} were last checked on {last}, {_years((day - last).days)} before "
            f"{day}; they may have changed since"
        )
    if early:
        first = min(entry.checked for entry in early.values() if entry.checked is not None)
        messages.append(
            f"it is unknown since when the prices of {_names(early)} have been in force; they were checked "
            f"on {first}, {_years((first - day).days)} after {day}"
        )
    return tuple(replace(place(message, ("as_of",)), severity=Severity.WARNING) for message in messages)


def _in_force(scenario: Scenario, day: date) -> Iterator[tuple[str, PriceEntry]]:
    """Yield the models of the tiers on a day, with their prices."""
    sheet = scenario.pricing
    for dated in sheet.tiers.values():
        for tier in [one for one in dated if one.start is None or one.start <= day][-1:]:
            try:
                yield tier.model, entry_on(sheet, tier.model, day)
            except RoutecostError:
                continue


def _days(entry: PriceEntry, day: date) -> int:
    assert entry.checked is not None
    return (day - entry.checked).days


def _names(entries: dict[str, PriceEntry]) -> str:
    names = [f'"{name}"' for name in entries]
    more = [f"{len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    *most, last = [*names[:_SHOWN], *more]
    return f"{', '.join(most)} and {last}" if most else last


def _years(days: int) -> str:
    return f"{days / 365.25:.1f} years"
