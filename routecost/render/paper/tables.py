"""Tables on paper: columns as wide as they need to be, headings repeated on every page."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import LongTable, Paragraph, TableStyle

from routecost.model.report import Column, Table
from routecost.render.cells import is_numeric, shown_table
from routecost.render.escape import harmless
from routecost.render.paper import look

SIZES = (8.0, 7.5, 7.0, 6.5, 6.0, 5.5, 5.0)
"""Sizes of text, in points, tried in turn until the columns fit."""

_PAD = 4.0
_LEADING = 1.3
_NARROWEST = 30.0


def table(content: Table, currency: str) -> tuple[LongTable, int]:
    """Return a table as a flowable, and how many rows it has; consumes them."""
    columns, rows = shown_table(content, currency)
    size, widths = _fitting(columns, rows)
    made = LongTable(
        [_cells(columns, tuple(column.label for column in columns), size, is_head=True)]
        + [_cells(columns, row, size) for row in rows or [_none(columns)]],
        colWidths=widths,
        repeatRows=1,
        hAlign="LEFT",
        spaceBefore=2,
        spaceAfter=9,
    )
    made.setStyle(_STYLE)
    return made, len(rows)


def _none(columns: Sequence[Column]) -> tuple[str, ...]:
    return ("none", *[""] * (len(columns) - 1))


def _cells(
    columns: Sequence[Column], texts: Sequence[str], size: float, is_head: bool = False
) -> list[Paragraph]:
    color = look.SOFT if is_head else look.INK
    styles = {
        right: ParagraphStyle(
            "cell", look.TEXT, fontSize=size, leading=size * _LEADING, spaceAfter=0, textColor=color,
            alignment=2 if right else 0,
        )
        for right in (True, False)
    }  # fmt: skip
    return [
        Paragraph(escape(harmless(text)), styles[is_numeric(column.unit)])
        for column, text in zip(columns, texts, strict=True)
    ]


def _fitting(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> tuple[float, list[float]]:
    """Return the largest size of text at which no word is broken, and the widths of the columns."""
    bounds = {size: _bounds(columns, rows, size) for size in SIZES}
    for size, (least, most) in bounds.items():
        if sum(least) <= look.ROOM:
            return size, _shared(least, most)
    least, _ = bounds[SIZES[-1]]
    return SIZES[-1], [width * look.ROOM / sum(least) for width in least]


def _bounds(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], size: float
) -> tuple[list[float], list[float]]:
    """Return the least width of each column, in which its words fit, and that in which its lines do."""
    least, most = [], []
    for at, column in enumerate(columns):
        texts = [harmless(row[at]) for row in rows]
        words = column.label.split() + (texts if is_numeric(column.unit) else _words(texts))
        least.append(max(_NARROWEST / 2, _widest(words, size)))
        most.append(max(least[-1], _widest([column.label, *texts], size)))
    return least, most


def _words(texts: Sequence[str]) -> list[str]:
    return [word for text in texts for word in text.split()]


def _widest(texts: Sequence[str], size: float) -> float:
    longest = max((stringWidth(text, look.PLAIN, size) for text in set(texts)), default=0.0)
    return float(longest) + 2 * _PAD + 0.5


def _shared(least: Sequence[float], most: Sequence[float]) -> list[float]:
    """Give each column what it wants, or else its least and a part of the rest by what it lacks."""
    if sum(most) <= look.ROOM:
        return list(most)
    rest = look.ROOM - sum(least)
    lacking = [want - have for have, want in zip(least, most, strict=True)]
    return [have + rest * lack / sum(lacking) for have, lack in zip(least, lacking, strict=True)]


_STYLE = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("LEFTPADDING", (0, 0), (-1, -1), _PAD),
        ("RIGHTPADDING", (0, 0), (-1, -1), _PAD),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, look.SOFT),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, look.RULE),
    ]
)
