"""Plain text for terminals: aligned columns, no colour.

Tables are written by hand, because importing a table library takes longer than a whole command.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TextIO

from routecost.model.report.cells import Column
from routecost.model.report.report import Block, FindingList, Listing, Note, Report, Table
from routecost.render.escape import harmless_lines, sanitize
from routecost.render.findings import excerpt
from routecost.render.rounding import is_numeric, sentence, shown_table

NAME = "text"
SUFFIXES = (".txt",)
BINARY = False

_GAP = "  "
_NOTE_WIDTH = 88
_WIDEST_TEXT = 52


def render(report: Report, sink: TextIO) -> None:
    """Write a report as text; figures are omitted, titles of parts are underlined."""
    sink.write(sanitize(report.title) + "\n")
    _write_blocks(report, sink)
    for part in report.parts.values():
        title = sanitize(part.title)
        sink.write(f"\n\n{title}\n{'=' * _width(title)}\n")
        _write_blocks(part, sink)


def _write_blocks(report: Report, sink: TextIO) -> None:
    for block in report.shown:
        lines = _block(block, report.currency)
        sink.writelines(f"{line}\n" if at else f"\n{line}\n" for at, line in enumerate(lines))


def _block(block: Block, currency: str) -> Iterable[str]:
    match block:
        case Note():
            return _note(block, currency)
        case FindingList():
            return map(excerpt, block.findings)
        case Listing():
            return [f"{sanitize(block.title)}:", "", *_indented(block)]
        case _:
            return _table(block, currency)


def _indented(listing: Listing) -> Iterator[str]:
    return (f"  {line}".rstrip() for line in harmless_lines(listing.text))


def _note(note: Note, currency: str) -> list[str]:
    text = ("warning: " if note.warning else "") + sentence(note, currency)
    return textwrap.wrap(text, _NOTE_WIDTH, break_long_words=False, break_on_hyphens=False)


def _table(table: Table, currency: str) -> Iterator[str]:
    columns, rows = shown_table(table, currency)
    if table.title is not None:
        yield sanitize(table.title)
    labels = [[sanitize(column.label)] for column in columns]
    wrapped = [[_wrapped(cell, column) for cell, column in zip(row, columns, strict=True)] for row in rows]
    widths = [
        max(_width(line) for cell in cells for line in cell) for cells in zip(labels, *wrapped, strict=True)
    ]
    yield from _lines(labels, columns, widths)
    yield _GAP.join("-" * width for width in widths)
    for row in wrapped:
        yield from _lines(row, columns, widths)
    if not rows:
        yield "(none)"


def _wrapped(cell: str, column: Column) -> list[str]:
    """Wrap long text, so that a table fits a terminal."""
    if is_numeric(column.unit) or len(cell) <= _WIDEST_TEXT:
        return [cell]
    return textwrap.wrap(cell, _WIDEST_TEXT, subsequent_indent="  ", break_on_hyphens=False) or [cell]


def _lines(cells: Sequence[list[str]], columns: Sequence[Column], widths: Sequence[int]) -> Iterator[str]:
    for parts in zip_longest(*cells, fillvalue=""):
        yield _line(parts, columns, widths)


def _line(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    padded = (
        _padded(cell, width, is_numeric(column.unit))
        for cell, column, width in zip(cells, columns, widths, strict=True)
    )
    return _GAP.join(padded).rstrip()


def _padded(cell: str, width: int, right: bool) -> str:
    space = " " * (width - _width(cell))
    return space + cell if right else cell + space


def _width(text: str) -> int:
    """Return the width in terminal columns: two for CJK characters, none for combining marks."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
