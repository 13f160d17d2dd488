"""Tokenizers differ: how many tokens a text takes on a model, given how many it took on another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from routecost.engine.pricing.tier_models import in_force
from routecost.model.pricing.sheet import PricingSheet, TokensVs
from routecost.model.scenario.strategy import TokenScaling
from routecost.units import ONE


def scalings(
    sheet: PricingSheet, models: Iterable[str], measured_on: str, day: date
) -> tuple[dict[str, TokenScaling], tuple[str, ...]]:
    """Return the scaling of each model from tokens measured on another, and who has none known.

    A factor is known where the model's entry states one against ``measured_on``, or where both
    state one against the same reference. The model that was measured needs none.
    """
    found: dict[str, TokenScaling] = {}
    unknown: list[str] = []
    for model in dict.fromkeys(models):
        if model == measured_on:
            continue
        scaling = _scaling(sheet, model, measured_on, day)
        if scaling is None:
            unknown.append(model)
        else:
            found[model] = scaling
    return found, tuple(unknown)


def _scaling(sheet: PricingSheet, model: str, measured_on: str, day: date) -> TokenScaling | None:
    own, measured = _stated(sheet, model, day), _stated(sheet, measured_on, day)
    if own is not None and own.reference == measured_on:
        return TokenScaling(model, own.factor, own.source, own.low, own.high)
    if measured is not None and measured.reference == model:
        own = TokensVs(model, ONE, measured.source, ONE, ONE)
    if own is None or measured is None or own.reference != measured.reference:
        return None
    low, high = _quotient(own.low, measured.high), _quotient(own.high, measured.low)
    return TokenScaling(model, own.factor / measured.factor, own.source, low, high)


def _quotient(above: Decimal | None, below: Decimal | None) -> Decimal | None:
    return None if above is None or below is None else above / below


def _stated(sheet: PricingSheet, model: str, day: date) -> TokensVs | None:
    entry = in_force(sheet.models.get(model, ()), day)
    return None if entry is None else entry.tokens_vs
