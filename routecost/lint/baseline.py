"""The findings of an old table, kept in a file, so that only new ones are heard."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from routecost.errors import UsageError
from routecost.problems import Finding

SCHEMA = "routecost.baseline/1"
_KEYS = ("code", "task", "message")
# Numbers, but none inside a name such as haiku-4-5, or inside quotes.
_NUMBER_OR_NAME = re.compile(r'"[^"]*"|(?<![\w.-])[+-]?\d+(?:[.,-]\d+)*')

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Baseline:
    """How often each finding is known, by code, task type and message, whatever its line.

    Numbers in messages do not count: evidence gets older by the day.
    """

    known: Counter[Key]

    def compare(self, findings: Sequence[Finding], judged: Collection[str]) -> tuple[list[Finding], int, int]:
        """Return the findings that are new, how many are known, and how many known ones are gone.

        Whether those of rules that did not run, whose codes are not ``judged``, are gone is not known.
        """
        left = Counter(self.known)
        new = []
        for finding in findings:
            key = _key(finding)
            if left[key] > 0:
                left[key] -= 1
            else:
                new.append(finding)
        gone = sum(times for (code, _, _), times in left.items() if code in judged)
        return new, len(findings) - len(new), gone


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
        return Baseline(_known(json.loads(text)))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        expected = "expected one that --write-baseline wrote"
        raise UsageError(f'"{path}" is no baseline; {expected}') from error


def _known(written: dict[str, Any]) -> Counter[Key]:
    if written["schema"] != SCHEMA:
        raise ValueError(written["schema"])
    known: Counter[Key] = Counter()
    for row in written["findings"]:
        code, task, message = (row[key] for key in _KEYS)
        is_text = all(isinstance(value, str) for value in (code, task, message))
        if not is_text or type(row["count"]) is not int or row["count"] < 1:
            raise ValueError(row)
        known[code, task, message] += row["count"]
    return known


def _key(finding: Finding) -> Key:
    return finding.code or "", finding.task or "", _NUMBER_OR_NAME.sub(_without_number, finding.message)


def _without_number(found: re.Match[str]) -> str:
    return found.group() if found.group().startswith('"') else "#"
