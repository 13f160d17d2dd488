"""Token counts of a text on other models, scaled by tokenizer ratios."""

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
    """Return the scaling of each model from tokens measured on another, and the models without a known ratio.

    A factor is known if the model's entry states one relative to ``measured_on``, or if both state one
    relative to the same reference. The measured model needs none.
    """
    by_model: dict[str, TokenScaling] = {}
    unknown: list[str] = []
    for model in dict.fromkeys(models):
        if model == measured_on:
            continue
        scaling = _scaling(sheet, model, measured_on, day)
        if scaling is None:
            unknown.append(model)
        else:
            by_model[model] = scaling
    return by_model, tuple(unknown)


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
