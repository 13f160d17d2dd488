"""Catalogue of a price source: models with prices, and entries that a sheet cannot express."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated

from routecost.documents.core.faults import Checked
from routecost.documents.core.scalars import Name
from routecost.documents.core.validate import validate
from routecost.documents.pricing.rates import EntryDocument
from routecost.documents.pricing.sheet_text import entries_data
from routecost.engine.pricing.rate_changes import gaps
from routecost.engine.pricing.tier_models import in_force
from routecost.model.pricing.sheet import STANDARD, PriceEntry
from routecost.records import dataclass
from routecost.source import read_text
from routecost.source.editing.yaml_writer import block_yaml

_MODEL = dict[Name, tuple[Annotated[EntryDocument, Checked()], ...]]
_SNAPSHOT = re.compile(r"(-latest|[-@]\d{8}|-\d{4}-\d{2}-\d{2})$")


NO_PRICE = "it has no price"


def _any_name(_: str) -> bool:
    return True


def stem(model: str) -> str:
    """Return an id in lower case, without the date or "latest" at its end."""
    return _SNAPSHOT.sub("", model.lower())


@dataclass(frozen=True, slots=True)
class Skipped:
    """A model (or a ``part`` of its prices) of a source that a pricing sheet has not.

    ``is_lost`` is False if there is no price, or if the sheet has those of the model from elsewhere.
    ``is_unstated`` is True for a rate that the source states for other calls only: it has none to lose.
    """

    model: str
    reason: str
    part: str | None = None
    is_lost: bool = True
    is_unstated: bool = False

    def __str__(self) -> str:
        part = "" if self.part is None else f' "{self.part}" of'
        return f'skipped{part} "{self.model}": {self.reason}'


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model in a source; ``comments`` are paragraphs about its prices.

    ``matches`` returns whether another id refers to this model, according to the source; ``context`` is
    the size of its context in tokens, ``limits`` has its rate limits by key of a sheet.
    """

    id: str
    entries: tuple[PriceEntry, ...]
    comments: tuple[str, ...] = ()
    matches: Callable[[str], bool] = _any_name
    is_deprecated: bool = False
    name: str | None = None
    context: int | None = None
    limits: Mapping[str, Decimal] = field(default_factory=dict)

    def on(self, day: date) -> PriceEntry | None:
        """Return the price in force on a day."""
        return in_force(self.entries, day)


@dataclass(frozen=True)
class Catalogue:
    """The contents of a source. ``name`` is for messages, ``source`` for the sheet."""

    name: str
    source: str
    models: Mapping[str, ListedModel]
    skipped: tuple[Skipped, ...] = ()
    comments: tuple[str, ...] = ()
    currency: str = "USD"

    @cached_property
    def _by_stem(self) -> dict[str, list[ListedModel]]:
        models: dict[str, list[ListedModel]] = {}
        for model in self.models.values():
            models.setdefault(stem(model.id), []).append(model)
        return models

    def find(self, name: str) -> ListedModel | None:
        """Return a model by its id, or by an id that differs only in a trailing date or "latest"."""
        if name in self.models:
            return self.models[name]
        matches = [model for model in self._by_stem.get(stem(name), ()) if model.matches(name)]
        return matches[0] if len(matches) == 1 else None


def catalogue_of(
    name: str,
    source: str,
    models: Sequence[ListedModel],
    skipped: Sequence[Skipped],
    comments: tuple[str, ...] = (),
) -> Catalogue:
    """Return the catalogue of the models with valid names and prices; the others are skipped.

    Rates that a source gives for some calls of a model only are named, too.
    """
    faults = {model.id: _fault(model) for model in models}
    invalid = [Skipped(model, fault) for model, fault in faults.items() if fault is not None]
    valid = {model.id: model for model in models if faults[model.id] is None}
    lacking = [skipped for model in valid.values() for skipped in _lacking(model)]
    return Catalogue(name, source, valid, (*skipped, *invalid, *lacking), comments)


def _fault(model: ListedModel) -> str | None:
    """Return the first error of a model as one of a pricing sheet, if any."""
    document, findings = read_text(block_yaml({model.id: entries_data(model.entries)}), model.id)
    if document is not None:
        _, invalid = validate(document, _MODEL, {})
        findings = [*findings, *invalid]
    return findings[0].message if findings else None


def _lacking(model: ListedModel) -> Iterator[Skipped]:
    """Yield the rates that some calls have none of: above a step, in a mode, or from a day on."""
    for before, entry in zip((None, *model.entries), model.entries, strict=False):
        for gap in dict.fromkeys(gaps(entry, before)):
            part = gap.meter if gap.mode == STANDARD else f"{gap.mode} {gap.meter}"
            if gap.above_tokens:
                where = f"above {gap.above_tokens:,} tokens in the source; a call of that size has none"
            elif before is not None and gap.meter in (before.card.rates(gap.mode) or ()):
                where = f"from {entry.start} on in the source; later calls have none"
            else:
                where = "in this mode in the source; such a call has none"
            yield Skipped(model.id, f"no price {where}", part, is_lost=False, is_unstated=True)
