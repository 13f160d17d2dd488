"""Prices from a local copy of LiteLLM's price map (``model_prices_and_context_window.json``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from routecost.errors import UsageError
from routecost.ingest.prices.catalogue import Catalogue, ListedModel, Skipped, catalogue_of
from routecost.ingest.prices.sources.decisions import Loss, Priced, has_number, is_zero, unknown
from routecost.ingest.prices.sources.json_file import REPEATED, Repeated, decimal, read_json, whole
from routecost.ingest.prices.sources.litellm_keys import KEYS, is_no_price, place_of
from routecost.ingest.prices.sources.litellm_parts import (
    HANDLERS,
    OFF_PEAK,
    Figure,
    Found,
    off_peak_minutes,
    until,
)
from routecost.ingest.prices.sources.vendors import of_vendor
from routecost.ingest.prices.sources.week import hours_of_week
from routecost.model.pricing.sheet import CACHE_WRITES, STANDARD, ContextStep, PriceEntry, RateCard
from routecost.units import MAX_COUNT, METERS, exact

_NO_MODELS = ("sample_spec", "fallback_generalizations")
FREE_WRITES = "Listed with cache writes at 0: they cost no more than the input that they store."
AT_ZERO = "it is listed at 0, which means free or without a price"


def litellm_catalogue(path: Path, provider: str | None = None) -> Catalogue:
    """Return the models in a file, optionally only those of one ``litellm_provider``.

    Raises UsageError for a file that is not such a map.
    """
    data = {name: about for name, about in read_json(path).items() if name not in _NO_MODELS}
    entries = {
        name: about
        for name, about in data.items()
        if isinstance(about, dict) and provider in (None, about.get("litellm_provider"))
    }
    if not entries and not any(isinstance(about, Repeated) for about in data.values()):
        whose = "" if provider is None else f' of litellm_provider "{provider}"'
        raise UsageError(f'"{path}" has no models{whose}; expected the price map of LiteLLM')
    skipped = [
        Skipped(name, REPEATED if isinstance(about, Repeated) else "it is not a JSON object")
        for name, about in data.items()
        if not isinstance(about, dict) and (provider is None or isinstance(about, Repeated))
    ]
    models: list[ListedModel] = []
    for name, about in entries.items():
        figures, losses = _read(about)
        skipped += [Skipped(name, loss.reason, loss.part) for loss in losses]
        base = [figure for figure in figures if figure.mode == STANDARD and not figure.above_tokens]
        if any(figure.rate for figure in base):
            models.append(_model(name, about, figures))
        else:
            reason = AT_ZERO if base else "it has no price that a meter can express"
            skipped.append(Skipped(name, reason, is_lost=bool(base or losses)))
    title = f"LiteLLM ({path.name})" if provider is None else f"{provider} in LiteLLM ({path.name})"
    return catalogue_of(title, f"LiteLLM, {path.name}", models, skipped)


def _model(name: str, about: Mapping[str, Any], figures: list[Figure]) -> ListedModel:
    stated = [figure for figure in figures if not _is_free_write(figure, figures)]
    is_written_at_input = len(stated) < len(figures)
    figures = stated
    edges = sorted({figure.above_tokens for figure in figures if figure.above_tokens})
    steps = tuple(ContextStep(edge, _card(figures, edge)) for edge in edges)
    entry = PriceEntry(_card(figures, 0), steps=steps, source=f"LiteLLM, {name}", until=until(about))
    if OFF_PEAK in entry.card.modes:
        hours = hours_of_week(off_peak_minutes(about["off_peak_pricing"]))
        entry = replace(entry, hours={OFF_PEAK: hours})
    vendor = about.get("litellm_provider")
    entry = of_vendor(entry, vendor if isinstance(vendor, str) and vendor else None, name)
    entry = entry.with_writes_at_input() if is_written_at_input else entry
    context = whole(about.get("max_input_tokens"))
    comments = (FREE_WRITES,) if is_written_at_input else ()
    return ListedModel(name, (entry,), comments, context=context, limits=dict(_limits(about)))


def _is_free_write(figure: Figure, figures: list[Figure]) -> bool:
    """Return whether a cache write costs 0 where input does not: it costs the input that it stores."""
    return (
        figure.meter in CACHE_WRITES
        and not figure.rate
        and any(other.meter == "input" and other.rate and other[:2] == figure[:2] for other in figures)
    )


LIMITS = {"rpm": "requests_per_minute", "tpm": "tokens_per_minute"}
"""Key -> rate limit of a sheet."""


def _limits(about: Mapping[str, Any]) -> Iterator[tuple[str, Decimal]]:
    """Yield the rate limits of a model."""
    for key, unit in LIMITS.items():
        number = decimal(about.get(key))
        if number is not None and 0 < number <= MAX_COUNT:
            yield unit, number


@exact
def _read(about: Mapping[str, Any]) -> tuple[list[Figure], list[Loss]]:
    """Return the rates of a model, and what is lost; of two prices of a meter, the first is used."""
    figures: dict[tuple[str, int, str], Figure] = {}
    losses: list[Loss] = []
    for part in (part for key in sorted(about, key=_order) for part in _found(about, key)):
        if isinstance(part, Loss):
            losses.append(part)
            continue
        first = figures.setdefault(part[:3], part)
        if first.rate != part.rate:
            losses.append(Loss(part.key, f'it differs from "{first.key}", which is used'))
    return _without_included(figures), losses


def _order(key: str) -> bool:
    return key != "tiered_pricing"


def _found(about: Mapping[str, Any], key: str) -> Iterator[Found]:
    """Yield the rates of a key, and what is lost of it: one of these for each key that may be a price."""
    value = about[key]
    if value is None or is_no_price(key):
        return
    place = place_of(key, about.get("litellm_provider"))
    decision = KEYS.get(place.base)
    if isinstance(value, Repeated):
        yield Loss(key, REPEATED)
    elif key in HANDLERS:
        yield from HANDLERS[key](about, value)
    elif not isinstance(decision, Priced):
        if has_number(value) or (decision is not None and not is_zero(value)):
            yield Loss(key, decision or unknown(key))
    elif place.combined:
        yield Loss(key, "prices for combined request options are not supported")
    elif (price := decimal(value)) is None:
        yield Loss(key, "its price is not a number")
    elif price or decision.meter != "request":
        yield Figure(place.mode, place.above_tokens, decision.meter, decision.rate(price), key)


def _without_included(figures: Mapping[tuple[str, int, str], Figure]) -> list[Figure]:
    """Leave out reasoning that costs as much as any output everywhere, since output includes it."""
    reasoning = [figure for figure in figures.values() if figure.meter == "output_reasoning"]
    output = (figures.get((mode, above, "output")) for mode, above, *_ in reasoning)
    is_included = all(out and out.rate == own.rate for out, own in zip(output, reasoning, strict=True))
    return [figure for figure in figures.values() if not (is_included and figure in reasoning)]


def _card(figures: list[Figure], edge: int) -> RateCard:
    """Return the card above a context size.

    Fees keep their rate. A token meter without a price for that size is left out, and so is a mode
    without any: the source does not state whether the rates below apply.
    """
    cards: dict[str, dict[str, Decimal]] = {}
    for mode in dict.fromkeys(figure.mode for figure in figures):
        of_mode = [figure for figure in figures if figure.mode == mode and figure.above_tokens <= edge]
        if mode == STANDARD or any(figure.above_tokens == edge for figure in of_mode):
            rates = {
                figure.meter: figure.rate
                for figure in sorted(of_mode, key=lambda figure: figure.above_tokens)
                if figure.above_tokens == edge or not METERS[figure.meter].is_token
            }
            cards[mode] = {meter: rates[meter] for meter in METERS if meter in rates}
    return RateCard(cards.pop(STANDARD), cards)
