"""Files to checked documents: reads each once and gathers what is wrong with all of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from routecost.documents.core.deferred import CheckedParts
from routecost.documents.core.kinds import DocumentKind
from routecost.documents.core.validate import validate
from routecost.errors import DocumentError, UnknownNameError
from routecost.problems import Finding, KeyPath, Severity
from routecost.source import Document, read_file

if TYPE_CHECKING:
    from routecost.library import Library

T = TypeVar("T")

MOST_EXTENDED = 64
"""The longest chain of documents that extend one another."""


@dataclass(eq=False, repr=False)
class Loader:
    """Loads documents and gathers what is wrong with all of them."""

    library: Library
    findings: list[Finding] = field(default_factory=list)
    _made: dict[tuple[str, Path], Any] = field(default_factory=dict)
    _loading: list[tuple[str, Path]] = field(default_factory=list)

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

    def check(
        self,
        document: Document,
        kind: DocumentKind[T],
        known: Mapping[str, Any],
        parts: CheckedParts | None = None,
    ) -> T | None:
        """Check a document against its kind, as :func:`validate` does; its findings are kept."""
        mistake = kind.mistake(document.data) if isinstance(document.data, dict) else None
        if mistake is not None:
            message, key = mistake
            self.findings.append(document.finding(message, (key,), key=True))
            return None
        made, findings = validate(document, kind.root, known, parts)
        self.findings = list(dict.fromkeys((*self.findings, *findings)))
        checked: T | None = made
        return checked

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

    def once(self, kind: str, path: Path, load: Callable[[Path], T]) -> T:
        """Return what ``load`` makes of a file, once per kind and path."""
        key = (kind, path.resolve())
        if key not in self._made:
            self._loading.append(key)
            self._made[key] = load(path)
            self._loading.pop()
        made: T = self._made[key]
        return made

    def base(
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


def _for_people(path: Path) -> Path:
    """Shorten a path below the working folder, for the positions that people read."""
    try:
        return path.resolve().relative_to(Path(os.getcwd()).resolve())
    except (ValueError, OSError, RuntimeError):  # the last for a loop of symbolic links, before Python 3.13
        return path
