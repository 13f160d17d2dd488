"""A report as what flows over pages: headings, paragraphs, tables and charts."""

from __future__ import annotations

from collections.abc import Iterator
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

from routecost.model.blocks import FindingList, Listing
from routecost.model.report import Block, Note, Report, Table
from routecost.render.cells import sentence
from routecost.render.escape import harmless, harmless_lines
from routecost.render.findings import finding_table
from routecost.render.paper import look
from routecost.render.paper.charts import Chart, Laid
from routecost.render.paper.tables import tables

_LEAST = 90.0
"""Points that must be left on a page below a heading, or else it goes to the next."""

_SHORT = 18
"""The most rows of a table that is kept on one page."""


class Heading(Paragraph):
    """A heading with a place among the bookmarks: its ``level``, from 0."""

    def __init__(self, text: str, level: int) -> None:
        super().__init__(_text(text), (look.TITLE, look.HEADING)[level])
        self.title = harmless(text)
        self.level = level


def flow(report: Report, laid: list[Laid]) -> Iterator[Flowable]:
    """Yield what stands on the pages; the places of charts go to ``laid``."""
    for level, each in enumerate([report, *report.parts.values()]):
        charts = [] if each.figure is None else [Chart(each.figure, laid)]
        yield CondPageBreak(sum(chart.height for chart in charts) + _LEAST)
        yield Heading(each.title, min(level, 1))
        yield from charts
        for block in each.shown:
            yield from _block(block, each.currency)


def _block(block: Block, currency: str) -> Iterator[Flowable]:
    match block:
        case Note():
            yield from _note(block, currency)
        case Listing():
            yield from _listing(block)
        case FindingList():
            yield from _table(finding_table(block), currency)
        case _:
            yield from _table(block, currency)


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


def _table(content: Table, currency: str) -> Iterator[Flowable]:
    made, rows = tables(content, currency)
    caption = [] if content.title is None else [Paragraph(_text(content.title), look.CAPTION)]
    if rows <= _SHORT:
        yield KeepTogether([*caption, made[0]])
        yield from made[1:]
    else:
        yield CondPageBreak(_LEAST)
        yield from (*caption, *made)


def _text(text: str) -> str:
    return escape(harmless(text))


_WARNING = TableStyle(
    [
        ("LINEBEFORE", (0, 0), (0, -1), 2, look.ACCENT),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
)
