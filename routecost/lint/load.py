"""From names to what is linted: the table, its taxonomy and, if wanted, a pricing sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from routecost.documents.loader import Loader
from routecost.library import Library
from routecost.lint.subject import Subject
from routecost.model.pricing import PricingSheet
from routecost.model.routing import Taxonomy
from routecost.problems import Finding
from routecost.source import Document
from routecost.units import exact


@dataclass(frozen=True, slots=True)
class Sources:
    """Names or paths: the table, what it is held against, and where names are looked up.

    Without ``taxonomy`` it is the one that the table names; without ``pricing`` there are no prices.
    """

    table: str
    library: Library
    taxonomy: str | None = None
    pricing: str | None = None


@exact
def load(sources: Sources, day: date) -> tuple[Subject, tuple[Finding, ...]]:
    """Load what is to be linted, and the warnings about the documents.

    Raises DocumentError with the faults of shape and type of all files, UnknownNameError for names
    that are not known, UsageError for files that cannot be read.
    """
    loader = Loader(sources.library)
    path = sources.library.find("tables", sources.table)
    document = loader.read(path)
    made = None if document is None else loader.check(document, "table", {})
    taxonomy = _taxonomy(loader, sources, document, path)
    sheet = _sheet(loader, sources)
    table = loader.finish(None if made is None else made.build(path.stem))
    subject = Subject(loader.finish(document), table, loader.finish(taxonomy), day, sheet)
    return subject, tuple(loader.findings)


def _taxonomy(loader: Loader, sources: Sources, document: Document | None, table: Path) -> Taxonomy | None:
    if sources.taxonomy is not None:
        return loader.taxonomy(sources.library.find("tables", sources.taxonomy))
    found = None if document is None else loader.refer(document, table, ("taxonomy",), "tables")
    return None if found is None else loader.taxonomy(found)


def _sheet(loader: Loader, sources: Sources) -> PricingSheet | None:
    if sources.pricing is None:
        return None
    return loader.pricing(sources.library.find("pricing", sources.pricing))
