"""Bounded reading of files, and the guard that keeps outputs from replacing what is read.

Every file that routecost reads is read here.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import field
from pathlib import Path
from typing import BinaryIO, TypeAlias

from routecost.errors import UsageError
from routecost.records import dataclass

MAX_BYTES = 10_000_000
"""The maximum size of a file, unless its reader has another limit."""

_BUFFER = 1 << 18
"""The bytes that are read at once: lines of a few kilobytes are read in half the time of small buffers."""

Identity: TypeAlias = tuple[object, ...]
"""A key that is equal for all names of one file."""


@dataclass(eq=False, repr=False)
class FileGuard:
    """The files that one run reads and writes, and warnings about them.

    A file is the same under all of its names: relative and absolute paths, symbolic and hard links, and
    names that differ in case.
    """

    _reads: dict[Identity, str] = field(default_factory=dict)
    _outputs: dict[Identity, str] = field(default_factory=dict)
    _updated: set[Identity] = field(default_factory=set)
    warnings: dict[str, None] = field(default_factory=dict)

    def warn(self, text: str) -> None:
        """Add a warning about a file, once."""
        self.warnings[text] = None

    def output(self, path: Path, option: str, *, updates: bool = False) -> None:
        """Register a file that will be written; with ``updates``, it is read first.

        ``option`` names the output in messages. Raises UsageError if the file is an input or another
        output.
        """
        for identity in _identities(path):
            if identity in self._outputs:
                other = self._outputs[identity]
                raise UsageError(f'{option} and {other} would both write "{path}"')
            if identity in self._reads and not updates:
                raise UsageError(f'{option} would replace "{path}", which is an input')
        for identity in _identities(path):
            self._outputs[identity] = option
            if updates:
                self._updated.add(identity)

    def source(self, path: Path) -> None:
        """Refuse a file that is to be read if it will be written, even one that is updated."""
        for identity in _identities(path):
            if identity in self._outputs:
                raise UsageError(f'{self._outputs[identity]} would replace "{path}", which is an input')

    def read(self, path: Path, status: os.stat_result) -> None:
        """Register an open file. Raises UsageError if it will be written."""
        identity = _inode(status)
        if identity is None:
            return
        if identity in self._outputs and identity not in self._updated:
            raise UsageError(f'{self._outputs[identity]} would replace "{path}", which is an input')
        self._reads[identity] = str(path)


_guard: ContextVar[FileGuard | None] = ContextVar("guard", default=None)


@contextmanager
def guarding() -> Iterator[FileGuard]:
    """Guard the files that are read and written within the context."""
    guard = FileGuard()
    before = _guard.set(guard)
    try:
        yield guard
    finally:
        _guard.reset(before)


def current_guard() -> FileGuard:
    """Return the guard of this run; one that knows no files if there is none."""
    return _guard.get() or FileGuard()


_confined: tuple[str, ...] | None = None
"""The real paths of the only folders whose files may be read; None if all may be."""


@contextmanager
def confined_to(folders: Iterable[Path]) -> Iterator[None]:
    """Within the context, read ordinary files in these folders only, and none that is hidden.

    It holds for the whole process, whatever its threads do. Links are followed inside the folders; a path
    that leaves them, also by a link that is made during the run, is a UsageError that is the same whether
    or not a file is there.
    """
    global _confined  # noqa: PLW0603  a context variable would not reach other threads
    before, _confined = _confined, tuple(os.path.realpath(folder) for folder in folders)
    try:
        yield
    finally:
        _confined = before


def refuse_outside(path: Path) -> None:
    """Raise UsageError for a path that must not be read; see :func:`confined_to`."""
    if _confined is not None:
        _place(path, _confined)


def may_read(path: Path) -> bool:
    """Return whether a path is one that may be read; see :func:`confined_to`."""
    try:
        refuse_outside(path)
    except UsageError:
        return False
    return True


def _place(path: Path, folders: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the folder that a path is in, and the parts of its real path below it."""
    try:
        real = Path(os.path.realpath(path))
    except (OSError, ValueError) as error:
        raise UsageError(f'cannot read "{path}": {error}') from error
    for folder in folders:
        if real.is_relative_to(folder):
            parts = real.relative_to(folder).parts
            if any(part.startswith(".") for part in parts):
                raise UsageError(f'cannot read "{path}": hidden files and folders are not served')
            return folder, parts
    raise UsageError(f'cannot read "{path}": it is outside the folders that are served')


