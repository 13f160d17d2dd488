"""Commercial terms: the discounts, surcharges and exchange rates of a contract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.records import dataclass
from routecost.units import ZERO

if TYPE_CHECKING:
    from routecost.problems import Finding, KeyPath


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of a bill that a term applies to; a field that is None does not limit it."""

    models: tuple[str, ...] | None = None
    providers: tuple[str, ...] | None = None
    meters: tuple[str, ...] | None = None

    def covers(self, model: str, provider: str | None, meter: str) -> bool:
        """Return whether the term applies to a meter of a model."""
        limits = ((self.models, model), (self.providers, provider), (self.meters, meter))
        return all(names is None or name in names for names, name in limits)

    def is_apart_from(self, other: Scope) -> bool:
        """Return whether the scopes have nothing in common: they state different names of one kind."""
        pairs = (
            (self.models, other.models),
            (self.providers, other.providers),
            (self.meters, other.meters),
        )
        return any(a is not None and b is not None and not set(a) & set(b) for a, b in pairs)

    def __str__(self) -> str:
        names = [name for field in (self.models, self.providers, self.meters) for name in field or ()]
        return ", ".join(names)


EVERYTHING = Scope()
"""The whole bill."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A factor on the cost within a scope: 0.9 for a discount of 10%, 1.1 for a surcharge."""

    name: str
    factor: Decimal
    models: tuple[str, ...] | None = None
    source: str | None = None
    providers: tuple[str, ...] | None = None
    meters: tuple[str, ...] | None = None

    @property
    def scope(self) -> Scope:
        """The part of a bill that it applies to."""
        return Scope(self.models, self.providers, self.meters)


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """Units of the sheet's currency for one unit of ``currency``, from ``start`` on."""

    currency: str
    rate: Decimal
    start: date | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class MoneyRates:
    """The rates of one currency by date, in units of ``into``: for the money of scenarios, not for prices."""

    into: str
    rates: tuple[ExchangeRate, ...]


@dataclass(frozen=True, slots=True)
class VolumeStep:
    """A discount on a month's spend above an amount, as a share."""

    above: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True)
class VolumeDiscount:
    """Steps of a month's spend, in rising order, each with its discount.

    By default a discount is marginal: it applies to the part of the spend between its step and the
    next. With ``retroactive``, the discount of the highest step reached applies to the whole month.
    """

    steps: tuple[VolumeStep, ...]
    retroactive: bool = False
    source: str | None = None
    scope: Scope = EVERYTHING


@dataclass(frozen=True, slots=True)
class UnitStep:
    """The price of a meter's units above a count: a ``rate``, or a discount ``share`` on the list rate."""

    above: Decimal
    rate: Decimal | None = None
    share: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Allowance:
    """Prices of a meter that depend on its total per day or month (``per``).

    The first ``free`` units cost nothing, then list rates apply up to the first step. ``scope`` says
    which models share the total, and has the meter.
    """

    scope: Scope
    per: str
    free: Decimal = ZERO
    steps: tuple[UnitStep, ...] = ()
    source: str | None = None

    @property
    def meter(self) -> str:
        """The meter that is counted."""
        (meter,) = self.scope.meters or ()
        return meter


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms that one sheet adds to the sheet it extends: adjustments first, then exchange.

    ``currency`` is that of the sheet; ``place`` makes a finding about a field of its document.
    """

    currency: str
    adjustments: tuple[Adjustment, ...] = ()
    exchange: tuple[ExchangeRate, ...] = ()
    volume: VolumeDiscount | None = None
    allowances: tuple[Allowance, ...] = ()
    place: Callable[[str, KeyPath], Finding] | None = field(default=None, compare=False, repr=False)
