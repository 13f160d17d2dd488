"""Comments in a table that suppress findings: ``# routecost: ignore[RT201] reason``."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from routecost.lint.hit import LocatedHit
from routecost.problems import Position
from routecost.records import dataclass
from routecost.source import Document

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#[ \t]*routecost:[ \t]*(?P<what>[^\r\n]*)", re.MULTILINE)
_IGNORE = re.compile(r"ignore[ \t]*\[(?P<codes>[^\[\]]+)\](?P<reason>.*)")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment for the linter; ``codes`` is empty if it cannot be parsed.

    ``unused`` are those of its codes without a finding on its line, ``known`` the codes of all rules.
    """

    text: str
    position: Position
    codes: tuple[str, ...] = ()
    reason: str = ""
    unused: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


def comments(document: Document) -> tuple[Comment, ...]:
    """Return the comments for the linter, in order. Skips quoted text that looks like one."""
    matches = list(_COMMENT.finditer(document.text)) if "routecost:" in document.text else []
    if not matches:
        return ()
    scalars = _scalars(document)
    starts = [start for start, _ in scalars]

    def is_comment(offset: int) -> bool:
        before = bisect_right(starts, offset)
        return before == 0 or scalars[before - 1][1] <= offset

    return tuple(_comment(match, document) for match in matches if is_comment(match.start()))


def apply(
    hits: Iterable[LocatedHit], comments: Sequence[Comment], not_run: Collection[str]
) -> tuple[list[LocatedHit], tuple[Comment, ...]]:
    """Remove the hits that a comment on their line ignores, and set ``unused`` of the comments.

    ``not_run`` holds the codes of rules that did not run; these are never unused.
    """
    ignored = {(*_line(comment.position), code) for comment in comments for code in comment.codes}
    kept: list[LocatedHit] = []
    used: set[tuple[str, int, str]] = set()
    for hit in hits:
        key = (*_line(hit.finding.position), hit.finding.code or "")
        if key in ignored:
            used.add(key)
        else:
            kept.append(hit)
    return kept, tuple(_with_unused(comment, used, not_run) for comment in comments)


def _with_unused(
    comment: Comment, used: Collection[tuple[str, int, str]], not_run: Collection[str]
) -> Comment:
    line = _line(comment.position)
    unused = (code for code in comment.codes if (*line, code) not in used and code not in not_run)
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
    """Return the start and end offsets of scalars, in order."""
    extents = document.extents
    return sorted((start, end) for start, end in extents.ends.items() if not extents.is_flow(start))
