"""Pricing sheets: dated, sourced rates of models, and the model of each tier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from routecost.model.frames import Result
from routecost.records import dataclass
from routecost.units import METERS

if TYPE_CHECKING:
    from routecost.model.pricing.hours import Hours
    from routecost.model.pricing.rate_limits import RateLimit
    from routecost.model.pricing.subscription import Subscription
    from routecost.model.pricing.terms import MoneyRates, Terms
    from routecost.problems import Position

STANDARD = "standard"
"""The processing mode of an ordinary call."""

BATCH = "batch"
"""The processing mode of deferred calls at a batch discount."""

AT_INPUT_RATE = "input"
"""Cache writes of a vendor that caches by itself: they cost the input rate."""

CACHE_WRITES = ("cache_write_5m", "cache_write_1h")

Rates = Mapping[str, Decimal]
"""Meter name -> rate, in money per ``units.METERS[name].per`` units (MTok, or 1,000 for fees)."""


@dataclass(frozen=True, slots=True)
class RateCard:
    """The rates of one model at one time and context size; ``modes`` holds batch rates and the like."""

    standard: Rates
    modes: Mapping[str, Rates] = field(default_factory=dict)

    def rates(self, mode: str) -> Rates | None:
        """Return the rates of a processing mode, or None if the mode has no price."""
        return self.standard if mode == STANDARD else self.modes.get(mode)

    def each(self, change: Callable[[Rates], Rates]) -> RateCard:
        """Return the card with the rates of each mode changed."""
        return RateCard(change(self.standard), {mode: change(rates) for mode, rates in self.modes.items()})

    def carried_fees(self, mode: str = STANDARD, standard: Rates | None = None) -> Rates:
        """Return the fees of a mode that the next step keeps if it states none; token rates never carry.

        ``standard`` are the rates of the step: a mode whose fee is the standard one follows them.
        """
        below = fees(self.standard if standard is None else standard)
        own = fees(self.modes.get(mode, {}))
        return {**below, **{meter: fee for meter, fee in own.items() if fee != self.standard.get(meter)}}


def _written_at_input(rates: Rates) -> Rates:
    return {**dict.fromkeys(CACHE_WRITES, rates["input"]), **rates} if "input" in rates else rates


def fees(rates: Rates) -> Rates:
    """Return the rates that are not for tokens."""
    return {meter: rate for meter, rate in rates.items() if not METERS[meter].is_token}


@dataclass(frozen=True, slots=True)
class ContextStep:
    """The rates of whole calls whose context is larger than ``above_tokens``."""

    above_tokens: int
    card: RateCard


@dataclass(frozen=True, slots=True)
class TokensVs:
    """A tokenizer ratio: the same text takes ``factor`` times as many tokens as on the model ``reference``.

    ``low`` and ``high`` bound the factor if the source gives bounds.
    """

    reference: str
    factor: Decimal
    source: str
    low: Decimal | None = None
    high: Decimal | None = None


class Gap(NamedTuple):
    """A rate that is missing above a context size, in a processing mode."""

    above_tokens: int
    mode: str
    meter: str


@dataclass(frozen=True, slots=True)
class PriceEntry:
    """The prices of a model from ``start`` (None: start unknown) until its next entry.

    ``steps`` rise by ``above_tokens``. ``checked`` is the day the source was last read. ``until`` is
    the last day on which the prices hold, if they end before the next entry begins. ``provider`` is
    the vendor, to which terms may be limited. With ``cache_writes`` AT_INPUT_RATE, the rate of a cache
    write that is not stated is that of input, in every card. ``hours`` are those of the modes that
    apply at certain times. ``unpriced`` are rates that are stated to be missing.
    """

    card: RateCard
    start: date | None = None
    steps: tuple[ContextStep, ...] = ()
    checked: date | None = None
    source: str | None = None
    until: date | None = None
    tokens_vs: TokensVs | None = None
    provider: str | None = None
    cache_writes: str | None = None
    hours: Mapping[str, tuple[Hours, ...]] = field(default_factory=dict)
    unpriced: frozenset[Gap] = field(default=frozenset(), compare=False)

    def with_writes_at_input(self) -> PriceEntry:
        """Return the entry whose cache writes without a rate cost as much as input."""
        steps = tuple(replace(step, card=step.card.each(_written_at_input)) for step in self.steps)
        card = self.card.each(_written_at_input)
        return replace(self, card=card, steps=steps, cache_writes=AT_INPUT_RATE)

    def card_above(self, context_above: int) -> RateCard:
        """Return the card for calls whose context is larger than ``context_above`` tokens."""
        fitting = [step.card for step in self.steps if step.above_tokens <= context_above]
        return fitting[-1] if fitting else self.card


@dataclass(frozen=True, slots=True)
class TierModel:
    """The model that serves a tier from ``start`` on (None: start unknown).

    ``effort`` is what its calls ask of the model, such as ``high``; None if they ask nothing. It is the
    same at all times of a tier.
    """

    model: str
    start: date | None = None
    effort: str | None = None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A change of the rates of models that an option states: times ``factor``, or to ``rate``.

    ``meter`` is None for all rates; ``start`` and ``until`` (included) are None without a bound.
    """

    text: str
    models: tuple[str, ...]
    meter: str | None
    factor: Decimal | None
    rate: Decimal | None
    start: date | None
    until: date | None

    def on(self, day: date) -> str:
        """Return the change as text, which says if it is not in force on a day."""
        holds = (self.start is None or self.start <= day) and (self.until is None or day <= self.until)
        return self.text if holds else f"{self.text} (not in force on {day})"


