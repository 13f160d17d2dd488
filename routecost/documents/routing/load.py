"""Load routing tables, taxonomies and evidence from files."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from routecost.documents.core.loader import Loader, names_in
from routecost.documents.routing.evidence import EVIDENCE
from routecost.documents.routing.table import TABLE
from routecost.documents.routing.taxonomy import TAXONOMY
from routecost.model.routing.table import Evidence, RoutingTable, Taxonomy


def load_table(loader: Loader, path: Path) -> RoutingTable | None:
    """Load a routing table, once per path."""
    return loader.once("table", path, partial(_table, loader))


def load_taxonomy(loader: Loader, path: Path) -> Taxonomy | None:
    """Load a taxonomy with the taxonomies that it extends, once per path."""
    return loader.once("taxonomy", path, partial(_taxonomy, loader))


def load_evidence(loader: Loader, path: Path) -> tuple[Evidence, ...] | None:
    """Load an evidence file."""
    document = loader.read(path)
    checked = None if document is None else loader.check(document, EVIDENCE, {})
    return None if checked is None else checked.build()


def _table(loader: Loader, path: Path) -> RoutingTable | None:
    document = loader.read(path)
    checked = None if document is None else loader.check(document, TABLE, {})
    return checked.build(path.stem) if checked else None


def _taxonomy(loader: Loader, path: Path) -> Taxonomy | None:
    document = loader.read(path)
    if document is None:
        return None
    base_path = loader.refer(document, path, ("extends",), "tables")
    base = loader.base("taxonomy", document, base_path, partial(load_taxonomy, loader))
    if base_path is not None and base is None:
        return None
    known: dict[str, Iterable[str]] = {
        "class": [*names_in(document, "classes"), *(base.classes if base else ())],
        "taxonomy tier": _texts(document.get(("tiers",))) or (base.tiers if base else ()),
    }
    checked = loader.check(document, TAXONOMY, known)
    for fault in checked.base_faults(base) if checked and base else ():
        loader.findings.append(document.finding(fault.message, fault.path))
    return checked.build(path.stem, base) if checked else None


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
