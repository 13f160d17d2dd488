"""Insertion of new entries in the style of the existing ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from routecost.records import dataclass

if TYPE_CHECKING:
    from routecost.source.text_positions import Places

_REST_OF_LINE = re.compile(r"[ \t]*(?:(,)[ \t]*)?(?:#[^\r\n]*)?(?=[\r\n]|\Z)")


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text from offset ``start`` to ``end`` (from 0, ``end`` excluded) by another."""

    start: int
    end: int
    new_text: str


def below(places: Places, column: int, lines: Sequence[str], end: int) -> Edit:
    """Insert lines, indented by ``column`` blanks, below the line on which a block entry ends.

    A block scalar ends after its last line break, other nodes before it. A block scalar at the end
    needs a line break to keep its value, so lines at the end of a text get one.
    """
    block = _indented(places, column, lines)
    if places.text.endswith(("\n", "\r"), 0, end):
        return Edit(end, end, block + places.line_break)
    line_end = places.line_end(end)
    tail = places.line_break if line_end == len(places.text) and len(lines) > 1 else ""
    return Edit(line_end, line_end, places.line_break + block + tail)


def before_first(places: Places, column: int, lines: Sequence[str], start: int) -> Edit:
    """Insert lines before the first item of a block sequence, which starts at ``start``."""
    block = _indented(places, column, lines).lstrip(" ")
    return Edit(start, start, block + places.line_break + " " * column)


def into_empty(places: Places, entry: str, start: int) -> Edit:
    """Insert the first entry into brackets or braces.

    The edit replaces the bracket, so that two such edits overlap: neither has a comma.
    """
    return Edit(start, start + 1, places.text[start] + entry)


def before_first_in_flow(places: Places, entry: str, start: int) -> Edit:
    """Insert an entry before the first one in brackets, on a separate line if that has one."""
    return Edit(start, start, f"{entry},{_gap(places, start)}")


def after_in_flow(places: Places, entry: str, span: tuple[int, int]) -> Edit:
    """Insert an entry after the one at ``span``, on a separate line if that has one.

    The comma needs a blank before it if the value is omitted after a colon.
    """
    start, end = span
    comma = " ," if places.text.startswith(":", end - 1) else ","
    rest = _REST_OF_LINE.match(places.text, end)
    gap = _gap(places, start)
    if rest is None or gap == " ":
        return Edit(end, end, f"{comma} {entry}")
    if rest.group(1):
        return Edit(rest.end(), rest.end(), f"{gap}{entry},")
    return Edit(end, rest.end(), f"{comma}{rest.group()}{gap}{entry}")


def _gap(places: Places, start: int) -> str:
    """Return the separator of entries: a line break and indentation if this one begins its line."""
    position = places.position(start)
    indentation = places.text[start - position.column + 1 : start]
    return " " if indentation.strip() else places.line_break + indentation


def _indented(places: Places, column: int, lines: Sequence[str]) -> str:
    return places.line_break.join(" " * column + line if line else line for line in lines)
