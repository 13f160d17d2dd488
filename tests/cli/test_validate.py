"""``validate`` on the command line: what it writes into files, and what it refuses to do at once."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from routecost.lint.rule_docs import EXAMPLES
from tests.cli.running import Done, routecost

TABLE = """\
version: 1
taxonomy: three-steps
escalation: [haiku, opus]   # goes up
confidence: required
routes:
  - {task: extract, tier: haiku}
  - {task: draft, tier: sonnet}
  - {task: approve, tier: opus}"""
MENDED = TABLE.replace("haiku, opus", "haiku, sonnet, opus")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    (tmp_path / "table.yaml").write_text(TABLE)
    return tmp_path / "table.yaml"


def validate(table: Path, *options: str) -> Done:
    return routecost("validate", str(table), "--library", str(EXAMPLES), *options)


def test_a_fix_keeps_modes_and_links_and_says_what_is_left(table: Path) -> None:
    table.chmod(0o640)
    (table.parent / "link.yaml").symlink_to("table.yaml")
    done = validate(table.parent / "link.yaml", "--fix")
    assert (done.code, done.stderr) == (0, f"{table.parent}/link.yaml: 1 fixed\n")
    assert table.read_text() == MENDED
    assert (table.parent / "link.yaml").is_symlink()
    assert stat.S_IMODE(table.stat().st_mode) == 0o640
    assert validate(table, "--fix").stderr == ""
    table.write_text(TABLE.replace("approve", "aprove"))
    done = validate(table, "--fix")
    assert (done.code, "RT101" in done.stdout, "RT301" in done.stdout) == (1, True, False)


def test_a_folder_that_nobody_may_write_to_leaves_the_table_as_it_is(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("routecost.cli.atomic_write.temporary_beside", refuse)
    done = validate(table, "--fix")
    assert (done.code, done.stderr) == (3, f'error: cannot write "{table}": permission denied\n')
    assert table.read_text() == TABLE


def test_an_interrupt_midway_leaves_the_table_as_it_is(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    assert validate(table, "--fix").code == 130
    assert table.read_text() == TABLE
    assert os.listdir(table.parent) == ["table.yaml"]


@pytest.mark.skipif(shutil.which("patch") is None, reason="no patch")
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_the_diff_can_be_applied_as_a_patch(
    table: Path, monkeypatch: pytest.MonkeyPatch, line_break: str
) -> None:
    monkeypatch.chdir(table.parent)
    table.write_bytes(TABLE.replace("\n", line_break).encode())
    done = validate(Path("table.yaml"), "--diff", "--output", "fix.patch")
    assert (done.code, done.stdout) == (1, "")
    subprocess.run(["patch", "--binary", "--input", "fix.patch"], check=True, capture_output=True)
    assert table.read_bytes() == MENDED.replace("\n", line_break).encode()
    assert validate(table, "--diff") == Done(0, "", "")


def test_the_diff_of_a_fix_writes_nothing(table: Path) -> None:
    done = validate(table, "--fix", "--diff")
    assert (done.code, "+escalation: [haiku, sonnet, opus]" in done.stdout) == (1, True)
    assert table.read_text() == TABLE


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--diff --suggest", "--diff and --suggest cannot be combined"),
        ("--diff --write-baseline FILE", "--diff and --write-baseline cannot be combined"),
        ("--diff --format json", "--diff cannot be used with --format"),
        ("--write-baseline FILE --format json", "--write-baseline cannot be used with --format"),
        ("--write-baseline FILE --output FILE", "it cannot be used with --output"),
        ("--suggest --format sarif", '--suggest cannot be written as "sarif"'),
        ("--suggest --format github", 'cannot be written as "github"; try "json"'),
        ("--suggest", "--suggest needs a scenario"),
        ("--select RT9", 'no rule named "RT9"'),
        ("--ignore over-ruted", 'did you mean "over-routed"'),
    ],
)
def test_what_would_be_asked_for_in_vain_is_refused(table: Path, options: str, message: str) -> None:
    file = table.parent / "written"
    done = validate(table, *options.replace("FILE", str(file)).split())
    assert (done.code, done.stdout) == (2, "")
    assert message in done.stderr
    assert not file.exists()
    assert table.read_text() == TABLE
