"""PDF tables: column widths fit the content, headings repeat on every page."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import LongTable, Paragraph, TableStyle

from routecost.model.report.cells import Column
from routecost.model.report.report import Table
from routecost.render.escape import sanitize
from routecost.render.pdf_pages import styles as look
from routecost.render.rounding import is_numeric, shown_table

SIZES = (8.0, 7.5, 7.0, 6.5, 6.0)
"""Font sizes in points, tried in order until the columns fit."""

_PAD = 4.0
_LEADING = 1.3
_NARROWEST = 15.0
_LONGEST_WORD = look.ROOM / 3


def tables(content: Table, currency: str) -> tuple[list[LongTable], int]:
    """Return a table as flowables, and its number of rows; consumes the rows.

    Columns that do not fit the page go to further tables that repeat the names of the rows.
    """
    columns, rows = shown_table(content, currency)
    groups = _groups(columns, rows)
    return [_table([columns[at] for at in group], _only(rows, group)) for group in groups], len(rows)


def _only(rows: Sequence[Sequence[str]], group: Sequence[int]) -> list[tuple[str, ...]]:
    return [tuple(row[at] for at in group) for row in rows]


def _groups(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[list[int]]:
    """Return the column numbers of each table."""
    least, _ = _bounds(columns, rows, SIZES[-1], _LONGEST_WORD)
    if sum(least) <= look.ROOM:
        return [list(range(len(columns)))]
    names = _names(columns, least)
    groups = [[*names]]
    for at in range(len(names), len(columns)):
        if sum(least[column] for column in (*groups[-1], at)) > look.ROOM and len(groups[-1]) > len(names):
            groups.append([*names])
        groups[-1].append(at)
    return groups


def _names(columns: Sequence[Column], least: Sequence[float]) -> list[int]:
    """Return the columns that name a row: the first, and the texts after it that leave room for others."""
    names = [0]
    for at, column in enumerate(columns[1:], start=1):
        if is_numeric(column.unit) or sum(least[: at + 1]) > look.ROOM / 2:
            break
        names.append(at)
    return names


def _table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> LongTable:
    size, widths = _fitting(columns, rows)
    table = LongTable(
        [_cells(columns, tuple(column.label for column in columns), size, is_head=True)]
        + [_cells(columns, row, size) for row in rows or [_none(columns)]],
        colWidths=widths,
        repeatRows=1,
        hAlign="LEFT",
        spaceBefore=2,
        spaceAfter=9,
    )
    table.setStyle(_STYLE)
    return table


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
        Paragraph(escape(sanitize(text)), styles[is_numeric(column.unit)])
        for column, text in zip(columns, texts, strict=True)
    ]


def _fitting(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> tuple[float, list[float]]:
    """Return the largest font size at which the columns fit, and the column widths."""
    for longest in (look.ROOM, _LONGEST_WORD):
        for size in SIZES:
            least, most = _bounds(columns, rows, size, longest)
            if sum(least) <= look.ROOM:
                return size, _shared(least, most)
    least, _ = _bounds(columns, rows, SIZES[-1], _LONGEST_WORD)
    return SIZES[-1], [width * look.ROOM / sum(least) for width in least]


def _bounds(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], size: float, longest: float
) -> tuple[list[float], list[float]]:
    """Return the minimum width of each column (no broken words) and its full width (no wrapping)."""
    least, most = [], []
    for at, column in enumerate(columns):
        texts = [sanitize(row[at]) for row in rows]
        least.append(max(_NARROWEST, _least(column, texts, size, longest)))
        most.append(max(least[-1], _widest([column.label, *texts], size)))
    return least, most


def _least(column: Column, texts: Sequence[str], size: float, longest: float) -> float:
    """Return the width at which no number, and no word up to ``longest``, is broken."""
    words = column.label.split()
    if is_numeric(column.unit):
        return _widest([*words, *texts], size)
    return min(_widest([*words, *(word for text in texts for word in text.split())], size), longest)


def _widest(texts: Sequence[str], size: float) -> float:
    longest = max((stringWidth(text, look.PLAIN, size) for text in set(texts)), default=0.0)
    return float(longest) + 2 * _PAD + 0.5


def _shared(least: Sequence[float], most: Sequence[float]) -> list[float]:
    """Return column widths: the full widths, or the minimum widths plus shares of the remaining space.

    Shares are proportional to the square root of the missing width, so long texts wrap more.
    """
    if sum(most) <= look.ROOM:
        return list(most)
    rest = look.ROOM - sum(least)
    lacking = [sqrt(want - have) for have, want in zip(least, most, strict=True)]
    return [have + rest * lack / sum(lacking) for have, lack in zip(least, lacking, strict=True)]


_STYLE = TableStyle(
    [
        ("FONTNAME", (0, 0), (-1, -1), look.PLAIN),
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
