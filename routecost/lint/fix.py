"""Mends what can be mended safely, by editing the text: comments and order stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff

from routecost.documents.core.loader import Loader
from routecost.documents.routing.table import TABLE
from routecost.library import Library
from routecost.lint.hit import Fix, Found
from routecost.lint.rule import Rule
from routecost.lint.run import judge
from routecost.lint.subject import Subject
from routecost.problems import Finding
from routecost.source import Document, read_text
from routecost.source.editing import Edit, apply, item_edit

_MOST_ROUNDS = 100
_NO_BREAK = "\\ No newline at end of file"


@dataclass(frozen=True, slots=True)
class Fixed:
    """The text of a table before and after, what was mended, and what could not be in place.

    ``subject`` is the table as it is after.
    """

    file: str
    before: str
    after: str
    findings: tuple[Finding, ...]
    subject: Subject
    left: tuple[str, ...] = ()

    def diff(self) -> str:
        """Return the difference as a patch; nothing where there is none."""
        before, after = (_lines(text) for text in (self.before, self.after))
        patch = unified_diff(before, after, self.file, self.file)
        return "".join(line if line.endswith("\n") else f"{line}\n{_NO_BREAK}\n" for line in patch)


def _lines(text: str) -> list[str]:
    """Split at line feeds only, as patches do."""
    return [line for line in re.split(r"(?<=\n)", text) if line]


def fix(subject: Subject, chosen: Sequence[Rule]) -> Fixed:
    """Return the table's text with the fixes of all findings that nobody ignores.

    Where two fixes are in each other's way, one is made first and the table looked at again.
    """
    before = subject.document.byte_order_mark + subject.document.text
    text, mended = before, []
    for _ in range(_MOST_ROUNDS):
        found = [each for each in judge(subject, chosen).found if each.hit.fixes]
        done, left = _edited(subject.document, found)
        if not done:
            break
        text, made = done
        mended += made
        subject = _again(subject, text)
    else:
        left = ["too many fixes in each other's way; run it again"]
    return Fixed(subject.document.file, before, text, tuple(mended), subject, tuple(left))


def _edited(document: Document, found: Iterable[Found]) -> tuple[tuple[str, list[Finding]] | None, list[str]]:
    """Return the text with all fixes, else with the first alone; and why others cannot be made."""
    edits: list[tuple[Finding, list[Edit]]] = []
    left = []
    for each in found:
        try:
            edits.append((each.finding, [_edit(document, one) for one in each.hit.fixes]))
        except ValueError as error:
            left.append(f"{each.finding.position}: {each.finding.code} is not fixed: {error}")
    for tried in (edits, edits[:1]):
        try:
            if tried:
                text = apply(document, [edit for _, made in tried for edit in made])
                return (text, [finding for finding, _ in tried]), left
        except ValueError:
            continue
    return None, left


def _edit(document: Document, wanted: Fix) -> Edit:
    return item_edit(document, wanted.way, wanted.item_yaml, wanted.index)


def _again(subject: Subject, text: str) -> Subject:
    """Return the subject with another text for its table, which must be sound."""
    document, faults = read_text(text, subject.document.file)
    loader = Loader(Library())
    loader.findings += faults
    made = None if document is None else loader.check(document, TABLE, {})
    table = loader.finish(None if made is None else made.build(subject.table.name))
    return replace(subject, document=loader.finish(document), table=table)
