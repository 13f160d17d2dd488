"""Cells: groups of logged calls with equal price, and their sums."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from routecost.model.pricing.hours import Hours
from routecost.records import dataclass
from routecost.units import METERS, ZERO, exact

COUNTED = tuple(name for name in METERS if name not in {"request", "provisioned_hour", "cache_storage"})
"""The meters of which a log can count units."""

NANOS = 9
"""The decimal places of logged costs: they are summed as integers of 10^-9 of a currency unit."""


NO_USAGE = "without usage"
"""The mode of calls that cost something, by a log that does not say what they used."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Logged calls that have one price per unit, and the sums of what they used.

    ``keys`` are the values that they were grouped by, such as the task type; None where the log has none.
    ``model`` is the model as it was logged. ``days`` is a day with the prices of all calls; several, with
    different prices, if it is not known when they were made. Their contexts have more than ``above`` and at
    most ``upto`` tokens (None: no limit). If ``is_sum``, a report had added them up: prices may step
    between the two. If ``is_costed``, the cost of each was logged, and ``cost_nanos`` is its sum in 10^-9
    units of ``currency``. ``first`` is the day of the first call, in UTC; None if it is unknown,
    or if all days of the log have the same prices. ``hours`` are those of the sheets in which all calls were
    made; None if the time of day of the calls is unknown, or if no price depends on it.
    """

    keys: Mapping[str, str | int | None]
    model: str
    mode: str
    days: tuple[date, ...]
    above: int
    upto: int | None
    is_sum: bool
    calls: int
    units: Mapping[str, int]
    is_costed: bool
    cost_nanos: int
    currency: str | None
    first: date | None = None
    hours: frozenset[Hours] | None = None


class Bounds(NamedTuple):
    """An amount of money that lies between two, which are equal if it is known."""

    low: Decimal = ZERO
    high: Decimal = ZERO

    @property
    def is_exact(self) -> bool:
        """Whether the amount is known."""
        return self.low == self.high

    @exact
    def plus(self, other: Bounds) -> Bounds:
        """Return the sum of two amounts."""
        return Bounds(self.low + other.low, self.high + other.high)
