"""What an import does with each key of a price source: a rate of a meter, or a reason why there is none.

A source has one table of its keys. A key that is not in it is named if its value may be a price, so
that nothing is lost without a message.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from routecost.ingest.prices.sources.json_file import Repeated, decimal
from routecost.units import METERS

NO_METER = "no meter for it"
UNKNOWN = "an unknown key, which may be a price"


class Priced(NamedTuple):
    """A key with a price of a meter, by default that of one unit; ``times`` makes it the meter's rate."""

    meter: str
    times: int | None = None

    def rate(self, price: Decimal) -> Decimal:
        """Return the rate of the meter."""
        return price * (METERS[self.meter].per if self.times is None else self.times)


Decision = Priced | str
"""A rate, or the reason why a key has none."""


class Loss(NamedTuple):
    """A part of a model's prices that a sheet cannot express."""

    part: str
    reason: str


def words(text: str) -> list[str]:
    """Return the words of a text."""
    return text.split()


def unknown(key: str) -> str:
    """Return the reason why an unknown key is not imported."""
    return NO_METER if "cost" in key else UNKNOWN


def is_zero(value: Any) -> bool:
    """Return whether a value of a price key states no price, or one of 0."""
    return not value or decimal(value) == 0


def has_number(value: Any) -> bool:
    """Return whether a value of a JSON file is or contains a number other than 0, or may contain one."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping | list):
            waiting += part.values() if isinstance(part, Mapping) else part
        elif isinstance(part, Repeated) or decimal(part):
            return True
    return False
