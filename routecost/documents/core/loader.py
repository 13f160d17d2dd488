"""Files to checked documents: reads each once and gathers what is wrong with all of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from routecost.documents.core.kinds import mistaken, root
from routecost.documents.core.validate import validate
from routecost.errors import DocumentError, UnknownNameError
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.scenario.workload import ONE_TASK_TYPE
from routecost.problems import Finding, KeyPath, Severity
from routecost.source import Document, read_file

if TYPE_CHECKING:
    from routecost.library import Library
    from routecost.model.routing.table import Evidence, RoutingTable, Taxonomy

T = TypeVar("T")

NO_SHEET = PricingSheet("", "", "", {}, {})
"""What a sheet that extends no other stands on."""

MOST_EXTENDED = 64
"""The longest chain of documents that extend one another."""


@dataclass
class Loader:
    """Loads documents and gathers what is wrong with all of them."""

    library: Library
    findings: list[Finding] = field(default_factory=list)
    _made: dict[tuple[str, Path], Any] = field(default_factory=dict)
    _loading: list[tuple[str, Path]] = field(default_factory=list)
    _tiers: dict[Path, list[str]] = field(default_factory=dict)

    def finish(self, made: T | None) -> T:
        """Return what was made; DocumentError if anything that was found is an error."""
        if made is None or self.failed:
            raise DocumentError(self.findings)
        return made

    @property
    def failed(self) -> bool:
        """Whether any finding so far is an error."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    def read(self, path: Path) -> Document | None:
        """Read a file; its findings are kept."""
        document, findings = read_file(_for_people(path))
        self.findings += findings
        return document

    def read_rows(self, path: Path) -> Document | None:
        """Read a CSV file as :func:`routecost.source.csv_reader.read_rows` does; its findings are kept."""
        from routecost.source.csv_reader import read_rows

        document, findings = read_rows(_for_people(path))
        self.findings += findings
        return document

    def check(self, document: Document, kind: str, known: Mapping[str, Iterable[str]]) -> Any:
        """Check a document against its kind; its findings are kept."""
        mistake = mistaken(kind, document.data) if isinstance(document.data, dict) else None
        if mistake is not None:
            message, key = mistake
            self.findings.append(document.finding(message, (key,), key=True))
            return None
        made, findings = validate(document, root(kind), known)
        self.findings = list(dict.fromkeys((*self.findings, *findings)))
        return made

    def refer(self, document: Document, path: Path, field_path: KeyPath, kind: str) -> Path | None:
        """Return the file that a field names; a name that is not known is a finding."""
        name = document.get(field_path)
        if not isinstance(name, str):
            return None
        try:
            found = self.library.find(kind, name, relative_to=path.parent)
        except UnknownNameError as error:
            self.findings.append(document.finding(str(error), field_path))
            return None
        if not found.exists():
            self.findings.append(document.finding(f'cannot read "{found}": no such file', field_path))
            return None
        return found

    def pricing(self, path: Path) -> PricingSheet | None:
        """Load a pricing sheet, once per path."""
        return self._once("pricing", path, self._pricing)

    def table(self, path: Path) -> RoutingTable | None:
        """Load a routing table, once per path."""
        return self._once("table", path, self._table)

    def taxonomy(self, path: Path) -> Taxonomy | None:
        """Load a taxonomy with all that it extends, once per path."""
        return self._once("taxonomy", path, self._taxonomy)

    def evidence(self, path: Path) -> tuple[Evidence, ...] | None:
        """Load an evidence file."""
        document = self.read(path)
        made = None if document is None else self.check(document, "evidence", {})
        return None if made is None else made.build()

    def tiers_of(self, path: Path | None) -> list[str] | None:
        """Return the tiers that a sheet names, faults or not; None if it names none, or was not read.

        Where the sheet itself is to blame, whatever names a tier is not.
        """
        return None if path is None else self._tiers.get(path) or None

    def _once(self, kind: str, path: Path, load: Callable[[Path], T | None]) -> T | None:
        key = (kind, path.resolve())
        if key not in self._made:
            self._loading.append(key)
            self._made[key] = load(path)
            self._loading.pop()
        made: T | None = self._made[key]
        return made

    def _pricing(self, path: Path) -> PricingSheet | None:
        document = self.read(path)
        if document is None:
            return None
        base_path = self.refer(document, path, ("extends",), "pricing")
        base = self._base("pricing", document, base_path, self.pricing)
        if base_path is not None and base is None:
            return None
        self._tiers[path] = [*(base.tiers if base else ()), *names_in(document, "tiers")]
        models = [*(base.models if base else ()), *names_in(document, "models")]
        made = self.check(document, "pricing", {"model": models})
        if not made:
            return None
        for fault in made.base_faults(base) if base else ():
            self.findings.append(document.finding(fault.message, fault.path, key=fault.on_key))
        sheet: PricingSheet = made.build(path.stem, base or NO_SHEET)
        return sheet

    def _table(self, path: Path) -> RoutingTable | None:
        document = self.read(path)
        made = None if document is None else self.check(document, "table", {})
        return made.build(path.stem) if made else None

    def _taxonomy(self, path: Path) -> Taxonomy | None:
        document = self.read(path)
        if document is None:
            return None
        base_path = self.refer(document, path, ("extends",), "tables")
        base = self._base("taxonomy", document, base_path, self.taxonomy)
        if base_path is not None and base is None:
            return None
        known: dict[str, Iterable[str]] = {
            "class": [*names_in(document, "classes"), *(base.classes if base else ())],
            "taxonomy tier": _texts(document.get(("tiers",))) or (base.tiers if base else ()),
        }
        made = self.check(document, "taxonomy", known)
        for fault in made.base_faults(base) if made and base else ():
            self.findings.append(document.finding(fault.message, fault.path))
        return made.build(path.stem, base) if made else None

    def _base(
        self, kind: str, document: Document, path: Path | None, load: Callable[[Path], T | None]
    ) -> T | None:
        """Load the document that another extends, unless that never ends."""
        if path is None:
            return None
        fault = self._circle((kind, path.resolve()))
        if fault is not None:
            self.findings.append(document.finding(fault, ("extends",)))
            return None
        return load(path)

    def _circle(self, key: tuple[str, Path]) -> str | None:
        """Return why what a document extends cannot be loaded: it is being loaded already, or too deep."""
        if key in self._loading:
            between = [path.name for _, path in self._loading[self._loading.index(key) : -1]]
            return "the document extends itself" + (f", by way of {', '.join(between)}" if between else "")
        if len(self._loading) >= MOST_EXTENDED:
            return f"too many documents extend one another; at most {MOST_EXTENDED} are read"
        return None


def names_in(document: Document, *path: str) -> list[str]:
    """Return the keys of a mapping in a document, whether or not its values are sound."""
    found = document.get(path)
    return list(found) if isinstance(found, dict) else []


def task_types_in(document: Document) -> list[str]:
    """Return the names of the task types of a scenario and its launches, sound or not.

    Work that is one line is a task type of a name of its own, or of the launch's.
    """
    names = names_in(document, "workload", "task_types") or [ONE_TASK_TYPE]
    for launch in names_in(document, "plan", "launches"):
        place = ("plan", "launches", launch, "workload")
        if document.get(place) is not None:
            names += names_in(document, *place, "task_types") or [launch]
    return names


def _for_people(path: Path) -> Path:
    """Shorten a path below the working folder, for the positions that people read."""
    try:
        return path.resolve().relative_to(Path(os.getcwd()).resolve())
    except (ValueError, OSError, RuntimeError):  # the last for a loop of symbolic links, before Python 3.13
        return path


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
