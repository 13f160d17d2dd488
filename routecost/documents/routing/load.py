"""Load routing tables, taxonomies and evidence from files."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from routecost.documents.core.loader import Loader, names_in
from routecost.documents.routing.table import TABLE, TableDocument
from routecost.documents.routing.taxonomy import TAXONOMY
from routecost.model.routing.table import RoutingTable, Taxonomy
from routecost.problems import Finding
from routecost.records import dataclass
from routecost.source import Document


@dataclass(frozen=True, eq=False, repr=False)
class TableFile:
    """A routing table file; ``checked`` is None if it is invalid. ``findings`` are those of the file."""

    path: Path
    document: Document | None
    checked: TableDocument | None
    findings: tuple[Finding, ...]

    @property
    def table(self) -> RoutingTable | None:
        """The table, if it is valid."""
        return None if self.checked is None else self.checked.build(self.path.stem)


def open_table(loader: Loader, path: Path) -> TableFile:
    """Load a routing table file, once per path."""
    return loader.once("table", path, partial(_table_file, loader))


def load_table(loader: Loader, path: Path) -> RoutingTable | None:
    """Load a routing table, once per path."""
    return open_table(loader, path).table


def load_taxonomy(loader: Loader, path: Path) -> Taxonomy | None:
    """Load a taxonomy with the taxonomies that it extends, once per path."""
    return loader.once("taxonomy", path, partial(_taxonomy, loader))


def _table_file(loader: Loader, path: Path) -> TableFile:
    own = Loader(loader.library)
    document = own.read(path)
    checked = None if document is None else own.check(document, TABLE, {})
    loader.findings = list(dict.fromkeys((*loader.findings, *own.findings)))
    return TableFile(path, document, checked, tuple(own.findings))


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
