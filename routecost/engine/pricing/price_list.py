"""Rates of a sheet on a day, and differences between two sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from routecost.engine.pricing.price import entry_on
from routecost.engine.pricing.rate_changes import all_figures
from routecost.engine.pricing.settlement import SecondStage, brackets
from routecost.engine.pricing.tier_models import tier_models
from routecost.errors import UnknownNameError, UnpricedError
from routecost.model.pricing.sheet import PriceEntry, PricingSheet
from routecost.model.results.price_lists import (
    PriceList,
    PriceRow,
)
from routecost.problems import did_you_mean
from routecost.units import METERS

Offer = tuple[str | None, str]
"""A tier, or None, and its model."""


def price_list(sheet: PricingSheet, day: date, models: Sequence[str] = ()) -> PriceList:
    """Return the rates in force on a day: tiers from low to high, then models that serve no tier.

    ``models`` names those to keep. Raises UnknownNameError for one that the sheet does not have.
    """
    for model in models:
        if model not in sheet.models:
            raise UnknownNameError(
                f'no model "{model}" in pricing sheet "{sheet.name}"{did_you_mean(model, sheet.models)}'
            )
    rows: list[PriceRow] = []
    hours: dict[str, None] = {}
    unpriced: dict[str, None] = {}
    for tier, model in offers(sheet, day):
        if not models or model in models:
            try:
                entry = entry_on(sheet, model, day)
                rows += _rows(tier, model, entry, sheet)
                hours |= dict.fromkeys(_hours(model, entry))
            except UnpricedError as error:
                unpriced[str(error)] = None
    return PriceList(
        sheet.name,
        sheet.list_currency,
        day,
        tuple(rows),
        tuple(unpriced),
        bool(sheet.terms),
        tuple(hours),
        tuple(name for one in SecondStage(sheet).allowances for name, _, _ in brackets(one)),
    )


def _hours(model: str, entry: PriceEntry) -> Iterator[str]:
    for mode, hours in entry.hours.items():
        yield f"Mode {mode} of {model}: {' and '.join(map(str, hours))}."


def offers(sheet: PricingSheet, day: date) -> list[Offer]:
    """Return each tier with its model on a day, low to high, then the models that serve no tier."""
    tiers = tier_models(sheet, day).models
    served = set(tiers.values())
    return [*tiers.items(), *((None, model) for model in sheet.models if model not in served)]


def _rows(tier: str | None, model: str, entry: PriceEntry, sheet: PricingSheet) -> Iterator[PriceRow]:
    for above, mode, meter, rate in all_figures(entry):
        yield PriceRow(
            tier=tier,
            model=model,
            start=entry.start,
            until=entry.until,
            mode=mode,
            above_tokens=above,
            meter=meter,
            price=rate,
            per=METERS[meter].per,
            checked=entry.checked,
            source=entry.source or sheet.source,
            provider=sheet.provider(model),
            effort=None if tier is None else sheet.tiers[tier][0].effort,
        )
