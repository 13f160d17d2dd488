"""Rates of the tiers on a day, or why a tier has none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from routecost.engine.pricing.price import entry_on
from routecost.engine.pricing.tier_models import tier_models
from routecost.errors import RoutecostError, UnpricedError
from routecost.model.pricing.sheet import PricingSheet, Rates
from routecost.model.scenario.strategy import TierModels
from routecost.records import dataclass

NEEDED = ("input", "output")
"""The meters that every price needs."""


@dataclass(frozen=True, slots=True)
class TierPrices:
    """Standard rates by tier, below any context-size step, the reasons for missing ones, and the models."""

    rates: Mapping[str, Rates]
    missing: Mapping[str, str]
    models: Mapping[str, str]


def tier_prices(sheet: PricingSheet, tiers: Collection[str], day: date) -> TierPrices:
    """Return the rates of the tiers on a day."""
    rates: dict[str, Rates] = {}
    missing: dict[str, str] = {}
    line = tier_models(sheet, day)
    for tier in tiers:
        try:
            rates[tier] = _rates(sheet, tier, line)
        except RoutecostError as error:
            missing[tier] = str(error)
    return TierPrices(rates, missing, {tier: line.models[tier] for tier in tiers if tier in line.models})


def _rates(sheet: PricingSheet, tier: str, line: TierModels) -> Rates:
    model = line.model(tier)
    rates = entry_on(sheet, model, line.day).card.standard
    for meter in NEEDED:
        if meter not in rates:
            raise UnpricedError(f'model "{model}" has no rate for meter "{meter}" on {line.day}')
    return rates
