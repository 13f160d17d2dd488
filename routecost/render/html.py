"""HTML: one self-contained page that reads well in light, in dark and on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from io import BytesIO
from typing import TextIO

from routecost.model.blocks import FindingList, Listing
from routecost.model.report import Block, Column, Figure, Note, Report, Table
from routecost.render.cells import is_numeric, sentence, shown_table
from routecost.render.escape import harmless, harmless_lines
from routecost.render.findings import finding_table

NAME = "html"
SUFFIXES = (".html", ".htm")
BINARY = False

_STYLE = """\
:root { color-scheme: light dark; --ink: #1b242c; --soft: #56626d; --rule: #d5dbe0; --page: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaee; --soft: #a3aeb8; --rule: #3a444d; --page: #14191e; }
}
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; background: var(--page);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1.5rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .5rem; }
th, td { padding: .35rem .75rem; text-align: left; font-weight: 400; border-bottom: 1px solid var(--rule); }
thead th { color: var(--soft); vertical-align: bottom; border-bottom: 2px solid var(--soft); }
.number { text-align: right; white-space: nowrap; }
figure { margin: 1.5rem 0; padding: .5rem; width: fit-content; max-width: 100%; box-sizing: border-box;
  background: #fff; border-radius: .25rem; }
figure svg { display: block; max-width: 100%; height: auto; }
p { max-width: 44rem; }
pre { overflow-x: auto; border-left: .25rem solid var(--rule); padding-left: .75rem; }
.warning { border-left: .25rem solid #d55e00; padding-left: .75rem; }
@media print {
  :root { --ink: #000; --soft: #444; --rule: #bbb; --page: #fff; }
  body { margin: 0; max-width: none; }
  .wide { overflow: visible; }
  thead { display: table-header-group; }
  tr, figure { break-inside: avoid; }
}
"""

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
    """Write a report as a page that loads nothing else; its figure, if any, is inline SVG."""
    sink.write(_HEAD.format(title=_text(report.title), style=_STYLE))
    if report.figure is not None:
        sink.write(f"<figure>\n{_svg(report.figure)}</figure>\n")
    for block in report.shown:
        sink.writelines(_block(block, report))
    sink.write("</main>\n</body>\n</html>\n")


def _block(block: Block, report: Report) -> Iterator[str]:
    match block:
        case Note():
            return _note(block, report)
        case Listing():
            return _listing(block)
        case FindingList():
            return _table(finding_table(block), report)
        case _:
            return _table(block, report)


def _listing(listing: Listing) -> Iterator[str]:
    yield f"<p>{_text(listing.title)}:</p>\n"
    yield "<pre><code>" + escape("\n".join(harmless_lines(listing.text))) + "</code></pre>\n"


def _svg(figure: Figure) -> str:
    from routecost.render.charts import draw

    sink = BytesIO()
    draw(figure, sink, "svg")
    page = sink.getvalue().decode()
    return page[page.index("<svg") :]


def _note(note: Note, report: Report) -> Iterator[str]:
    kind, start = (' class="warning"', "<strong>Warning:</strong> ") if note.warning else ("", "")
    yield f"<p{kind}>{start}{escape(sentence(note, report.currency))}</p>\n"


def _table(table: Table, report: Report) -> Iterator[str]:
    columns, rows = shown_table(table, report.currency)
    yield '<div class="wide">\n<table>\n'
    yield f"<caption>{_text(table.title or report.title)}</caption>\n<thead>\n"
    yield _row(columns, [column.label for column in columns], heads=len(columns), scope="col")
    yield "</thead>\n<tbody>\n"
    heads = int(not is_numeric(columns[0].unit))
    for row in rows:
        yield _row(columns, row, heads, scope="row")
    if not rows:
        yield f'<tr><td colspan="{len(columns)}">none</td></tr>\n'
    yield "</tbody>\n</table>\n</div>\n"


def _row(columns: Sequence[Column], cells: Sequence[str], heads: int, scope: str) -> str:
    """Return a row of which the first ``heads`` cells are headings of a row or a column."""
    return "<tr>" + "".join(map(_cell, columns, cells, _tags(len(cells), heads, scope))) + "</tr>\n"


def _tags(count: int, heads: int, scope: str) -> list[str]:
    return [f'th scope="{scope}"'] * heads + ["td"] * (count - heads)


def _cell(column: Column, text: str, tag: str) -> str:
    kind = ' class="number"' if is_numeric(column.unit) else ""
    return f"<{tag}{kind}>{_text(text)}</{tag[:2]}>"


def _text(text: str) -> str:
    return escape(harmless(text))
