"""Report content as flowables: headings, paragraphs, tables and charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    KeepTogether,
    Paragraph,
    Preformatted,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Table as Box

from routecost.model.report.report import Block, FindingList, Listing, Note, Report, Table
from routecost.render.escape import harmless_lines, sanitize
from routecost.render.findings import finding_table
from routecost.render.pdf_pages import styles as look
from routecost.render.pdf_pages.charts import Chart, Laid, drawn
from routecost.render.pdf_pages.tables import tables
from routecost.render.rounding import sentence

_LEAST = 90.0
"""Minimum space below a heading, in points; with less, it moves to the next page."""

_SHORT = 18
"""Maximum rows of a table that is kept on one page."""


class Heading(Paragraph):
    """A heading that becomes a bookmark of ``level``, from 0."""

    def __init__(self, text: str, level: int) -> None:
        super().__init__(_text(text), (look.TITLE, look.HEADING)[level])
        self.title = sanitize(text)
        self.level = level


def flow(report: Report, laid: list[Laid]) -> Iterator[Flowable]:
    """Yield the flowables of a report; positions of charts are appended to ``laid``."""
    parts = [report, *report.parts.values()]
    charts = iter(drawn([part.figure for part in parts if part.figure is not None]))
    for level, part in enumerate(parts):
        start: list[Flowable] = [Heading(part.title, min(level, 1))]
        if part.figure is not None:
            yield KeepTogether([*start, Chart(next(charts), laid)])
            start = []
        for block in part.shown:
            yield from _block(block, part.currency, start)
            start = []
        yield from start


def _block(block: Block, currency: str, start: Sequence[Flowable]) -> Iterator[Flowable]:
    """Yield a block, preceded by ``start``, which stays on the same page."""
    match block:
        case Note():
            yield from (CondPageBreak(_LEAST), *start) if start else ()
            yield from _note(block, currency)
        case Listing():
            yield from (CondPageBreak(_LEAST), *start)
            yield from _listing(block)
        case FindingList():
            yield from _table(finding_table(block), currency, start)
        case _:
            yield from _table(block, currency, start)


def _note(note: Note, currency: str) -> Iterator[Flowable]:
    text = _text(sentence(note, currency))
    if note.warning:
        yield Box([[Paragraph(f"<b>Warning:</b> {text}", look.WARNING)]], [look.ROOM], style=_WARNING)
        yield Spacer(1, look.TEXT.spaceAfter)
    else:
        yield Paragraph(text, look.TEXT)


def _listing(listing: Listing) -> Iterator[Flowable]:
    yield Paragraph(f"{_text(listing.title)}:", look.TEXT)
    yield Preformatted("\n".join(harmless_lines(listing.text)), look.TEXT)


def _table(content: Table, currency: str, start: Sequence[Flowable]) -> Iterator[Flowable]:
    boxes, rows = tables(content, currency)
    head = [*start, *([] if content.title is None else [Paragraph(_text(content.title), look.CAPTION)])]
    if rows <= _SHORT:
        yield KeepTogether([*head, boxes[0]])
        yield from boxes[1:]
    else:
        yield from (CondPageBreak(_LEAST), *head, *boxes)


def _text(text: str) -> str:
    return escape(sanitize(text))


_WARNING = TableStyle(
    [
        ("FONTNAME", (0, 0), (-1, -1), look.PLAIN),
        ("LINEBEFORE", (0, 0), (0, -1), 2, look.ACCENT),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
)
