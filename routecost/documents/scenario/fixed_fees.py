"""Fixed fees of a scenario as documents: provisioned capacity, and storage by the hour."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, cast

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Count, Share, TierName, reads_number
from routecost.documents.month_plan.migrations import StableName
from routecost.documents.workload.success import OF_INVALID
from routecost.engine.pricing.price import price
from routecost.engine.pricing.settlement import SecondStage
from routecost.engine.pricing.tier_models import tier_models
from routecost.errors import RoutecostError, UnpricedError
from routecost.model.scenario.fixed_fees import Capacity, FixedFee, Storage
from routecost.problems import KeyPath
from routecost.units import MAX_COUNT, ZERO

if TYPE_CHECKING:
    from routecost.model.pricing.sheet import PricingSheet
    from routecost.model.scenario.strategy import Strategy
    from routecost.model.scenario.workload import Workload

Units = Annotated[Decimal, reads_number("units above 0", Decimal("1e-9"), MAX_COUNT)]
Hours = Annotated[Decimal, reads_number("hours a day, above 0 and at most 24", Decimal("1e-9"), Decimal(24))]


@document
class CapacityDocument:
    """Provisioned units of the models of a tier or of a strategy, and what they serve."""

    units: Units
    tier: TierName | None = None
    strategy: StableName | None = None
    covers: Share | None = None
    tokens_per_hour: Units | None = None
    hours: Hours = Decimal(24)

    def faults(self) -> Iterator[Fault]:
        """Yield a fault unless a tier or a strategy is given, and exactly one limit of what is served."""
        if self.tier is None and self.strategy is None:
            yield Fault('expected "tier", "strategy" or both: whose tokens it serves')
        if (self.covers is None) == (self.tokens_per_hour is None):
            yield Fault('expected either "covers", a share of the tokens, or "tokens_per_hour"')

    def build(self, path: KeyPath = ()) -> Capacity:
        """Return the capacity at a path of the scenario."""
        most = self.tokens_per_hour or ZERO
        return Capacity(self.tier, self.units, self.hours, self.covers, most, path, self.strategy)


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
        models = dict.fromkeys(dated.model for dated in sheet.tiers.get(fee.tier or "", ()))
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
    """Look for two capacities of the same traffic: it is not clear which of them serves a token."""
    seen: dict[tuple[object, object], CapacityDocument] = {}  # by tier and strategy; ...: whatever it is
    for index, one in enumerate(capacities):
        tier, strategy = one.tier, one.strategy
        if tier is None and strategy is None:
            continue
        places: list[tuple[object, object]] = [(tier, strategy), (tier, None), (None, strategy)]
        if strategy is None:
            places = [(tier, ...), (None, ...)]
        elif tier is None:
            places = [(..., strategy), (..., None)]
        other = next((seen[place] for place in places if place in seen), None)
        if other is not None:
            key = "strategy" if tier is None else "tier"
            yield Fault(_twice(one, other), ("capacity", index, key))
        for place in ((tier, strategy), (tier, ...), (..., strategy)):
            seen.setdefault(place, one)


def _twice(one: CapacityDocument, other: CapacityDocument) -> str:
    if one.strategy is None and other.strategy is None:
        return f'"{one.tier}" has capacity already; expected one entry per tier'
    theirs = "" if _traffic(one) == _traffic(other) else f", that of {_traffic(other)}"
    return f"{_traffic(one)} has capacity already{theirs}; expected one entry for the same traffic"


def _traffic(capacity: CapacityDocument) -> str:
    names = (capacity.tier, capacity.strategy)
    return " in ".join(f'{kind}"{name}"' for kind, name in zip(("", "strategy "), names, strict=True) if name)


def coverage_faults(
    fees: Sequence[FixedFee],
    strategies: Mapping[str, Callable[[], Strategy]],
    work: Workload,
    sheet: PricingSheet,
    day: date,
) -> Iterator[Fault]:
    """Look for capacity of a strategy none of whose models has a rate of it, or whose models have several."""
    whole = tuple(fee for fee in fees if fee.tier is None and fee.strategy is not None)
    for name in dict.fromkeys(str(fee.strategy) for fee in whole):
        try:
            usage = strategies[name]().expand(work, tier_models(sheet, day)).usage
            bill = replace(price(usage, sheet, day), fees_of=name)
        except (RoutecostError, *OF_INVALID):  # an error of the command, or reported already
            continue
        try:
            SecondStage(sheet, (), whole).check(bill)
        except UnpricedError as error:
            yield Fault(str(error), cast("KeyPath", error.about))
