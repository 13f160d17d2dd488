"""Why the cost of logged calls changed between two periods."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from routecost.errors import UsageError
from routecost.model.results.logs.usage import LogFacts, Unpriced
from routecost.records import dataclass
from routecost.units import exact, read_day


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


def read_days(text: str) -> Days:
    """Return a period from a text such as ``2026-11-09..2026-11-15``; raises UsageError for another."""
    first, _, last = text.partition("..")
    try:
        days = Days(read_day(first), read_day(last or first))
    except ValueError:
        raise UsageError(f'"{text}" is not a period; expected one such as 2026-11-09..2026-11-15') from None
    if days.last < days.first:
        raise UsageError(f'the period "{text}" ends before it begins')
    return days


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
    """The calls of a period, their cost, the tokens of their contexts (and those read from a cache)."""

    calls: int
    cost: Decimal
    context: int
    cached: int
    output: int

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
    @exact
    def change(self) -> Decimal:
        """The cost after - before."""
        return self.after.cost - self.before.cost


@dataclass(frozen=True, slots=True)
class SpendChange:
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
