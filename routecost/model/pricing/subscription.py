"""Subscriptions: plans with a fee per seat, what they include, and how a strategy is paid by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from routecost.problems import KeyPath
from routecost.records import dataclass
from routecost.units import ONE, ZERO

HOURS_A_DAY, HOURS_A_WEEK = Decimal(24), Decimal(168)


class CountedIn(StrEnum):
    """What included usage is counted in."""

    MONEY = "money"
    CREDITS = "credits"
    REQUESTS = "requests"
    TOKENS = "tokens"
    TASKS = "tasks"


class Sharing(StrEnum):
    """Who uses included usage: each seat its own, all seats together, or the whole plan one amount."""

    SEAT = "seat"
    SEATS = "seats"
    PLAN = "plan"


class Beyond(StrEnum):
    """What happens to work beyond the included usage."""

    API = "api"
    CREDITS = "credits"
    STOP = "stop"
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Included:
    """Included usage: at least ``low`` and at most ``high`` units (None: no known limit) per window.

    ``hours`` is the length of the window; None: a month.
    """

    unit: CountedIn
    low: Decimal
    high: Decimal | None
    hours: Decimal | None = None
    sharing: Sharing = Sharing.SEAT


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """The terms of a subscription from ``start`` on: ``fee`` is money per seat and month.

    A credit is worth ``credit_value`` of the sheet's rates, or a unit of a model's meter takes
    ``credit_rates`` (per million tokens, or per thousand calls). ``credit_price`` is that of a credit
    beyond the included ones. Unused amounts of a month remain for ``rollover`` further months.
    """

    fee: Decimal
    beyond: Beyond
    included: tuple[Included, ...] = ()
    minimum_seats: Decimal = ZERO
    credit_value: Decimal | None = None
    credit_rates: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    credit_price: Decimal = ZERO
    rollover: int = 0
    start: date | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A plan of a vendor, whose terms rise by date."""

    name: str
    terms: tuple[PlanTerms, ...]

    def at(self, day: date) -> int | None:
        """Return the number of the terms in force on a day; None before the first."""
        begun = [at for at, terms in enumerate(self.terms) if terms.start is None or terms.start <= day]
        return begun[-1] if begun else None


class SeatGroup(NamedTuple):
    """A share of the seats that does a share of the work, evenly."""

    name: str
    seats: Decimal = ONE
    work: Decimal = ONE


class Busy(NamedTuple):
    """A share of the windows, in which a share of the work of a seat is done."""

    windows: Decimal
    work: Decimal


class WorkingHours(NamedTuple):
    """Hours of a day, and days of a week, over which the work of a seat is evenly spread."""

    hours: Decimal = HOURS_A_DAY
    days: Decimal = Decimal(7)


class Seats(NamedTuple):
    """The seats from a day on, by owner; those of None are for the work of all owners."""

    start: date | None
    by_owner: Mapping[str | None, Decimal]


@dataclass(frozen=True, slots=True)
class PaidBy:
    """How a strategy is paid: by a subscription, for a number of seats.

    ``groups`` is empty if it is unknown how the work is spread over the seats, and ``spread`` None if it
    is unknown how that of a seat is spread over windows: over those of the shortest length, or over hours.
    ``path`` is that of the statement in the scenario's document.
    """

    subscription: Subscription
    seats: tuple[Seats, ...]
    groups: tuple[SeatGroup, ...] = ()
    spread: WorkingHours | tuple[Busy, ...] | None = None
    path: KeyPath = ()

    def seats_on(self, day: date) -> Mapping[str | None, Decimal]:
        """Return the seats on a day, by owner; empty if there are none."""
        begun = [seats for seats in self.seats if seats.start is None or seats.start <= day]
        return {owner: count for owner, count in begun[-1].by_owner.items() if count} if begun else {}

    @property
    def rolls_over(self) -> bool:
        """True if unused amounts of a month remain for later ones."""
        return any(terms.rollover for terms in self.subscription.terms)

    @property
    def days_of_change(self) -> tuple[date, ...]:
        """The days on which seats or terms change."""
        starts = (*(one.start for one in self.seats), *(one.start for one in self.subscription.terms))
        return tuple(start for start in starts if start is not None)
