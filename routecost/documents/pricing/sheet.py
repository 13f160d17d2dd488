"""The document type of pricing sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from routecost.documents.core.deferred import deferred_to
from routecost.documents.core.document_type import OneOf, document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.kinds import DocumentKind
from routecost.documents.core.scalars import Day, ModelName, Name, Text, Version
from routecost.documents.pricing.rates import EntryDocument, order_faults, overlap_faults
from routecost.model.pricing.sheet import PricingSheet, TierModel

if TYPE_CHECKING:
    from routecost.model.pricing.terms import ExchangeRate, Terms


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


@document
class TierModelDocument:
    """The model of a tier from a start date."""

    model: ModelName
    start: Annotated[Day | None, Field(alias="from")] = None


def _by_type(data: Any) -> str | None:
    return "dated" if isinstance(data, list) else "model" if isinstance(data, str) else None


Entries = tuple[Annotated[EntryDocument, Checked()], ...]
TierEntry = Annotated[
    Any,
    OneOf(
        "a model, or a list of {from, model}",
        {"model": ModelName, "dated": tuple[TierModelDocument, ...]},
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

    def faults(self) -> Iterator[Fault]:
        """Yield faults for an invalid currency, and for dates out of order."""
        if self.currency is not None and not re.fullmatch("[A-Z]{3}", self.currency):
            message = f'"{self.currency}" is not a currency; expected an ISO 4217 code such as USD'
            yield Fault(message, ("currency",))
        for model, entries in self.models.items():
            yield from order_faults(("models", model), [entry.start for entry in entries])
            yield from overlap_faults(("models", model), entries)
        for tier, dated in self.tiers.items():
            if not isinstance(dated, str):
                yield from order_faults(("tiers", tier), [entry.start for entry in dated])

    def build(self, name: str, base: PricingSheet) -> PricingSheet:
        """Return the sheet, called ``name``, on top of ``base``."""
        models = {model: tuple(entry.build() for entry in entries) for model, entries in self.models.items()}
        tiers = {tier: _tier_models(dated) for tier, dated in self.tiers.items()}
        return PricingSheet(
            name,
            self.currency or base.currency,
            self.source,
            {**base.tiers, **tiers},
            {**base.models, **models},
            (*base.terms, *self._terms(base.currency)),
        )

    def _terms(self, base_currency: str) -> tuple[Terms, ...]:
        discounts = [discount.build() for discount in self.discounts]
        adjustments = (*discounts, *(multiplier.build() for multiplier in self.multipliers))
        exchange = self._exchange(base_currency)
        volume = None if self.volume_discounts is None else self.volume_discounts.build()
        currency = self.currency or base_currency
        if not (adjustments or exchange or volume):
            return ()
        from routecost.model.pricing.terms import Terms  # few sheets have terms

        return (Terms(currency, adjustments, exchange, volume),)

    def _exchange(self, base_currency: str) -> tuple[ExchangeRate, ...]:  # noqa: ARG002
        return ()


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
        yield from super().faults()


@document
class ExtendingSheetDocument(SheetDocument):
    """A pricing sheet that adds terms, tiers or models to another."""

    extends: Name
    exchange: tuple[Annotated[Any, deferred_to(_load_exchange)], ...] = ()

    def faults(self) -> Iterator[Fault]:
        """Yield faults for exchange rates out of order, and the faults of any sheet."""
        yield from super().faults()
        if self.exchange:
            yield from order_faults(("exchange",), [entry.start for entry in self.exchange])

    def base_faults(self, base: PricingSheet) -> Iterator[Fault]:
        """Yield faults for conflicts with the sheet that this one extends."""
        is_exchanged = self.currency not in (None, base.currency)
        if is_exchanged and not self.exchange:
            message = f'no rate from {base.currency} to {self.currency}; expected one in "exchange"'
            yield Fault(message, ("currency",))
        if self.exchange and not is_exchanged:
            message = f'"exchange" needs a "currency" other than {base.currency}'
            yield Fault(message, ("exchange",), on_key=True)
        if is_exchanged and any(terms.volume for terms in base.terms):
            message = (
                f'the volume discounts of "{base.name}" are in {base.currency}; expected them in this sheet'
            )
            yield Fault(message, ("extends",))

    def _exchange(self, base_currency: str) -> tuple[ExchangeRate, ...]:
        return tuple(rate.build(base_currency) for rate in self.exchange)


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


def _tier_models(dated: str | tuple[TierModelDocument, ...]) -> tuple[TierModel, ...]:
    if isinstance(dated, str):
        return (TierModel(dated),)
    return tuple(TierModel(entry.model, entry.start) for entry in dated)


PRICING: DocumentKind[OwnSheetDocument | ExtendingSheetDocument] = DocumentKind("pricing", PricingDocument)
