"""Refreshment of a pricing sheet from its sources, in one step and without hand work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from routecost.documents.pricing.load import load_pricing_text
from routecost.errors import UsageError
from routecost.ingest.prices.catalogue import Catalogue
from routecost.ingest.prices.cross_check import genai_matches
from routecost.ingest.prices.import_sheet import ImportOptions, PriceImport, updated_sheet
from routecost.model.pricing.sheet import PricingSheet
from routecost.records import dataclass
from routecost.source import Document

if TYPE_CHECKING:
    from routecost.library import Library


@dataclass(frozen=True, slots=True)
class Refresh:
    """The text of a sheet with the newest prices of its sources (empty if nothing changed), before and after.

    ``imports`` has one import per source, ``unknown`` the models that no source has.
    """

    text: str
    before: PricingSheet
    after: PricingSheet
    imports: tuple[PriceImport, ...]
    unknown: tuple[str, ...]

    @property
    def is_changed(self) -> bool:
        """True if the text differs from that of the file."""
        return bool(self.text)


def refreshed(
    path: Path, loaded: tuple[PricingSheet, Document], library: Library, day: date, source: Catalogue | None
) -> Refresh:
    """Return a sheet with the prices of a source, by default of the installed genai-prices, read on a day.

    New dated prices are added, prices that are confirmed get the day as ``checked``, and a price in force
    that differs is followed by one from that day on, since the source does not say when it changed.
    Raises UsageError and DocumentError as an import does, EnvironmentFailure without genai-prices.
    """
    sheet, document = loaded
    current, known, text = sheet, list(document.get(("models",), {})), ""
    if not known:
        raise UsageError(f'"{path}" has no models of its own; update the sheet that it extends')
    imports: list[PriceImport] = []
    compared: set[str] = set()
    for catalogue, models in _sources(sheet, known, day, source):
        compared |= models
        options = ImportOptions(day, only=frozenset(models), adds_changes=True)
        imported = updated_sheet(catalogue, options, document, current)
        imports.append(imported)
        if imported.changed:
            text = imported.text
            current, document = load_pricing_text(text, path, library)
    unknown = tuple(name for name in known if name not in compared)
    return Refresh(text, sheet, current, tuple(imports), unknown)


def _sources(
    sheet: PricingSheet, known: list[str], day: date, source: Catalogue | None
) -> Iterator[tuple[Catalogue, set[str]]]:
    """Yield each source with the models of the sheet that it has."""
    if source is not None:
        yield source, {name for name in known if source.find(name) is not None}
        return
    matches = genai_matches(sheet, day)
    catalogues = {catalogue.name: catalogue for catalogue, _ in matches.values()}
    for name, catalogue in catalogues.items():
        yield catalogue, {model for model, (own, _) in matches.items() if own.name == name} & {*known}
