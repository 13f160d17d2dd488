"""The files that ``routecost report`` writes: all of them or none, in the format of their extension."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import routecost

FIGURES = ("plan-comparison.svg", "plan-projection.svg", "plan-sensitivity.svg")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_markdown_has_its_figures_beside_it(here: Path) -> None:
    done = routecost("report", "article-fleet", "-o", "plan.md")
    assert (done.code, done.stdout, done.stderr) == (0, "", "")
    assert names(here) == [*FIGURES, "plan.md"]
    links = re.findall(r"!\[.*\]\((.*)\)", (here / "plan.md").read_text(encoding="utf-8"))
    assert links == list(FIGURES)
    assert all("<svg" in (here / name).read_text(encoding="utf-8") for name in FIGURES)


def test_markdown_on_stdout_says_that_it_has_none() -> None:
    done = routecost("report", "article-fleet", "-f", "markdown")
    assert done.stderr == "figures are omitted; use --output FILE to write them as separate files\n"
    assert "![" not in done.stdout


def test_beside_a_pipe_there_are_no_figures(here: Path) -> None:
    os.mkfifo(here / "pipe")
    seen: list[str] = []
    reader = threading.Thread(target=lambda: seen.append((here / "pipe").read_text()), daemon=True)
    reader.start()
    assert routecost("report", "article-fleet", "-f", "markdown", "-o", "pipe").code == 0
    reader.join(timeout=30)
    assert names(here) == ["pipe"]
    assert "## Summary" in seen[0]
    assert "![" not in seen[0]


@pytest.mark.parametrize(
    ("name", "start"),
    [
        # docs/report.md writes these two, too.
        pytest.param("plan.html", b"<!doctype html>", marks=pytest.mark.slow),
        pytest.param("plan.pdf", b"%PDF-", marks=pytest.mark.slow),
        ("plan.json", b"{\n"),
    ],
)
def test_other_formats_are_one_file(here: Path, name: str, start: bytes) -> None:
    assert routecost("report", "article-fleet", "-o", name).code == 0
    assert names(here) == [name]
    assert (here / name).read_bytes().startswith(start)


@pytest.mark.parametrize("name", ["plan.doc", "plan", "/dev/null"])
def test_a_name_that_tells_no_format_is_refused(here: Path, name: str) -> None:
    done = routecost("report", "article-fleet", "-o", name)
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr == (
        f'error: cannot infer a format from "{name}"; expected a name in .html, .md, .pdf, .xlsx or .json, '
        "or --format\n"
    )
    assert names(here) == []


def test_with_the_option_any_name_will_do(here: Path) -> None:
    assert routecost("report", "article-fleet", "-o", "plan.doc", "-f", "json").code == 0
    assert names(here) == ["plan.doc"]


@pytest.mark.parametrize("target", ["absent/plan.md", "file/plan.md", "absent/plan.html", "absent/plan.pdf"])
def test_a_place_that_cannot_be_written(here: Path, target: str) -> None:
    (here / "file").touch()
    done = routecost("report", "article-fleet", "-o", target)
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith(f'error: cannot write "{target.partition("/")[0]}/plan')
    assert names(here) == ["file"]


def test_a_file_that_no_option_names_is_replaced_only_by_force(here: Path) -> None:
    (here / FIGURES[0]).write_text("precious")
    done = routecost("report", "article-fleet", "-o", "plan.md")
    assert (done.code, names(here)) == (2, [FIGURES[0]])
    assert done.stderr.startswith(f'error: --output would also replace "{FIGURES[0]}", which exists')
    assert (here / FIGURES[0]).read_text() == "precious"
    assert routecost("report", "article-fleet", "-o", "plan.md", "--force").code == 0
    assert "<svg" in (here / FIGURES[0]).read_text()


@pytest.mark.parametrize("blocked", [FIGURES[-1], "plan.md"])
def test_where_one_file_cannot_be_written_none_is(here: Path, blocked: str) -> None:
    (here / FIGURES[0]).write_text("old")
    (here / blocked).mkdir()
    done = routecost("report", "article-fleet", "-o", "plan.md", "--force")
    assert done.code == 2
    assert done.stderr == f'error: cannot write "{blocked}": is a directory\n'
    assert names(here) == sorted([FIGURES[0], blocked])
    assert (here / FIGURES[0]).read_text() == "old"


def test_where_the_last_cannot_be_put_in_place_the_others_are_put_back(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / FIGURES[0]).write_text("old")
    replace = os.replace

    def fail_for_the_document(source: Any, target: Any) -> None:
        if Path(target).name == "plan.md":
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail_for_the_document)
    assert routecost("report", "article-fleet", "-o", "plan.md", "--force").code == 3
    assert names(here) == [FIGURES[0]]
    assert (here / FIGURES[0]).read_text() == "old"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("no-such-fleet",), 'no scenario named "no-such-fleet"'),
        (("article-fleet", "--growth", "5"), 'growth "5" is a share of 500% a month'),
        (("article-fleet", "--months", "0"), 'cannot plan "0" months'),
        (("article-fleet", "--by", "0%"), '"0%" is not a change'),
        (("article-fleet", "--baseline", "all-opsu"), 'did you mean "all-opus"?'),
        (("article-fleet", "--format", "htlm"), 'did you mean "html"?'),
        (("article-fleet", "--format", "github"), 'there are no findings to write as "github"'),
    ],
)
def test_bad_input_writes_nothing(here: Path, arguments: tuple[str, ...], message: str) -> None:
    done = routecost("report", *arguments, "-o", "plan.md")
    assert done.code == 2
    assert message in done.stderr
    assert names(here) == []


def test_all_faults_of_a_scenario_come_at_once(here: Path) -> None:
    (here / "faulty.yaml").write_text(
        "version: 1\npricing: claude-2026-11\nworkload: {tasks_per_day: -5, tokens: {input: 1, output: 1}}\n"
        "strategies: {a: {tier: sonet}}\nproposed: none\n"
    )
    done = routecost("report", "./faulty.yaml", "-o", "plan.html")
    assert done.code == 2
    assert [line.partition(" ")[0] for line in done.stderr.splitlines() if line.startswith("faulty")] == [
        "faulty.yaml:3:27:",
        "faulty.yaml:4:24:",
        "faulty.yaml:5:11:",
    ]
    assert names(here) == ["faulty.yaml"]
