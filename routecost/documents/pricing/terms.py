"""Document types of a pricing sheet's commercial terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.money import CurrencyName
from routecost.documents.core.scalars import Amount, Day, Flag, Name, Share, Text, reads_number
from routecost.documents.pricing.entry_order import order_faults
from routecost.documents.pricing.scope import ScopeDocument
from routecost.model.pricing.terms import Adjustment, ExchangeRate, VolumeDiscount, VolumeStep

Factor = Annotated[Decimal, reads_number("a factor above 0, at most 1000", Decimal("1e-9"), Decimal(1000))]


Rate = Annotated[
    Decimal, reads_number("an exchange rate above 0, at most 1e12", Decimal("1e-12"), Decimal("1e12"))
]


@document
class DiscountDocument(ScopeDocument):
    """A negotiated discount on a part of the bill, or on all of it."""

    share: Share
    source: Text | None = None

    def build(self) -> Adjustment:
        """Return the adjustment."""
        percent = (self.share * 100).normalize()
        of = f" on {self.scope}" if str(self.scope) else ""
        return _adjustment(f"discount of {percent:f}%{of}", 1 - self.share, self)


@document
class MultiplierDocument(ScopeDocument):
    """A regional or service-tier factor on a part of the bill, or on all of it."""

    name: Name
    factor: Factor
    source: Text | None = None

    def build(self) -> Adjustment:
        """Return the adjustment."""
        return _adjustment(f"{self.name} (x {self.factor})", self.factor, self)


def _adjustment(name: str, factor: Decimal, stated: DiscountDocument | MultiplierDocument) -> Adjustment:
    return Adjustment(name, factor, stated.models, stated.source, stated.providers, stated.meters)


@document
class ExchangeDocument:
    """The value of one unit of ``currency`` (by default that of the extended sheet) in the sheet's own."""

    rate: Rate
    start: Annotated[Day | None, Field(alias="from")] = None
    currency: CurrencyName | None = None
    source: Text | None = None

    def build(self, currency: str) -> ExchangeRate:
        """Return the exchange rate; ``currency`` is the default."""
        return ExchangeRate(self.currency or currency, self.rate, self.start, self.source)


def exchange_faults(rates: Sequence[ExchangeDocument], own: str | None) -> Iterator[Fault]:
    """Look for rates out of order, and for a rate of the sheet's own currency."""
    for currency in dict.fromkeys(rate.currency for rate in rates):
        places = [at for at, rate in enumerate(rates) if rate.currency == currency]
        for fault in order_faults((), [rates[at].start for at in places]):
            yield replace(fault, path=("exchange", places[int(fault.path[0])], *fault.path[1:]))
        if currency is not None and currency == own:
            message = f"{currency} is the currency of the sheet itself; expected another"
            yield Fault(message, ("exchange", places[0], "currency"))


@document
class VolumeStepDocument:
    """A discount on a month's spend above an amount."""

    above: Amount
    share: Share


@document
class VolumeDocument(ScopeDocument):
    """Discounts on a month's spend: marginal, unless ``retroactive`` is true."""

    steps: tuple[VolumeStepDocument, ...]
    retroactive: Flag = False
    source: Text | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for no steps, for steps out of order, and for a discount on nothing."""
        yield from super().faults()
        if not self.steps:
            yield Fault("no steps are given; expected at least one", ("steps",))
        for index, (before, step) in enumerate(pairwise(self.steps), start=1):
            if step.above <= before.above:
                message = (
                    f"a step above {step.above} follows one above {before.above}; expected increasing amounts"
                )
                yield Fault(message, ("steps", index, "above"))

    def build(self) -> VolumeDiscount:
        """Return the volume discount."""
        steps = tuple(VolumeStep(step.above, step.share) for step in self.steps)
        return VolumeDiscount(steps, self.retroactive, self.source, self.scope)
