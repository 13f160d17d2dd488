"""Shares of calls in processing modes that apply at certain hours.

The share of a mode is that of the arrivals in its hours. Between time zones of different daylight
saving time, it is the mean over the days of the year of the pricing date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from routecost.errors import UnpricedError
from routecost.model.pricing.hours import MINUTES_PER_WEEK, Hours, Span
from routecost.model.pricing.sheet import STANDARD
from routecost.units import ZERO

if TYPE_CHECKING:
    from routecost.model.scenario.arrivals import Arrivals
    from routecost.model.scenario.strategy import TierModels
    from routecost.model.scenario.workload import TaskType

_MINUTE = timedelta(minutes=1)


def timed_modes(
    modes: Mapping[str, Decimal], model: str, tier_models: TierModels, task: TaskType | None
) -> Mapping[str, Decimal]:
    """Return the modes of calls of a task on a model: its standard calls are split by its hours.

    Raises UnpricedError if the shares are not known, or stated twice.
    """
    hours = tier_models.hours.get(model)
    if not hours or STANDARD not in modes:
        return modes
    stated = [] if task is None else [mode for mode in hours if mode in task.modes]
    if task is None or (task.arrivals is None and not stated):
        raise _unknown(task, model, hours)
    if task.arrivals is None:
        shares = {mode: task.modes[mode] for mode in stated if mode not in modes}
        return _split(modes, modes[STANDARD], {**shares, STANDARD: 1 - sum(shares.values(), ZERO)})
    if stated:
        message = f'the share of mode "{stated[0]}" of model "{model}" is stated, and follows from "arrivals"'
        raise UnpricedError(f"{message}; expected one of them", (*task.path, "modes", stated[0]))
    return _split(modes, modes[STANDARD], shares_of(task.arrivals, hours, tier_models.day.year))


def _split(
    modes: Mapping[str, Decimal], standard: Decimal, shares: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    split = {mode: share for mode, share in modes.items() if mode != STANDARD}
    for mode, share in shares.items():
        if share:
            split[mode] = split.get(mode, ZERO) + standard * share
    return split


def _unknown(task: TaskType | None, model: str, hours: Mapping[str, Sequence[Hours]]) -> UnpricedError:
    mode, times = next(iter(hours.items()))
    message = f'model "{model}" has other prices at {" and ".join(map(str, times))} (mode "{mode}")'
    if task is None:
        return UnpricedError(f"{message}, and the hours of the calls are unknown")
    return UnpricedError(
        f'{message}; expected "arrivals" for "{task.name}", or the share of the mode in its "modes"',
        task.path,
    )


def shares_of(arrivals: Arrivals, hours: Mapping[str, Sequence[Hours]], year: int) -> dict[str, Decimal]:
    """Return the share of arrivals in the hours of each mode, and the rest as standard.

    The hours of the modes do not overlap, so the shares sum to 1.
    """
    weights = {
        mode: sum((_weight(arrivals, part, year) for part in times), ZERO) for mode, times in hours.items()
    }
    total = arrivals.total * _days(year)
    rest = total - sum(weights.values(), ZERO)
    shares = {mode: weight / total for mode, weight in weights.items()}
    return {**shares, STANDARD: rest / total} if rest else shares


def _weight(arrivals: Arrivals, hours: Hours, year: int) -> Decimal:
    """Return the weight of the arrivals in hours, summed over the days of a year."""
    shifts = offset_differences(arrivals.time_zone, hours.time_zone, year)
    weights = (count * _arriving(arrivals, shifted(hours.spans, shift)) for shift, count in shifts.items())
    return sum(weights, ZERO)


def _arriving(arrivals: Arrivals, spans: Iterable[Span]) -> Decimal:
    """Return the weight of the arrivals in spans of their week."""
    return sum(
        (
            weight * (min(end, upto) - max(start, since))
            for start, end in spans
            for (since, upto), weight in arrivals.profile
            if min(end, upto) > max(start, since)
        ),
        ZERO,
    )


def shifted(spans: Iterable[Span], minutes: int) -> list[Span]:
    """Return spans moved by minutes, within a week."""
    moved = []
    for start, end in spans:
        since = (start + minutes) % MINUTES_PER_WEEK
        upto = since + end - start
        moved.append((since, min(upto, MINUTES_PER_WEEK)))
        if upto > MINUTES_PER_WEEK:
            moved.append((0, upto - MINUTES_PER_WEEK))
    return moved


def parts_of_week(spans: Mapping[Hours, Iterable[Span]]) -> list[tuple[int, frozenset[Hours]]]:
    """Return the minutes of a week at which other hours begin to hold, with these hours; spans are in it."""
    edges = {0, *(edge for of_one in spans.values() for pair in of_one for edge in pair)}
    parts: list[tuple[int, frozenset[Hours]]] = []
    for edge in sorted(edges - {MINUTES_PER_WEEK}):
        inside = frozenset(
            one for one, of_one in spans.items() if any(since <= edge < upto for since, upto in of_one)
        )
        if not parts or parts[-1][1] != inside:
            parts.append((edge, inside))
    return parts


@lru_cache(maxsize=64)
def offset_differences(zone: str, other: str, year: int) -> Mapping[int, int]:
    """Return how many minutes a zone is ahead of another, with the number of days of a year for each.

    The days count by their offsets at noon UTC.
    """
    if zone == other:
        return {0: _days(year)}
    return Counter(one - two for one, two in zip(offsets(zone, year), offsets(other, year), strict=True))


def _days(year: int) -> int:
    return date(year, 12, 31).timetuple().tm_yday


@lru_cache(maxsize=1024)
def offsets(zone: str, year: int) -> Sequence[int]:
    """Return the minutes that a zone is ahead of UTC at noon UTC on each day of a year."""
    place, noon = time_zone(zone), datetime(year, 1, 1, 12, tzinfo=UTC)
    noons = (noon + timedelta(days=day) for day in range(_days(year)))
    return [(moment.astimezone(place).utcoffset() or timedelta()) // _MINUTE for moment in noons]


def time_zone(name: str) -> tzinfo:
    """Return the time zone with a name such as ``Asia/Shanghai``, or an offset such as ``+08:00``."""
    if name[0] in "+-":
        hours, minutes = name[1:].split(":")
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-offset if name[0] == "-" else offset)
    from zoneinfo import ZoneInfo  # slow to import, and few scenarios need it

    return ZoneInfo(name)
