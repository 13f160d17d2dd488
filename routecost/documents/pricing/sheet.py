"""The document type of pricing sheets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import field
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from routecost.documents.core.deferred import deferred_to
from routecost.documents.core.document_type import OneOf, document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.kinds import DocumentKind
from routecost.documents.core.one_or_several import OneOrSeveral, several
from routecost.documents.core.scalars import Day, ModelName, Name, Text, Version
from routecost.documents.pricing.entry_order import order_faults
from routecost.documents.pricing.rates import EntryDocument, overlap_faults
from routecost.model.pricing.sheet import PricingSheet, TierModel
from routecost.problems import Position
from routecost.source import Document

if TYPE_CHECKING:
    from routecost.model.pricing.subscription import Subscription
    from routecost.model.pricing.terms import ExchangeRate, MoneyRates, Terms


def _load_discount() -> Any:
    from routecost.documents.pricing.terms import DiscountDocument

    return DiscountDocument


def _load_multiplier() -> Any:
    from routecost.documents.pricing.terms import MultiplierDocument

    return MultiplierDocument


def _load_volume() -> Any:
    from routecost.documents.pricing.terms import VolumeDocument

    return VolumeDocument


def _load_exchange() -> Any:
    from routecost.documents.pricing.terms import ExchangeDocument

    return ExchangeDocument


def _load_allowance() -> Any:
    from routecost.documents.pricing.allowances import AllowanceDocument

    return AllowanceDocument


def _load_rate_limit() -> Any:
    from routecost.documents.pricing.rate_limits import RateLimitDocument

    return RateLimitDocument


def _load_subscription() -> Any:
    from routecost.documents.pricing.subscriptions import SubscriptionDocument

    return SubscriptionDocument


@document
class TierModelDocument:
    """The model of a tier from a start date, and the effort that calls on the tier ask of it."""

    model: ModelName
    start: Annotated[Day | None, Field(alias="from")] = None
    effort: Name | None = None


def _by_type(data: Any) -> str | None:
    kinds = ((list, "dated"), (str, "model"), (dict, "effort"))
    return next((kind for type_, kind in kinds if isinstance(data, type_)), None)


Entries = tuple[Annotated[EntryDocument, Checked()], ...]
TierEntry = Annotated[
    Any,
    OneOf(
        "a model, {model, effort}, or a list of {from, model}",
        {"model": ModelName, "dated": tuple[TierModelDocument, ...], "effort": TierModelDocument},
        _by_type,
    ),
]


@document
class SheetDocument:
    """Fields of every pricing sheet."""

    version: Version
    source: Text
    currency: Name | None = None
    tiers: dict[Name, TierEntry] = field(default_factory=dict)
    models: dict[Name, Entries] = field(default_factory=dict)
    discounts: tuple[Annotated[Any, deferred_to(_load_discount)], ...] = ()
    multipliers: tuple[Annotated[Any, deferred_to(_load_multiplier)], ...] = ()
    volume_discounts: Annotated[Any, deferred_to(_load_volume)] | None = None
    exchange: tuple[Annotated[Any, deferred_to(_load_exchange)], ...] = ()
    allowances: tuple[Annotated[Any, deferred_to(_load_allowance)], ...] = ()
    rate_limits: tuple[Annotated[Any, deferred_to(_load_rate_limit)], ...] = ()
    properties: dict[ModelName, dict[Name, OneOrSeveral]] = field(default_factory=dict)
    subscriptions: dict[Name, Annotated[Any, deferred_to(_load_subscription)]] = field(default_factory=dict)

    def faults(self) -> Iterator[Fault]:
        """Yield faults for an invalid currency, and for dates out of order."""
        if self.currency is not None and not re.fullmatch("[A-Z]{3}", self.currency):
            message = f'"{self.currency}" is not a currency; expected an ISO 4217 code such as USD'
            yield Fault(message, ("currency",))
        for model, entries in self.models.items():
            yield from order_faults(("models", model), [entry.start for entry in entries])
            yield from overlap_faults(("models", model), entries)
            yield from _provider_faults(("models", model), entries)
        yield from _allowance_faults(self)
        if self.rate_limits:
            from routecost.documents.pricing.rate_limits import limit_faults  # few sheets have any

            yield from limit_faults(self.rate_limits)
        if self.subscriptions:
            from routecost.documents.pricing.subscriptions import subscription_faults  # few sheets have any

            yield from subscription_faults(self.subscriptions)
        for tier, dated in self.tiers.items():
            if isinstance(dated, tuple):
                yield from order_faults(("tiers", tier), [entry.start for entry in dated])
                yield from _effort_faults(("tiers", tier), dated)
        if self.exchange:
            from routecost.documents.pricing.terms import exchange_faults  # few sheets have any

            yield from exchange_faults(self.exchange, self.currency)

    def build(self, name: str, base: PricingSheet, where: Document) -> PricingSheet:
        """Return the sheet, called ``name``, on top of ``base``."""
        models = {model: tuple(entry.build() for entry in entries) for model, entries in self.models.items()}
        tiers = {tier: _tier_models(dated) for tier, dated in self.tiers.items()}
        own_limits = tuple(limit.build() for limit in self.rate_limits)
        return PricingSheet(
            name,
            self.currency or base.currency,
            self.source,
            {**base.tiers, **tiers},
            {**base.models, **models},
            (*base.terms, *self._terms(base.currency, where)),
            (*base.money_rates, *self._money_rates(base.currency)),
            (*([own_limits] if own_limits else []), *base.rate_limits),
            self._properties(base),
            partial(_place, where, frozenset(models), base.place),
            subscriptions={**base.subscriptions, **self._subscriptions()},
        )

    def _subscriptions(self) -> dict[str, Subscription]:
        if not self.subscriptions:
            return {}
        from routecost.documents.pricing.subscriptions import build_subscription  # few sheets have any

        return {name: build_subscription(name, plan) for name, plan in self.subscriptions.items()}

    def _properties(self, base: PricingSheet) -> dict[str, dict[str, tuple[str, ...]]]:
        """Return what the sheet says of models, on top of what ``base`` says."""
        merged = {model: dict(stated) for model, stated in base.properties.items()}
        for model, stated in self.properties.items():
            merged.setdefault(model, {}).update({name: several(value) for name, value in stated.items()})
        return merged

    def _money_rates(self, base_currency: str) -> Iterator[MoneyRates]:
        """Yield the exchange rates of other currencies than that of the sheet that this one extends."""
        others = [rate for rate in self.exchange if rate.currency not in (None, base_currency)]
        if not others:
            return
        from routecost.model.pricing.terms import MoneyRates  # few sheets have any

        for currency in dict.fromkeys(rate.currency for rate in others):
            dated = tuple(rate.build(currency) for rate in others if rate.currency == currency)
            yield MoneyRates(self.currency or base_currency, dated)

    def _terms(self, base_currency: str, where: Document) -> tuple[Terms, ...]:
        discounts = [discount.build() for discount in self.discounts]
        adjustments = (*discounts, *(multiplier.build() for multiplier in self.multipliers))
        exchange = self._exchange(base_currency)
        volume = None if self.volume_discounts is None else self.volume_discounts.build()
        currency = self.currency or base_currency
        allowances = tuple(allowance.build() for allowance in self.allowances)
        if not (adjustments or exchange or volume or allowances):
            return ()
        from routecost.model.pricing.terms import Terms  # few sheets have terms

        return (Terms(currency, adjustments, exchange, volume, allowances, where.finding),)

    def _exchange(self, base_currency: str) -> tuple[ExchangeRate, ...]:
        """Return the exchange rates from the currency of the sheet that this one extends."""
        rates = [rate for rate in self.exchange if rate.currency in (None, base_currency)]
        return tuple(rate.build(base_currency) for rate in rates)


@document
class OwnSheetDocument(SheetDocument):
    """A pricing sheet that does not extend another."""

    # Without field(), the defaults of the base class would make these optional.
    currency: Name = field()
    tiers: dict[Name, TierEntry] = field()
    models: dict[Name, Entries] = field()

    def faults(self) -> Iterator[Fault]:
        """Yield a fault for a sheet without tiers, and the faults of any sheet."""
        if not self.tiers:
            yield Fault("the sheet has no tiers; expected at least one, low to high", ("tiers",))
        for at, rate in enumerate(self.exchange):
            if rate.currency is None:
                yield Fault(
                    'the sheet extends no other; expected a "currency" for the rate', ("exchange", at)
                )
        yield from super().faults()


@document
class ExtendingSheetDocument(SheetDocument):
    """A pricing sheet that adds terms, tiers or models to another."""

    extends: Name

    def base_faults(self, base: PricingSheet) -> Iterator[Fault]:
        """Yield faults for conflicts with the sheet that this one extends."""
        yield from _allowance_faults(self, base)
        is_exchanged = self.currency not in (None, base.currency)
        own = {rate.currency for rate in self.exchange if rate.currency in (None, base.currency)}
        if is_exchanged and not own:
            message = f'no rate from {base.currency} to {self.currency}; expected one in "exchange"'
            yield Fault(message, ("currency",))
        if own and not is_exchanged:
            message = f'"exchange" needs a "currency" other than {base.currency}'
            yield Fault(message, ("exchange",), on_key=True)
        if len(own) > 1:
            message = f'the rate from {base.currency} is stated with and without "currency"; expected one'
            yield Fault(message, ("exchange",), on_key=True)
        if is_exchanged and base.subscriptions:
            message = (
                f'the subscriptions of "{base.name}" are in {base.currency}; expected them in this sheet'
            )
            yield Fault(message, ("extends",))
        if is_exchanged and any(terms.volume for terms in base.terms):
            message = (
                f'the volume discounts of "{base.name}" are in {base.currency}; expected them in this sheet'
            )
            yield Fault(message, ("extends",))


def _place(
    where: Document, own: frozenset[str], below: Callable[[str, int], Position | None] | None, *at: Any
) -> Position | None:
    """Return the position of an entry, given its model and number, in this sheet or the one below."""
    if at[0] in own:
        return where.position(("models", *at))
    return None if below is None else below(*at)


def _sheet_kind(data: Any) -> str:
    return "extending" if isinstance(data, dict) and "extends" in data else "own"


PricingDocument = Annotated[
    Any,
    OneOf(
        "a pricing sheet",
        {
            "own": Annotated[OwnSheetDocument, Checked()],
            "extending": Annotated[ExtendingSheetDocument, Checked()],
        },
        _sheet_kind,
    ),
]


def _allowance_faults(sheet: SheetDocument, base: PricingSheet | None = None) -> Iterator[Fault]:
    """Look for two allowances for one meter of a model."""
    if sheet.allowances:
        from routecost.documents.pricing.allowances import twice_faults  # few sheets have any

        inherited = () if base is None else tuple(one for terms in base.terms for one in terms.allowances)
        if base is None or inherited:
            yield from twice_faults(sheet.allowances, inherited)


def _provider_faults(path: tuple[str, ...], entries: tuple[EntryDocument, ...]) -> Iterator[Fault]:
    """Look for a model of two providers."""
    stated = [(at, entry.provider) for at, entry in enumerate(entries) if entry.provider is not None]
    for at, provider in stated:
        if provider != stated[0][1]:
            message = f'"{provider}" is not "{stated[0][1]}", the provider of the entry before'
            yield Fault(message, (*path, at, "provider"))


def _effort_faults(path: tuple[str, ...], dated: tuple[TierModelDocument, ...]) -> Iterator[Fault]:
    """Look for a tier whose effort changes: scenarios state tokens by tier, at all times."""
    for at, entry in enumerate(dated):
        if entry.effort != dated[0].effort:
            message = "the effort of a tier cannot change; expected a tier for each effort"
            yield Fault(message, (*path, at, "effort"))


def _tier_models(dated: str | TierModelDocument | tuple[TierModelDocument, ...]) -> tuple[TierModel, ...]:
    if isinstance(dated, str):
        return (TierModel(dated),)
    entries = dated if isinstance(dated, tuple) else (dated,)
    return tuple(TierModel(entry.model, entry.start, entry.effort) for entry in entries)


PRICING: DocumentKind[OwnSheetDocument | ExtendingSheetDocument] = DocumentKind("pricing", PricingDocument)
