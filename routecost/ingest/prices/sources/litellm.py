"""Prices from a local copy of LiteLLM's price map (``model_prices_and_context_window.json``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from routecost.errors import UsageError
from routecost.ingest.prices.catalogue import Catalogue, ListedModel, Skipped, catalogue_of
from routecost.ingest.prices.sources.json_file import REPEATED, Repeated, decimal, per_rate, read_json, whole
from routecost.ingest.prices.sources.vendors import of_vendor
from routecost.model.pricing.hours import MINUTES_PER_DAY, Hours
from routecost.model.pricing.sheet import STANDARD, ContextStep, PriceEntry, RateCard
from routecost.units import METERS

LITELLM_METERS = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cache_read",
    "cache_creation_input_token_cost": "cache_write_5m",
    "cache_creation_input_token_cost_above_1hr": "cache_write_1h",
    "input_cost_per_audio_token": "input_audio",
    "input_cost_per_image_token": "input_image",
    "cache_read_input_audio_token_cost": "cache_read_audio",
    "cache_read_input_image_token_cost": "cache_read_image",
    "output_cost_per_audio_token": "output_audio",
    "output_cost_per_image_token": "output_image",
    "output_cost_per_reasoning_token": "output_reasoning",
    "citation_cost_per_token": "output_citation",
    "input_cost_per_character": "input_character",
    "input_cost_per_request": "request",
    "ocr_cost_per_page": "document_page",
    "annotation_cost_per_page": "annotated_page",
    "file_search_cost_per_1k_calls": "storage_search",
}
"""Key without mode and context size (a price per token or unit) -> meter."""

PER_THOUSAND = "file_search_cost_per_1k_calls"
MODES = {"batches": "batch", "priority": "priority", "flex": "flex"}
_MODE = re.compile(r"_(batches|priority|flex)$")
_ABOVE = re.compile(r"_above_(\d{1,9})k_tokens$", re.ASCII)
OFF_PEAK = "off_peak_pricing"
_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d) ?- ?([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)
_COST = re.compile(r"(^|_)cost(_|$)")


class Figure(NamedTuple):
    """A rate with its mode, context size and meter."""

    mode: str
    above_tokens: int
    meter: str
    rate: Decimal


def litellm_catalogue(path: Path, provider: str | None = None) -> Catalogue:
    """Return the models in a file, optionally only those of one ``litellm_provider``.

    Raises UsageError for a file that is not such a map.
    """
    data = read_json(path)
    entries = {
        name: about
        for name, about in data.items()
        if name != "sample_spec"
        and isinstance(about, dict)
        and provider in (None, about.get("litellm_provider"))
    }
    if not entries and not any(isinstance(about, Repeated) for about in data.values()):
        whose = "" if provider is None else f' of litellm_provider "{provider}"'
        raise UsageError(f'"{path}" has no models{whose}; expected the price map of LiteLLM')
    models: list[ListedModel] = []
    invalid = [
        name
        for name, about in data.items()
        if not isinstance(about, dict) and (provider is None or isinstance(about, Repeated))
    ]
    skipped = [Skipped(name, _why_invalid(data[name])) for name in invalid]
    for name, about in entries.items():
        figures = list(_figures(about))
        skipped += [Skipped(name, reason, key) for key, reason in _inexpressible(about)]
        skipped += [Skipped(name, reason, meter) for meter, reason in _unpriced(figures)]
        if any(figure.mode == STANDARD and figure.rate and not figure.above_tokens for figure in figures):
            entry = _entry(figures, f"LiteLLM, {name}", _end(about))
            vendor = about.get("litellm_provider")
            models.append(
                ListedModel(
                    name,
                    (
                        of_vendor(
                            _timed(entry, about),
                            vendor if isinstance(vendor, str) and vendor else None,
                            name,
                        ),
                    ),
                    context=whole(about.get("max_input_tokens")),
                )
            )
        else:
            skipped.append(Skipped(name, "it has no price that a meter can express"))
    title = f"LiteLLM ({path.name})" if provider is None else f"{provider} in LiteLLM ({path.name})"
    return catalogue_of(title, f"LiteLLM, {path.name}", models, skipped)


def _why_invalid(about: Any) -> str:
    return REPEATED if isinstance(about, Repeated) else "it is not a JSON object"


def _place(key: str) -> tuple[str, int, str | None]:
    """Return the mode, context size and meter (None if unknown) of a key."""
    mode = _MODE.search(key)
    key = _MODE.sub("", key)
    above = _ABOVE.search(key)
    meter = LITELLM_METERS.get(_ABOVE.sub("", key))
    return (
        MODES[mode.group(1)] if mode else STANDARD,
        int(above.group(1)) * 1_000 if above else 0,
        meter,
    )


def _figures(about: dict[str, Any]) -> Iterator[Figure]:
    included = decimal(about.get("output_cost_per_token"))
    for key, value in about.items():
        mode, above, meter = _place(key)
        price = decimal(value)
        if meter is None or price is None or (price == 0 and meter not in {"input", "output"}):
            continue
        if meter == "output_reasoning" and price == included:
            continue
        rate = price if key.startswith(PER_THOUSAND) else per_rate(price, meter)
        yield Figure(mode, above, meter, rate)
    if _off_peak_hours(about):
        for figure in _figures(_off_peak(about)):
            if figure.mode == STANDARD:
                yield figure._replace(mode="off_peak")


def _off_peak(about: dict[str, Any]) -> dict[str, Any]:
    """Return the off-peak prices of a model, which have no off-peak prices themselves."""
    return {key: value for key, value in about[OFF_PEAK].items() if key != OFF_PEAK}


def _off_peak_hours(about: dict[str, Any]) -> tuple[Hours, ...]:
    """Return the hours of off-peak prices; none if there are none, or if they cannot be read."""
    prices = about.get(OFF_PEAK)
    hours = _HOURS.fullmatch(str(prices.get("hours_utc"))) if isinstance(prices, dict) else None
    if hours is None:
        return ()
    start, end = (int(hours[at]) * 60 + int(hours[at + 1]) for at in (1, 3))
    is_part = end <= MINUTES_PER_DAY and (end - start) % MINUTES_PER_DAY
    return (Hours(start, end, "UTC"),) if is_part else ()


def _inexpressible(about: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in about.items():
        meter = _place(key)[2]
        if meter is None and value and _COST.search(key):
            yield key, "no meter for it"
        elif meter is not None and value is not None and decimal(value) is None:
            yield key, REPEATED if isinstance(value, Repeated) else "its price is not a number"
    prices = about.get(OFF_PEAK)
    if _off_peak_hours(about):
        yield from ((f"{OFF_PEAK}.{key}", reason) for key, reason in _inexpressible(_off_peak(about)))
    elif prices:
        yield OFF_PEAK, 'it has no "hours_utc" such as "16:30-00:30"'


def _end(about: dict[str, Any]) -> date | None:
    """Return the day on which the model is shut down, if a valid one is given."""
    try:
        return date.fromisoformat(str(about.get("deprecation_date")))
    except ValueError:
        return None


def _entry(figures: list[Figure], source: str, until: date | None) -> PriceEntry:
    edges = sorted({figure.above_tokens for figure in figures if figure.above_tokens})
    steps = tuple(ContextStep(edge, _card(figures, edge)) for edge in edges)
    return PriceEntry(_card(figures, 0), steps=steps, source=source, until=until)


def _timed(entry: PriceEntry, about: dict[str, Any]) -> PriceEntry:
    """Return an entry with the hours of its off-peak prices."""
    return (
        replace(entry, hours={"off_peak": _off_peak_hours(about)})
        if "off_peak" in entry.card.modes
        else entry
    )


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
                for figure in sorted(of_mode, key=_size)
                if figure.above_tokens == edge or not METERS[figure.meter].is_token
            }
            cards[mode] = {meter: rates[meter] for meter in METERS if meter in rates}
    return RateCard(cards.pop(STANDARD), cards)


def _unpriced(figures: list[Figure]) -> Iterator[tuple[str, str]]:
    """Yield the token meters, by mode, that have no price above a size though others have."""
    cards = {(figure.mode, figure.above_tokens): None for figure in figures if figure.above_tokens}
    priced = {figure[:3] for figure in figures}
    for mode, edge in sorted(cards, key=lambda card: (card[0] != STANDARD, *card)):
        below = {figure.meter for figure in figures if figure.mode == mode and figure.above_tokens < edge}
        for meter in METERS:
            if meter in below and METERS[meter].is_token and (mode, edge, meter) not in priced:
                part = meter if mode == STANDARD else f"{mode} {meter}"
                yield part, f"no price above {edge:,} tokens in the source; a call of that size has none"


def _size(figure: Figure) -> int:
    return figure.above_tokens
