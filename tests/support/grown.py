"""Documents in which one list or mapping is made longer, for every list and mapping of a kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from tests.hostile.mutate import keys_of, trees

Place = tuple[Any, ...]
_DAY = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")


@cache
def places(kind: str) -> dict[str, tuple[Any, Place]]:
    """Return the smallest document and the place in it for every list and mapping of names of a kind."""
    found: dict[str, tuple[Any, Place]] = {}
    for tree in sorted(trees(kind), key=lambda tree: len(str(tree))):
        for path, node in _containers(tree):
            names = [step if step in keys_of(kind) else "*" for step in path]
            is_mapping = isinstance(node, dict) and not set(node) <= set(keys_of(kind))
            if node and (isinstance(node, list) or is_mapping):
                found.setdefault(".".join(names), (tree, path))
    return found


def _containers(node: Any, path: Place = ()) -> Iterator[tuple[Place, Any]]:
    if isinstance(node, dict | list):
        yield path, node
        steps = node.items() if isinstance(node, dict) else enumerate(node)
        for step, child in steps:
            yield from _containers(child, (*path, step))


def grown(tree: Any, path: Place, count: int, *, everywhere: bool) -> Any:
    """Return a document in which the container at a place has ``count`` more items.

    The items of a list differ in their days and numbers, those of a mapping in their names: with
    ``everywhere``, a name that is new in one mapping is new in each that has the name it is made from.
    """
    tree = deepcopy(tree)
    node = tree
    for step in path:
        node = node[step]
    if isinstance(node, list):
        node.extend([_shifted(deepcopy(node[-1]), at + 1) for at in range(count)])
        return tree
    name = list(node)[-1]
    mappings = [other for _, other in _containers(tree) if isinstance(other, dict) and name in other]
    for mapping in mappings if everywhere else [node]:
        value = mapping[name]
        share = _share(value) if all(_share(other) is not None for other in mapping.values()) else None
        if share is not None:
            value = mapping[name] = f"{share / (count + 1):f}"[:18]
        mapping.update({f"{name}-{at}": deepcopy(value) for at in range(count)})
    return tree


def _share(value: Any) -> Decimal | None:
    try:
        share = Decimal(value.removesuffix("%")) if isinstance(value, str) else None
    except InvalidOperation:
        return None
    return share if share is None or not value.endswith("%") else share / 100


def _shifted(node: Any, by: int) -> Any:
    if isinstance(node, dict):
        return {key: _shifted(value, by) for key, value in node.items()}
    if isinstance(node, list):
        return [_shifted(value, by) for value in node]
    if match := _DAY.fullmatch(node):
        year, month, day = (int(part or 1) for part in match.groups())
        months = month - 1 + by
        moved = f"{year + months // 12}-{months % 12 + 1:02}"
        return str(date(year, month, day) + timedelta(by)) if match[3] else moved
    return str(int(node) + by) if node.isdigit() and int(node) > 1 else node
