"""Prices from the data in the installed genai-prices package, without network access."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NamedTuple

from routecost.errors import EnvironmentFailure, UnknownNameError
from routecost.ingest.prices.catalogue import NO_PRICE, Catalogue, ListedModel, Skipped, catalogue_of, stem
from routecost.ingest.prices.sources.genai_cards import Prices, known, price_entry
from routecost.ingest.prices.sources.genai_losses import DEFAULT, losses, unknown_fields, variant_fault
from routecost.ingest.prices.sources.time_of_day import NotExpressibleError, Window, by_time_of_day, utc
from routecost.ingest.prices.sources.vendors import of_vendor
from routecost.model.pricing.sheet import STANDARD, PriceEntry
from routecost.problems import did_you_mean

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, Provider


class Segment(NamedTuple):
    """Prices of a model from ``start`` on; ``windows`` are times of day with other prices."""

    start: date | None
    base: Prices
    windows: tuple[Window, ...] = ()


def genai_providers() -> dict[str, Provider]:
    """Return the providers by id. Raises EnvironmentFailure if genai-prices is not installed."""
    try:
        from genai_prices.data import providers
    except ImportError as error:
        raise EnvironmentFailure(
            'genai-prices is not installed; run pip install "routecost[prices]"'
        ) from error
    return {provider.id: provider for provider in providers}


def genai_catalogue(provider: str, stems: Collection[str] | None = None) -> Catalogue:
    """Return the catalogue of a provider; with ``stems``, only of models that have one of these.

    Raises UnknownNameError for an unknown provider, EnvironmentFailure if genai-prices is missing.
    """
    providers = genai_providers()
    if provider not in providers:
        raise UnknownNameError(f'no provider "{provider}" in genai-prices{did_you_mean(provider, providers)}')
    listing = providers[provider]
    package = f"genai-prices {version('genai-prices')}"
    models: list[ListedModel] = []
    skipped: list[Skipped] = []
    for info in listing.models:
        if stems is not None and stem(info.id) not in stems:
            continue
        try:
            models.append(_listed(info, f"{package}, {provider}/{info.id}", provider))
        except NotExpressibleError as error:
            skipped.append(Skipped(info.id, str(error), is_lost=str(error) != NO_PRICE))
        skipped += [Skipped(info.id, loss.reason, loss.part) for loss in losses(info)]
    comments = (listing.price_comments,) if listing.price_comments else ()
    return catalogue_of(provider, f"{package}, provider {provider}", models, skipped, comments)


def _listed(info: ModelInfo, source: str, provider: str) -> ListedModel:
    segments = _segments(info)
    if not any(segment.base for segment in segments):
        raise NotExpressibleError(NO_PRICE)
    starts = {segment.start for segment in segments} | {start for start, _ in _variants(info)}
    entries: list[PriceEntry] = []
    for start in sorted(starts, key=lambda day: day or date.min):
        segment = [one for one in segments if _has_begun(one.start, start)][-1]
        standard, (modes, hours) = by_time_of_day(segment.base, segment.windows)
        cards = {STANDARD: standard, **modes, **_modes(info, standard, start)}
        entry = of_vendor(replace(price_entry(cards, start, source), hours=hours), provider, info.id)
        if not entries or _content(entry) != _content(entries[-1]):
            entries.append(entry)
    is_deprecated = bool(info.deprecated)
    about = (info.price_comments or "", "Deprecated." if is_deprecated else "")
    comments = tuple(text for text in about if text)
    return ListedModel(
        info.id, tuple(entries), comments, info.is_match, is_deprecated, info.name, info.context_window
    )


def _content(entry: PriceEntry) -> tuple[object, ...]:
    return entry.card, entry.steps, entry.hours


def _has_begun(start: date | None, day: date | None) -> bool:
    return start is None or (day is not None and start <= day)


def _segments(info: ModelInfo) -> list[Segment]:
    """Return the price segments: a date begins one, a time of day belongs to the current one."""
    if not isinstance(info.prices, list):
        return [Segment(None, known(info.prices))]
    segments: list[Segment] = []
    for listed in info.prices:
        prices, constraint = known(listed.prices), listed.constraint
        if unknown_fields(constraint):
            continue
        if constraint is None or hasattr(constraint, "start_date"):
            segments.append(Segment(getattr(constraint, "start_date", None), prices))
        elif segments:
            window = Window(utc(constraint.start_time), utc(constraint.end_time), prices)
            if window.start != window.end:  # otherwise it never applies
                segments[-1] = segments[-1]._replace(windows=(*segments[-1].windows, window))
    return segments


def _variants(info: ModelInfo) -> Iterator[tuple[date | None, tuple[str, Prices]]]:
    """Yield each variant that a mode can express: its start, its mode and the prices it changes."""
    for variant in info.price_variants or ():
        if variant_fault(variant) is None:
            (context,) = variant.when.items()
            if context != DEFAULT:
                yield (
                    getattr(variant.constraint, "start_date", None),
                    (_mode(*context), known(variant.prices)),
                )


def _mode(option: str, value: str) -> str:
    return value if option in {"processing", "service_tier", "speed"} else f"{option}={value}"


def _modes(info: ModelInfo, standard: Prices, day: date | None) -> dict[str, Prices]:
    """Return the modes of a day with all their prices; prices not in a variant are standard.

    If a mode has several variants, the first that has begun sets each price.
    """
    changed: dict[str, dict[str, Any]] = {}
    for start, (mode, prices) in _variants(info):
        if _has_begun(start, day):
            own = changed.setdefault(mode, {})
            own |= {key: value for key, value in prices.items() if key not in own}
    return {mode: {**standard, **prices} for mode, prices in changed.items()}
