"""Temporary files beside outputs. A later run removes those of a run that was killed."""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

try:
    fcntl: Any = import_module("fcntl")
except ImportError:  # Windows: leftovers stay
    fcntl = None

_NAME = re.compile(r"\.routecost-[0-9a-f]{16}\.partial")
_ATTEMPTS = 100


@contextmanager
def temporary_beside(target: Path) -> Iterator[Path]:
    """Yield an empty file in the same folder; remove it unless it was moved.

    The file is locked while its run lives, so other runs see that it has an owner.
    """
    remove_leftovers(target.parent)
    for _ in range(_ATTEMPTS):
        path = target.parent / f".routecost-{secrets.token_hex(8)}.partial"
        handle = -1
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
            if _lock(handle, path):
                yield path
                return
        finally:
            with suppress(FileNotFoundError):
                os.unlink(path)
            if handle >= 0 and fcntl is not None:
                os.close(handle)
    raise FileExistsError(f"no temporary file can be kept in {target.parent}")


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files of runs that no longer exist."""
    if fcntl is None:
        return
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                _remove_unowned(entry.path)


def _lock(handle: int, path: Path) -> bool:
    """Lock a new file; return False if another run took it for a leftover before."""
    if fcntl is None:
        os.close(handle)  # Windows cannot move an open file
        return True
    with suppress(OSError):  # a file system without locks: no run can lock, so none removes
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except FileNotFoundError:
        return False


def _remove_unowned(path: str) -> None:
    with suppress(OSError):
        handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises if its run lives
            if stat.S_ISREG(os.fstat(handle).st_mode):
                os.unlink(path)
        finally:
            os.close(handle)
