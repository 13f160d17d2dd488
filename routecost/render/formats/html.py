"""HTML: a self-contained page for light, dark and print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from io import BytesIO
from typing import TextIO
from zlib import crc32

from routecost.model.report.cells import Column
from routecost.model.report.report import Block, Figure, FindingList, Listing, Note, Report, Table
from routecost.render.escape import harmless_lines, sanitize, without_commands
from routecost.render.findings import finding_table
from routecost.render.html_stylesheet import FRAGMENT, STYLE
from routecost.render.rounding import is_numeric, sentence, shown_table

NAME = "html"
SUFFIXES = (".html", ".htm")
BINARY = False

_SHORT = 18
"""Maximum rows of a table that is kept on one printed page."""

_MANY = 9
"""Number of columns from which a table uses smaller text."""

_LONGEST_NAME, _LONGEST_WORD = 32, 40
_BREAKS = re.compile(r"(?<=[./_])(?=\w)")
_ID = re.compile(r'(\bid="|="url\(#|: url\(#|href="#)')
_LABELS = re.compile(r'(?<=aria-labelledby=")[^"]*')

_HEAD = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
"""


def render(report: Report, sink: TextIO) -> None:
    """Write a report as a page without external resources; figures are inline SVG."""
    sink.write(_HEAD.format(title=_text(report.title), style=STYLE))
    sink.writelines(_figure(report.figure, "figure"))
    for block in report.shown:
        sink.writelines(_block(block, report, report.title))
    if report.parts:
        sink.writelines(_contents(report))
    for name, part in report.parts.items():
        sink.writelines(_section(name, part))
    sink.write("</main>\n</body>\n</html>\n")


def fragment(report: Report, sink: TextIO) -> None:
    """Write a report as a part of a page, such as the output of a cell of a notebook, in its colours.

    Charts are light. Parts of a document are sections without links.
    """
    # MathJax of notebooks takes what is between two dollar signs for a formula
    sink.write(f'<div class="routecost tex2jax_ignore mathjax_ignore">\n<style>\n{FRAGMENT}</style>\n')
    for part in (report, *report.parts.values()):
        if part is report or part.figure is not None or part.shown:
            sink.write(f"<p><strong>{_text(part.title)}</strong></p>\n")
        sink.writelines(_light(part.figure))
        for block in part.shown:
            sink.writelines(_block(block, part, None))
    sink.write("</div>\n")


def _light(figure: Figure | None) -> Iterator[str]:
    """Yield a figure whose ids are its own among the outputs of a page."""
    if figure is not None:
        svg = _svg(figure, "light", "figure")
        yield f"<figure>\n{_prefixed(svg, f'r{crc32(svg.encode()):08x}')}</figure>\n"


def _contents(report: Report) -> Iterator[str]:
    yield '<nav aria-label="Contents">\n'
    for name, part in report.parts.items():
        yield f'<a href="#{_text(name)}">{_text(part.title)}</a>\n'
    yield "</nav>\n"


def _section(name: str, part: Report) -> Iterator[str]:
    heading = f"{_text(name)}-title"
    yield f'<section id="{_text(name)}" aria-labelledby="{heading}">\n'
    yield f'<h2 id="{heading}">{_text(part.title)}</h2>\n'
    yield from _figure(part.figure, f"{name}-figure")
    for block in part.shown:
        yield from _block(block, part, None)
    yield "</section>\n"


def _figure(figure: Figure | None, prefix: str) -> Iterator[str]:
    """Yield a figure in light and dark; the style sheet shows the matching one."""
    if figure is not None:
        yield "<figure>\n"
        for theme in ("light", "dark"):
            yield f'<div class="on-{theme}">\n{_svg(figure, theme, f"{prefix}-{theme}")}</div>\n'
        yield "</figure>\n"


def _block(block: Block, report: Report, caption: str | None) -> Iterator[str]:
    """Yield a block; ``caption`` is used for tables without a title."""
    match block:
        case Note():
            return _note(block, report)
        case Listing():
            return _listing(block)
        case FindingList():
            return _table(finding_table(block), report, caption)
        case _:
            return _table(block, report, caption)


def _listing(listing: Listing) -> Iterator[str]:
    yield f"<p>{_text(listing.title)}:</p>\n"
    yield "<pre><code>" + _escaped("\n".join(harmless_lines(listing.text))) + "</code></pre>\n"


def _svg(figure: Figure, theme: str, prefix: str) -> str:
    from routecost.render.charts import draw

    sink = BytesIO()
    draw(figure, sink, "svg", theme=theme)
    page = sink.getvalue().decode()
    return _prefixed(page[page.index("<svg") :], prefix)


def _prefixed(svg: str, prefix: str) -> str:
    """Return an SVG whose ids and references are unique on the page."""
    named = _ID.sub(rf"\g<1>{prefix}-", svg)
    return _LABELS.sub(lambda match: " ".join(f"{prefix}-{name}" for name in match[0].split()), named)


def _note(note: Note, report: Report) -> Iterator[str]:
    kind, start = (' class="warning"', "<strong>Warning:</strong> ") if note.warning else ("", "")
    yield f"<p{kind}>{start}{_escaped(sentence(note, report.currency))}</p>\n"


def _table(table: Table, report: Report, caption: str | None) -> Iterator[str]:
    columns, rows = shown_table(table, report.currency)
    title = table.title or caption
    kinds = [_kind(column, [row[at] for row in rows]) for at, column in enumerate(columns)]
    yield f'<div class="wide">\n<table{_looks(len(columns), len(rows))}>\n'
    yield "" if title is None else f"<caption>{_text(title)}</caption>\n"
    yield "<thead>\n"
    yield _row(kinds, [column.label for column in columns], heads=len(columns), scope="col")
    yield "</thead>\n<tbody>\n"
    heads = int(not is_numeric(columns[0].unit))
    for row in rows:
        yield _row(kinds, row, heads, scope="row")
    if not rows:
        yield f'<tr><td colspan="{len(columns)}">none</td></tr>\n'
    yield "</tbody>\n</table>\n</div>\n"


def _looks(columns: int, rows: int) -> str:
    looks = [look for look, is_so in (("short", rows <= _SHORT), ("many", columns >= _MANY)) if is_so]
    return f' class="{" ".join(looks)}"' if looks else ""


def _kind(column: Column, texts: Sequence[str]) -> str | None:
    """Return the CSS class of a column: numbers, names (on one line) or texts with long words."""
    if is_numeric(column.unit):
        return "number"
    if all(len(text) <= _LONGEST_NAME for text in texts):
        return "name"
    words = (len(word) for text in texts for word in text.split())
    return "long" if max(words) > _LONGEST_WORD else None


def _row(kinds: Sequence[str | None], cells: Sequence[str], heads: int, scope: str) -> str:
    """Return a table row whose first ``heads`` cells are row or column headings."""
    return "<tr>" + "".join(map(_cell, kinds, cells, _tags(len(cells), heads, scope))) + "</tr>\n"


def _tags(count: int, heads: int, scope: str) -> list[str]:
    return [f'th scope="{scope}"'] * heads + ["td"] * (count - heads)


def _cell(kind: str | None, text: str, tag: str) -> str:
    shown = _BREAKS.sub("<wbr>", _text(text)) if kind == "long" else _text(text)
    looks = "" if kind is None else f' class="{kind}"'
    return f"<{tag}{looks}>{shown}</{tag[:2]}>"


def _text(text: str) -> str:
    return _escaped(sanitize(text))


def _escaped(text: str) -> str:
    return without_commands(escape(text), colon="&#58;", hash_sign="&#35;")
