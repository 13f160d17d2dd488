"""Why the cost of logged calls changed between two periods."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from routecost.errors import UsageError
from routecost.model.frames import Result
from routecost.model.results.logs.usage import LogFacts, Unpriced
from routecost.records import dataclass
from routecost.units import exact


class Days(NamedTuple):
    """A period from its first to its last day."""

    first: date
    last: date

    @property
    def length(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"


_PERIODS = re.compile(r"(\d{4})-(?:W(?P<week>\d\d)|(?P<month>\d\d)(?:-(?P<day>\d\d))?)", re.ASCII)


def read_days(text: str) -> Days:
    """Return a day, week or month, or ``FIRST..LAST`` of these; raises UsageError for another text."""
    first, dots, last = text.partition("..")
    try:
        days = Days(_named(first).first, _named(last if dots else first).last)
    except ValueError:
        raise UsageError(
            f'"{text}" is not a period; expected one such as 2026-11-09..2026-11-15, 2026-W46 or 2026-11'
        ) from None
    if days.last < days.first:
        raise UsageError(f'the period "{text}" ends before it begins')
    return days


def _named(text: str) -> Days:
    """Return a day, an ISO week or a month. Raises ValueError for another text."""
    match = _PERIODS.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year = int(match[1])
    if match["week"]:
        monday = date.fromisocalendar(year, int(match["week"]), 1)
        return Days(monday, monday + timedelta(days=6))
    month = int(match["month"])
    if match["day"]:
        day = date(year, month, int(match["day"]))
        return Days(day, day)
    return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


class Cause(StrEnum):
    """A cause of a change of cost.

    Cost is calls x share of the task type x share of the model in it x tokens per call x division of the
    context into cached and uncached tokens x price.
    """

    VOLUME = "volume"
    TASK_TYPES = "task_types"
    MODELS = "models"
    TOKENS = "tokens"
    CACHE = "cache"
    PRICE = "price"


class Figures(NamedTuple):
    """The calls of a period, their cost, the tokens of their contexts (and those read from a cache).

    All are those of the calls with a price. If ``is_least``, others have none, or some a price that is not
    known: the cost is the least. ``is_priced`` is false if there are only calls without one.
    """

    calls: int
    cost: Decimal
    context: int
    cached: int
    output: int
    is_least: bool = False
    is_priced: bool = True

    @property
    @exact
    def hit_rate(self) -> Decimal | None:
        """The share of the context that was read from a cache; None without a context."""
        return Decimal(self.cached) / self.context if self.context else None

    @exact
    def per_call(self, count: Decimal | int) -> Decimal | None:
        """Return an amount per call; None without calls."""
        return count / Decimal(self.calls) if self.calls else None


@dataclass(frozen=True, slots=True)
class TypeChange:
    """The change of the cost of a task type; ``parts`` sum to it exactly."""

    task_type: str | None
    before: Figures
    after: Figures
    parts: Mapping[Cause, Decimal]

    @property
    def is_known(self) -> bool:
        """Whether both periods have a cost."""
        return self.before.is_priced and self.after.is_priced

    @property
    @exact
    def change(self) -> Decimal:
        """The cost after - before."""
        return self.after.cost - self.before.cost


@dataclass(frozen=True, slots=True)
class SpendChange(Result):
    """The change of the cost of logs from one period to another, by task type, the largest change first.

    ``are_bounds`` is true if some calls have no price, or one that is not known: costs are then the least.
    """

    facts: LogFacts
    pricing: str
    currency: str
    before: Days
    after: Days
    total: TypeChange
    types: tuple[TypeChange, ...]
    unpriced: tuple[Unpriced, ...] = ()
    are_bounds: bool = False
