"""Where results go: stdout or a file, whole or not at all."""

from __future__ import annotations

import json
import os
import stat
import threading
from pathlib import Path

import pytest

from tests.cli.running import routecost
from tests.render.formats.workbooks import read

ARGUMENTS = ("compare", "article-fleet")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_holds_what_stdout_would(here: Path) -> None:
    done = routecost(*ARGUMENTS, "-o", "out.txt")
    assert (done.code, done.stdout, done.stderr) == (0, "", "")
    assert (here / "out.txt").read_text() == routecost(*ARGUMENTS).stdout


@pytest.mark.parametrize(
    ("name", "format"),
    [("a.csv", "csv"), ("a.json", "json"), ("a.md", "markdown"), ("a.html", "html"), ("a.tex", "latex")],
)
def test_the_suffix_tells_the_format(here: Path, name: str, format: str) -> None:
    assert routecost(*ARGUMENTS, "-o", name).code == 0
    assert (here / name).read_text(encoding="utf-8") == routecost(*ARGUMENTS, "-f", format).stdout


def test_the_option_goes_before_the_suffix(here: Path) -> None:
    assert routecost(*ARGUMENTS, "-f", "json", "-o", "a.csv").code == 0
    assert json.loads((here / "a.csv").read_text())["scenario"] == "article-fleet"


@pytest.mark.parametrize("target", ["absent/out.csv", "file/out.csv", "folder"])
def test_a_place_that_cannot_be_written(here: Path, target: str) -> None:
    (here / "file").touch()
    (here / "folder").mkdir()
    before = sorted(here.rglob("*"))
    done = routecost(*ARGUMENTS, "-o", target)
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith(f'error: cannot write "{target}": ')
    assert sorted(here.rglob("*")) == before


@pytest.mark.parametrize(
    "arguments",
    [
        (*ARGUMENTS, "--chart", "absent/out.svg"),
        ("schema", "scenario", "-o", "absent/out.json"),
        ("pricing", "import", "anthropic", "--tiers", "top=claude-opus-4-5", "-o", "absent/out.yaml"),
    ],
)
def test_every_output_in_a_folder_that_does_not_exist_is_bad_usage(arguments: tuple[str, ...]) -> None:
    done = routecost(*arguments)
    assert (done.code, done.stdout) == (2, "")
    assert f'error: cannot write "{arguments[-1]}": no such file or directory' in done.stderr


@pytest.mark.parametrize(("option", "name"), [("--output", "out.json"), ("--chart", "out.svg")])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    here: Path, monkeypatch: pytest.MonkeyPatch, option: str, name: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (here / name).write_text("old")
    monkeypatch.setattr(os, "replace", fail)
    done = routecost(*ARGUMENTS, option, name)
    assert done.code == 3
    assert done.stderr == f'error: cannot write "{name}": no space left on device\n'
    assert [path.name for path in here.iterdir()] == [name]
    assert (here / name).read_text() == "old"


def test_a_replaced_file_keeps_its_mode_and_a_new_one_gets_the_usual(here: Path) -> None:
    (here / "old.csv").touch(mode=0o600)
    routecost(*ARGUMENTS, "-o", "old.csv")
    routecost(*ARGUMENTS, "-o", "new.csv")
    (here / "usual").touch()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in here.iterdir()}
    assert modes["old.csv"] == 0o600
    assert modes["new.csv"] == modes["usual"]


def test_a_link_stays_a_link(here: Path) -> None:
    (here / "link.csv").symlink_to("target.csv")
    assert routecost(*ARGUMENTS, "-o", "link.csv").code == 0
    assert (here / "link.csv").is_symlink()
    assert (here / "target.csv").read_text().startswith("strategy,")


