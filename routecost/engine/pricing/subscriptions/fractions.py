"""The share of a seat's work that included usage serves.

Work is taken to be divisible, and all task types of a seat to be served in proportion. If work is left
over, some window of some limit was full: so at least one window of the smallest limit is served, however
the work is spread (the worst case). At most all windows of each limit are full (the best case).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import reduce
from typing import NamedTuple

from routecost.engine.pricing.pieces import Amount, Arithmetic, total_of
from routecost.model.pricing.subscription import (
    HOURS_A_DAY,
    HOURS_A_WEEK,
    CountedIn,
    Included,
    PaidBy,
    Sharing,
    WorkingHours,
)
from routecost.units import ONE

_WEEK = Decimal(7)

_AMPLE = Decimal(10) ** 15
"""The room, in months of work, of a limit on what the work takes nothing of."""


class Row(NamedTuple):
    """A share of a seat's work, and the windows in which it is done: ``windows`` per ``days`` days."""

    work: Decimal
    windows: Decimal
    days: Decimal


def capacity(limit: Included, *, worst: bool) -> Decimal | None:
    """Return the units of a limit in the best or the worst case; None if there is no known limit."""
    return limit.low if worst else limit.high


def rows_of(paid: PaidBy, hours: Decimal, *, is_shortest: bool) -> Sequence[Row] | None:
    """Return how the work of a seat is spread over windows of a length; None if that is unknown."""
    spread = paid.spread
    if isinstance(spread, WorkingHours):
        return _within_hours(spread, hours)
    if spread is None or not is_shortest:
        return None
    return [Row(row.work, row.windows * HOURS_A_DAY, hours) for row in spread]


def _within_hours(spread: WorkingHours, hours: Decimal) -> Sequence[Row] | None:
    """Return the windows of a day of work, each of which begins with the first work in it."""
    if spread == WorkingHours() or hours == HOURS_A_WEEK:
        return [Row(ONE, HOURS_A_DAY, hours)]
    whole = (spread.hours / hours).to_integral_value(ROUND_FLOOR)
    if (spread.hours / hours).to_integral_value(ROUND_CEILING) * hours > HOURS_A_DAY:
        return None  # the last window of a day may be open on the next
    rest = spread.hours - whole * hours
    last = ONE if not whole else rest / spread.hours
    rows = [Row(ONE - last, whole * spread.days, _WEEK)] if whole else []
    return [*rows, *([Row(last, spread.days, _WEEK)] if last else [])]


class Month(NamedTuple):
    """A month of one seat: its ``days``, and the ``share`` of the month that they are."""

    days: Amount
    share: Amount


class Seat(NamedTuple):
    """What the work of a seat takes of each unit, and what past months have left of limits, by number."""

    need: Mapping[CountedIn, Amount]
    extra: Mapping[int, Amount]


def served(
    paid: PaidBy, limits: Sequence[Included], seat: Seat, month: Month, numbers: Arithmetic, *, worst: bool
) -> Amount:
    """Return the share of the work of one seat that limits per seat serve in a month."""
    need, extra = seat
    share = numbers.number(ONE)
    windows = sorted({limit.hours for limit in limits if limit.hours is not None})
    unknown = False
    for hours in windows:
        own = [limit for limit in limits if limit.hours == hours]
        room = _room(own, need, numbers, worst=worst)
        if room is None:
            continue
        rows = rows_of(paid, hours, is_shortest=hours == windows[0])
        if rows is None or (unknown and worst):
            unknown = unknown or rows is None
            all_windows = room * month.days * numbers.number(HOURS_A_DAY) / numbers.number(hours)
            share = numbers.least(share, room if worst else all_windows)
            continue
        parts = [_filled(row, room, month.days, numbers) for row in rows]
        share = numbers.least(share, total_of(parts))
    for at, limit in enumerate(limits):
        room = _room([limit], need, numbers, worst=worst) if limit.hours is None else None
        if room is not None:
            more = _ratio(extra[at], need[limit.unit], numbers) if at in extra else room * 0
            share = numbers.least(share, room * month.share + more)
    return share


def _filled(row: Row, room: Amount, days: Amount, numbers: Arithmetic) -> Amount:
    """Return the share of a seat's work that windows serve, of the work that is done in them."""
    most = room * days * numbers.number(row.windows) / numbers.number(row.days)
    return numbers.least(numbers.number(row.work) + room * 0, most)


def _room(
    limits: Sequence[Included], need: Mapping[CountedIn, Amount], numbers: Arithmetic, *, worst: bool
) -> Amount | None:
    """Return the share of a month's work that one window serves, by its smallest limit; None if no limit."""
    rooms = []
    for limit in limits:
        most = capacity(limit, worst=worst)
        if most is None:
            continue
        needed = need[limit.unit]
        rooms.append(_ratio(numbers.number(most), needed, numbers))
    return reduce(numbers.least, rooms) if rooms else None


def _ratio(amount: Amount, needed: Amount, numbers: Arithmetic) -> Amount:
    """Return how many times an amount serves what is needed; a large number if nothing is."""
    share = numbers.share(amount, needed * 0 + numbers.number(ONE), needed)
    return numbers.choose(needed > 0, share, needed * 0 + numbers.number(_AMPLE))


def is_ranged(paid: PaidBy) -> bool:
    """Return whether what is served may depend on what is not known."""
    return bool(unknowns(paid))


def unknowns(paid: PaidBy) -> tuple[str, ...]:
    """Return what is not known of limits, seats and windows, as keys or phrases."""
    included = [one for terms in paid.subscription.terms for one in terms.included]
    own = [one for one in included if one.sharing is Sharing.SEAT]
    several = any(count > 1 for seats in paid.seats for count in seats.by_owner.values())
    windows = sorted({one.hours for one in own if one.hours is not None})
    spreads = [rows_of(paid, hours, is_shortest=hours == windows[0]) for hours in windows]
    is_unknown = {
        '"usage"': bool(own) and several and not paid.groups,
        '"windows"': None in spreads,
        "the amounts that are unknown": any(one.low != one.high for one in included),
    }
    return tuple(name for name, holds in is_unknown.items() if holds)
