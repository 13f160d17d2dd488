"""Findings for people: a source excerpt with a caret, or a table."""

from __future__ import annotations

from routecost.errors import UsageError
from routecost.model.report.cells import Column
from routecost.model.report.report import FindingList, Report, Table
from routecost.problems import Finding, Severity
from routecost.render.escape import sanitize

_WIDEST = 100
_BEFORE = 60
_COLUMNS = (
    Column("where", "where"),
    Column("severity", "severity"),
    Column("rule", "rule"),
    Column("message", "message"),
)


def excerpt(finding: Finding) -> str:
    """Return a finding with its source line and a caret; long lines are cut."""
    label = "" if finding.severity is Severity.ERROR else f"{finding.severity}: "
    where = sanitize(str(finding.position))
    code = "" if finding.code is None else f"{finding.code} "
    head = f"{where}: {label}{code}{sanitize(finding.message)}"
    if finding.source_line is None:
        return head
    line, at = _window(finding.source_line, finding.position.column - 1)
    return f"{head}\n  {line}\n  {' ' * at}^"


def finding_table(listed: FindingList) -> Table:
    """Return findings as a table for people, for formats without carets."""
    rows = [
        (str(finding.position), finding.severity.value, rule_of(finding), finding.message)
        for finding in listed.findings
    ]
    return Table("findings", _COLUMNS, rows)


def rule_of(finding: Finding) -> str:
    """Return the code and name of the rule of a finding, if any."""
    return " ".join(part for part in (finding.code, finding.rule) if part is not None)


def only_findings(report: Report, format_name: str) -> FindingList:
    """Return the findings of a report; raises UsageError for a report without findings."""
    for block in report.blocks:
        if isinstance(block, FindingList):
            return block
    raise UsageError(f'"{report.command}" has no findings to write as "{format_name}"; try "text" or "json"')


def _window(line: str, at: int) -> tuple[str, int]:
    """Cut a long line around the caret; return the excerpt and the column of the caret."""
    start = max(0, at - _BEFORE) if len(line) > _WIDEST else 0
    shown = line[start : start + _WIDEST]
    before = sanitize(shown[: at - start])
    return before + sanitize(shown[at - start :]), len(before)
