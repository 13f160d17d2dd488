"""Documents below a folder that depend on others, directly or through others."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from routecost.api.changes.revision_files import SUFFIXES, texts_in
from routecost.errors import UsageError
from routecost.library import looks_like_path
from routecost.records import dataclass
from routecost.source import read_file


@dataclass(frozen=True, slots=True)
class _Document:
    path: str
    keys: frozenset[str]
    refers_to: frozenset[str]


def dependents(changed: Sequence[str], key: str, folder: Path) -> list[str]:
    """Return the documents below a folder that have a key and depend on changed files, directly or not.

    Documents name others by path, or by the name of a file without its suffix, as in a library.
    """
    documents = list(_documents(folder))
    reached = {name for path in changed for name in _names(path)}
    dependent: dict[str, _Document] = {}
    while True:
        new = [
            one for one in documents if one.path not in dependent and not reached.isdisjoint(one.refers_to)
        ]
        if not new:
            return sorted(one.path for one in dependent.values() if key in one.keys)
        dependent |= {one.path: one for one in new}
        reached |= {name for one in new for name in _names(one.path)}


def all_of(key: str, folder: Path) -> list[str]:
    """Return the documents below a folder that have a key, such as ``routes``."""
    return sorted(one.path for one in _documents(folder) if key in one.keys)


def documents_below(folder: Path) -> Iterator[str]:
    """Yield the files below a folder that may be documents, relative to it, without hidden folders."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "node_modules")
        for name in sorted(names):
            if name.endswith(SUFFIXES):
                yield os.path.relpath(os.path.join(place, name), folder).replace(os.sep, "/")


def _documents(folder: Path) -> Iterator[_Document]:
    for name in documents_below(folder):
        path = folder / name
        data: Any = None
        try:
            document, _ = read_file(path) if path.is_file() else (None, [])
            data = None if document is None else document.data
        except UsageError:
            continue
        if isinstance(data, dict):
            keys = frozenset(key for key in data if isinstance(key, str))
            texts = frozenset(_referred(text, path) for text in texts_in(data) if len(text) < 1_000)
            yield _Document(str(path), keys, texts)


def _referred(text: str, path: Path) -> str:
    """Return what a text of a document refers to, if it refers to anything: a file, or a name."""
    return os.path.realpath(path.parent / text) if looks_like_path(text) and "\0" not in text else text


def _names(path: str) -> tuple[str, str]:
    return os.path.realpath(path), Path(path).stem
