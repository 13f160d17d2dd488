"""Loads files as validated documents, each once, and collects the findings of all of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from routecost.documents.core.deferred import CheckedParts
from routecost.documents.core.kinds import FOREIGN, DocumentKind, is_ours, looks_like_ours
from routecost.documents.core.validate import validate
from routecost.errors import DocumentError, UnknownNameError, UsageError
from routecost.problems import Finding, KeyPath, Names, Severity
from routecost.records import dataclass
from routecost.source import Document, read_bytes
from routecost.source.load import EMPTY, file_bytes

if TYPE_CHECKING:
    from routecost.library import Library

T = TypeVar("T")

MOST_EXTENDED = 64
"""The maximum length of a chain of documents that extend one another."""


@dataclass(eq=False, repr=False)
class Loader:
    """Loads documents and collects their findings."""

    library: Library
    findings: list[Finding] = field(default_factory=list)
    _loaded: dict[tuple[str, Path], Any] = field(default_factory=dict)
    _loading: list[tuple[str, Path]] = field(default_factory=list)

    def finish(self, result: T | None) -> T:
        """Return the result; raise DocumentError if it is None or any finding is an error."""
        if result is None or self.failed:
            raise DocumentError(self.findings)
        return result

    @property
    def failed(self) -> bool:
        """True if any finding so far is an error."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    def read(self, path: Path) -> Document | None:
        """Read a file and collect its findings."""
        path = _relative(path)
        data = file_bytes(path)
        if isinstance(data, Finding):
            self.findings.append(data)
            return None
        document, findings = read_bytes(data, str(path))
        foreign = _foreign(document, findings, data)
        self.findings += [foreign] if foreign is not None else findings
        return None if foreign is not None else document

    def read_rows(self, path: Path, columns: Set[str]) -> Document | None:
        """Read a CSV file as :func:`routecost.source.csv_reader.read_rows` does.

        A file without any of the columns is not quoted.
        """
        from routecost.source.csv_reader import HEADER, read_rows

        document, findings = read_rows(_relative(path))
        if document is None or columns.isdisjoint(document.get((HEADER,), ())):  # another file
            findings = [replace(finding, source_line=None) for finding in findings]
        self.findings += findings
        return document

    def read_sheet(self, path: Path, sheet: str | None, columns: Sequence[str]) -> Document | None:
        """Read a sheet of a workbook as :func:`routecost.source.xlsx_reader.read_sheet` does."""
        from routecost.source.xlsx_reader import read_sheet

        document, findings = read_sheet(_relative(path), sheet, columns)
        self.findings += findings
        return document

    def check(
        self,
        document: Document,
        kind: DocumentKind[T],
        known: Mapping[str, Any],
        parts: CheckedParts | None = None,
    ) -> T | None:
        """Validate a document as its kind, as :func:`validate` does, and collect its findings."""
        mistake = kind.mistake(document.data) if isinstance(document.data, dict) else None
        if mistake is not None:
            message, key = mistake
            self.findings.append(document.finding(message, (key,), key=True))
            return None
        result, findings = validate(document, kind.root, known, parts)
        self.findings = list(dict.fromkeys((*self.findings, *findings)))
        checked: T | None = result
        return checked

    def check_invalid(self, document: Document, kind: DocumentKind[T], known: Mapping[str, Any]) -> T | None:
        """Validate an invalid document again with fewer ``known`` names, for findings that the first hid.

        Returns what can be read of it, for further checks; None if its values are not of their types.
        """
        if isinstance(document.data, dict) and kind.mistake(document.data) is not None:
            return None
        result, findings = validate(document, kind.root, known, keep=True)
        self.findings = list(dict.fromkeys((*self.findings, *findings)))
        checked: T | None = result
        return checked

    def refer(self, document: Document, path: Path, field_path: KeyPath, kind: str) -> Path | None:
        """Return the file that a field names; None, with a finding, if there is no such file."""
        name = document.get(field_path)
        if not isinstance(name, str):
            return None
        try:
            file = self.library.find(kind, name, relative_to=path.parent)
        except (UnknownNameError, UsageError) as error:
            self.findings.append(document.finding(str(error), field_path))
            return None
        if not file.exists():
            self.findings.append(document.finding(f'cannot read "{file}": no such file', field_path))
            return None
        return file

    def once(self, kind: str, path: Path, load: Callable[[Path], T]) -> T:
        """Return the result of ``load`` for a file, cached by kind and path."""
        key = (kind, _real(path))
        if key not in self._loaded:
            self._loading.append(key)
            self._loaded[key] = load(path)
            self._loading.pop()
        result: T = self._loaded[key]
        return result

    def base(
        self, kind: str, document: Document, path: Path | None, load: Callable[[Path], T | None]
    ) -> T | None:
        """Load the document that another extends; add a finding if the chain is circular or too long."""
        if path is None:
            return None
        fault = self._circle((kind, _real(path)))
        if fault is not None:
            self.findings.append(document.finding(fault, ("extends",)))
            return None
        return load(path)

    def _circle(self, key: tuple[str, Path]) -> str | None:
        """Return a message if a base document is already being loaded or the chain is too long."""
        if key in self._loading:
            between = [path.name for _, path in self._loading[self._loading.index(key) : -1]]
            return "the document extends itself" + (f", via {', '.join(between)}" if between else "")
        if len(self._loading) >= MOST_EXTENDED:
            return f"too many documents extend one another; the limit is {MOST_EXTENDED}"
        return None


def names_in(document: Document, *path: str) -> Names:
    """Return the keys of a mapping in a document, whether or not its values are valid."""
    mapping = document.get(path)
    return Names(mapping if isinstance(mapping, dict) else ())


def _foreign(document: Document | None, findings: Sequence[Finding], data: bytes) -> Finding | None:
    """Return the only finding about a file that is no document of ours; it quotes nothing of the file."""
    if document is not None and is_ours(document.data) and (document.data or not findings):
        return None
    quoting = [finding for finding in findings if finding.source_line]
    if not (document or quoting) or looks_like_ours(data.decode("utf-8", "replace")):
        return None
    if document is not None:
        return Finding(FOREIGN, document.position(()))
    only = quoting[0]
    return replace(only, source_line=None) if only.message == EMPTY else Finding(FOREIGN, only.position)


def _relative(path: Path) -> Path:
    """Return a path relative to the working directory if it is below it, for shorter positions."""
    try:
        return _real(path).relative_to(_real(Path.cwd()))
    except (ValueError, OSError):
        return path


def _real(path: Path) -> Path:
    """Return the path without symbolic links; unlike ``Path.resolve``, a loop of them is no error."""
    return Path(os.path.realpath(path))
