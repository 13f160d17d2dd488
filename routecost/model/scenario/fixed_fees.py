"""Fees that do not depend on the number of calls: provisioned capacity, and storage by the hour."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from routecost.problems import KeyPath
from routecost.records import dataclass
from routecost.units import FIXED_METERS, ZERO

CAPACITY, CACHE_STORAGE, FILE_STORAGE = FIXED_METERS


@dataclass(frozen=True, slots=True)
class Capacity:
    """Provisioned ``units`` for ``hours`` a day, billed whether they are used or not.

    They are of the model of a ``tier``, in all strategies or in one ``strategy``; without a tier, of all
    models of that strategy with a rate for units. They serve a ``share`` of the tokens there, or up to
    ``tokens_per_hour`` in these hours; the rest is billed per token. ``path`` is that of the fee in the
    scenario's document.
    """

    tier: str | None
    units: Decimal
    hours: Decimal
    share: Decimal | None = None
    tokens_per_hour: Decimal = ZERO
    path: KeyPath = ()
    strategy: str | None = None

    @property
    def traffic(self) -> str:
        """The traffic that it may serve, for messages."""
        return " in ".join(name for name in (self.tier, self.strategy) if name is not None)

    @property
    def usage(self) -> dict[str, Decimal]:
        """The units of its meter per day."""
        return {CAPACITY: self.units * self.hours}

    @property
    def tokens_per_day(self) -> Decimal | None:
        """The most tokens that it serves per day; None if it serves a share."""
        return self.tokens_per_hour * self.hours if self.share is None else None


@dataclass(frozen=True, slots=True)
class Storage:
    """Tokens in a cache, and gigabytes of files, that a tier's model stores for ``hours`` a day."""

    tier: str
    tokens: Decimal
    gigabytes: Decimal
    hours: Decimal
    path: KeyPath = ()
    strategy: ClassVar[None] = None

    @property
    def usage(self) -> dict[str, Decimal]:
        """The units of its meters per day."""
        stored = {CACHE_STORAGE: self.tokens, FILE_STORAGE: self.gigabytes}
        return {meter: amount * self.hours for meter, amount in stored.items() if amount}


FixedFee = Capacity | Storage
