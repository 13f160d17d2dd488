"""Comments in a table that suppress findings: ``# routecost: ignore[RT201] reason``.

Between the brackets are codes, code prefixes and names of rules, separated by commas.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from routecost.lint.hit import LocatedHit
from routecost.problems import Position, nearest
from routecost.records import dataclass
from routecost.source import Document

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#[ \t]*routecost:[ \t]*(?P<what>[^\r\n]*)", re.MULTILINE)
_OTHER = re.compile(r"(?:^|(?<=[ \t]))#(?P<what>[^#\r\n]*)", re.MULTILINE)
_IGNORE = re.compile(r"ignore[ \t]*\[(?P<names>[^\[\]]+)\](?P<reason>.*)")
_WORD = re.compile(r"[\w-]+|[\[(]")
_JOINED = re.compile(r"^(\s*[a-z-]*cost)[-_](?=ignore)", re.IGNORECASE)
_CODE = re.compile(r"rt[0-9]")
_VERBS = ("ignore", "ignored", "ignores", "disable", "noqa", "suppress")
_WORDS_AT_MOST = 80
"""The characters of a comment in which its verb and code are looked for."""


@dataclass(frozen=True, slots=True)
class Selector:
    """A word between the brackets of an ignore comment: a code, a code prefix or a name.

    ``codes`` are those of the rules that it selects.
    """

    text: str
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment for the linter; ``selectors`` is empty if it cannot be parsed.

    ``unused`` are those of its selectors without a finding on its line. ``known`` are the codes and
    names of all rules.
    """

    text: str
    position: Position
    selectors: tuple[Selector, ...] = ()
    reason: str = ""
    unused: tuple[Selector, ...] = ()
    known: tuple[str, ...] = ()


def comments(document: Document) -> tuple[Comment, ...]:
    """Return the comments for the linter, in order, and near misses; not quoted text that looks like one."""
    matches = list(_COMMENT.finditer(document.text)) if "routecost:" in document.text else []
    lower = document.text.lower()
    others = _OTHER.finditer(document.text) if any(verb in lower for verb in _VERBS) else ()
    matches += [match for match in others if _is_near(match["what"])]
    if not matches:
        return ()
    scalars = _scalars(document)
    starts = [start for start, _ in scalars]

    def is_comment(offset: int) -> bool:
        before = bisect_right(starts, offset)
        return before == 0 or scalars[before - 1][1] <= offset

    written = (match for match in matches if is_comment(match.start()))
    return tuple(_comment(match, document) for match in sorted(written, key=lambda match: match.start()))


def apply(
    hits: Iterable[LocatedHit],
    comments: Sequence[Comment],
    rules: Mapping[str, str],
    not_run: Collection[str],
) -> tuple[list[LocatedHit], tuple[Comment, ...]]:
    """Remove the hits that a comment on their line ignores, and resolve the selectors of the comments.

    ``rules`` has the name of each rule by its code. ``not_run`` holds the codes of rules that did not run;
    selectors of these are never unused.
    """
    known, selected = (*rules, *rules.values()), _codes_by_selector(*rules.items())
    resolved = [_resolved(comment, selected, known) for comment in comments]
    ignored = {
        (*_line(comment.position), code)
        for comment in resolved
        for selector in comment.selectors
        for code in selector.codes
    }
    kept: list[LocatedHit] = []
    used: set[tuple[str, int, str]] = set()
    for hit in hits:
        key = (*_line(hit.finding.position), hit.finding.code or "")
        if key in ignored:
            used.add(key)
        else:
            kept.append(hit)
    return kept, tuple(_with_unused(comment, used, not_run) for comment in resolved)


def _is_near(text: str) -> bool:
    """Return whether a comment looks like one that ignores a rule: a verb with a code or a bracket."""
    words = [word.lower() for word in _WORD.findall(_JOINED.sub(r"\1 ", text[:_WORDS_AT_MOST]))]
    is_named = len(words) > 1 and words[0] not in _VERBS
    verb, *rest = words[1:4] if is_named else words[:3] or [""]
    if verb not in _VERBS or text.lstrip().startswith("routecost:"):
        return False
    if is_named and nearest(words[0].replace("-", ""), ("routecost",)) is None:
        return False
    if any(map(_CODE.match, rest)):
        return True
    is_followed = bool(rest) and (rest[0] in {"[", "("} or _is_name(rest[0]))
    return is_named and is_followed and verb not in {"ignored", "ignores"}


def _is_name(word: str) -> bool:
    """Return whether a word has the form of a name of a rule, such as ``over-routed``."""
    parts = word.split("-")
    return len(parts) > 1 and word.isascii() and all(map(str.isalpha, parts))


@cache
def _codes_by_selector(*rules: tuple[str, str]) -> Mapping[str, frozenset[str]]:
    """Return the codes of the rules that each code, code prefix and name selects, in upper case."""
    selected: dict[str, set[str]] = {}
    for code, name in rules:
        for selector in (name.upper(), *(code[:length] for length in range(1, len(code) + 1))):
            selected.setdefault(selector, set()).add(code)
    return {selector: frozenset(codes) for selector, codes in selected.items()}


def _resolved(comment: Comment, selected: Mapping[str, frozenset[str]], known: tuple[str, ...]) -> Comment:
    """Return a comment whose selectors have the codes of their rules."""
    selectors = tuple(
        Selector(selector.text, selected.get(selector.text.upper(), frozenset()))
        for selector in comment.selectors
    )
    return replace(comment, selectors=selectors, known=known)


def _with_unused(
    comment: Comment, used: Collection[tuple[str, int, str]], not_run: Collection[str]
) -> Comment:
    line = _line(comment.position)
    unused = (
        selector
        for selector in comment.selectors
        if not any((*line, code) in used or code in not_run for code in selector.codes)
    )
    return replace(comment, unused=tuple(unused))


def _line(position: Position) -> tuple[str, int]:
    return position.file, position.line


def _comment(match: re.Match[str], document: Document) -> Comment:
    text = match["what"].strip()
    position = document.places.position(match.start())
    ignore = None if match.re is _OTHER else _IGNORE.fullmatch(text)
    if ignore is None:
        return Comment(text, position)
    words = [word.strip() for word in ignore["names"].split(",")]
    selectors = {word.upper(): Selector(word) for word in words if word}
    return Comment(text, position, tuple(selectors.values()), ignore["reason"].strip())


def _scalars(document: Document) -> list[tuple[int, int]]:
    """Return the start and end offsets of scalars, in order."""
    extents = document.extents
    return sorted((start, end) for start, end in extents.ends.items() if not extents.is_flow(start))
