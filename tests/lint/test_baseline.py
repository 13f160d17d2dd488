"""A baseline makes old findings known, wherever they move, and hears new ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from routecost import Validation, validate
from routecost.errors import UsageError
from routecost.lint.baseline import baseline_text
from routecost.lint.docs import EXAMPLES
from tests.lint.worlds import DAY

TABLE = """\
version: 1
taxonomy: three-steps
escalation: [haiku, sonnet, opus]
confidence: required
routes:
  - {task: extract, tier: opus}
  - task: draft
    tier: sonnet
    evidence: {successes: 98, trials: 100, evaluated: 2026-01-01}
  - {task: approve, tier: opus}
"""


def lint(folder: Path, text: str, day: date = DAY) -> Validation:
    (folder / "table.yaml").write_text(text)
    known = folder / "baseline.json"
    return validate(
        folder / "table.yaml", library=EXAMPLES, as_of=day, baseline=known if known.exists() else None
    )


def adopt(folder: Path) -> None:
    made = lint(folder, TABLE)
    assert [finding.code for finding in made.findings] == ["RT202", "RT401"]
    (folder / "baseline.json").write_text(baseline_text(made.findings))


def test_known_findings_are_not_repeated_on_other_lines_and_later_days(tmp_path: Path) -> None:
    adopt(tmp_path)
    made = lint(tmp_path, "# moved\n\n" + TABLE, date(2026, 12, 24))
    assert (made.findings, made.known, made.gone) == ((), 2, 0)


def test_new_findings_are_heard_beside_known_ones(tmp_path: Path) -> None:
    adopt(tmp_path)
    made = lint(
        tmp_path, TABLE.replace("  - {task: approve, tier: opus}\n", "  - {task: approve, tier: haiku}\n")
    )
    assert [finding.code for finding in made.findings] == ["RT201"]
    assert made.known == 2


def test_the_same_fault_of_another_task_type_is_new(tmp_path: Path) -> None:
    adopt(tmp_path)
    made = lint(tmp_path, TABLE.replace("tier: sonnet", "tier: opus"))
    assert ("RT202", "draft") in [(finding.code, finding.task) for finding in made.findings]
    assert ("RT202", "extract") not in [(finding.code, finding.task) for finding in made.findings]


def test_a_known_finding_that_is_gone_is_counted(tmp_path: Path) -> None:
    adopt(tmp_path)
    made = lint(tmp_path, TABLE.replace("extract, tier: opus", "extract, tier: haiku"))
    assert (made.findings, made.known, made.gone) == ((), 1, 1)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"findings": [1]}', '{"findings": [{"code": 1}]}', "[" * 100_000]
)
def test_what_is_no_baseline_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "baseline.json").write_text(text)
    with pytest.raises(UsageError, match="is no baseline"):
        lint(tmp_path, TABLE)


def test_a_baseline_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read .*no such file"):
        validate("article", baseline=tmp_path / "nothing.json")
