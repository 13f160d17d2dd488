"""What a source of prices says: models with their prices, and what of it has no place in a sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from routecost.documents.core.faults import Checked
from routecost.documents.core.validate import validate
from routecost.documents.pricing.rates import EntryDocument
from routecost.documents.pricing.sheet_text import entry_data
from routecost.engine.pricing.tier_models import in_force
from routecost.model.pricing.sheet import PriceEntry
from routecost.source import read_text
from routecost.source.editing.yaml_writer import block_yaml

_ENTRIES = tuple[Annotated[EntryDocument, Checked()], ...]
_SNAPSHOT = re.compile(r"(-latest|[-@]\d{8}|-\d{4}-\d{2}-\d{2})$")


def _says_nothing(_: str) -> bool:
    return True


def _stem(model: str) -> str:
    return _SNAPSHOT.sub("", model.lower())


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that a source has and a sheet cannot say; ``part`` of a model, or all of it."""

    model: str
    reason: str
    part: str | None = None

    def __str__(self) -> str:
        part = "" if self.part is None else f' "{self.part}" of'
        return f'skipped{part} "{self.model}": {self.reason}'


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model of a source; ``comments`` are paragraphs about its prices.

    ``means`` is the source's own say on whether another id is this model, too.
    """

    id: str
    entries: tuple[PriceEntry, ...]
    comments: tuple[str, ...] = ()
    means: Callable[[str], bool] = _says_nothing
    is_deprecated: bool = False

    def on(self, day: date) -> PriceEntry | None:
        """Return the price in force on a day."""
        return in_force(self.entries, day)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that a source says. ``name`` is what people call it, ``source`` goes into the sheet."""

    name: str
    source: str
    models: Mapping[str, ListedModel]
    skipped: tuple[Skipped, ...] = ()
    comments: tuple[str, ...] = ()
    currency: str = "USD"

    def find(self, name: str) -> ListedModel | None:
        """Return a model by its id, or by one that differs in a trailing date or "latest" alone."""
        if name in self.models:
            return self.models[name]
        stem = _stem(name)
        near = [model for model in self.models.values() if _stem(model.id) == stem and model.means(name)]
        return near[0] if len(near) == 1 else None


def catalogue_of(
    name: str,
    source: str,
    models: Sequence[ListedModel],
    skipped: Sequence[Skipped],
    comments: tuple[str, ...] = (),
) -> Catalogue:
    """Return the catalogue of the models whose prices a sheet would accept; the others are skipped."""
    faults = {model.id: _fault(model) for model in models}
    refused = [Skipped(model, fault) for model, fault in faults.items() if fault is not None]
    sound = {model.id: model for model in models if faults[model.id] is None}
    return Catalogue(name, source, sound, (*skipped, *refused), comments)


def _fault(model: ListedModel) -> str | None:
    """Return what the checker of pricing sheets has against the prices of a model."""
    document, findings = read_text(block_yaml([entry_data(entry) for entry in model.entries]), model.id)
    if document is not None:
        _, found = validate(document, _ENTRIES, {})
        findings = [*findings, *found]
    return findings[0].message if findings else None
