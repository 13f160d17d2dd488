"""Look-up of files by name: built-in and user-supplied sheets, tables, scenarios and plans."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from routecost.errors import UnknownNameError, UsageError
from routecost.file_access import current_guard, refuse_outside
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

PathLike = str | os.PathLike[str]


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
        """Return the file of an argument: a path, a name of the library, or a file with a suffix.

        ``kind`` is a key of ``KINDS``. A relative path is relative to ``relative_to``, the
        folder of the document that contains it. Raises UnknownNameError for an unknown name; does
        not check that a path exists. For an argument of a command, a file with the same name is a warning.
        """
        file = Path(name) if relative_to is None else relative_to / name
        if _is_path(name):
            refuse_outside(file)
            return file
        for path in self._files(kind):
            if path.stem == name:
                if relative_to is None:
                    _warn_of_namesakes(KINDS[kind], path, file)
                return path
        if _has_suffix(name) and os.path.isfile(file):
            return file
        hint = _for_the_file(file) or did_you_mean(name, self.names(kind))
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
    """Return whether an argument is a path rather than a name: also a file with a suffix that exists.

    The file is one in ``folder``, by default the working directory.
    """
    return _is_path(argument) or (_has_suffix(argument) and os.path.isfile((folder or Path()) / argument))


def _is_path(argument: str) -> bool:
    return "/" in argument or "\\" in argument or argument.endswith(SUFFIXES)


def _has_suffix(argument: str) -> bool:
    """Return whether an argument ends as the name of a file does: in .txt, but not in .5."""
    return os.path.splitext(argument)[1][1:2].isalpha()


def _namesakes(file: Path) -> list[Path]:
    """Return the files that a bare word may mean to a reader, with or without the suffix of a document."""
    names = [f"{file.name}{suffix}" for suffix in ("", *SUFFIXES)] if file.name else []
    return [path for name in names if os.path.isfile(path := file.with_name(name))]


def _warn_of_namesakes(term: str, known: Path, file: Path) -> None:
    for other in _namesakes(file):
        with suppress(OSError):
            if not os.path.samefile(known, other):
                current_guard().warn(
                    f'"{file.name}" is the {term} of the library, not the file "{other}"{_for_the_file(file)}'
                )
                return


def _for_the_file(file: Path) -> str:
    """Return how to write a file that has the name of an argument; nothing if there is none."""
    return next((f'; for the file, write "./{path.name}"' for path in _namesakes(file)), "")


def path_from(folder: PathLike, file: PathLike) -> str:
    """Return the path of a file as a document in ``folder`` must write it: relative, if it can be."""
    try:
        # Both resolved: the system follows links before it goes up to a parent folder.
        relative = os.path.relpath(os.path.realpath(file), os.path.realpath(folder))
    except ValueError:  # on another drive
        return os.path.realpath(file)
    written = Path(relative).as_posix()
    return written if _is_path(written) else f"./{written}"


def argument(value: PathLike) -> str:
    """Return the text to look up. A Path is always a path; a str may be a name."""
    return value if isinstance(value, str) else os.path.join(os.curdir, os.fspath(value))


def open_library(folder: PathLike | None) -> Library:
    """Return the library in a folder, else in ``ROUTECOST_LIBRARY``. Raises UsageError."""
    root = folder or os.environ.get("ROUTECOST_LIBRARY")
    if root and not os.path.isdir(root):
        raise UsageError(f'the library "{os.fspath(root)}" is not a folder')
    return Library(Path(root) if root else None)
