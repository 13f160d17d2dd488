"""GitHub workflow commands: findings as annotations of source lines."""

from __future__ import annotations

import re
from typing import TextIO

from routecost.model.report.report import Report
from routecost.problems import Finding, Severity
from routecost.render.escape import sanitize, without_commands
from routecost.render.findings import only_findings, rule_of

NAME = "github"
SUFFIXES = ()
BINARY = False
NEEDS_FINDINGS = True
HAS_COMMANDS = True

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_IN_VALUE = re.compile("[%:,]")
_IN_MESSAGE = re.compile("%")


def render(report: Report, sink: TextIO) -> None:
    """Write one command per finding; raises UsageError for a report without findings."""
    sink.writelines(annotation(finding) + "\n" for finding in only_findings(report, NAME).findings)


def problem(message: str) -> str:
    """Return the command that shows a problem without a place."""
    return f"::error::{_escaped(_IN_MESSAGE, message)}"


def annotation(finding: Finding) -> str:
    """Return the command that annotates the line of a finding."""
    where = finding.position
    title = rule_of(finding) or "routecost"
    values = {"file": where.file, "line": where.line, "col": where.column, "title": title}
    shown = ",".join(f"{key}={_escaped(_IN_VALUE, str(value))}" for key, value in values.items())
    return f"::{_COMMANDS[finding.severity]} {shown}::{_escaped(_IN_MESSAGE, finding.message)}"


def _escaped(special: re.Pattern[str], text: str) -> str:
    """Return one sanitized line that cannot end a value or start another command."""
    return special.sub(lambda match: f"%{ord(match.group()):02X}", without_commands(sanitize(text)))
