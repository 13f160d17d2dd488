"""Prices from a saved response of OpenRouter's API to ``GET /models``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from routecost.errors import UsageError
from routecost.ingest.prices.catalogue import NO_PRICE, Catalogue, ListedModel, Skipped, catalogue_of
from routecost.ingest.prices.sources.decisions import Decision, Loss, Priced, has_number, is_zero, unknown
from routecost.ingest.prices.sources.json_file import REPEATED, Repeated, decimal, read_json, whole
from routecost.ingest.prices.sources.openrouter_overrides import CONDITIONS, conditional_entry
from routecost.ingest.prices.sources.vendors import of_vendor
from routecost.units import exact

OVERRIDES = "overrides"
KEYS: dict[str, Decision] = {
    "prompt": Priced("input"),
    "completion": Priced("output"),
    "input_cache_read": Priced("cache_read"),
    "input_cache_write": Priced("cache_write_5m"),
    "input_cache_write_1h": Priced("cache_write_1h"),
    "request": Priced("request"),
    "web_search": Priced("web_search"),
    "audio": Priced("input_audio"),
    "audio_output": Priced("output_audio"),
    "input_audio_cache": Priced("cache_read_audio"),
    "image_token": Priced("input_image"),
    "image_output": Priced("output_image"),
    "internal_reasoning": Priced("output_reasoning"),
    "image": "no meter for images",
    "discount": "a share that is taken off; state it as a discount of a sheet that extends this one",
}
"""Key of a model's ``pricing`` -> a price of one token or unit, or why it is not imported."""

_PRICE_LIKE = re.compile("pric|cost|fee|discount")
AT_ZERO = "it is listed at 0, which means free or without a price"


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
    return catalogue_of(name, f"OpenRouter, {path.name}", models, list(dict.fromkeys(skipped)))


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


@exact
def _listed(model: Mapping[str, Any]) -> list[ListedModel | Skipped]:
    """Return a model, if it has a price, and what is lost of it."""
    name, pricing = str(model.get("id", "?")), model.get("pricing")
    if not isinstance(pricing, dict):
        return [Skipped(name, NO_PRICE, is_lost=False)]
    others = (key for key in model if key != "pricing" and _PRICE_LIKE.search(key))
    losses = [Loss(key, unknown(key)) for key in others if has_number(model[key])]
    losses += _losses(pricing)
    rates = dict(_rates(pricing, pricing))
    if not rates.get("input") and not rates.get("output"):
        return [*(Skipped(name, loss.reason, loss.part) for loss in losses), Skipped(name, AT_ZERO)]
    entry, lost = conditional_entry(
        rates, [*_overrides(pricing, losses)], lambda override: dict(_rates(override, pricing))
    )
    losses += [Loss(f"{OVERRIDES}[{at}]", reason) for at, reason in lost]
    title = model.get("name")
    entry = of_vendor(replace(entry, source=f"OpenRouter, {name}"), name.split("/", maxsplit=1)[0], name)
    listed = ListedModel(
        name,
        (entry,),
        name=title if isinstance(title, str) else None,
        context=whole(model.get("context_length")),
    )
    return [listed, *(Skipped(name, loss.reason, loss.part) for loss in losses)]


def _overrides(pricing: Mapping[str, Any], losses: list[Loss]) -> Iterator[Mapping[str, Any]]:
    """Yield the conditional prices of a model; adds what is lost of them to ``losses``."""
    overrides = pricing.get(OVERRIDES)
    if overrides is not None and not isinstance(overrides, list):
        losses.append(Loss(OVERRIDES, REPEATED if isinstance(overrides, Repeated) else "it is not a list"))
        return
    for at, override in enumerate(overrides or ()):
        if not isinstance(override, dict):
            losses.append(Loss(f"{OVERRIDES}[{at}]", "it is not a JSON object"))
            yield {}
        elif strange := [key for key in override if key not in CONDITIONS and key not in KEYS]:
            losses.append(
                Loss(f"{OVERRIDES}[{at}]", f'an unknown key "{strange[0]}", which may be a condition')
            )
            yield {}
        else:
            lost = _losses({key: value for key, value in override.items() if key not in CONDITIONS})
            losses += [Loss(f"{OVERRIDES}[{at}].{loss.part}", loss.reason) for loss in lost]
            yield override


def _losses(prices: Mapping[str, Any]) -> list[Loss]:
    """Return why keys of prices are not imported."""
    losses = []
    for key, value in prices.items():
        decision = KEYS.get(key)
        if key == OVERRIDES or value is None:
            continue
        if isinstance(value, Repeated):
            losses.append(Loss(key, REPEATED))
        elif isinstance(decision, Priced):
            if decimal(value) is None:
                losses.append(Loss(key, "its price is not a number"))
        elif has_number(value) or (decision is not None and not is_zero(value)):
            losses.append(Loss(key, decision or unknown(key)))
    return losses


def _rates(prices: Mapping[str, Any], base: Mapping[str, Any]) -> Iterator[tuple[str, Decimal]]:
    """Yield rates of prices, which may override those of ``base``.

    An optional price of 0 means not offered or included, and so does reasoning at the price of output.
    """
    for key, decision in KEYS.items():
        price = decimal(prices.get(key))
        if not isinstance(decision, Priced) or price is None:
            continue
        output = decimal(prices.get("completion", base.get("completion")))
        is_included = key == "internal_reasoning" and price == output
        if not is_included and (price or key in {"prompt", "completion"}):
            yield decision.meter, decision.rate(price)
