"""Tables for the linter: a file in ``ok/`` or ``bad/`` is a case, and its first lines say what is expected.

``# expect: RT301 at 5:13`` is a finding, by line and column; ``# options:`` are those of the command.
Nothing is expected in ``ok/``. Names are looked up in the library of the rules' examples first.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from routecost import Validation, validate
from routecost.lint.rule_docs import EXAMPLES

HERE = Path(__file__).parent
DAY = date(2026, 11, 22)
EXPECT = re.compile(r"^# expect: (RT\d{3}) at (\d+):(\d+)$", re.MULTILINE)
OPTIONS = re.compile(r"^# options: (.*)$", re.MULTILINE)

Place = tuple[str, int, int]


@dataclass(frozen=True)
class Case:
    """A table of the folder."""

    file: Path

    @property
    def text(self) -> str:
        return self.file.read_text(encoding="utf-8")

    @property
    def expected(self) -> list[Place]:
        """Code, line and column of each finding, sorted."""
        return sorted((code, int(line), int(column)) for code, line, column in EXPECT.findall(self.text))

    def validate(self) -> Validation:
        """Lint the table with its options."""
        options = OPTIONS.search(self.text)
        words = shlex.split(options[1]) if options else []
        given = dict(zip(words[::2], words[1::2], strict=True))
        return validate(
            self.file,
            taxonomy=given.get("--taxonomy"),
            pricing=self._found(given.get("--pricing")),
            evidence=self._found(given.get("--evidence")),
            scenario=self._found(given.get("--scenario")),
            as_of=date.fromisoformat(given["--as-of"]) if "--as-of" in given else DAY,
            library=EXAMPLES,
        )

    def _found(self, name: str | None) -> str | Path | None:
        return self.file.parent / name if name is not None and "/" in name else name


def cases(folder: str) -> list[Case]:
    """Return the cases of a folder."""
    return [Case(file) for file in sorted((HERE / folder).glob("*.yaml"))]


def places(validation: Validation) -> list[Place]:
    """Return code, line and column of each finding, sorted."""
    return sorted(
        (finding.code or "", finding.position.line, finding.position.column)
        for finding in validation.findings
    )
