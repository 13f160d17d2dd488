"""The pricing sheet as a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field, make_dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated, Any

from pydantic import Field

from routecost.documents.fields import Count, Day, Name, Rate, Text, Version, refers_to
from routecost.documents.shapes import Checked, Fault, OneOf, document
from routecost.model.pricing import (
    STANDARD,
    ContextStep,
    PriceEntry,
    PricingSheet,
    RateCard,
    Rates,
    TierModel,
)
from routecost.units import METERS

ModelName = Annotated[str, refers_to("model")]

MeterRates: Any = document(
    make_dataclass(
        "MeterRates",
        [(meter, Rate | None, field(default=None)) for meter in METERS],
        kw_only=True,
        namespace={"__doc__": "A rate per meter, where there is one."},
    )
)


def _rates(rates: Any, fees: Rates | None = None) -> Rates:
    """Return the rates given; fees (per thousand) that are left out stay as in ``fees``."""
    given = {meter: value for meter in METERS if (value := getattr(rates, meter)) is not None}
    kept = {meter: rate for meter, rate in (fees or {}).items() if not METERS[meter].is_token}
    return {**kept, **given}


@document
class CardDocument(MeterRates):  # type: ignore[misc]  # made from METERS
    """Rates of calls, and of those in other processing modes."""

    modes: dict[Name, MeterRates] = field(default_factory=dict)

    def card(self, fees: Rates | None = None) -> RateCard:
        """Return the rate card, with fees that are left out taken from ``fees``."""
        standard = _rates(self, fees)
        return RateCard(standard, {name: _rates(rates, standard) for name, rates in self.modes.items()})


@document
class StepDocument(CardDocument):
    """Rates for the whole of each call with more context than ``tokens``."""

    tokens: Count


@document
class EntryDocument(CardDocument):
    """The prices of a model from a day on."""

    start: Annotated[Day | None, Field(alias="from")] = None
    checked: Day | None = None
    source: Text | None = None
    above: tuple[StepDocument, ...] = ()

    def faults(self) -> Iterator[Fault]:
        """Look for entries without rates and for steps that make no sense."""
        card = self.card()
        if not card.standard:
            yield Fault(f"the entry has no rate; expected at least one of {', '.join(METERS)}")
        if STANDARD in self.modes:
            yield Fault(f'"{STANDARD}" rates stand directly in the entry', ("modes", STANDARD), on_key=True)
        below = [(0, card), *((int(step.tokens), step.card()) for step in self.above)]
        for index, step in enumerate(self.above):
            yield from _step_faults(("above", index), step, *below[index])

    def build(self) -> PriceEntry:
        """Return the entry of the model."""
        card = self.card()
        steps = tuple(ContextStep(int(step.tokens), step.card(card.standard)) for step in self.above)
        return PriceEntry(card, self.start, steps, self.checked, self.source)


def _step_faults(
    path: tuple[str | int, ...], step: StepDocument, below_tokens: int, below: RateCard
) -> Iterator[Fault]:
    if step.tokens != int(step.tokens) or step.tokens <= below_tokens:
        message = f"a step at {step.tokens} tokens; expected a whole number above {below_tokens}"
        yield Fault(message, (*path, "tokens"))
    rates = step.card().standard
    for meter, rate in below.standard.items():
        if METERS[meter].is_token and meter not in rates:
            yield Fault(f'the step has no rate for "{meter}"; expected one for each token meter', path)
        elif rates.get(meter, rate) < rate:
            message = f'the step lowers the rate of "{meter}" from {rate} to {rates[meter]}'
            yield Fault(message, (*path, meter))


@document
class TierModelDocument:
    """The model that a tier is from a day on."""

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
class PricingDocument:
    """A pricing sheet."""

    version: Version
    currency: Name
    source: Text
    tiers: dict[Name, TierEntry]
    models: dict[Name, Entries]

    def faults(self) -> Iterator[Fault]:
        """Look for a sheet without tiers, and for dates out of order."""
        if not self.tiers:
            yield Fault("the sheet has no tiers; expected at least one, low to high", ("tiers",))
        if not re.fullmatch("[A-Z]{3}", self.currency):
            message = f'"{self.currency}" is not a currency; expected an ISO 4217 code such as USD'
            yield Fault(message, ("currency",))
        for model, entries in self.models.items():
            yield from _order_faults(("models", model), [entry.start for entry in entries])
        for tier, dated in self.tiers.items():
            if not isinstance(dated, str):
                yield from _order_faults(("tiers", tier), [entry.start for entry in dated])

    def build(self, name: str) -> PricingSheet:
        """Return the sheet, called ``name``."""
        models = {model: tuple(entry.build() for entry in entries) for model, entries in self.models.items()}
        tiers = {tier: _tier_models(dated) for tier, dated in self.tiers.items()}
        return PricingSheet(name, self.currency, self.source, tiers, models)


def _tier_models(dated: str | tuple[TierModelDocument, ...]) -> tuple[TierModel, ...]:
    if isinstance(dated, str):
        return (TierModel(dated),)
    return tuple(TierModel(entry.model, entry.start) for entry in dated)


def _order_faults(path: tuple[str, ...], starts: list[date | None]) -> Iterator[Fault]:
    """Entries are a history: each begins after the one before; only the first may be open."""
    if not starts:
        yield Fault(f'"{path[-1]}" has no entries; expected at least one', path)
    for index, (before, start) in enumerate(pairwise(starts), start=1):
        if start is None:
            yield Fault('"from" is missing; only the first entry may leave its start open', (*path, index))
        elif before is not None and start <= before:
            message = f'"from: {start}" does not come after {before}; expected entries in order of dates'
            yield Fault(message, (*path, index, "from"))
