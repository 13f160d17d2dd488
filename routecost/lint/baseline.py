"""The findings of an old table, kept in a file, so that only new ones are heard."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from routecost.errors import UsageError
from routecost.problems import Finding

SCHEMA = "routecost.baseline/1"
_KEYS = ("code", "task", "message")
_COUNT = re.compile(r"\d[\d.,]*")

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Baseline:
    """How often each finding is known, by code, task type and message, whatever its line.

    Numbers in messages do not count: evidence gets older by the day.
    """

    known: Counter[Key]

    def compare(self, findings: Sequence[Finding]) -> tuple[list[Finding], int, int]:
        """Return the findings that are new, how many are known, and how many known ones are gone."""
        left = Counter(self.known)
        new = []
        for finding in findings:
            key = _key(finding)
            if left[key] > 0:
                left[key] -= 1
            else:
                new.append(finding)
        return new, len(findings) - len(new), left.total()


def baseline_text(findings: Iterable[Finding]) -> str:
    """Return the file that makes these findings known: JSON, sorted, for version control."""
    counted = Counter(map(_key, findings))
    rows = [{**dict(zip(_KEYS, key, strict=True)), "count": count} for key, count in sorted(counted.items())]
    return json.dumps({"schema": SCHEMA, "findings": rows}, indent=2, ensure_ascii=False) + "\n"


def read_baseline(path: Path) -> Baseline:
    """Read a baseline file. Raises UsageError if it cannot be read, or is none."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f'cannot read "{path}": {reason.lower()}') from error
    try:
        return Baseline(Counter(dict(map(_row, json.loads(text)["findings"]))))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        expected = "expected one that --write-baseline wrote"
        raise UsageError(f'"{path}" is no baseline; {expected}') from error


def _row(row: dict[str, Any]) -> tuple[Key, int]:
    code, task, message = (row[key] for key in _KEYS)
    if not all(isinstance(value, str) for value in (code, task, message)) or type(row["count"]) is not int:
        raise ValueError(row)
    return (code, task, message), row["count"]


def _key(finding: Finding) -> Key:
    return finding.code or "", finding.task or "", _COUNT.sub("#", finding.message)
