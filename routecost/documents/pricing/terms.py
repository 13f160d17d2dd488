"""Document types of a pricing sheet's commercial terms."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Amount, Day, Flag, ModelName, Name, Share, Text, reads_number
from routecost.model.pricing.terms import Adjustment, ExchangeRate, VolumeDiscount, VolumeStep

ExchangeFactor = Annotated[
    Decimal, reads_number("a factor above 0, at most 1e6", Decimal("1e-9"), Decimal(1_000_000))
]
Factor = Annotated[Decimal, reads_number("a factor above 0, at most 1000", Decimal("1e-9"), Decimal(1000))]


def _no_models(models: tuple[str, ...] | None) -> Iterator[Fault]:
    """Yield a fault for terms that apply to no models."""
    if models == ():
        yield Fault('no models are given; expected at least one (omit "models" to include all)', ("models",))


@document
class DiscountDocument:
    """A negotiated discount on some or all models."""

    share: Share
    models: tuple[ModelName, ...] | None = None
    source: Text | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield a fault for a discount on no models."""
        yield from _no_models(self.models)

    def build(self) -> Adjustment:
        """Return the adjustment."""
        percent = (self.share * 100).normalize()
        of = "" if self.models is None else " on " + ", ".join(self.models)
        return Adjustment(f"discount of {percent:f}%{of}", 1 - self.share, self.models, self.source)


@document
class MultiplierDocument:
    """A regional or service-tier factor on some or all models."""

    name: Name
    factor: Factor
    models: tuple[ModelName, ...] | None = None
    source: Text | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield a fault for a multiplier on no models."""
        yield from _no_models(self.models)

    def build(self) -> Adjustment:
        """Return the adjustment."""
        return Adjustment(f"{self.name} (x {self.factor})", self.factor, self.models, self.source)


@document
class ExchangeDocument:
    """The value of one unit of the extended sheet's currency in this sheet's currency."""

    rate: ExchangeFactor
    start: Annotated[Day | None, Field(alias="from")] = None
    source: Text | None = None

    def build(self, currency: str) -> ExchangeRate:
        """Return the exchange rate from ``currency``."""
        return ExchangeRate(currency, self.rate, self.start, self.source)


@document
class VolumeStepDocument:
    """A discount on a month's spend above an amount."""

    above: Amount
    share: Share


@document
class VolumeDocument:
    """Discounts on a month's spend: marginal, unless ``retroactive`` is true."""

    steps: tuple[VolumeStepDocument, ...]
    retroactive: Flag = False
    source: Text | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield faults for missing steps, and for steps out of order."""
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
        return VolumeDiscount(steps, self.retroactive, self.source)
