"""Fixed fees of a scenario as documents: provisioned capacity, and storage by the hour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Count, Share, TierName, reads_number
from routecost.model.scenario.fixed_fees import Capacity, FixedFee, Storage
from routecost.problems import KeyPath
from routecost.units import MAX_COUNT, ZERO

if TYPE_CHECKING:
    from routecost.model.pricing.sheet import PricingSheet

Units = Annotated[Decimal, reads_number("units above 0", Decimal("1e-9"), MAX_COUNT)]
Hours = Annotated[Decimal, reads_number("hours a day, above 0 and at most 24", Decimal("1e-9"), Decimal(24))]


@document
class CapacityDocument:
    """Provisioned units of a tier's model, and what they serve."""

    tier: TierName
    units: Units
    covers: Share | None = None
    tokens_per_hour: Units | None = None
    hours: Hours = Decimal(24)

    def faults(self) -> Iterator[Fault]:
        """Yield a fault unless exactly one limit of what is served is given."""
        if (self.covers is None) == (self.tokens_per_hour is None):
            yield Fault('expected either "covers", a share of the tokens, or "tokens_per_hour"')

    def build(self, path: KeyPath = ()) -> Capacity:
        """Return the capacity at a path of the scenario."""
        return Capacity(self.tier, self.units, self.hours, self.covers, self.tokens_per_hour or ZERO, path)


@document
class StorageDocument:
    """Tokens or gigabytes that a tier's model stores."""

    tier: TierName
    tokens: Count = ZERO
    gigabytes: Count = ZERO
    hours: Hours = Decimal(24)

    def faults(self) -> Iterator[Fault]:
        """Yield a fault if nothing is stored."""
        if not (self.tokens or self.gigabytes):
            yield Fault('nothing is stored; expected "tokens" or "gigabytes"')

    def build(self, path: KeyPath = ()) -> Storage:
        """Return the storage at a path of the scenario."""
        return Storage(self.tier, self.tokens, self.gigabytes, self.hours, path)


def rate_faults(fees: Sequence[FixedFee], sheet: PricingSheet) -> Iterator[Fault]:
    """Look for fees that no price entry of their tier has a rate for, whether or not the tier is used."""
    for fee in fees:
        models = dict.fromkeys(dated.model for dated in sheet.tiers.get(fee.tier, ()))
        cards = [entry.card for model in models for entry in sheet.models.get(model, ())]
        for meter in fee.usage:
            if cards and not any(meter in card.standard for card in cards):
                known = ", ".join(f'"{name}"' for name in _with_rate(meter, sheet))
                of = " or ".join(f'"{model}"' for model in models)
                message = f'no rate for meter "{meter}" of model {of} in pricing sheet "{sheet.name}"; '
                message += f"expected a tier with such a rate: {known}" if known else "no tier has one"
                yield Fault(message, (*fee.path, "tier"))


def _with_rate(meter: str, sheet: PricingSheet) -> Iterator[str]:
    for tier, dated in sheet.tiers.items():
        entries = (entry for one in dated for entry in sheet.models.get(one.model, ()))
        if any(meter in entry.card.standard for entry in entries):
            yield tier


def capacity_faults(capacities: Sequence[CapacityDocument]) -> Iterator[Fault]:
    """Look for two capacities of one tier: it is not clear which of them serves a token."""
    tiers = [capacity.tier for capacity in capacities]
    for index, tier in enumerate(tiers):
        if tier in tiers[:index]:
            yield Fault(
                f'"{tier}" has capacity already; expected one entry per tier', ("capacity", index, "tier")
            )
