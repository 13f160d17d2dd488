"""The rates of a sheet on a day, and the differences between two sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from routecost.engine.compare.compare import compare
from routecost.engine.pricing.price import entry_on
from routecost.engine.pricing.rate_changes import all_figures, rate_pairs
from routecost.engine.pricing.tier_models import lineup
from routecost.errors import UnknownNameError, UnpricedError, UsageError
from routecost.model.pricing.sheet import PriceEntry, PricingSheet
from routecost.model.results.price_lists import (
    PriceDifference,
    PriceList,
    PriceRow,
    PricingDiff,
    StrategyDifference,
)
from routecost.model.scenario.scenario import Scenario
from routecost.problems import did_you_mean
from routecost.units import METERS, exact

Offer = tuple[str | None, str]
"""A tier, or None, and the model that it is."""


def price_list(sheet: PricingSheet, day: date, models: Sequence[str] = ()) -> PriceList:
    """Return the rates in force on a day: tiers from low to high, then models that are no tier.

    ``models`` names those to keep. Raises UnknownNameError for one that the sheet does not have.
    """
    for model in models:
        if model not in sheet.models:
            raise UnknownNameError(
                f'no model "{model}" in pricing sheet "{sheet.name}"{did_you_mean(model, sheet.models)}'
            )
    rows: list[PriceRow] = []
    unpriced: dict[str, None] = {}
    for tier, model in offers(sheet, day):
        if not models or model in models:
            try:
                rows += _rows(tier, model, entry_on(sheet, model, day), sheet)
            except UnpricedError as error:
                unpriced[str(error)] = None
    return PriceList(sheet.name, sheet.list_currency, day, tuple(rows), tuple(unpriced), bool(sheet.terms))


def offers(sheet: PricingSheet, day: date) -> list[Offer]:
    """Return each tier with its model on a day, low to high, then the models that are no tier."""
    tiers = lineup(sheet, day).models
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
        )


@exact
def pricing_diff(
    before: PricingSheet, after: PricingSheet, day: date, scenarios: tuple[Scenario, Scenario] | None = None
) -> PricingDiff:
    """Return how the rates of two sheets differ on a day.

    ``scenarios`` is one scenario at the prices of each sheet: then also what each strategy costs.
    Raises UsageError for sheets in different currencies.
    """
    if (before.currency, before.list_currency) != (after.currency, after.list_currency):
        raise UsageError(
            f'"{before.name}" is in {_currencies(before)} and "{after.name}" in {_currencies(after)}; '
            "rates in different currencies have no difference"
        )
    pairs = [pair for tier_pairs in _pairs(before, after, day) for pair in tier_pairs]
    changed = tuple(pair for pair in pairs if pair.before != pair.after)
    return PricingDiff(
        before=before.name,
        after=after.name,
        currency=before.list_currency,
        as_of=day,
        prices=changed,
        unchanged=len(pairs) - len(changed),
        scenario=scenarios[0].name if scenarios else None,
        changes=tuple(_strategies(*scenarios, day)) if scenarios else (),
        has_other_terms=before.terms != after.terms,
    )


def _currencies(sheet: PricingSheet) -> str:
    is_exchanged = sheet.currency != sheet.list_currency
    return f"{sheet.currency} (exchanged from {sheet.list_currency})" if is_exchanged else sheet.currency


def _pairs(before: PricingSheet, after: PricingSheet, day: date) -> Iterator[Iterator[PriceDifference]]:
    old, new = _by_role(before, day), _by_role(after, day)
    for role in {**old, **new}:
        models = old.get(role), new.get(role)
        entries = _entry(before, models[0], day), _entry(after, models[1], day)
        yield (
            PriceDifference(
                role[0],
                models[0],
                models[1],
                pair.mode,
                pair.above_tokens,
                pair.meter,
                METERS[pair.meter].per,
                pair.before,
                pair.after,
            )
            for pair in rate_pairs(*entries)
        )


def _by_role(sheet: PricingSheet, day: date) -> dict[tuple[str | None, str | None], str]:
    """Return the models by their tier, or by their own name where they are none."""
    return {(tier, None if tier else model): model for tier, model in offers(sheet, day)}


def _entry(sheet: PricingSheet, model: str | None, day: date) -> PriceEntry | None:
    try:
        return None if model is None else entry_on(sheet, model, day)
    except UnpricedError:
        return None


def _strategies(before: Scenario, after: Scenario, day: date) -> Iterator[StrategyDifference]:
    old, new = compare(before, before.as_of or day), compare(after, after.as_of or day)
    for cost in old.strategies:
        yield StrategyDifference(cost.strategy, cost.cost_per_month, new[cost.strategy].cost_per_month)
