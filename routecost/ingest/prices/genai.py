"""Prices from the data that the installed genai-prices package carries. Never from the network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NamedTuple

from routecost.errors import EnvironmentFailure, UnknownNameError
from routecost.ingest.prices.catalogue import Catalogue, ListedModel, Skipped, catalogue_of
from routecost.ingest.prices.genai_cards import GENAI_METERS, Prices, known, price_entry
from routecost.ingest.prices.time_of_day import NotExpressibleError, Window, by_time_of_day
from routecost.model.pricing.sheet import STANDARD, PriceEntry
from routecost.problems import did_you_mean

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, Provider


class Segment(NamedTuple):
    """What a model costs from ``start`` on; ``windows`` are times of the day with other prices."""

    start: date | None
    base: Prices
    windows: tuple[Window, ...] = ()


def genai_providers() -> dict[str, Provider]:
    """Return the providers by id. Raises EnvironmentFailure where genai-prices is not installed."""
    try:
        from genai_prices.data import providers
    except ImportError as error:
        raise EnvironmentFailure(
            'genai-prices is not installed; it comes with the extra "prices": pip install "routecost[prices]"'
        ) from error
    return {provider.id: provider for provider in providers}


def genai_catalogue(provider: str) -> Catalogue:
    """Return all that genai-prices carries of a provider.

    Raises UnknownNameError for a provider that it does not have, and EnvironmentFailure.
    """
    known = genai_providers()
    if provider not in known:
        raise UnknownNameError(f'no provider "{provider}" in genai-prices{did_you_mean(provider, known)}')
    found = known[provider]
    package = f"genai-prices {version('genai-prices')}"
    models: list[ListedModel] = []
    skipped: list[Skipped] = []
    for info in found.models:
        try:
            models.append(_listed(info, f"{package}, {provider}/{info.id}"))
        except NotExpressibleError as error:
            skipped.append(Skipped(info.id, str(error)))
        skipped += [Skipped(info.id, reason, part) for part, reason in _left_out(info).items()]
    comments = (found.price_comments,) if found.price_comments else ()
    return catalogue_of(provider, f"{package}, provider {provider}", models, skipped, comments)


def _listed(info: ModelInfo, source: str) -> ListedModel:
    segments = _segments(info)
    if not any(segment.base for segment in segments):
        raise NotExpressibleError("no price is given for it")
    starts = {segment.start for segment in segments} | {start for start, _ in _variants(info)}
    remarks: dict[str, None] = {}
    entries: list[PriceEntry] = []
    for start in sorted(starts, key=lambda day: day or date.min):
        segment = [found for found in segments if _begun(found.start, start)][-1]
        standard, modes, remark = by_time_of_day(segment.base, segment.windows)
        remarks |= dict.fromkeys(remark)
        cards = {STANDARD: standard, **modes, **_overlaid(info, standard, start)}
        entry = price_entry(cards, start, source)
        if not entries or (entry.card, entry.steps) != (entries[-1].card, entries[-1].steps):
            entries.append(entry)
    is_deprecated = bool(info.deprecated)
    about = (info.price_comments or "", *remarks, "Deprecated." if is_deprecated else "")
    comments = tuple(text for text in about if text)
    return ListedModel(info.id, tuple(entries), comments, info.is_match, is_deprecated)


def _begun(start: date | None, day: date | None) -> bool:
    return start is None or (day is not None and start <= day)


def _segments(info: ModelInfo) -> list[Segment]:
    """Read the list of prices: a date begins a segment, a time of day belongs to the one before it."""
    if not isinstance(info.prices, list):
        return [Segment(None, known(info.prices))]
    segments: list[Segment] = []
    for listed in info.prices:
        prices, constraint = known(listed.prices), listed.constraint
        if constraint is None or hasattr(constraint, "start_date"):
            segments.append(Segment(getattr(constraint, "start_date", None), prices))
        elif segments:
            window = Window(constraint.start_time, constraint.end_time, prices)
            segments[-1] = segments[-1]._replace(windows=(*segments[-1].windows, window))
    return segments


def _variants(info: ModelInfo) -> Iterator[tuple[date | None, tuple[str, Prices]]]:
    """Yield each variant that a mode can express: its start, and its mode with the prices it changes."""
    for variant in info.price_variants or ():
        if _variant_fault(variant) is None:
            (context,) = variant.when.items()
            if context != ("service_tier", "default"):
                yield (
                    getattr(variant.constraint, "start_date", None),
                    (_mode(*context), known(variant.prices)),
                )


def _variant_fault(variant: Any) -> str | None:
    if len(variant.when) > 1:
        return "prices for several request options at once are not expressible"
    if variant.constraint is not None and not hasattr(variant.constraint, "start_date"):
        return "the price of a request option depends on the time of day"
    return None


def _mode(option: str, value: str) -> str:
    return value if option in {"processing", "service_tier", "speed"} else f"{option}={value}"


def _overlaid(info: ModelInfo, standard: Prices, day: date | None) -> dict[str, Prices]:
    """Return the modes of a day, each with all its prices: what a variant leaves out is standard.

    Of several variants of a mode the first that has begun decides, price by price.
    """
    changed: dict[str, dict[str, Any]] = {}
    for start, (mode, prices) in _variants(info):
        if _begun(start, day):
            own = changed.setdefault(mode, {})
            own |= {key: value for key, value in prices.items() if key not in own}
    return {mode: {**standard, **prices} for mode, prices in changed.items()}


def _left_out(info: ModelInfo) -> dict[str, str]:
    """Return the parts of a model's prices that no sheet can say, with the reason."""
    listed = [entry.prices for entry in info.prices] if isinstance(info.prices, list) else [info.prices]
    variants = info.price_variants or []
    keys = {key for prices in (*listed, *(variant.prices for variant in variants)) for key in vars(prices)}
    found = dict.fromkeys(sorted(keys - GENAI_METERS.keys()), "no meter for it")
    for variant in variants:
        if fault := _variant_fault(variant):
            found[" and ".join(f"{key}={value}" for key, value in variant.when.items())] = fault
    return found
