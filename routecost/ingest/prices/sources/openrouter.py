"""Prices from a saved response of OpenRouter's API to ``GET /models``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from routecost.errors import UsageError
from routecost.ingest.prices.catalogue import Catalogue, ListedModel, Skipped, catalogue_of
from routecost.ingest.prices.sources.json_file import REPEATED, Repeated, decimal, per_rate, read_json, whole
from routecost.ingest.prices.sources.vendors import of_vendor
from routecost.model.pricing.sheet import PriceEntry, RateCard

OPENROUTER_METERS = {
    "prompt": "input",
    "completion": "output",
    "input_cache_read": "cache_read",
    "input_cache_write": "cache_write_5m",
    "request": "request",
    "web_search": "web_search",
    "audio": "input_audio",
    "audio_output": "output_audio",
    "input_audio_cache": "cache_read_audio",
    "image_token": "input_image",
    "image_output": "output_image",
    "internal_reasoning": "output_reasoning",
}
"""Key of a model's ``pricing`` (a price per token or unit) -> meter."""


def openrouter_catalogue(path: Path, provider: str | None = None) -> Catalogue:
    """Return the models in a file, optionally only those whose id begins with ``provider/``.

    Raises UsageError for a file that is not such a list.
    """
    data = read_json(path).get("data")
    if not isinstance(data, list):
        raise UsageError(f'"{path}" has no list "data"; expected the response of OpenRouter to GET /models')
    models: list[ListedModel] = []
    skipped: list[Skipped] = []
    repeated = _repeated(data)
    for entry in data:
        results: Iterable[ListedModel | Skipped]
        if not isinstance(entry, dict):
            results = [Skipped("?", "it is not a JSON object")]
        elif str(entry.get("id")) in repeated:
            results = [Skipped(str(entry["id"]), REPEATED)]
        else:
            results = _listed(entry)
        for result in results:
            is_model = isinstance(result, ListedModel)
            name = result.id if isinstance(result, ListedModel) else result.model
            if provider is None or name.startswith(f"{provider}/"):
                (models if is_model else skipped).append(result)  # type: ignore[arg-type]
    name = f"OpenRouter ({path.name})" if provider is None else f"{provider} on OpenRouter ({path.name})"
    return catalogue_of(name, f"OpenRouter, {path.name}", models, skipped)


def _repeated(entries: list[Any]) -> set[str]:
    """Return the ids that are listed more than once, with different prices."""
    prices: dict[str, Any] = {}
    repeated = set()
    for entry in entries:
        if isinstance(entry, dict):
            name = str(entry.get("id"))
            if prices.setdefault(name, entry.get("pricing")) != entry.get("pricing"):
                repeated.add(name)
    return repeated


def _listed(model: dict[str, Any]) -> Iterator[ListedModel | Skipped]:
    name, pricing = str(model.get("id", "?")), model.get("pricing")
    if not isinstance(pricing, dict):
        yield Skipped(name, "it has no price")
        return
    prices = {key: decimal(value) for key, value in pricing.items()}
    for key, price in prices.items():
        if price is None and pricing[key] is not None:
            reason = REPEATED if isinstance(pricing[key], Repeated) else "its price is not a number"
            yield Skipped(name, reason, key)
        elif price and key not in OPENROUTER_METERS:
            yield Skipped(name, "no meter for it", key)
    if not prices.get("prompt") and not prices.get("completion"):
        yield Skipped(name, "it is listed at 0, which means free or without a price")
    else:
        entry = PriceEntry(RateCard(dict(_rates(prices))), source=f"OpenRouter, {name}")
        title = model.get("name")
        yield ListedModel(
            name,
            (of_vendor(entry, name.split("/", maxsplit=1)[0], name),),
            name=title if isinstance(title, str) else None,
            context=whole(model.get("context_length")),
        )


def _rates(prices: dict[str, Decimal | None]) -> Iterator[tuple[str, Decimal]]:
    """Yield rates; an optional price of 0 means not available or included, and is skipped."""
    for key, meter in OPENROUTER_METERS.items():
        price = prices.get(key)
        is_included = key == "internal_reasoning" and price == prices.get("completion")
        if price is not None and not is_included and (price or key in {"prompt", "completion"}):
            yield meter, per_rate(price, meter)
