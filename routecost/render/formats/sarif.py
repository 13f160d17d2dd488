"""SARIF 2.1.0: findings with their rules, for code scanning."""

from __future__ import annotations

import json
import os
from pathlib import PurePath
from typing import Any, TextIO
from urllib.parse import quote

from routecost import __version__
from routecost.model.report.report import FindingList, Report
from routecost.model.results.validation import RuleNote
from routecost.problems import Finding
from routecost.render.escape import sanitize, without_commands
from routecost.render.findings import only_findings

NAME = "sarif"
SUFFIXES = (".sarif",)
BINARY = False
NEEDS_FINDINGS = True

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Report, sink: TextIO) -> None:
    """Write a log of one run; raises UsageError for a report without findings."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(only_findings(report, NAME))]}
    sink.write(without_commands(json.dumps(log, indent=2), hash_sign=r"\u0023") + "\n")


def _run(listed: FindingList) -> dict[str, Any]:
    driver = {"name": "routecost", "version": __version__, "rules": list(map(_rule, listed.rules))}
    ranks = {rule.code: rank for rank, rule in enumerate(listed.rules)}
    return {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, ranks) for finding in listed.findings],
    }


def _rule(rule: RuleNote) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.what},
        "help": {"text": rule.why},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(finding: Finding, ranks: dict[str, int]) -> dict[str, Any]:
    where = finding.position
    place = {
        "artifactLocation": {"uri": _uri(where.file)},
        "region": {"startLine": where.line, "startColumn": where.column},
    }
    rule = {} if finding.code not in ranks else {"ruleId": finding.code, "ruleIndex": ranks[finding.code]}
    return {
        **rule,
        "level": finding.severity.value,
        "message": {"text": sanitize(finding.message)},
        "locations": [{"physicalLocation": place}],
    }


def _uri(file: str) -> str:
    """Return a reference relative to the working folder, or the URI of a file outside it."""
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(os.fsencode(path.as_posix()))
