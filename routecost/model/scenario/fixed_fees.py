"""Fees that do not depend on the number of calls: provisioned capacity, and storage by the hour."""

from __future__ import annotations

from decimal import Decimal

from routecost.problems import KeyPath
from routecost.records import dataclass
from routecost.units import FIXED_METERS, ZERO

CAPACITY, CACHE_STORAGE, FILE_STORAGE = FIXED_METERS


@dataclass(frozen=True, slots=True)
class Capacity:
    """Provisioned ``units`` of a tier's model for ``hours`` a day, billed whether they are used or not.

    They serve a ``share`` of the tokens on the model, or up to ``tokens_per_hour`` in these hours; the
    rest is billed per token. ``path`` is that of the fee in the scenario's document.
    """

    tier: str
    units: Decimal
    hours: Decimal
    share: Decimal | None = None
    tokens_per_hour: Decimal = ZERO
    path: KeyPath = ()

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

    @property
    def usage(self) -> dict[str, Decimal]:
        """The units of its meters per day."""
        stored = {CACHE_STORAGE: self.tokens, FILE_STORAGE: self.gigabytes}
        return {meter: amount * self.hours for meter, amount in stored.items() if amount}


FixedFee = Capacity | Storage
