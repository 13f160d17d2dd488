"""LaTeX: booktabs tables and paragraphs, to be included in a document."""

from __future__ import annotations

import re
from typing import TextIO

from routecost.model.report.report import Block, FindingList, Listing, Note, Report, Table
from routecost.render.escape import harmless_lines, sanitize, without_commands
from routecost.render.findings import finding_table
from routecost.render.rounding import is_numeric, sentence, shown_table

NAME = "latex"
SUFFIXES = (".tex",)
BINARY = False

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "\N{EN DASH}": "--",
    "[": "{[}",  # a bare bracket at the start of a row is read as an option of the row before
    "]": "{]}",
    "*": "{*}",
    **{character: "\\" + character for character in "&%$#_{}"},
}
_SPECIAL = re.compile("[" + re.escape("".join(_ESCAPES)) + "]")
_RULES = (r"\toprule", r"\midrule", r"\bottomrule")


def render(report: Report, sink: TextIO) -> None:
    """Write a report as LaTeX that needs the booktabs package and T1 fonts."""
    sink.write("% needs \\usepackage[T1]{fontenc} and \\usepackage{booktabs}\n")
    sink.writelines(f"\n{_block(block, report)}\n" for block in report.shown)
    for part in report.parts.values():
        sink.write(f"\n\\section{{{_escaped(part.title)}}}\n")
        sink.writelines(f"\n{_block(block, part)}\n" for block in part.shown)


def _block(block: Block, report: Report) -> str:
    match block:
        case Note():
            return _note(block, report.currency)
        case Listing():
            return _listing(block)
        case FindingList():
            return _float(finding_table(block), report)
        case _:
            return _float(block, report)


def _listing(listing: Listing) -> str:
    """Return lines in a typewriter font; text could end a verbatim environment early."""
    lines = (_escaped(line).replace(" ", "~") + r"\\" for line in harmless_lines(listing.text))
    return "\n".join(
        [f"{_escaped(listing.title)}:", r"\begin{quote}\ttfamily\raggedright", *lines, r"\end{quote}"]
    )


def _note(note: Note, currency: str) -> str:
    text = _escaped(sentence(note, currency))
    return f"\\textbf{{Warning:}} {text}" if note.warning else text


def _float(table: Table, report: Report) -> str:
    caption = _escaped(table.title or report.title)
    head = f"\\begin{{table}}[htbp]\n\\centering\n\\caption{{{caption}}}\n"
    return head + _tabular(table, report.currency) + "\n\\end{table}"


def _tabular(table: Table, currency: str) -> str:
    from tabulate import tabulate

    columns, rows = shown_table(table, currency)
    text = tabulate(
        [[_escaped(cell) for cell in row] for row in rows],
        headers=[_escaped(column.label) for column in columns],
        tablefmt="latex_raw",  # "latex_booktabs" would escape a second time, and not everything
        disable_numparse=True,
        colalign=["right" if is_numeric(column.unit) else "left" for column in columns],
    )
    for rule in _RULES:
        text = text.replace(r"\hline", rule, 1)
    return text


def _escaped(text: str) -> str:
    escaped = _SPECIAL.sub(lambda match: _ESCAPES[match.group()], sanitize(text))
    return without_commands(escaped, colon="{:}")
