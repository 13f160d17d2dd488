"""Report of the providers and models whose prices can be imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from routecost.documents.pricing.sheet_text import rate_text
from routecost.model.report.cells import Cell, Column, Shown, Unit
from routecost.model.report.report import Audience, Note, Report, Table
from routecost.model.results.price_lists import Importable, ModelListing, ProviderSummary

_PROVIDERS = (
    Column("provider", "provider"),
    Column("name", "name"),
    Column("models", "models", Unit.COUNT),
)
_SHOWN = (
    Column("model", "model"),
    Column("name", "name"),
    Column("context", "context", Unit.COUNT),
    Column("above_tokens", "price steps above"),
    Column("input", "input", Unit.NUMBER),
    Column("output", "output", Unit.NUMBER),
    Column("cache_read", "cache_read", Unit.NUMBER),
    Column("cache_write_5m", "cache_write_5m", Unit.NUMBER),
    Column("modes", "modes"),
)
_LEFT_OUT = (Column("model", "model"), Column("part", "part"), Column("reason", "reason"))
_RATES = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")
_NUMERIC = {"context": Unit.COUNT, "start": Unit.DATE, "is_deprecated": Unit.FLAG}


def providers_report(providers: Sequence[ProviderSummary]) -> Report:
    """Return the report of the providers of genai-prices, a row each."""
    rows = [(one.provider, one.name, one.models) for one in providers]
    table = Table("providers", _PROVIDERS, rows)
    hint = Note.of('Name a provider to list its models: "routecost pricing models PROVIDER".')
    return Report("pricing models", "Providers in genai-prices", {}, (table, hint))


def models_report(listing: Importable) -> Report:
    """Return the report of the models of a source, a row each, and of what cannot be imported."""
    keys = [field.name for field in fields(ModelListing) if field.name != "rates"]
    columns = tuple(
        Column({"start": "from"}.get(key, key), key, _NUMERIC.get(key, Unit.TEXT)) for key in keys
    )
    rates = tuple(Column(rate, rate, Unit.MONEY) for rate in _RATES)
    machine = Table(
        "models",
        (*columns, *rates),
        [tuple(_raw(model, key) for key in (*keys, *_RATES)) for model in listing.models],
        audience=Audience.MACHINES,
    )
    people = Table("shown", _SHOWN, [_cells(model) for model in listing.models], audience=Audience.PEOPLE)
    left_out = Table("left_out", _LEFT_OUT, listing.left_out, audience=Audience.MACHINES)
    notes = [Note.of("Rates per 1,000,000 tokens, in USD.")]
    if listing.left_out:
        notes.append(
            Note.of(f"{len(listing.left_out)} models or prices cannot be imported; --format json names them.")
        )
    return Report(
        "pricing models",
        f"{listing.source}: models with prices as of {listing.as_of}",
        {"source": listing.source, "as_of": listing.as_of},
        (machine, people, *notes, left_out),
    )


def _raw(model: ModelListing, key: str) -> Cell:
    if key in _RATES:
        return model.rates.get(key)
    value = getattr(model, key)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value


def _cells(model: ModelListing) -> tuple[Cell, ...]:
    deprecated = " (deprecated)" if model.is_deprecated else ""
    return (
        Shown(model.model, f"{model.model}{deprecated}"),
        model.name,
        model.context,
        ", ".join(f"{step:,}" for step in model.above_tokens),
        *(
            None if (rate := model.rates.get(meter)) is None else Shown(rate, rate_text(rate))
            for meter in _RATES[:-1]
        ),
        ", ".join(model.modes),
    )
