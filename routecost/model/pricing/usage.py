"""Usage: counts of billable units, from which every cost is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from decimal import Decimal
from typing import NamedTuple

from routecost.model.pricing.sheet import STANDARD
from routecost.records import dataclass
from routecost.units import ZERO, exact

CALLS = "request"
"""The meter that counts calls; it has a cost only if the sheet has a fee per request."""


class UsageKey(NamedTuple):
    """The subject of a count: a meter of a model, in a processing mode and a context-size bucket.

    The bucket holds calls whose context is larger than ``above`` and at most ``upto`` tokens (None: no
    upper limit).
    """

    model: str
    meter: str
    mode: str = STANDARD
    above: int = 0
    upto: int | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Counts per :class:`UsageKey`; usages add up and scale."""

    counts: Mapping[UsageKey, Decimal] = field(default_factory=dict)

    @classmethod
    @exact
    def total(cls, usages: Iterable[Usage]) -> Usage:
        """Return the sum of usages."""
        counts: dict[UsageKey, Decimal] = {}
        for usage in usages:
            for key, count in usage.counts.items():
                counts[key] = counts.get(key, ZERO) + count
        return cls(counts)

    def __add__(self, other: Usage) -> Usage:
        return Usage.total((self, other))

    @exact
    def scaled(self, factor: Decimal) -> Usage:
        """Return this usage times ``factor``."""
        return Usage({key: count * factor for key, count in self.counts.items()})
