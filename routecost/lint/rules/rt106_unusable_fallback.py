"""RT106 unusable-fallback."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.engine.pricing.price import entry_on
from routecost.errors import RoutecostError
from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.model.pricing.sheet import PricingSheet
from routecost.problems import Severity, did_you_mean


@rule("RT106", "unusable-fallback", Severity.ERROR, needs_prices=True)
def check(subject: Subject) -> Iterator[Hit]:
    """A fallback model of a tier has no price on the day of the check, or is the model of the tier.

    ``fallbacks`` of the table lists, for a tier, the models that answer in this order if the tier's own
    model is not available. Costs are those of the tier's own model.

    Why:
        A model without a price cannot be budgeted, and the model that failed is no way out of its
        failure. (Our own reasoning.)

    Example with --pricing dated:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        fallbacks: {haiku: [small-3]}
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}

    Use instead with --pricing dated:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        fallbacks: {haiku: [small-1, medium-1]}
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}
    """
    sheet = subject.sheet
    for tier, models in subject.table.fallbacks.items() if sheet is not None else ():
        for at, model in enumerate(models):
            if subject.prices.models.get(tier) == model:
                fault: str | None = f'"{model}" is the model of "{tier}" itself'
            else:
                fault = None if sheet is None else _no_price(subject, sheet, model)
            if fault is not None:
                yield Hit(f"{fault}; expected another model as fallback", ("fallbacks", tier, at))


def _no_price(subject: Subject, sheet: PricingSheet, model: str) -> str | None:
    if model not in sheet.models:
        return f'"{model}" is not in the pricing sheet{did_you_mean(model, sheet.models)}'
    try:
        entry_on(sheet, model, subject.day)
    except RoutecostError as error:
        return str(error)
    return None
