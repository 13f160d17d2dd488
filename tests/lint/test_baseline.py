"""A baseline makes old findings known, wherever they move, and hears new ones."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest

from routecost import Validation, validate
from routecost.cli.app import run
from routecost.errors import UsageError
from routecost.lint.baseline import baseline_text, read_baseline
from routecost.lint.rule_docs import EXAMPLES
from routecost.problems import Finding, Position
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
    linted = lint(folder, TABLE)
    assert [finding.code for finding in linted.findings] == ["RT202", "RT401"]
    (folder / "baseline.json").write_text(baseline_text(linted.findings))


def test_known_findings_are_not_repeated_on_other_lines_and_later_days(tmp_path: Path) -> None:
    adopt(tmp_path)
    linted = lint(tmp_path, "# moved\n\n" + TABLE, date(2026, 12, 24))
    assert (linted.findings, linted.known, linted.gone) == ((), 2, 0)


def test_new_findings_are_heard_beside_known_ones(tmp_path: Path) -> None:
    adopt(tmp_path)
    linted = lint(
        tmp_path, TABLE.replace("  - {task: approve, tier: opus}\n", "  - {task: approve, tier: haiku}\n")
    )
    assert [finding.code for finding in linted.findings] == ["RT201"]
    assert linted.known == 2


def test_the_same_fault_of_another_task_type_is_new(tmp_path: Path) -> None:
    adopt(tmp_path)
    linted = lint(tmp_path, TABLE.replace("tier: sonnet", "tier: opus"))
    assert ("RT202", "draft") in [(finding.code, finding.task) for finding in linted.findings]
    assert ("RT202", "extract") not in [(finding.code, finding.task) for finding in linted.findings]


def test_a_known_finding_that_is_gone_is_counted(tmp_path: Path) -> None:
    adopt(tmp_path)
    linted = lint(tmp_path, TABLE.replace("extract, tier: opus", "extract, tier: haiku"))
    assert (linted.findings, linted.known, linted.gone) == ((), 1, 1)


def test_of_rules_that_did_not_run_nobody_knows_what_is_gone(tmp_path: Path) -> None:
    adopt(tmp_path)
    file, known = tmp_path / "table.yaml", tmp_path / "baseline.json"
    file.write_text(TABLE.replace("extract, tier: opus", "extract, tier: haiku"))
    gone = {
        selected: validate(
            file, library=EXAMPLES, as_of=DAY, baseline=known, select=[selected], ignore=["RT401"]
        ).gone
        for selected in ("RT1", "RT2", "RT")
    }
    assert gone == {"RT1": 0, "RT2": 1, "RT": 1}


MESSAGES = [
    ("is 326 days old; expected at most 90", "is # days old; expected at most #"),
    ("fails 7.2% (18/2,500, 95% 4.6 to 11.1%)", "fails #% (#/#, #% # to #%)"),
    ("a difference of -0.3 to +1.5 points", "a difference of # to # points"),
    ("is dated 2026-12-01, after", "is dated #, after"),
    ("costs $0.042, and 7 USD", "costs $#, and # USD"),
    ('goes to "tier 2", or 3', 'goes to "tier 2", or #'),
    ("haiku-4-5 fails, and tier2, and v1.5", "haiku-4-5 fails, and tier2, and v1.5"),
]


@pytest.mark.parametrize(("message", "kept"), MESSAGES)
def test_numbers_do_not_count_and_names_do(message: str, kept: str) -> None:
    written = json.loads(baseline_text([Finding(message, Position("t.yaml", 1, 1), code="RT401")]))
    assert [finding["message"] for finding in written["findings"]] == [kept]


def test_a_fault_that_is_worse_by_another_tier_is_new(tmp_path: Path) -> None:
    entries = {}
    for tier in ("tier 1", "tier 2"):
        message = f'"draft" goes to "{tier}"; the lowest tier allowed for it is "tier 3"'
        entries[tier] = Finding(message, Position("t.yaml", 1, 1), code="RT201", task="draft")
    (tmp_path / "known.json").write_text(baseline_text([entries["tier 2"]]))
    new, known, gone = read_baseline(tmp_path / "known.json").compare([entries["tier 1"]], {"RT201"})
    assert (new, known, gone) == ([entries["tier 1"]], 0, 1)


def test_writing_a_baseline_again_keeps_what_is_known(tmp_path: Path) -> None:
    adopt(tmp_path)
    known = tmp_path / "baseline.json"
    before = known.read_text()
    options = ["--library", str(EXAMPLES), "--as-of", str(DAY), "--baseline-file", str(known)]
    errors = StringIO()
    assert (
        run(
            ["validate", str(tmp_path / "table.yaml"), *options, "--write-baseline", str(known)],
            stderr=errors,
        )
        == 0
    )
    assert known.read_text() == before
    assert "wrote 2 findings to " in errors.getvalue()


ROW = '{"code": "RT101", "task": "", "message": "", "count": %s}'
HELD = '{"schema": "routecost.baseline/1", "findings": [%s]}'


@pytest.mark.parametrize("count", ["-5", "0", "1.5", "true", '"1"', "1e999", "NaN"])
def test_counts_that_cannot_be_are_refused(tmp_path: Path, count: str) -> None:
    (tmp_path / "baseline.json").write_text(HELD % (ROW % count))
    with pytest.raises(UsageError, match="is not a baseline"):
        lint(tmp_path, TABLE)


def test_a_row_that_stands_twice_counts_twice(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(HELD % f"{ROW % 2}, {ROW % 3}")
    assert read_baseline(file).known.total() == 5


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"findings": []}',
        '{"schema": "routecost.baseline/2", "findings": []}',
        "{}",
        "null",
        '{"findings": [1]}',
        '{"findings": [{"code": 1}]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_baseline_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "baseline.json").write_text(text)
    with pytest.raises(UsageError, match="is not a baseline"):
        lint(tmp_path, TABLE)


def test_a_baseline_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read .*no such file"):
        validate("article", baseline=tmp_path / "nothing.json")
