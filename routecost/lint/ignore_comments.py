"""Comments in a table that speak to the linter: ``# routecost: ignore[RT201] reason``."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from routecost.lint.hit import Found
from routecost.problems import Position
from routecost.source import Document

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#[ \t]*routecost:[ \t]*(?P<what>[^\r\n]*)", re.MULTILINE)
_IGNORE = re.compile(r"ignore[ \t]*\[(?P<codes>[^\[\]]+)\](?P<reason>.*)")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment to the linter; ``codes`` is empty where it is not understood.

    ``unused`` holds those of its codes that nothing on its line raised, ``known`` the codes of all rules.
    """

    text: str
    position: Position
    codes: tuple[str, ...] = ()
    reason: str = ""
    unused: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


def comments(document: Document) -> tuple[Comment, ...]:
    """Return the comments to the linter, in order. Quoted text that looks like one is none."""
    found = list(_COMMENT.finditer(document.text)) if "routecost:" in document.text else []
    if not found:
        return ()
    scalars = _scalars(document)
    starts = [start for start, _ in scalars]

    def is_comment(offset: int) -> bool:
        before = bisect_right(starts, offset)
        return before == 0 or scalars[before - 1][1] <= offset

    return tuple(_comment(match, document) for match in found if is_comment(match.start()))


def apply(
    found: Iterable[Found], said: Sequence[Comment], unjudged: Collection[str]
) -> tuple[list[Found], tuple[Comment, ...]]:
    """Leave out the findings that a comment on their line ignores, and note what was for nothing.

    ``unjudged`` holds the codes of rules that did not run: whether those are ignored for nothing
    is not known.
    """
    ignored = {(*_line(comment.position), code) for comment in said for code in comment.codes}
    kept: list[Found] = []
    used: set[tuple[str, int, str]] = set()
    for each in found:
        key = (*_line(each.finding.position), each.finding.code or "")
        if key in ignored:
            used.add(key)
        else:
            kept.append(each)
    return kept, tuple(_judged(comment, used, unjudged) for comment in said)


def _judged(comment: Comment, used: Collection[tuple[str, int, str]], unjudged: Collection[str]) -> Comment:
    line = _line(comment.position)
    unused = (code for code in comment.codes if (*line, code) not in used and code not in unjudged)
    return replace(comment, unused=tuple(unused))


def _line(position: Position) -> tuple[str, int]:
    return position.file, position.line


def _comment(match: re.Match[str], document: Document) -> Comment:
    text = match["what"].strip()
    position = document.places.position(match.start())
    ignore = _IGNORE.fullmatch(text)
    if ignore is None:
        return Comment(text, position)
    codes = dict.fromkeys(code.strip().upper() for code in ignore["codes"].split(","))
    return Comment(text, position, tuple(codes), ignore["reason"].strip())


def _scalars(document: Document) -> list[tuple[int, int]]:
    """Return where scalars start and end, in order."""
    extents = document.extents
    return sorted((start, end) for start, end in extents.ends.items() if not extents.is_flow(start))