@dataclass(frozen=True, slots=True)
class PricingSheet(Result):
    """Rates of models, and the tiers that they serve.

    ``tiers`` is ordered from the lowest capability to the highest; the entries of a tier and of a model
    rise by date. ``terms`` are those of the sheets that this one extends, then its own.
    ``money_rates`` are exchange rates for the money that scenarios state in other currencies.
    ``properties`` has what the sheet says of models, such as their residency.
    ``rate_limits`` are its own, then those of the sheets that it extends. ``what_if`` has the changes of
    its rates that an option states, ``subscriptions`` the plans with fees. ``place`` returns the position of
    an entry of a model.
    """

    name: str
    currency: str
    source: str
    tiers: Mapping[str, tuple[TierModel, ...]]
    models: Mapping[str, tuple[PriceEntry, ...]]
    terms: tuple[Terms, ...] = ()
    money_rates: tuple[MoneyRates, ...] = ()
    rate_limits: tuple[tuple[RateLimit, ...], ...] = ()
    properties: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    place: Callable[[str, int], Position | None] | None = field(default=None, compare=False, repr=False)
    what_if: tuple[WhatIf, ...] = ()
    subscriptions: Mapping[str, Subscription] = field(default_factory=dict)

    @property
    def list_currency(self) -> str:
        """The currency of the rates: not ``currency`` if the terms exchange it."""
        return next((terms.exchange[0].currency for terms in self.terms if terms.exchange), self.currency)

    @property
    def known_models(self) -> tuple[str, ...]:
        """The models with prices, and those used as references for token counts."""
        entries = (entry for dated in self.models.values() for entry in dated)
        references = (entry.tokens_vs.reference for entry in entries if entry.tokens_vs is not None)
        return tuple(dict.fromkeys((*self.models, *references)))

    @property
    def tier_names(self) -> tuple[str, ...]:
        """The tiers, low to high."""
        return tuple(self.tiers)

    @property
    def efforts(self) -> dict[str, str]:
        """The effort of each tier that has one."""
        return {tier: dated[0].effort for tier, dated in self.tiers.items() if dated[0].effort}

    @property
    def providers(self) -> tuple[str, ...]:
        """The providers that entries state."""
        return tuple(dict.fromkeys(name for model in self.models if (name := self.provider(model))))

    def provider(self, model: str) -> str | None:
        """Return the provider of a model, if an entry states it."""
        stated = (entry.provider for entry in self.models.get(model, ()))
        return next((provider for provider in stated if provider is not None), None)

    def last_day(self, model: str) -> date | None:
        """Return the last day on which a model has a price; None if it has no last day, or no price."""
        entries = self.models.get(model, ())
        return entries[-1].until if entries else None

    def context_edges(self, model: str) -> tuple[int, ...]:
        """Return the context sizes at which any entry of the model steps, in rising order."""
        entries = self.models.get(model, ())
        return tuple(sorted({step.above_tokens for entry in entries for step in entry.steps}))
