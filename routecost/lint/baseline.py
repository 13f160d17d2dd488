"""Baseline files: known findings of a table, so that only new ones are reported."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from routecost.errors import UsageError
from routecost.file_access import read_utf8
from routecost.problems import Finding
from routecost.records import dataclass

SCHEMA = "routecost.baseline/1"
_KEYS = ("code", "task", "message")
_MOST = 1_000_000_000
# Numbers, except inside names such as haiku-4-5 and inside quotes.
_NUMBER_OR_NAME = re.compile(r'"[^"]*"|(?<![\w.-])[+-]?\d+(?:[.,-]\d+)*')

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Baseline:
    """Counts of known findings by code, task type and message, regardless of the line.

    Numbers in messages are ignored, because the age of evidence changes every day.
    """

    known: Counter[Key]

    def compare(
        self, findings: Sequence[Finding], codes_run: Collection[str]
    ) -> tuple[list[Finding], int, int]:
        """Return the new findings, the count of known ones, and the count of known ones now fixed.

        Known findings of rules that did not run (codes not in ``codes_run``) do not count as fixed.
        """
        remaining = Counter(self.known)
        new = []
        for finding in findings:
            key = finding_key(finding)
            if remaining[key] > 0:
                remaining[key] -= 1
            else:
                new.append(finding)
        gone = sum(times for (code, _, _), times in remaining.items() if code in codes_run)
        return new, len(findings) - len(new), gone


def baseline_text(findings: Iterable[Finding]) -> str:
    """Return the text of a baseline file for these findings: sorted JSON, for version control."""
    counted = Counter(map(finding_key, findings))
    rows = [{**dict(zip(_KEYS, key, strict=True)), "count": count} for key, count in sorted(counted.items())]
    return json.dumps({"schema": SCHEMA, "findings": rows}, indent=2, ensure_ascii=False) + "\n"


def read_baseline(path: Path) -> Baseline:
    """Read a baseline file. Raises UsageError if it cannot be read or is not a baseline."""
    text = read_utf8(path)
    try:
        return Baseline(_known(json.loads(text)))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        expected = "expected a file written by --write-baseline"
        raise UsageError(f'"{path}" is not a baseline; {expected}') from error


def _known(data: dict[str, Any]) -> Counter[Key]:
    if data["schema"] != SCHEMA:
        raise ValueError(data["schema"])
    known: Counter[Key] = Counter()
    for row in data["findings"]:
        code, task, message = (row[key] for key in _KEYS)
        is_text = all(isinstance(value, str) for value in (code, task, message))
        if not is_text or type(row["count"]) is not int or not 1 <= row["count"] <= _MOST:
            raise ValueError(row)
        known[code, task, message] += row["count"]
    return known


def finding_key(finding: Finding) -> Key:
    """Return what is the same for a finding on another line, with other numbers."""
    return finding.code or "", finding.task or "", _NUMBER_OR_NAME.sub(_without_number, finding.message)


def _without_number(match: re.Match[str]) -> str:
    return match.group() if match.group().startswith('"') else "#"
