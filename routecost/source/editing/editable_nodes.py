"""Containers of a text that can be edited in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from routecost.records import dataclass
from routecost.source.nodes import Container, ListNode, MapNode

if TYPE_CHECKING:
    from routecost.problems import KeyPath
    from routecost.source.document import Document


@dataclass(frozen=True, slots=True)
class Site:
    """A container in the text, its start offset, and whether it is in brackets or braces."""

    document: Document
    node: Container
    start: int
    flow: bool

    @property
    def column(self) -> int:
        """The number of characters before the container on its first line (the indentation of a block)."""
        return self.document.places.position(self.start).column - 1

    @property
    def length(self) -> int:
        """The number of entries."""
        return len(self.node)

    def entry(self, rank: int) -> tuple[int, int]:
        """Return the start (of its key) and end offsets of an entry."""
        if isinstance(self.node, MapNode):
            first, mark = self.node.marks[2 * rank : 2 * rank + 2]
            child = list(self.node.values())[rank]
        else:
            first = mark = self.node.marks[rank]
            child = self.node[rank]
        return first, self.document.extents.span(child, mark)[1]


def site(document: Document, path: KeyPath) -> Site:
    """Return the container at ``path``.

    Raises ValueError if there is none, if it has an anchor, alias or tag, or if the document has
    overrides.
    """
    if document.overrides:
        raise ValueError("a document with overrides cannot be edited")
    node: Any = document.data
    start, flow = document.start, False
    for depth in range(len(path) + 1):
        here = path_name(path[:depth])
        if not isinstance(node, (MapNode, ListNode)):
            raise ValueError(f"{here} is not a mapping or a sequence")
        if document.text.startswith(("&", "*", "!"), start):
            raise ValueError(f"{here} has an anchor, an alias or a tag; edit it by hand")
        flow = flow or document.extents.is_flow(start)
        if depth < len(path):
            mark = node.mark(path[depth])
            if mark is None:
                raise ValueError(f"{path_name(path[: depth + 1])} is not in the text")
            node, start = document.get(path[: depth + 1]), mark[1]
    return Site(document, node, start, flow)


def path_name(path: KeyPath) -> str:
    """Return the name of a path for a message."""
    return f'"{".".join(map(str, path))}"' if path else "the document"
