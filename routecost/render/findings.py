"""A finding as people read it: position, message, source line and caret."""

from __future__ import annotations

from routecost.problems import Finding, Severity
from routecost.render.escape import harmless

_WIDEST = 100
_BEFORE = 60


def excerpt(finding: Finding) -> str:
    """Return a finding with its source line and a caret below the place; long lines are cut."""
    label = "" if finding.severity is Severity.ERROR else f"{finding.severity}: "
    where = harmless(str(finding.position))
    code = "" if finding.code is None else f"{finding.code} "
    head = f"{where}: {label}{code}{harmless(finding.message)}"
    if finding.source_line is None:
        return head
    line, at = _window(finding.source_line, finding.position.column - 1)
    return f"{head}\n  {line}\n  {' ' * at}^"


def _window(line: str, at: int) -> tuple[str, int]:
    """Cut a long line to the part around the place, keeping the column of the caret right."""
    start = max(0, at - _BEFORE) if len(line) > _WIDEST else 0
    shown = line[start : start + _WIDEST]
    before = harmless(shown[: at - start])
    return before + harmless(shown[at - start :]), len(before)
