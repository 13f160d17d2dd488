"""The comment on a pull request: hidden marker first, and names that cannot do anything."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

import routecost
from routecost import render
from routecost.report.changes.diff import report
from tests.changes.repository import SHEET

HOSTILE = [
    "@octocat please",
    "<img src=x onerror=alert(1)>",
    "[a](https://evil.example)",
    "https://evil.example/x",
    "www.evil.example",
    "a|b",
    "-->",
    "`code` **bold** ~~gone~~",
    "#1 GH-2 acme/app#3",
    "![i](//evil.example/i.png)",
]
FLEET = """\
version: 1
pricing: ./sheet.yaml
as_of: 2026-11-01
workload: {tasks_per_day: %d, tokens: {input: 1000, output: 100}}
strategies:
%s
"""


def comment(folder: Path, names: list[str]) -> str:
    (folder / "sheet.yaml").write_text(SHEET)
    strategies = "\n".join(f"  '{name}': {{tier: small}}" for name in names)
    for name, tasks in (("before", 100), ("after", 200)):
        (folder / f"{name}.yaml").write_text(FLEET % (tasks, strategies))
    text = io.StringIO()
    render.write(report(routecost.diff(folder / "before.yaml", folder / "after.yaml")), "markdown", text)
    return text.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
def test_names_do_nothing(tmp_path: Path, name: str) -> None:
    text = comment(tmp_path, [name])
    marker, *lines = text.splitlines()
    assert marker == "<!-- routecost diff -->"
    body = "\n".join(lines).replace(str(tmp_path), "")
    for mark in (
        "@octocat",
        "<img",
        "](",
        "://",
        "www.",
        "-->",
        "`code`",
        "**bold**",
        "~~gone~~",
        "#1",
        "GH-2",
        "#3",
    ):
        assert mark not in body.replace("\\]", "").replace("\\`", "").replace("\\*", "").replace("\\~", "")
    (row,) = [line for line in lines if "$" in line and line.startswith("|")]
    assert row.replace("\\|", "").count("|") == 10


@pytest.mark.slow
def test_a_comment_is_no_longer_than_github_allows(tmp_path: Path) -> None:
    text = comment(
        tmp_path, [f"strategy {number} of many with a {'very ' * 30}long name" for number in range(300)]
    )
    assert len(text) < 65_536
    assert text.rstrip().endswith("lines are left out.")


def test_reports_without_a_marker_keep_their_links() -> None:
    text = io.StringIO()
    from routecost.model.report.report import Note, Report

    render.write(Report("x", "t", {}, (Note.of("see https://example.com @here"),)), "markdown", text)
    assert text.getvalue() == "## t\n\nsee https://example.com @here\n"
