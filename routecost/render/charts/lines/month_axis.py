"""Month axis: a few ticks at round calendar positions, each year named once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from routecost.units import MONTHS_PER_YEAR

_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240)
MOST_TICKS = 7
"""Maximum number of month ticks."""


def month_ticks(months: Sequence[date], most: int = MOST_TICKS) -> list[tuple[int, str]]:
    """Return places among consecutive months, from 0, and their labels: ``Jan`` over ``2026``.

    There may be none where ``most`` are fewer than MOST_TICKS.
    """
    step = next((step for step in _STEPS if len(_places(months, step)) <= most), _STEPS[-1])
    places = _places(months, step)
    days = [months[at] for at in places]
    labels = [str(day.year) for day in days] if step >= MONTHS_PER_YEAR else list(_labels(days))
    return list(zip(places, labels, strict=True))


def month_label(month: date) -> str:
    """Return a month as ``Jan 2026``."""
    return f"{_NAMES[month.month - 1]} {month.year}"


def _places(months: Sequence[date], step: int) -> list[int]:
    return [at for at, day in enumerate(months) if (day.year * MONTHS_PER_YEAR + day.month - 1) % step == 0]


def _labels(days: Sequence[date]) -> Iterator[str]:
    named = None
    for day in days:
        # A one-line label would be higher than two-line neighbours.
        yield f"{_NAMES[day.month - 1]}\n{' ' if day.year == named else day.year}"
        named = day.year
