"""The times of a week at which calls arrive."""

from __future__ import annotations

from decimal import Decimal

from routecost.model.pricing.hours import Span
from routecost.records import dataclass
from routecost.units import ZERO


@dataclass(frozen=True, slots=True)
class Arrivals:
    """A weekly profile of calls in a time zone.

    ``profile`` has spans of the week that do not overlap, in order, each with its weight per minute.
    No calls arrive outside them.
    """

    time_zone: str
    profile: tuple[tuple[Span, Decimal], ...]

    @property
    def total(self) -> Decimal:
        """The weight of a week, above 0."""
        return sum((weight * (end - start) for (start, end), weight in self.profile), ZERO)
