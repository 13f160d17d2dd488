"""Construction of data with positions from parser events.

Scalars stay text. Sizes are checked before a node is created, so that no text can exhaust memory
or the stack.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

from routecost.characters import appearance
from routecost.source.anchors import Anchored, Anchors
from routecost.source.characters import FORBIDDEN, describe, shown, without_forbidden
from routecost.source.finding_log import EndOfReadingError, FindingLog, Limits
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
"""An open container: the event that opened it, its nodes so far, and their offsets."""


class Builder:
    """Builder of data from the events of one text; ``log`` collects findings."""

    def __init__(self, places: Places, limits: Limits) -> None:
        self.log = FindingLog(places, limits)
        self._places = places
        self._max_depth = limits.max_depth
        self._max_nodes = limits.max_nodes
        self._open: list[_Open] = [(None, [], [])]
        self._nodes = 0
        self._may_look_alike = not places.text.isascii() or "\\" in places.text
        self._documents = 0
        self._anchors = Anchors()

    def read(self) -> tuple[Data, int] | None:
        """Return the document's data and its start offset.

        None if reading ended early, because incomplete data would mislead.
        """
        try:
            self._build()
        except PARSER_ERRORS as error:
            self.log.findings.append(syntax_finding(error, self._places))
        except EndOfReadingError:
            pass
        else:
            _, values, marks = self._open[0]
            return (values[0], marks[0]) if values else (None, 0)
        self._check_open_keys()
        return None

    def _build(self) -> None:
        """Process the events; scalars, the most frequent ones, are handled inline for speed."""
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
            self.log.too_many_nodes(event.start_mark.index)

    def _handlers(self) -> dict[type, Callable[[Any], _Open]]:
        """Return the handlers of events; a handler returns the container of the next node."""
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
            self.log.end("a second document starts here; expected one document", event.start_mark.index)
        return self._open[-1]

    def _opened(self, event: Any) -> _Open:
        start = event.start_mark.index
        if len(self._open) > self._max_depth:
            self.log.too_deep(start)
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
            node.update(zip(pairs, pairs))  # noqa: B905 (strict= adds 3% to the reading time)
            is_valid = 2 * len(node) == len(values) and None not in node and "<<" not in node
            if is_valid and self._may_look_alike:
                is_valid = len(set(map(appearance, node))) == len(node)
        except TypeError:
            is_valid = False
        if not is_valid:
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
            self.log.too_many_nodes(event.start_mark.index)
        if event.anchor is not None:
            self._anchors.close(event.anchor, node)
        return outer

    def _report_bad_keys(self, values: list[Any], marks: list[int]) -> dict[int, str]:
        keys = values[::2]
        bad = bad_keys(keys, marks[: 2 * len(keys) : 2], self._places)
        for rank, message in bad.items():
            self.log.report(message, marks[2 * rank])
        return bad

    def _alias(self, event: Any) -> _Open:
        start = event.start_mark.index
        anchored = self._anchors.get(event.anchor)
        if anchored is None:
            self.log.report(self._anchors.error_message(event.anchor), start)
            anchored = Anchored(f"*{event.anchor}")
        self._nodes += anchored.nodes - 1
        if self._nodes > self._max_nodes:
            self.log.too_many_nodes(start)
        if len(self._open) - 1 + anchored.height > self._max_depth:
            self.log.too_deep(start)
        opened = self._open[-1]
        opened[1].append(anchored.value)
        opened[2].append(start)
        return opened

    def _decorated(self, event: Any, value: Any) -> None:
        """Register the anchor of a scalar or a container, and report its tag as unsupported."""
        if event.tag is not None:
            tag = event.tag.replace(_CORE_TAG, "!!", 1)
            self.log.report(f"the tag {shown(tag)} is not supported; remove it", event.start_mark.index)
        if event.anchor is None:
            return
        if isinstance(event, yaml.ScalarEvent):
            self._anchors.close(event.anchor, value)
        else:
            self._anchors.open(event.anchor)

    def _replaced(self, event: Any) -> str:
        """Report and replace a forbidden character from an escape sequence."""
        value: str = event.value
        character = describe(FORBIDDEN.findall(value)[0])
        self.log.report(f"the value contains {character}; expected printable text", event.start_mark.index)
        return without_forbidden(value)

    def _check_open_keys(self) -> None:
        """Report the invalid keys of mappings that are still open when reading ends."""
        with suppress(EndOfReadingError):
            for event, values, marks in self._open:
                if isinstance(event, yaml.MappingStartEvent):
                    self._report_bad_keys(values, marks)
