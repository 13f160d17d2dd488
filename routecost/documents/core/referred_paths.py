"""Paths to other files in a document, rewritten for a copy of it in another folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from routecost.library import PathLike, looks_like_path, path_from
from routecost.problems import KeyPath

if TYPE_CHECKING:
    from routecost.source import Document

_REFERRING = ("policy", "pricing", "table")
"""Last keys of the fields that name another file; claims change them as ``strategies.routed.table``."""


def moved_paths(document: Document, folder: Path, target: PathLike) -> dict[KeyPath, str]:
    """Return the relative paths of a document in ``folder`` as a copy in ``target`` must write them."""
    if os.path.realpath(folder) == os.path.realpath(target):
        return {}
    return {
        path: path_from(target, folder / name) for path, name in _relative_paths(document.data, (), folder)
    }


def _relative_paths(data: Any, path: KeyPath, folder: Path) -> Iterator[tuple[KeyPath, str]]:
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in children:
        is_file = isinstance(key, str) and key.rpartition(".")[2] in _REFERRING
        if is_file and isinstance(value, str) and looks_like_path(value, folder) and not os.path.isabs(value):
            yield (*path, key), value
        yield from _relative_paths(value, (*path, key), folder)
