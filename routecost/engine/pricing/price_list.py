"""Rates of a sheet on a day, and the bills of calls at these rates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from routecost.engine.pricing.price import entry_on, price
from routecost.engine.pricing.rate_changes import all_figures
from routecost.engine.pricing.settlement import SecondStage, brackets
from routecost.engine.pricing.tier_models import tier_models
from routecost.errors import UnknownNameError, UnpricedError
from routecost.model.pricing.sheet import PriceEntry, PricingSheet
from routecost.model.pricing.usage import CALLS, Usage, UsageKey
from routecost.model.results.price_lists import PricedModel, PricedUsage, PriceList, PriceRow
from routecost.problems import did_you_mean
from routecost.records import dataclass
from routecost.units import CONTEXT_METERS, METERS, ONE, ZERO, exact

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


@dataclass(frozen=True, slots=True)
class Counted:
    """Units by meter: of one call, of which there are ``calls``, or sums over any number if that is None."""

    counts: Mapping[str, Decimal]
    calls: Decimal | None
    mode: str

    def usage(self, sheet: PricingSheet, model: str, day: date) -> Usage:
        """Return the usage of a model. Raises as :func:`entry_on` does."""
        if self.calls is None:
            return Usage({UsageKey(model, meter, self.mode): n for meter, n in self.counts.items()})
        context = sum((n for meter, n in self.counts.items() if meter in CONTEXT_METERS), ZERO)
        edges = [step.above_tokens for step in entry_on(sheet, model, day).steps]
        above = max((edge for edge in edges if edge < context), default=0)
        upto = min((edge for edge in edges if edge >= context), default=None)
        billed = {CALLS: ONE, **self.counts}
        return Usage(
            {UsageKey(model, meter, self.mode, above, upto): n * self.calls for meter, n in billed.items()}
        )


@exact
def price_counts(sheet: PricingSheet, day: date, counted: Counted, models: Sequence[str]) -> PricedUsage:
    """Return the bills of counted units at the rates of a day.

    ``models`` names models and tiers; without any, all tiers are priced (all models of a sheet without
    tiers), and those that have no price are listed as unpriced. Raises UnknownNameError, and UnpricedError
    for a model that is named and if none has a price.
    """
    priced: list[PricedModel] = []
    unpriced: dict[str, UnpricedError] = {}
    for tier, model in _named(sheet, day, models):
        try:
            bill = price(counted.usage(sheet, model, day), sheet, day)
            priced.append(PricedModel(tier, model, bill))
        except UnpricedError as error:
            if models:
                raise
            unpriced[str(error)] = error
    if not priced:
        nothing = UnpricedError(f'no tier of pricing sheet "{sheet.name}" has a model on {day}')
        raise next(iter(unpriced.values()), nothing)
    on_totals = any(terms.volume or terms.allowances for terms in sheet.terms)
    return PricedUsage(
        sheet.name, sheet.currency, day, counted.calls, tuple(priced), tuple(unpriced), on_totals
    )


def _named(sheet: PricingSheet, day: date, names: Sequence[str]) -> Iterator[tuple[str | None, str]]:
    """Yield the tiers, or the models and tiers of these names, with their models."""
    tiers = tier_models(sheet, day).models
    served = {tiers[tier]: tier for tier in reversed(list(tiers))}
    for name in names or (tiers if sheet.tiers else sheet.models):
        if name in tiers:
            yield name, tiers[name]
        elif name in sheet.models:
            yield served.get(name), name
        elif name in sheet.tiers:
            raise UnpricedError(f'tier "{name}" of pricing sheet "{sheet.name}" has no model on {day}')
        else:
            hint = did_you_mean(name, (*sheet.tiers, *sheet.models))
            raise UnknownNameError(f'no model or tier "{name}" in pricing sheet "{sheet.name}"{hint}')
