"""Atomic writes of one file or of a group of files."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from routecost.cli.safe_stream import SafeStream, raw_stream, standard_stream, use_utf8
from routecost.cli.temporary_files import temporary_beside
from routecost.errors import EnvironmentFailure, UsageError
from routecost.records import dataclass

_IMPOSSIBLE_NAME = {errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL, errno.EILSEQ}
_WRONG_FOLDER = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR}
"""Errors of a path whose folder does not exist or is a file, and of a path that is a folder."""


@dataclass(frozen=True, slots=True)
class Writing:
    """A pending write to ``path``; ``write`` receives a text or binary file object.

    ``has_commands`` says that text for a terminal or a CI runner may have commands to it.
    """

    path: Path
    write: Callable[[Any], object]
    binary: bool = False
    has_commands: bool = False


def write_whole(path: Path, write: Callable[[Any], object], *, binary: bool = False) -> None:
    """Write a file through a temporary file in the same folder, so that it is never incomplete.

    A symbolic link is kept and its target is written. Raises EnvironmentFailure on failure.
    """
    write_together([Writing(path, write, binary)])


def write_together(writings: Sequence[Writing]) -> None:
    """Write a group of files: all of them, or none if one fails.

    Files are put in place in the given order, so that each may refer to those before it. See
    :func:`write_whole` for links and errors.
    """
    with ExitStack() as stack:
        placings = [
            (writing.path, stack.enter_context(_staged(writing, writing is writings[-1])))
            for writing in writings
        ]
        with ExitStack() as undoing:
            for path, place in placings:
                with explained(path):
                    undoing.callback(place())
            undoing.pop_all()  # all files are in place


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raise UsageError for a name that no file can have, and EnvironmentFailure for other failures."""
    try:
        yield
    except OSError as error:
        is_path = error.errno in _IMPOSSIBLE_NAME or (
            error.errno in _WRONG_FOLDER and (path.is_dir() or not path.parent.is_dir())
        )
        kind = UsageError if is_path else EnvironmentFailure
        raise kind(f'cannot write "{path}": {reason(error)}') from error
    except ValueError as error:  # a null byte in the name
        if "null byte" not in str(error):
            raise
        raise UsageError(f'cannot write "{path}": {error}') from error


@contextmanager
def _staged(writing: Writing, is_last: bool) -> Iterator[Callable[[], Callable[[], None]]]:
    """Write a temporary file; yield a function that puts it in place and returns its undo function.

    With ``is_last`` no later step can fail, so the old file is not kept.
    """
    path = writing.path
    with explained(path):
        is_other = is_stream(path)
    if is_other:
        # Write to a device or a pipe, never replace it; opening a folder fails.
        yield lambda: _write_through(writing)
        return
    target = Path(os.path.realpath(path))
    with ExitStack() as stack:
        with explained(path):
            temporary = stack.enter_context(temporary_beside(target))
            with _opened(temporary, writing.binary) as sink:
                writing.write(sink)
            os.chmod(temporary, _mode(target))
        yield lambda: _replace(temporary, target, None if is_last else stack)


def is_stream(path: Path) -> bool:
    """Return whether a path leads to a standard stream, a device, a pipe or a folder.

    Raises OSError for a path that no file can have, such as a loop of links.
    """
    return standard_stream(path) is not None or (os.path.exists(path) and not os.path.isfile(path))


def _write_through(writing: Writing) -> Callable[[], None]:
    with ExitStack() as stack:
        stream: Any = standard_stream(writing.path)
        if stream is None:
            stream = stack.enter_context(_opened(writing.path, writing.binary))
            if not writing.binary and stream.isatty():
                stream = SafeStream(stream)
        elif writing.binary:
            stream = raw_stream(stream).buffer
        else:
            use_utf8(stream)
        writing.write(raw_stream(stream) if writing.has_commands else stream)
        stream.flush()
    return lambda: None


def _replace(temporary: Path, target: Path, keeping: ExitStack | None) -> Callable[[], None]:
    """Put a file in place; return a function that restores the old file, kept by ``keeping``."""
    if keeping is None or not target.exists():
        os.replace(temporary, target)
        return lambda: target.unlink(missing_ok=True)
    old = keeping.enter_context(temporary_beside(target))
    shutil.copy2(target, old)
    os.replace(temporary, target)
    return lambda: os.replace(old, target)


def _opened(file: Path, binary: bool) -> IO[Any]:
    return (
        open(file, "wb")
        if binary
        else open(file, "w", encoding="utf-8", errors="surrogateescape", newline="")
    )


def _mode(path: Path) -> int:
    """Return the mode of the file, or the default mode of a new file."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def reason(error: OSError) -> str:
    """Return the cause of an OSError, in lower case."""
    return (error.strerror or str(error)).lower()
