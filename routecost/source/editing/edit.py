"""Edits of YAML text at a path, which keep comments, order and all other text.

The ``*_edit`` functions return an :class:`Edit`, to be combined with :func:`apply`;
``replace_scalar``, ``insert_item`` and ``insert_key`` return the new text. All raise ValueError if
an edit is impossible without changes elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from routecost.source.editing.editable_nodes import Site, path_name, site
from routecost.source.editing.fragments import (
    block_entry,
    block_item,
    check_flow_item,
    check_scalar,
    flow_entry,
)
from routecost.source.editing.insertion_style import (
    Edit,
    after_in_flow,
    before_first,
    before_first_in_flow,
    below,
    into_empty,
)
from routecost.source.load import read_text
from routecost.source.nodes import ListNode, MapNode

if TYPE_CHECKING:
    from routecost.problems import KeyPath
    from routecost.source.document import Document


def apply(document: Document, edits: Iterable[Edit]) -> str:
    """Return the text of a file with edits applied; insertions at one offset keep their order.

    Raises ValueError if two edits overlap.
    """
    parts = [document.byte_order_mark]
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < done:
            raise ValueError(f"two edits overlap on line {document.places.position(edit.start).line}")
        parts += (document.text[done : edit.start], edit.new_text)
        done = edit.end
    return "".join((*parts, document.text[done:]))


def replace_scalar(document: Document, path: KeyPath, new_text: str) -> str:
    """Return the text with the scalar at ``path`` replaced by a one-line YAML scalar."""
    return apply(document, [scalar_edit(document, path, new_text)])


def insert_item(document: Document, list_path: KeyPath, item_yaml: str, index: int | None = None) -> str:
    """Return the text with an item added to a sequence, before ``index`` or at its end."""
    return apply(document, [item_edit(document, list_path, item_yaml, index)])


def insert_key(
    document: Document, map_path: KeyPath, key: str, value_yaml: str, index: int | None = None
) -> str:
    """Return the text with a key added to a mapping, before the key at ``index`` or at its end."""
    return apply(document, [key_edit(document, map_path, key, value_yaml, index)])


def scalar_edit(document: Document, path: KeyPath, new_text: str) -> Edit:
    """Return the edit that replaces a plain or quoted scalar, or an alias to one."""
    value = document.get(path)
    if not path or isinstance(value, (dict, list)):
        raise ValueError(f"{path_name(path)} is not a scalar inside the document")
    parent = site(document, path[:-1])
    mark = parent.node.mark(path[-1])
    if mark is None:
        raise ValueError(f"{path_name(path)} is not in the text")
    check_scalar(new_text, flow=parent.flow)
    start, end = document.extents.span(value, mark[1])
    if start == end:
        _check_place(parent, path, start)
    elif document.text.startswith(("&", "!", "|", ">"), start):
        raise ValueError(f"{path_name(path)} has an anchor, a tag or block style; edit it by hand")
    lead = " " if document.text.startswith((":", "-"), start - 1) else ""
    trail = " " if document.text.startswith("#", end) else ""
    return Edit(start, end, lead + new_text + trail)


def _check_place(parent: Site, path: KeyPath, place: int) -> None:
    """Raise ValueError for keys without a colon, such as ``{a, b}`` and ``? a``."""
    indicator = ":" if isinstance(parent.node, MapNode) else "-"
    if not parent.document.text.startswith(indicator, place - 1):
        raise ValueError(f"{path_name(path)} has no colon; edit it by hand")


def item_edit(document: Document, list_path: KeyPath, item_yaml: str, index: int | None = None) -> Edit:
    """Return the edit that adds an item to a sequence, before ``index`` or at its end."""
    place = site(document, list_path)
    if not isinstance(place.node, ListNode):
        raise ValueError(f"{path_name(list_path)} is not a sequence")
    index = place.length if index is None else index
    if not 0 <= index <= place.length:
        raise ValueError(f"{path_name(list_path)} has {place.length} items; there is no index {index}")
    if place.flow:
        check_flow_item(item_yaml)
        return _flow_edit(place, index, item_yaml)
    lines = block_item(item_yaml)
    if index == 0:
        return before_first(document.places, place.column, lines, place.start)
    return _block_edit(place, index, lines)


def key_edit(
    document: Document, map_path: KeyPath, key: str, value_yaml: str, index: int | None = None
) -> Edit:
    """Return the edit that adds a key to a mapping, before the key at ``index`` or at its end."""
    place = site(document, map_path)
    if not isinstance(place.node, MapNode):
        raise ValueError(f"{path_name(map_path)} is not a mapping")
    if key in place.node:
        raise ValueError(f"{path_name((*map_path, key))} already exists")
    index = place.length if index is None else index
    if not place.flow:
        lines = block_entry(key, value_yaml)
        if index == 0:
            return before_first(document.places, place.column, lines, place.start)
        return _block_edit(place, index, lines)
    entry = flow_entry(key, value_yaml)
    if not document.text.startswith("{", place.start):
        raise ValueError(f"{path_name(map_path)} has no braces; edit it by hand")
    return _flow_edit(place, index, entry)


def comment_edit(document: Document, lines: Sequence[str]) -> Edit:
    """Return the edit that adds lines of comments above the first key of a document in block style."""
    place = site(document, ())
    if place.flow or not place.length:
        raise ValueError("the document is not in block style; add comments by hand")
    return before_first(document.places, place.column, list(lines), place.start)


def _flow_edit(place: Site, index: int, entry: str) -> Edit:
    """Insert an entry into brackets or braces, before ``index``."""
    places = place.document.places
    if not place.node:
        return into_empty(places, entry, place.start)
    if index == 0:
        return before_first_in_flow(places, entry, place.entry(0)[0])
    return after_in_flow(places, entry, place.entry(index - 1))


def _block_edit(place: Site, index: int, lines: list[str]) -> Edit:
    """Insert lines below the entry before ``index``."""
    _, end = place.entry(index - 1)
    text = place.document.text
    if end == len(text) and not _takes_line_break(place.document):
        raise ValueError("the text ends in a block scalar without a line break; add one by hand")
    return below(place.document.places, place.column, lines, end)


def _takes_line_break(document: Document) -> bool:
    """Return whether a line break may be appended; it would change most block scalars."""
    if document.text.endswith(("\n", "\r")):
        return True
    with_break, _ = read_text(document.text + "\n", document.file)
    return with_break is not None and with_break.data == document.data
