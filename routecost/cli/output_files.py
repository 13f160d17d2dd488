"""Claims of the files that a command will write, before it computes anything."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from routecost.errors import UsageError
from routecost.file_access import current_guard

_ANY_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def claim(path: Path | None, option: str, *, force: bool, updates: bool = False) -> None:
    """Claim the file that an option names; None is ignored. With ``updates``, it is also an input.

    Raises UsageError if the file cannot be written, is read, is written by another option, or is read-only;
    ``force`` permits the last. An ordinary file may be replaced, because the user named it. Raises
    EnvironmentFailure if its folder is read-only.
    """
    if path is None:
        return
    _refuse_impossible(path)
    current_guard().output(path, option, updates=updates)
    if not force and _is_read_only(path):
        raise UsageError(f'{option} would replace "{path}", which is read-only; use --force to replace it')


def claim_unnamed(path: Path, option: str, *, force: bool) -> None:
    """Claim a file whose name was derived from that of ``option``; without ``force`` it must be new.

    Raises UsageError as :func:`claim` does.
    """
    claim(path, option, force=force)
    if not force and os.path.lexists(path) and not os.path.isdir(path):
        raise UsageError(f'{option} would also replace "{path}", which exists; use --force to replace it')


def refuse_outputs(*sources: Path | None) -> None:
    """Raise UsageError if any of these input files will be written or updated."""
    for source in sources:
        if source is not None:
            current_guard().source(source)


def _refuse_impossible(path: Path) -> None:
    """Raise an error as the writing would, for a folder, and for a file whose folder cannot hold it."""
    from routecost.cli.atomic_write import explained

    with explained(path):
        if path.is_dir():
            raise _failure(errno.EISDIR)
        if path.exists() and not path.is_file():
            return
        folder = os.path.dirname(os.path.realpath(path))
        if not stat.S_ISDIR(os.stat(folder).st_mode):
            raise _failure(errno.ENOTDIR)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise _failure(errno.EACCES)


def _failure(number: int) -> OSError:
    return OSError(number, os.strerror(number))


def _is_read_only(path: Path) -> bool:
    """Return whether an ordinary file denies writing; the superuser could write it regardless."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(mode) and not (mode & _ANY_WRITE and os.access(path, os.W_OK))
