"""Text of a new pricing sheet from a catalogue."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from routecost.documents.pricing.sheet_text import entries_data, rate_text
from routecost.ingest.prices.catalogue import Catalogue, ListedModel
from routecost.ingest.prices.selection import Chosen
from routecost.ingest.prices.sources.vendors import cache_sources
from routecost.source.editing import scalar_yaml, text_yaml
from routecost.source.editing.yaml_writer import block_yaml, flow_yaml

WIDTH = 96


def sheet_text(catalogue: Catalogue, chosen: Chosen, tiers: Mapping[str, str], checked: date) -> str:
    """Return the text of a sheet with the chosen models."""
    return "\n".join(_sheet_lines(catalogue, chosen, tiers, checked)) + "\n"


def model_text(model: ListedModel, checked: date) -> str:
    """Return the YAML of a model's entries, after its comments."""
    entries = entries_data(replace(entry, checked=checked) for entry in model.entries)
    return "".join(f"{line}\n" for line in comment_lines(model.comments)) + block_yaml(entries)


def header_lines(catalogue: Catalogue, chosen: Chosen) -> Iterator[str]:
    """Yield the comments about a source of which models are chosen."""
    caches = cache_sources(entry for model in chosen.values() for entry in model.entries)
    yield from comment_lines((f"Prices from {catalogue.source}.", *catalogue.comments, *caches))


def comment_lines(paragraphs: Iterable[str]) -> Iterator[str]:
    """Yield paragraphs as lines of YAML comments."""
    for paragraph in paragraphs:
        words = " ".join(paragraph.split())
        lines = textwrap.wrap(words, WIDTH, break_long_words=False, break_on_hyphens=False)
        yield from (f"# {line}" for line in lines)


def _sheet_lines(
    catalogue: Catalogue, chosen: Chosen, tiers: Mapping[str, str], checked: date
) -> Iterator[str]:
    yield from header_lines(catalogue, chosen)
    yield "version: 1"
    yield f"currency: {catalogue.currency}"
    yield f"source: {scalar_yaml(catalogue.source)}"
    yield f"tiers: {flow_yaml(dict(tiers))}"
    yield "models:"
    for name, model in chosen.items():
        yield f"  {text_yaml(name)}:"
        yield from textwrap.indent(model_text(model, checked), "    ").splitlines()
    limits = list(limits_of(chosen, catalogue.source))
    if limits:
        yield "rate_limits:"
        yield from (f"  - {flow_yaml(limit)}" for limit in limits)


def limits_of(chosen: Chosen, source: str) -> Iterator[dict[str, Any]]:
    """Yield the rate limits of models as data of a sheet."""
    for name, model in chosen.items():
        if model.limits:
            numbers = {unit: rate_text(number) for unit, number in model.limits.items()}
            yield {"models": [name], **numbers, "source": source}
