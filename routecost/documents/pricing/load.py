"""Loads pricing sheets from files, with the sheets that they extend."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from routecost.documents.core.loader import Loader, names_in
from routecost.documents.pricing.sheet import PRICING, ExtendingSheetDocument
from routecost.model.pricing.sheet import PricingSheet
from routecost.source import read_text
from routecost.units import exact

if TYPE_CHECKING:
    from routecost.library import Library
    from routecost.source import Document

NO_SHEET = PricingSheet("", "", "", {}, {})
"""The base of a sheet that extends no other."""


class LoadedSheet(NamedTuple):
    """A sheet (None if it is invalid) and the tiers that it names.

    The tiers are known even for an invalid sheet, so that it causes no "unknown tier" errors elsewhere.
    """

    sheet: PricingSheet | None = None
    tiers: tuple[str, ...] = ()


@exact
def load_pricing(argument: str, library: Library) -> PricingSheet:
    """Load a pricing sheet by name or path. Raises DocumentError with every finding."""
    loader = Loader(library)
    sheet = load_sheet(loader, library.find("pricing", argument)).sheet
    return loader.finish(sheet)


@exact
def load_pricing_document(argument: str, library: Library) -> tuple[PricingSheet, Document]:
    """Load a pricing sheet with its document. Raises DocumentError."""
    loader = Loader(library)
    path = library.find("pricing", argument)
    document = loader.read(path)
    if document is None:
        return loader.finish(None)
    loaded = loader.once("pricing", path, lambda path: _sheet_of(loader, path, document))
    return loader.finish(loaded.sheet), document


@exact
def load_pricing_text(text: str, path: Path, library: Library) -> tuple[PricingSheet, Document]:
    """Load the text of a pricing sheet as that of a file. Raises DocumentError."""
    loader = Loader(library)
    document, findings = read_text(text, str(path))
    loader.findings += findings
    if document is None:
        return loader.finish(None)
    return loader.finish(_sheet_of(loader, path, document).sheet), document


def load_sheet(loader: Loader, path: Path) -> LoadedSheet:
    """Load a pricing sheet, once per path."""
    return loader.once("pricing", path, partial(_sheet, loader))


def _sheet(loader: Loader, path: Path) -> LoadedSheet:
    document = loader.read(path)
    return LoadedSheet() if document is None else _sheet_of(loader, path, document)


def _sheet_of(loader: Loader, path: Path, document: Document) -> LoadedSheet:
    base_path = loader.refer(document, path, ("extends",), "pricing")
    base_loaded = loader.base("pricing", document, base_path, partial(load_sheet, loader))
    base = None if base_loaded is None else base_loaded.sheet
    if base_path is not None and base is None:
        return LoadedSheet()
    tiers = (*(base.tiers if base else ()), *names_in(document, "tiers"))
    models = [*(base.models if base else ()), *names_in(document, "models")]
    providers = [*(base.providers if base else ()), *_providers_in(document)]
    parsed = loader.check(document, PRICING, {"model": models, "provider": providers, "tier": tiers})
    if parsed is None:
        return LoadedSheet(None, tiers)
    if base is not None and isinstance(parsed, ExtendingSheetDocument):
        for fault in parsed.base_faults(base):
            loader.findings.append(document.finding(fault.message, fault.path, key=fault.on_key))
    return LoadedSheet(parsed.build(path.stem, base or NO_SHEET, document), tiers)


def _providers_in(document: Document) -> list[str]:
    """Return the providers that a document states, whether or not its entries are valid."""
    entries = [
        entry
        for name in names_in(document, "models")
        if isinstance(dated := document.get(("models", name)), list)
        for entry in dated
    ]
    stated = [entry.get("provider") for entry in entries if isinstance(entry, dict)]
    return [provider for provider in stated if isinstance(provider, str)]
