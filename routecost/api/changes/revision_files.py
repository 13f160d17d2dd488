"""Copies of the files of a commit that documents need: themselves, and what they refer to."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from routecost.errors import EnvironmentFailure, UsageError
from routecost.file_access import MAX_BYTES, read_within
from routecost.ingest.git_tree import Blob, Repository, is_plain
from routecost.library import looks_like_path
from routecost.records import dataclass
from routecost.source import read_bytes

SUFFIXES = (".yaml", ".yml", ".json")
_CONFIG = "pyproject.toml"
_MOST_LINKS = 8


@dataclass(frozen=True, eq=False)
class Copies:
    """Files of a commit, in a folder in which they are where they are in the repository.

    The folder has the same depth as the repository, so that paths that lead out of it find the files
    there as they are today.
    """

    repository: Repository
    files: Mapping[str, Blob]
    folder: Path

    @property
    def root(self) -> Path:
        """The folder that has the files of the root of the repository."""
        return self.folder / self.repository.root.relative_to(self.repository.root.anchor)

    def add(self, wanted: Iterable[str]) -> None:
        """Copy files, everything in folders, and what they refer to; paths are relative to the root."""
        done: set[str] = set()
        names = {name for path in wanted for name in self._under(path)}
        while names:
            done |= names
            blobs = {name: self._target(name) for name in names}
            contents = self.repository.contents(blob for blob in blobs.values() if blob is not None)
            referred: set[str] = set()
            for name, blob in blobs.items():
                data = self._outside(name) if blob is None else contents.get(blob.hash)
                if data is not None:
                    self._write(name, data)
                    referred |= set(_referred(data, name))
                elif blob is not None:
                    self._write(name, b" " * (MAX_BYTES + 1))  # readers say that it is too large
            names = referred - done

    def _under(self, path: str) -> Iterator[str]:
        """Yield a file, or the documents and the configuration below a folder."""
        if path in self.files:
            yield path
            return
        start = "" if path in ("", ".") else f"{path}/"
        for name in self.files:
            if name.startswith(start) and name.endswith(SUFFIXES):
                yield name

    def _target(self, name: str) -> Blob | None:
        """Return a file of the commit, at the end of its links; None if there is none."""
        blob = self.files.get(name)
        for _ in range(_MOST_LINKS):
            if blob is None or not blob.is_link:
                return blob
            target = os.fsdecode(self.repository.contents([blob])[blob.hash])
            name = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
            blob = self.files.get(name)
        return None

    def _outside(self, name: str) -> bytes | None:
        """Return the contents of a file outside of the repository, as it is today."""
        if not name.startswith("../"):
            return None
        with suppress(UsageError):
            return read_within(self.repository.root / name)
        return None

    def _write(self, name: str, data: bytes) -> None:
        """Write a copy; one of a file outside of the repository stays in the temporary folder."""
        real = Path(os.path.normpath(self.repository.root / name))
        path = self.folder / real.relative_to(real.anchor)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


@contextmanager
def copied(repository: Repository, commit: str, wanted: Sequence[str]) -> Iterator[Copies]:
    """Copy files of a commit as :class:`Copies` describes, for as long as the context lasts."""
    files = repository.files(commit)
    with TemporaryDirectory(prefix="routecost-", ignore_cleanup_errors=True) as folder:
        copies = Copies(repository, files, Path(os.path.realpath(folder)))
        try:
            copies.root.mkdir(parents=True)
            configs = [name for name in files if posixpath.basename(name) == _CONFIG]
            copies.add([*wanted, *configs])
        except OSError as error:
            raise EnvironmentFailure(f"cannot copy files of a revision: {error}") from error
        yield copies


def _referred(data: bytes, name: str) -> Iterator[str]:
    """Yield the paths that a document may refer to, relative to the root of the repository."""
    if not name.endswith(SUFFIXES):
        return
    document, _ = read_bytes(data, name)
    for text in () if document is None else texts_in(document.data):
        path = text.replace("\\", "/")
        if (
            looks_like_path(text)
            and path.endswith(SUFFIXES)
            and not path.startswith("/")
            and "\0" not in text
        ):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
            if target.startswith("../") or is_plain(target):
                yield target


def texts_in(data: Any) -> Iterator[str]:
    """Yield the texts of a document, also those that anchors repeat: each node once."""
    waiting, seen = [data], set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict | list) and id(node) not in seen:
            seen.add(id(node))
            waiting.extend(node.values() if isinstance(node, dict) else node)
