"""Document: data, its text, and the mapping from paths in the data to positions in the text."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from routecost.errors import UsageError
from routecost.problems import Finding, KeyPath, Position, Severity
from routecost.records import dataclass
from routecost.source.nodes import Data, ListNode, MapNode, has_child, with_child
from routecost.source.text_positions import Places

if TYPE_CHECKING:
    from routecost.source.node_ends import Extents


@dataclass(frozen=True)
class Document:
    """The data of a YAML or CSV file, with the position of every key and value.

    ``text`` is the text of the file without its byte order mark, which is in ``byte_order_mark``.
    ``start`` is the offset of the data in the text; ``overrides`` are paths with values from other
    sources, and the positions of those.
    """

    file: str
    text: str
    data: Data
    start: int = 0
    byte_order_mark: str = ""
    overrides: tuple[tuple[KeyPath, Position | None], ...] = ()

    @cached_property
    def places(self) -> Places:
        """The lines and columns of the text."""
        return _places(self.file, self.text)

    @cached_property
    def extents(self) -> Extents:
        """The end offsets of the nodes of the text."""
        from routecost.source.node_ends import extents  # only edits need it

        return extents(self.text)

    def position(self, path: KeyPath, *, key: bool = False) -> Position:
        """Return the position of the value (or the key) at ``path``.

        If the path does not exist, return the position of its deepest existing parent.
        """
        before = len(self.overrides)
        while (last := self._last_override(path, before)) is not None:
            before = last
            prefix, at = self.overrides[last]
            if at is not None:
                return at
            path = prefix
        return self.places.position(self._offset(path, key))

    @cached_property
    def _overrides_by_path(self) -> dict[KeyPath, list[int]]:
        overrides: dict[KeyPath, list[int]] = {}
        for index, (path, _) in enumerate(self.overrides):
            overrides.setdefault(path, []).append(index)
        return overrides

    def _last_override(self, path: KeyPath, before: int) -> int | None:
        """Return the last of the first ``before`` overrides that is at or above a path."""
        if not before:
            return None
        known = self._overrides_by_path
        ends = [
            known[prefix][at]
            for prefix in (path[:depth] for depth in range(len(path) + 1))
            if prefix in known and (at := bisect_left(known[prefix], before) - 1) >= 0
        ]
        return max(ends, default=None)

    def _offset(self, path: KeyPath, key: bool) -> int:
        node: Any = self.data
        offset = self.start
        for depth, step in enumerate(path, start=1):
            mark = node.mark(step) if isinstance(node, (MapNode, ListNode)) else None
            if mark is None:
                break
            offset = mark[0] if key and depth == len(path) else mark[1]
            node = node[step]
        return offset

    def line(self, number: int) -> str | None:
        """Return the text of a line (from 1), or None if there is no such line."""
        return self.places.line(number)

    def finding(
        self, message: str, path: KeyPath = (), *, key: bool = False, severity: Severity = Severity.ERROR
    ) -> Finding:
        """Return a finding about the value (or key) at ``path``, with its source line."""
        return self.places.finding_at(message, self.position(path, key=key), severity)

    def get(self, path: KeyPath, default: Any = None) -> Any:
        """Return the value at ``path``, or ``default`` if there is none."""
        node: Any = self.data
        for step in path:
            if not has_child(node, step):
                return default
            node = node[step]
        return node

    def part(self, path: KeyPath) -> Document:
        """Return the part at ``path`` as a document with unchanged positions."""
        return replace(self, data=self.get(path), start=self._offset(path, False), overrides=())

    def path_of(self, name: str) -> KeyPath:
        """Return the path of a dotted name; a step into a sequence is a number: ``steps.0.tier``."""
        node: Any = self.data
        path: KeyPath = ()
        for part in name.split("."):
            step: str | int = int(part) if isinstance(node, list) and part.isdecimal() else part
            node, path = node[step] if has_child(node, step) else None, (*path, step)
        return path

    def override(self, path: KeyPath, value: object, at: Position | None) -> Document:
        """Return a document with ``value`` at ``path``; missing mappings are created.

        Positions at and below the path are ``at``, or if None the position of the path in the text.
        Raises :class:`~routecost.errors.UsageError` if the path goes through a scalar or past the
        end of a sequence.
        """
        data = _overridden(self.data, path, 0, value)
        return replace(self, data=data, overrides=(*self.overrides, (path, at)))


@lru_cache(maxsize=4)
def _places(file: str, text: str) -> Places:
    """Return the places of a text, which many documents share that differ in their overrides."""
    return Places(file, text)


def _overridden(node: Any, path: KeyPath, depth: int, value: object) -> Any:
    if depth == len(path):
        return value
    step = path[depth]
    if node is None and isinstance(step, str):
        node = MapNode()
    if not (has_child(node, step) or (isinstance(node, dict) and isinstance(step, str))):
        raise UsageError(_override_error(node, path, depth))
    child = node[step] if has_child(node, step) else None
    return with_child(node, step, _overridden(child, path, depth + 1, value))


def _override_error(node: Any, path: KeyPath, depth: int) -> str:
    whole, parent = (".".join(map(str, part)) for part in (path, path[:depth]))
    subject = f'"{parent}"' if parent else "the document"
    if isinstance(node, list):
        return f'cannot set "{whole}": {subject} has {len(node)} items and no item "{path[depth]}"'
    kind = "a mapping" if isinstance(path[depth], str) else "a sequence"
    return f'cannot set "{whole}": {subject} is not {kind}'
