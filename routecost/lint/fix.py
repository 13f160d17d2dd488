"""Safe fixes of findings by text edits, which keep comments and order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import unified_diff

from routecost.documents.core.loader import Loader
from routecost.documents.routing.table import TABLE
from routecost.library import Library
from routecost.lint.hit import Fix, LocatedHit
from routecost.lint.rule import Rule
from routecost.lint.run import run_rules
from routecost.lint.subject import Subject
from routecost.model.frames import Result
from routecost.problems import Finding
from routecost.records import dataclass
from routecost.source import Document, read_text
from routecost.source.editing import Edit, apply, item_edit

_MOST_ROUNDS = 100
_NO_BREAK = "\\ No newline at end of file"


@dataclass(frozen=True, slots=True)
class Fixed(Result):
    """The text of a table before and after, the findings fixed, and why others were not fixed.

    ``subject`` is the table as it is after.
    """

    file: str
    before: str
    after: str
    findings: tuple[Finding, ...]
    subject: Subject
    not_fixed: tuple[str, ...] = ()

    def diff(self) -> str:
        """Return the difference as a patch; empty if there is none."""
        before, after = (_lines(text) for text in (self.before, self.after))
        patch = unified_diff(before, after, self.file, self.file)
        return "".join(line if line.endswith("\n") else f"{line}\n{_NO_BREAK}\n" for line in patch)


def _lines(text: str) -> list[str]:
    """Split at line feeds only, as patches do."""
    return [line for line in re.split(r"(?<=\n)", text) if line]


def fix(subject: Subject, chosen: Sequence[Rule], packages: tuple[str, ...] = ()) -> Fixed:
    """Return the table's text with the fixes of all findings that no comment ignores.

    ``packages`` are those that further rules come from. If two fixes overlap, the first is applied and
    the rules run again on the new text.
    """
    before = subject.document.byte_order_mark + subject.document.text
    text, fixed = before, []
    for _ in range(_MOST_ROUNDS):
        fixable = [hit for hit in run_rules(subject, chosen, packages).hits if hit.hit.fixes]
        result, not_fixed = _edited(subject.document, fixable)
        if not result:
            break
        text, findings = result
        fixed += findings
        subject = _reread(subject, text)
    else:
        not_fixed = ["too many overlapping fixes; run --fix again"]
    return Fixed(subject.document.file, before, text, tuple(fixed), subject, tuple(not_fixed))


def _edited(
    document: Document, hits: Iterable[LocatedHit]
) -> tuple[tuple[str, list[Finding]] | None, list[str]]:
    """Return the text with all fixes, else with the first alone; and why others cannot be applied."""
    edits: list[tuple[Finding, list[Edit]]] = []
    not_fixed = []
    for located in hits:
        finding = located.finding
        try:
            edits.append((finding, [_edit(document, fix) for fix in located.hit.fixes]))
        except ValueError as error:
            not_fixed.append(f"{finding.position}: {finding.code} is not fixed: {error}")
    for batch in (edits, edits[:1]):
        try:
            if batch:
                text = apply(document, [edit for _, of_finding in batch for edit in of_finding])
                return (text, [finding for finding, _ in batch]), not_fixed
        except ValueError:
            continue
    return None, not_fixed


def _edit(document: Document, fix: Fix) -> Edit:
    item = _as_json(fix.item_yaml) if _is_json(document.text) else fix.item_yaml
    return item_edit(document, fix.key_path, item, fix.index)


def _is_json(text: str) -> bool:
    """Return whether a text is JSON, which its fixed form must be, too."""
    try:
        return text.lstrip().startswith("{") and bool(json.loads(text))
    except (ValueError, RecursionError):
        return False


def _as_json(item_yaml: str) -> str:
    """Return an item as JSON."""
    document, _ = read_text(f"item: {item_yaml}\n", "a fix")
    if document is None:
        raise ValueError(f"{item_yaml} cannot be written as JSON")
    return json.dumps(document.get(("item",)), ensure_ascii=False)


def _reread(subject: Subject, text: str) -> Subject:
    """Return the subject with a new text of its table. Raises DocumentError if that is invalid."""
    document, faults = read_text(text, subject.document.file)
    loader = Loader(Library())
    loader.findings += faults
    checked = None if document is None else loader.check(document, TABLE, {})
    table = loader.finish(None if checked is None else checked.build(subject.table.name))
    return replace(subject, document=loader.finish(document), table=table)