def test_a_pipe_is_written_and_not_replaced(here: Path) -> None:
    os.mkfifo(here / "pipe")
    seen: list[str] = []
    reader = threading.Thread(target=lambda: seen.append((here / "pipe").read_text()), daemon=True)
    reader.start()
    assert routecost(*ARGUMENTS, "-f", "csv", "-o", "pipe").code == 0
    reader.join(timeout=30)
    assert stat.S_ISFIFO((here / "pipe").stat().st_mode)
    assert seen[0].startswith("strategy,")


def test_bad_input_leaves_the_old_file(here: Path) -> None:
    (here / "out.csv").write_text("old")
    assert routecost("compare", "absent", "-o", "out.csv").code == 2
    assert (here / "out.csv").read_text() == "old"


def test_a_chart_is_drawn_beside_the_table(here: Path) -> None:
    done = routecost(*ARGUMENTS, "--chart", "chart.svg")
    assert done.code == 0
    assert done.stdout == routecost(*ARGUMENTS).stdout
    assert "<svg" in (here / "chart.svg").read_text()


@pytest.mark.parametrize(
    "command",
    [
        ARGUMENTS,
        ("check", "article-fleet"),
        ("sweep", "article-fleet", "--mix"),
        ("validate", "article"),
        ("pricing", "show", "claude-article"),
        ("plan", "eight-subtasks"),
    ],
)
@pytest.mark.parametrize("name", ["a.docx", "b.xyz"])
def test_an_unknown_suffix_is_refused(here: Path, command: tuple[str, ...], name: str) -> None:
    done = routecost(*command, "-o", name)
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr == (
        f'error: cannot infer a format from "{name}"; expected a name in .csv, .html, .json, .tex, .md, '
        ".parquet, .pdf, .sarif, .txt or .xlsx, or --format\n"
    )
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "name", "own"),
    [
        (("schema", "scenario"), "a.xlsx", "json"),
        (("calibrate", "x.jsonl", "--pricing", "claude-2026-11"), "a.csv", "yaml"),
        (("pricing", "import", "--litellm", "x.json"), "a.xlsx", "yaml"),
    ],
)
def test_what_has_one_format_is_not_written_to_a_name_of_another(
    here: Path, command: tuple[str, ...], name: str, own: str
) -> None:
    done = routecost(*command, "-o", name)
    suffix = name.removeprefix("a.")
    message = f'"{name}" would be {suffix}, but the output is {own}; expected a name in .{own}'
    assert (done.code, done.stdout, done.stderr) == (2, "", f"error: {message}\n")
    assert list(here.iterdir()) == []


def test_a_format_writes_to_any_name(here: Path) -> None:
    assert routecost(*ARGUMENTS, "-f", "json", "-o", "a.docx").code == 0
    assert json.loads((here / "a.docx").read_text())["scenario"] == "article-fleet"


def test_a_workbook_is_written_by_its_suffix_in_any_case(here: Path) -> None:
    pytest.importorskip("xlsxwriter")
    for name in ("plan.xlsx", "PLAN2.XLSX"):
        done = routecost(*ARGUMENTS, "-o", name)
        assert (done.code, done.stdout, done.stderr) == (0, "", "")
        assert "strategies" in read((here / name).read_bytes()).sheets
    assert routecost(*ARGUMENTS, "-f", "xlsx", "-o", "plan").code == 0
    assert (here / "plan").read_bytes() == (here / "plan.xlsx").read_bytes()


def test_a_table_that_no_sheet_holds_is_refused_before_it_is_computed(here: Path) -> None:
    pytest.importorskip("xlsxwriter")
    done = routecost("sweep", "article-fleet", "--mix", "--step", "0.05%", "-o", "mixes.xlsx")
    assert (done.code, done.stdout, list(here.iterdir())) == (2, "", [])
    assert done.stderr.startswith('error: "points" has 2,003,001 rows, but a sheet of "xlsx" holds 1,048,575')


def test_without_a_suffix_a_file_is_text(here: Path) -> None:
    assert routecost(*ARGUMENTS, "-o", "plain").code == 0
    assert (here / "plain").read_text() == routecost(*ARGUMENTS).stdout
