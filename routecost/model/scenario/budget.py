"""A budget and the period that it is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from enum import StrEnum

from routecost.records import dataclass


class Period(StrEnum):
    """A budget period."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Counted(StrEnum):
    """What a budget pays for: what the providers bill, or failures too."""

    CALLS = "calls"
    TOTAL = "total"

    @property
    def label(self) -> str:
        """The counted costs in words."""
        return "calls" if self is Counted.CALLS else "calls and failures"


@dataclass(frozen=True, slots=True)
class Budget:
    """An amount of money per period, in the currency of the scenario's prices, for one strategy.

    ``currency`` is that currency if the document states one, else None. ``owners`` has the amounts of
    owners of task types, within it.
    """

    amount: Decimal
    per: Period
    strategy: str
    currency: str | None = None
    owners: Mapping[str, Decimal] = field(default_factory=dict)
    counts: Counted = Counted.CALLS

    @property
    def counts_failures(self) -> bool:
        """True if the costs of failures count."""
        return self.counts is Counted.TOTAL
