"""Models of tiers, and price entries in force, on a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from routecost.model.scenario.strategy import TierModels
from routecost.units import REASONING

if TYPE_CHECKING:
    from routecost.model.pricing.sheet import PriceEntry, PricingSheet, TierModel
    from routecost.model.pricing.terms import ExchangeRate

Dated = TypeVar("Dated", "PriceEntry", "TierModel", "ExchangeRate")


def in_force(dated: tuple[Dated, ...], day: date) -> Dated | None:
    """Return the last of the dated entries that has begun by ``day``."""
    begun = [entry for entry in dated if entry.start is None or entry.start <= day]
    return begun[-1] if begun else None


def tier_models(sheet: PricingSheet, day: date) -> TierModels:
    """Return the sheet's tiers with their models on ``day``."""
    models: dict[str, str] = {}
    later: dict[str, date] = {}
    efforts: dict[str, str] = {}
    for tier, dated in sheet.tiers.items():
        current = in_force(dated, day)
        if current is not None:
            models[tier] = current.model
        elif dated[0].start is not None:
            later[tier] = dated[0].start
        if dated[0].effort is not None:
            efforts[tier] = dated[0].effort
    edges = {model: sheet.context_edges(model) for model in models.values()}
    entries = {model: in_force(sheet.models.get(model, ()), day) for model in models.values()}
    hours = {model: entry.hours for model, entry in entries.items() if entry is not None and entry.hours}
    apart = frozenset(model for model, entry in entries.items() if entry and REASONING in entry.card.standard)
    return TierModels(
        day, sheet.tier_names, models, edges, later, hours=hours, efforts=efforts, reasoning_apart=apart
    )


def retires(sheet: PricingSheet, tier: str, day: date) -> tuple[str, date] | None:
    """Return the model of a tier that retires first, from a day on, and its last day.

    None if each model is replaced in time, or has no last day.
    """
    dated = sheet.tiers.get(tier, ())
    for at, entry in enumerate(dated):
        ends = dated[at + 1].start if at + 1 < len(dated) else None
        if ends is not None and ends <= day:
            continue
        last = sheet.last_day(entry.model)
        if last is not None and (ends is None or last + timedelta(days=1) < ends):
            return entry.model, last
    return None
