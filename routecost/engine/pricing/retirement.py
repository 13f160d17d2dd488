"""Retirement of models: the day after which a tier has no model with a price."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from routecost.model.pricing.sheet import PricingSheet


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
