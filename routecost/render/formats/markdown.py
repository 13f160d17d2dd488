"""Markdown for pull requests and planning documents: pipe tables and paragraphs."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import accumulate
from types import MappingProxyType
from typing import TextIO
from urllib.parse import quote

from routecost.model.report.cells import Code
from routecost.model.report.report import Block, Figure, FindingList, Listing, Note, Report, Table
from routecost.render.escape import harmless_lines, one_paragraph, sanitize, without_commands
from routecost.render.findings import finding_table
from routecost.render.rounding import is_numeric, part_text, sentence, shown_table

NAME = "markdown"
SUFFIXES = (".md", ".markdown")
BINARY = False
FIGURES_BESIDE = True
NO_FIGURES: Mapping[str, str] = MappingProxyType({})

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LINKED = re.compile(r"@(?=\w)|#(?=\d)|://|GH-(?=\d)|www\.", re.IGNORECASE)
_LONGEST_COMMENT = 60_000
_SPECIAL = re.compile(r"[&<]|(?<! -)>|[\\`*|~\[\]]|(?<![^\W_])_|_(?![^\W_])")
_LIST_OR_HEADING = re.compile(r"^([#+=-]|\d+(?=[.)]))")


def render(report: Report, sink: TextIO, figures: Mapping[str, str] = NO_FIGURES) -> None:
    """Write a report as Markdown that GitHub and pandoc read alike.

    ``figures`` maps parts to the files of their figures; other figures are omitted.
    """
    if report.marker is not None:
        _write_comment(report, sink)
        return
    level = 1 if report.parts else 2
    sink.write(f"{'#' * level} {_inline(report.title)}\n")
    _write_blocks(report, sink, level + 1)
    for name, part in report.parts.items():
        sink.write(f"\n## {_inline(part.title)}\n")
        if part.figure is not None and name in figures:
            sink.write(f"\n![{_alt(part.figure)}]({quote(os.fsencode(figures[name]))})\n")
        _write_blocks(part, sink, level + 2)


def _write_comment(report: Report, sink: TextIO) -> None:
    """Write a report as a comment: no text in it notifies people, or becomes a link.

    A hidden marker comes first. Lines beyond the longest comment of GitHub are left out.
    """
    text = io.StringIO()
    render(replace(report, marker=None), text)
    lines = _LINKED.sub(_unlinked, text.getvalue()).splitlines(keepends=True)
    sizes = accumulate(map(len, lines), initial=0)
    kept = lines[: sum(size <= _LONGEST_COMMENT for size in sizes) - 1]
    sink.writelines([f"<!-- {report.marker} -->\n", *kept])
    if len(kept) < len(lines):
        sink.write(f"\n{len(lines) - len(kept)} lines are left out.\n")


def _unlinked(match: re.Match[str]) -> str:
    """Return the start of a mention, reference or address with an invisible character in it."""
    start = match.group()
    return f"{start[0]}&#8203;{start[1:]}"


def _alt(figure: Figure) -> str:
    from routecost.render.charts import described

    return _inline(described(figure))


def _write_blocks(report: Report, sink: TextIO, level: int) -> None:
    sink.writelines(f"\n{_block(block, report.currency, level)}\n" for block in report.shown)


def _block(block: Block, currency: str, level: int) -> str:
    match block:
        case Note():
            return _note(block, currency)
        case Listing():
            return _listing(block)
        case FindingList():
            return _table(finding_table(block), currency, level)
        case _:
            return _table(block, currency, level)


def _listing(listing: Listing) -> str:
    lines = harmless_lines(listing.text)
    longest = max((len(run) for run in re.findall("`+", listing.text)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"**{_inline(listing.title)}:**", "", f"{fence}{listing.language}", *lines, fence])


def _note(note: Note, currency: str) -> str:
    text = _with_code(note, currency) if any(isinstance(part, Code) for part in note.parts) else None
    text = text or _inline(sentence(note, currency))
    return f"> **Warning:** {text}" if note.warning else _LIST_OR_HEADING.sub(_unlisted, text)


def _with_code(note: Note, currency: str) -> str:
    texts = ((isinstance(part, Code), part_text(part, currency)) for part in note.parts)
    return one_paragraph("".join(f"`{text}`" if is_code else _inline(text) for is_code, text in texts))


def _table(table: Table, currency: str, level: int) -> str:
    from tabulate import tabulate

    columns, rows = shown_table(table, currency)
    lines = tabulate(
        [[_inline(cell) for cell in row] for row in rows],
        headers=[_inline(column.label) for column in columns],
        tablefmt="pipe",  # "github" would leave out the alignment of numbers
        disable_numparse=True,
        colalign=["right" if is_numeric(column.unit) else "left" for column in columns],
    )
    return lines if table.title is None else f"{'#' * level} {_inline(table.title)}\n\n{lines}"


def _inline(text: str) -> str:
    """Escape text for Markdown; underscores within words and arrows need no escape."""
    escaped = _SPECIAL.sub(_escape, sanitize(text))
    return without_commands(escaped, colon="&#58;", hash_sign="&#35;")


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _ENTITIES.get(character, "\\" + character)


def _unlisted(match: re.Match[str]) -> str:
    start = match.group()
    return f"&#{ord(start[0])};{start[1:]}"
