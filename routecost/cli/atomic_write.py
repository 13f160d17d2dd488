"""Files, written whole or not at all: one, or several that belong together."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from routecost.errors import EnvironmentFailure


@dataclass(frozen=True, slots=True)
class Writing:
    """What becomes of a file: ``write`` is given a sink of text, or of bytes if it is ``binary``."""

    path: Path
    write: Callable[[Any], object]
    binary: bool = False


def write_whole(path: Path, write: Callable[[Any], object], *, binary: bool = False) -> None:
    """Write a file by way of a temporary one beside it, so that nobody sees half of it.

    A link stays one: its target is written. Raises EnvironmentFailure where that cannot be done.
    """
    write_together([Writing(path, write, binary)])


def write_together(writings: Sequence[Writing]) -> None:
    """Write files that belong together: all of them, or, if one fails, none.

    They are put in place in the order given, so that each may speak of those before it. Otherwise
    as :func:`write_whole`.
    """
    with ExitStack() as stack:
        placings = [
            (each.path, stack.enter_context(_staged(each, each is writings[-1]))) for each in writings
        ]
        with ExitStack() as undoing:
            for path, place in placings:
                with _explained(path):
                    undoing.callback(place())
            undoing.pop_all()  # all are in place: there is nothing to undo


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EnvironmentFailure(f'cannot write "{path}": {reason(error)}') from error


@contextmanager
def _staged(writing: Writing, is_last: bool) -> Iterator[Callable[[], Callable[[], None]]]:
    """Write a file beside its place; give what puts it there and returns what undoes that.

    With ``is_last`` nothing can fail after it, so that nothing need be kept for undoing it.
    """
    path = writing.path
    if path.exists() and not path.is_file():
        # A device or a pipe must be written, never replaced; a folder refuses to be opened.
        yield lambda: _write_through(writing)
        return
    target = Path(os.path.realpath(path))
    with ExitStack() as stack:
        with _explained(path):
            temporary = stack.enter_context(_beside(target))
            with _opened(temporary, writing.binary) as sink:
                writing.write(sink)
            os.chmod(temporary, _mode(target))
        yield lambda: _replace(temporary, target, None if is_last else stack)


def _write_through(writing: Writing) -> Callable[[], None]:
    with _opened(writing.path, writing.binary) as sink:
        writing.write(sink)
    return lambda: None


def _replace(temporary: Path, target: Path, keeping: ExitStack | None) -> Callable[[], None]:
    """Put a file in place; return what brings back what was there, kept for as long as ``keeping``."""
    if keeping is None or not target.exists():
        os.replace(temporary, target)
        return lambda: target.unlink(missing_ok=True)
    old = keeping.enter_context(_beside(target))
    shutil.copy2(target, old)
    os.replace(temporary, target)
    return lambda: os.replace(old, target)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Give an empty file in the same folder, which is removed unless it was moved."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".routecost-")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)


def _opened(file: Path, binary: bool) -> IO[Any]:
    return open(file, "wb") if binary else open(file, "w", encoding="utf-8", newline="")


def _mode(path: Path) -> int:
    """Return the mode that the file has, or that a new file would get."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def reason(error: OSError) -> str:
    """Return why a file could not be written, in lower case."""
    return (error.strerror or str(error)).lower()
