"""Look-up of files by name: built-in and user-supplied sheets, tables, scenarios and plans."""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path

from routecost.errors import UnknownNameError, UsageError
from routecost.problems import did_you_mean
from routecost.records import dataclass

KINDS = {
    "pricing": "pricing sheet",
    "scenarios": "scenario",
    "tables": "table",
    "plans": "plan",
    "policies": "policy",
    "mappings": "mapping",
}
"""Folder of a library -> the term for its documents in messages."""

SUFFIXES = (".yaml", ".yml")

FILE_SUFFIXES = (*SUFFIXES, ".json", ".markdown", ".md", ".text", ".txt")
"""Suffixes of files that are given as documents: an argument that ends in one and exists is a file."""

PathLike = str | os.PathLike[str]


class NameClashWarning(UserWarning):
    """A name of the library was used although a file of that name exists."""


_report: ContextVar[Callable[[str], None] | None] = ContextVar("report", default=None)


@contextmanager
def reporting_clashes(report: Callable[[str], None]) -> Iterator[None]:
    """Give each message about a name clash within the context to ``report``, once."""
    said: set[str] = set()

    def once(message: str) -> None:
        if message not in said:
            said.add(message)
            report(message)

    before = _report.set(once)
    try:
        yield
    finally:
        _report.reset(before)


def built_in_root() -> Path:
    """Return the folder of the built-in files: inside the installed package, else in the checkout."""
    package = Path(__file__).resolve().parent
    data = package / "_data"
    return data if data.is_dir() else package.parent


def portable(file: str) -> str:
    """Return a file name for output; that of a built-in file does not depend on the installation."""
    path, root = Path(os.path.realpath(file)), built_in_root().resolve()
    is_built_in = any(path.is_relative_to(root / kind) for kind in KINDS)
    return path.relative_to(root).as_posix() if is_built_in else file


@dataclass(frozen=True, slots=True)
class Library:
    """The folders in which names are looked up: ``folder`` (if any), then the built-ins."""

    folder: Path | None = None

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folders to search, in order."""
        return (built_in_root(),) if self.folder is None else (self.folder, built_in_root())

    def find(self, kind: str, name: str, relative_to: Path | None = None) -> Path:
        """Return the file of an argument, which is a path if it looks like one, else a name.

        ``kind`` is a key of ``KINDS``. A relative path is relative to ``relative_to``, the
        folder of the document that contains it. A file that has the name, or the name with a suffix, is
        never used in its place; a clash is a warning. Raises UnknownNameError for an unknown name; does
        not check that a path exists.
        """
        folder = relative_to or Path()
        if looks_like_path(name, folder):
            return folder / name
        for path in self._files(kind):
            if path.stem == name:
                _warn_of_clash(KINDS[kind], name, path, folder)
                return path
        if _exists(folder / name):
            hint = f'; for the file of this name, write "./{name}"'
        elif name.lower().endswith(FILE_SUFFIXES):
            hint = ", and no such file"
        else:
            hint = did_you_mean(name, self.names(kind))
        raise UnknownNameError(f'no {KINDS[kind]} named "{name}"{hint}')

    def names(self, kind: str) -> list[str]:
        """Return the available names of a kind, sorted."""
        return sorted({path.stem for path in self._files(kind)})

    def _files(self, kind: str) -> Iterator[Path]:
        for root in self.roots:
            folder = root / kind
            if os.path.isdir(folder):
                yield from sorted(path for path in _entries(folder) if path.suffix in SUFFIXES)


def _entries(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if not _is_pipe(path)]
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f'cannot read the folder "{folder}": {reason}') from error


def _is_pipe(path: Path) -> bool:
    """Return whether a read of a file would wait for another program."""
    with suppress(OSError):
        return stat.S_ISFIFO(os.stat(path).st_mode)
    return False


def looks_like_path(argument: str, folder: Path | None = None) -> bool:
    """Return whether an argument is a path rather than a name.

    It is one if it has a separator or the suffix of a YAML file, or if it has the suffix of another document
    and is a file in ``folder``, by default the working directory.
    """
    if "/" in argument or "\\" in argument or argument.endswith(SUFFIXES):
        return True
    return argument.lower().endswith(FILE_SUFFIXES) and _exists((folder or Path()) / argument)


def _exists(path: Path) -> bool:
    with suppress(ValueError):
        return os.path.isfile(path)
    return False


def _warn_of_clash(kind: str, name: str, used: Path, folder: Path) -> None:
    """Warn if a file in a folder has the name, or the name with the suffix of a document."""
    files = [folder / f"{name}{suffix}" for suffix in ("", *SUFFIXES)]
    others = [file for file in files if _exists(file) and os.path.realpath(file) != os.path.realpath(used)]
    if not others:
        return
    origin = "built-in" if used.is_relative_to(built_in_root()) else "library's"
    shown = str(others[0]) if others[0].is_absolute() else f"./{others[0].as_posix()}"
    message = (
        f'"{name}" is the {origin} {kind}, not the file "{shown}"; for the file, write "./{others[0].name}"'
    )
    report = _report.get()
    if report is None:
        warnings.warn(message, NameClashWarning, stacklevel=3)
    else:
        report(message)


def path_from(folder: PathLike, file: PathLike) -> str:
    """Return the path of a file as a document in ``folder`` must write it: relative, if it can be."""
    try:
        # Both resolved: the system follows links before it goes up to a parent folder.
        relative = os.path.relpath(os.path.realpath(file), os.path.realpath(folder))
    except ValueError:  # on another drive
        return os.path.realpath(file)
    written = Path(relative).as_posix()
    return written if "/" in written or written.endswith(SUFFIXES) else f"./{written}"


def argument(value: PathLike) -> str:
    """Return the text to look up. A Path is always a path; a str may be a name."""
    return value if isinstance(value, str) else os.path.join(os.curdir, os.fspath(value))


def open_library(folder: PathLike | None) -> Library:
    """Return the library in a folder, else in ``ROUTECOST_LIBRARY``. Raises UsageError."""
    root = folder or os.environ.get("ROUTECOST_LIBRARY")
    if root and not os.path.isdir(root):
        raise UsageError(f'the library "{os.fspath(root)}" is not a folder')
    return Library(Path(root) if root else None)
