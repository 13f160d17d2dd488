"""Selection of models from a catalogue, by name or pattern, and of the models of tiers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase

from routecost.errors import UnknownNameError, UsageError
from routecost.ingest.prices.catalogue import Catalogue, ListedModel
from routecost.problems import did_you_mean

_MOST_SHOWN = 3

Chosen = Mapping[str, ListedModel]
"""Name in the sheet -> model of the source."""


def choose(catalogue: Catalogue, patterns: Sequence[str], day: date | None) -> Chosen:
    """Return the models that names and patterns (``*``, ``?``) select; all if empty.

    With a day, only models with a price on that day, and only that price. Raises
    UnknownNameError for a name or pattern without a model.
    """
    models = {name: model for pattern in patterns or ("*",) for name, model in _matching(catalogue, pattern)}
    return models if day is None else dict(_in_force(models, day))


def models_in(catalogue: Catalogue, names: Collection[str], day: date | None) -> Chosen:
    """Return the models of a sheet that are also in the catalogue."""
    models = {name: model for name in names if (model := catalogue.find(name)) is not None}
    return models if day is None else dict(_in_force(models, day))


def read_tiers(text: str) -> dict[str, str]:
    """Read ``haiku=claude-haiku-5-5,sonnet=...``, low to high. Raises UsageError."""
    pairs = [part.partition("=") for part in text.split(",")]
    tiers = {tier.strip(): model.strip() for tier, _, model in pairs}
    if len(tiers) < len(pairs) or not all(tier and model for tier, model in tiers.items()):
        raise UsageError(f'"{text}" is not a list of tiers; expected TIER=MODEL,TIER=MODEL, low to high')
    return tiers


def check_tiers(tiers: Mapping[str, str], models: Collection[str]) -> None:
    """Raise UnknownNameError for a tier whose model is not imported."""
    for tier, model in tiers.items():
        if model not in models:
            raise UnknownNameError(
                f'the model "{model}" of tier "{tier}" is not imported{did_you_mean(model, models)}'
            )


def _matching(catalogue: Catalogue, pattern: str) -> Iterator[tuple[str, ListedModel]]:
    matches = {name: model for name, model in catalogue.models.items() if fnmatchcase(name, pattern)}
    if not matches and (model := catalogue.find(pattern)) is not None:
        matches = {pattern: model}
    if not matches:
        raise UnknownNameError(_unknown(catalogue, pattern))
    yield from matches.items()


def _unknown(catalogue: Catalogue, pattern: str) -> str:
    for skipped in catalogue.skipped:
        if skipped.model == pattern and skipped.part is None:
            return f'the model "{pattern}" cannot be imported: {skipped.reason}'
    if pattern == "*":
        reasons = "".join(f"; {skipped}" for skipped in catalogue.skipped[:_MOST_SHOWN])
        return f"{catalogue.name} has no model that can be imported{reasons}"
    return f'no model "{pattern}" in {catalogue.name}{did_you_mean(pattern, catalogue.models)}'


def _in_force(models: Chosen, day: date) -> Iterator[tuple[str, ListedModel]]:
    for name, model in models.items():
        if (entry := model.on(day)) is not None:
            yield name, replace(model, entries=(entry,))
