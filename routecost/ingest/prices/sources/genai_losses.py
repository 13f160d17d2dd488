"""What a sheet cannot express of the prices of a model in genai-prices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from routecost.ingest.prices.sources.decisions import UNKNOWN, Loss, unknown
from routecost.ingest.prices.sources.genai_cards import GENAI_KEYS, GENAI_METERS, known

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo

FIELDS = {
    "ModelInfo": {
        *("id", "match", "name", "description", "context_window", "price_comments", "deprecated"),
        *("prices", "price_variants"),
    },
    "ConditionalPrice": {"constraint", "prices"},
    "PriceVariant": {"when", "prices", "constraint"},
    "StartDateConstraint": {"start_date"},
    "TimeOfDateConstraint": {"start_time", "end_time"},
    "TieredPrices": {"base", "tiers"},
    "Tier": {"start", "price"},
}
"""Type of genai-prices -> the fields that an import reads, or that hold no price."""

DEFAULT = ("service_tier", "default")
"""The request option that is the standard one."""

_DAYS = re.compile(r"day-of-week|weekend|weekday|(mon|tues|wednes|thurs|fri|satur|sun)days?\b", re.IGNORECASE)


def unknown_fields(part: Any) -> list[str]:
    """Return the stated fields of a part of a price that an import does not read."""
    read = FIELDS.get(type(part).__name__, set())
    return [] if part is None else [name for name, value in vars(part).items() if value and name not in read]


def losses(info: ModelInfo) -> Iterator[Loss]:
    """Yield the parts of a model's prices that a sheet cannot express, with the reason."""
    conditional = info.prices if isinstance(info.prices, list) else []
    variants = info.price_variants or []
    plain = [] if isinstance(info.prices, list) else [info.prices]
    stated = [*plain, *(listed.prices for listed in conditional), *(listed.prices for listed in variants)]
    for key in sorted({key for prices in stated for key, value in vars(prices).items() if value is not None}):
        if key not in GENAI_METERS:
            decision = GENAI_KEYS.get(key)
            yield Loss(key, decision if isinstance(decision, str) else unknown(key))
    tiered = [value for prices in stated for value in vars(prices).values() if hasattr(value, "tiers")]
    parts = [info, *conditional, *variants, *tiered, *(tier for value in tiered for tier in value.tiers)]
    for name in dict.fromkeys(name for part in parts for name in unknown_fields(part)):
        yield Loss(name, UNKNOWN)
    yield from _conditions(info, conditional)
    for variant in variants:
        if fault := variant_fault(variant):
            yield Loss(" and ".join(f"{key}={value}" for key, value in variant.when.items()), fault)
        elif DEFAULT in variant.when.items() and not (known(variant.prices).items() <= _base(info).items()):
            yield Loss("service_tier=default", "it differs from the price without this option, which is used")


def _conditions(info: ModelInfo, conditional: list[Any]) -> Iterator[Loss]:
    """Yield the conditions of prices that hours of the day do not express."""
    for at, listed in enumerate(conditional):
        if strange := unknown_fields(listed.constraint):
            yield Loss(f"prices[{at}]", f'its condition "{strange[0]}" is unknown')
    timed = [hasattr(listed.constraint, "start_time") for listed in conditional]
    if timed and timed[0]:
        yield Loss("prices[0]", "its hours are stated without a price for the rest of the day")
    if any(timed) and _DAYS.search(info.price_comments or ""):
        reason = (
            "the comment on its prices says that they depend on the day of the week, which genai-prices does "
            "not state as data; the hours are those of every day"
        )
        yield Loss("days of the week", reason)


def _base(info: ModelInfo) -> dict[str, Any]:
    """Return the prices of a model without request options, if it has only one."""
    return {} if isinstance(info.prices, list) else dict(known(info.prices))


def variant_fault(variant: Any) -> str | None:
    """Return why the prices of a request option cannot be imported, if they cannot."""
    if len(variant.when) > 1:
        return "prices for combined request options are not supported"
    if strange := unknown_fields(variant.constraint):
        return f'its condition "{strange[0]}" is unknown'
    if variant.constraint is not None and not hasattr(variant.constraint, "start_date"):
        return "the price of a request option depends on the time of day"
    return None