def _open(name: str, flags: int) -> int:
    """Open a file as ``os.open`` does; a confined one folder by folder, so that no new link is followed."""
    if _confined is None:
        return os.open(name, flags)
    folder, parts = _place(Path(name), _confined)
    flags |= getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    if os.open not in os.supports_dir_fd:  # Windows
        return _ordinary(os.open(os.path.join(folder, *parts), flags), name)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    for at, part in enumerate(parts, 1):
        kind = flags if at == len(parts) else os.O_RDONLY | os.O_DIRECTORY
        parent = descriptor
        try:
            descriptor = os.open(part, kind | os.O_NOFOLLOW, dir_fd=parent)
        finally:
            os.close(parent)
    return _ordinary(descriptor, name)


def _ordinary(descriptor: int, name: str) -> int:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UsageError(f'cannot read "{name}": it is no ordinary file')
    return descriptor


def read_within(path: Path, max_bytes: int = MAX_BYTES) -> bytes | None:
    """Return the contents of a file; None if it is larger than the limit.

    At most one byte more than the limit is read, also from devices and pipes. A file whose size is
    known to be larger is not opened. Raises UsageError if the file cannot be read.
    """
    try:
        refuse_outside(path)
        if os.stat(path).st_size > max_bytes:
            return None
        with open(path, "rb", opener=_open) as stream:
            current_guard().read(path, os.fstat(stream.fileno()))
            data = stream.read(max_bytes + 1)
    except OSError as error:
        raise UsageError(f'cannot read "{path}": {(error.strerror or str(error)).lower()}') from error
    except ValueError as error:
        raise UsageError(f'cannot read "{path}": {error}') from error
    return data if len(data) <= max_bytes else None


@contextmanager
def reading(path: Path) -> Iterator[BinaryIO]:
    """Open a file of any size to read it in parts. Raises UsageError if it cannot be read."""
    try:
        stream = open(path, "rb", buffering=_BUFFER, opener=_open)  # noqa: SIM115
    except OSError as error:
        raise UsageError(f'cannot read "{path}": {(error.strerror or str(error)).lower()}') from error
    except ValueError as error:
        raise UsageError(f'cannot read "{path}": {error}') from error
    with stream:
        current_guard().read(path, os.fstat(stream.fileno()))
        yield stream


def read_utf8(path: Path, max_bytes: int = MAX_BYTES) -> str:
    """Return the text of a file in UTF-8, without a byte order mark; line breaks become line feeds.

    Raises UsageError if the file cannot be read, is too large or is not in UTF-8.
    """
    return utf8_text(read_within(path, max_bytes), path, max_bytes)


def utf8_text(data: bytes | None, name: Path | str, max_bytes: int = MAX_BYTES) -> str:
    """Return the text of bytes as :func:`read_utf8` does; None is more than the limit."""
    if data is None:
        raise UsageError(f'cannot read "{name}": the file is too large; the limit is {max_bytes:,} bytes')
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f'cannot read "{name}": it is not UTF-8 text') from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _identities(path: Path) -> list[Identity]:
    """Return the keys of a file that exists or will be written; none for a folder, pipe or device."""
    status: os.stat_result | None = None
    with suppress(OSError, ValueError):
        status = os.stat(path)
    inode = None if status is None else _inode(status)
    if status is not None and inode is None:
        return []
    named = _named(path)
    return [named] if inode is None else [inode, named]


def _inode(status: os.stat_result) -> Identity | None:
    return ("inode", status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None


def _named(path: Path) -> Identity:
    """Return the key of a name in its folder, regardless of case and of the form of its accents."""
    folder, name = os.path.split(os.path.realpath(path))
    place: Identity = (folder,)
    with suppress(OSError, ValueError):
        status = os.stat(folder)
        place = (status.st_dev, status.st_ino)
    return ("name", *place, unicodedata.normalize("NFC", name).casefold())
