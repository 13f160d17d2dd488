"""YAML text -> data with positions, or findings.

A small builder over the parser's events. Nothing is resolved (scalars stay text), and sizes are
checked before a node exists, so no text can exhaust the memory or the stack.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

from routecost.source.anchors import Anchored, Anchors
from routecost.source.characters import FORBIDDEN, describe, shown, without_forbidden
from routecost.source.finding_log import Complaints, EndOfReadingError, Limits
from routecost.source.key_checks import bad_keys, without
from routecost.source.nodes import Data, ListNode, MapNode
from routecost.source.yaml_events import PARSER_ERRORS, events, syntax_finding

if TYPE_CHECKING:
    from routecost.source.text_positions import Places

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_CORE_TAG = "tag:yaml.org,2002:"
_EVENTS_AROUND = 5


_new = MapNode.__new__
_Open: TypeAlias = tuple[Any, list[Any], list[int]]
"""A container not closed yet: the event that opened it, its nodes so far, and their offsets."""


class Builder:
    """Turns the events of one text into data, and collects ``complaints`` on the way."""

    def __init__(self, places: Places, limits: Limits) -> None:
        self.complaints = Complaints(places, limits)
        self._places = places
        self._max_depth = limits.max_depth
        self._max_nodes = limits.max_nodes
        self._open: list[_Open] = [(None, [], [])]
        self._nodes = 0
        self._documents = 0
        self._anchors = Anchors()

    def read(self) -> tuple[Data, int] | None:
        """Return the document's data and the offset where it starts.

        None if the reading ended early: what was built by then would only mislead.
        """
        try:
            self._build()
        except PARSER_ERRORS as error:
            self.complaints.findings.append(syntax_finding(error, self._places))
        except EndOfReadingError:
            pass
        else:
            _, values, marks = self._open[0]
            return (values[0], marks[0]) if values else (None, 0)
        self._check_open_keys()
        return None

    def _build(self) -> None:
        """Take the events; scalars, the bulk of them, are dealt with on the spot for speed."""
        handlers = self._handlers()
        scalar: Any = yaml.ScalarEvent
        decorated = "&" in self._places.text or "!" in self._places.text
        _, values, marks = self._open[0]
        for event in islice(events(self._places.text), 2 * self._max_nodes + _EVENTS_AROUND):
            if type(event) is scalar:
                value, style = event.value, event.style
                if not style:
                    if value in _NULLS:
                        value = None
                elif style == '"' and FORBIDDEN.search(value):
                    value = self._replaced(event)
                if decorated and (event.tag is not None or event.anchor is not None):
                    self._decorated(event, value)
                values.append(value)
                marks.append(event.start_mark.index)
            else:
                _, values, marks = handlers.get(type(event), self._pass)(event)
        if not isinstance(event, yaml.StreamEndEvent):
            self.complaints.too_many_nodes(event.start_mark.index)

    def _handlers(self) -> dict[type, Callable[[Any], _Open]]:
        """Return the handler of each event; it returns the container that takes the next node."""
        return {
            yaml.DocumentStartEvent: self._open_document,
            yaml.MappingStartEvent: self._opened,
            yaml.SequenceStartEvent: self._opened,
            yaml.AliasEvent: self._alias,
            yaml.MappingEndEvent: self._close_map,
            yaml.SequenceEndEvent: self._close_list,
        }

    def _pass(self, _: yaml.Event) -> _Open:
        return self._open[-1]

    def _open_document(self, event: Any) -> _Open:
        self._documents += 1
        if self._documents > 1:
            self.complaints.end(
                "a second document starts here; expected one document", event.start_mark.index
            )
        return self._open[-1]

    def _opened(self, event: Any) -> _Open:
        start = event.start_mark.index
        if len(self._open) > self._max_depth:
            self.complaints.too_deep(start)
        if event.tag is not None or event.anchor is not None:
            self._decorated(event, None)
        self._open[-1][2].append(start)
        opened: _Open = (event, [], [])
        self._open.append(opened)
        return opened

    def _close_map(self, _: yaml.MappingEndEvent) -> _Open:
        event, values, marks = self._open.pop()
        node = _new(MapNode)
        try:
            pairs = iter(values)
            node.update(zip(pairs, pairs))  # noqa: B905 (strict= costs 3% of the reading)
            sound = 2 * len(node) == len(values) and None not in node and "<<" not in node
        except TypeError:
            sound = False
        if not sound:
            node, marks = without(self._report_bad_keys(values, marks), values, marks)
        node.marks = marks
        return self._closed(event, node, len(values))

    def _close_list(self, _: yaml.SequenceEndEvent) -> _Open:
        event, values, marks = self._open.pop()
        node = ListNode(values)
        node.marks = marks
        return self._closed(event, node, len(values))

    def _closed(self, event: Any, node: Any, nodes: int) -> _Open:
        outer = self._open[-1]
        outer[1].append(node)
        self._nodes += nodes
        if self._nodes > self._max_nodes:
            self.complaints.too_many_nodes(event.start_mark.index)
        if event.anchor is not None:
            self._anchors.close(event.anchor, node)
        return outer

    def _report_bad_keys(self, values: list[Any], marks: list[int]) -> dict[int, str]:
        keys = values[::2]
        bad = bad_keys(keys, marks[: 2 * len(keys) : 2], self._places)
        for rank, complaint in bad.items():
            self.complaints.report(complaint, marks[2 * rank])
        return bad

    def _alias(self, event: Any) -> _Open:
        start = event.start_mark.index
        anchored = self._anchors.get(event.anchor)
        if anchored is None:
            self.complaints.report(self._anchors.complaint(event.anchor), start)
            anchored = Anchored(f"*{event.anchor}")
        self._nodes += anchored.nodes - 1
        if self._nodes > self._max_nodes:
            self.complaints.too_many_nodes(start)
        if len(self._open) - 1 + anchored.height > self._max_depth:
            self.complaints.too_deep(start)
        opened = self._open[-1]
        opened[1].append(anchored.value)
        opened[2].append(start)
        return opened

    def _decorated(self, event: Any, value: Any) -> None:
        """Take note of the anchor of a scalar or a container, and refuse its tag."""
        if event.tag is not None:
            tag = event.tag.replace(_CORE_TAG, "!!", 1)
            self.complaints.report(
                f"the tag {shown(tag)} is not supported; leave it out", event.start_mark.index
            )
        if event.anchor is None:
            return
        if isinstance(event, yaml.ScalarEvent):
            self._anchors.close(event.anchor, value)
        else:
            self._anchors.open(event.anchor)

    def _replaced(self, event: Any) -> str:
        """Report a character that only an escape can bring into a text, and replace it."""
        value: str = event.value
        found = describe(FORBIDDEN.findall(value)[0])
        self.complaints.report(f"the value holds {found}; expected printable text", event.start_mark.index)
        return without_forbidden(value)

    def _check_open_keys(self) -> None:
        """Report the bad keys of mappings that the end of the reading left open."""
        with suppress(EndOfReadingError):
            for event, values, marks in self._open:
                if isinstance(event, yaml.MappingStartEvent):
                    self._report_bad_keys(values, marks)
