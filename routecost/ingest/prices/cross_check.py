"""Comparison of a pricing sheet with the installed genai-prices package, rate by rate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from routecost.engine.pricing.rate_changes import contradictions
from routecost.engine.pricing.sheet_check import Remark, current_entry
from routecost.ingest.prices.catalogue import Catalogue, ListedModel, stem
from routecost.ingest.prices.figure_names import figure_path, figure_text
from routecost.ingest.prices.sources.genai import genai_catalogue, genai_providers
from routecost.ingest.prices.sources.vendors import SAME_VENDOR, stated_listings
from routecost.model.pricing.sheet import PricingSheet

Match = tuple[Catalogue, ListedModel]

Sources = Sequence[tuple[str, str]]
"""Providers and models that the source of a price names."""


def genai_remarks(sheet: PricingSheet, day: date) -> tuple[list[Remark], list[str]]:
    """Return the rates that differ from genai-prices on a day, and notes on what was not compared.

    Raises EnvironmentFailure if genai-prices is not installed.
    """
    if sheet.list_currency != "USD":
        genai_providers()
        return [], [
            f"Not compared with genai-prices, whose rates are in USD: rates in {sheet.list_currency}."
        ]
    matches = genai_matches(sheet, day)
    remarks = [remark for model, match in matches.items() for remark in _remarks(sheet, model, day, *match)]
    missing = [model for model in sheet.models if model not in matches]
    if not missing:
        return remarks, []
    return remarks, [f"Not compared, missing from genai-prices: {', '.join(missing)}."]


def genai_matches(sheet: PricingSheet, day: date) -> dict[str, Match]:
    """Return the listing of each model of a sheet in genai-prices: that of its source or its provider.

    For a price that names neither, it is that of the provider that has most of the sheet's models.
    Raises EnvironmentFailure if genai-prices is not installed.
    """
    providers = genai_providers()
    sources = {model: _stated_sources(sheet, model, day, providers) for model in sheet.models}
    stems = {stem(model) for model in sources} | {
        stem(model) for stated in sources.values() for _, model in stated or ()
    }
    catalogues = {provider: genai_catalogue(provider, stems) for provider in providers}
    return _matches(sources, catalogues)


def _stated_sources(sheet: PricingSheet, model: str, day: date, providers: Collection[str]) -> Sources | None:
    """Return the listings that the source of a price names, else that of its provider; None if unknown."""
    entry = current_entry(sheet, model, day)[1]
    provider = SAME_VENDOR.get(entry.provider or "", entry.provider)
    named = stated_listings(entry)
    return named or (None if provider is None else [(provider, model)] if provider in providers else [])


def _matches(sources: Mapping[str, Sources | None], catalogues: Mapping[str, Catalogue]) -> dict[str, Match]:
    """Match each model with its stated source, else with the provider that has most of the sheet."""
    candidates = {
        model: _listings(model, catalogues) if stated is None else _stated(stated, catalogues)
        for model, stated in sources.items()
    }
    popular = Counter(catalogue.name for matches in candidates.values() for catalogue, _ in matches)
    return {
        model: max(matches, key=lambda match: popular[match[0].name])
        for model, matches in candidates.items()
        if matches
    }


def _stated(sources: Sources, catalogues: Mapping[str, Catalogue]) -> list[Match]:
    for provider, model in sources:
        if provider in catalogues and (listed := catalogues[provider].find(model)) is not None:
            return [(catalogues[provider], listed)]
    return []


def _listings(model: str, catalogues: Mapping[str, Catalogue]) -> list[Match]:
    listings = ((catalogue, catalogue.find(model)) for catalogue in catalogues.values())
    return [(catalogue, listed) for catalogue, listed in listings if listed is not None]


def _remarks(
    sheet: PricingSheet, model: str, day: date, catalogue: Catalogue, listed: ListedModel
) -> Iterator[Remark]:
    index, entry = current_entry(sheet, model, day)
    where = ("models", model, index)
    theirs = listed.on(day)
    if listed.is_deprecated:
        yield Remark("deprecated", f'{catalogue.source} marks "{model}" as deprecated', where)
    for change in contradictions(entry, theirs) if theirs else ():
        message = f"{catalogue.source} disagrees: {figure_text(change, model)}"
        yield Remark("disagrees", message, figure_path(entry, change, where))
