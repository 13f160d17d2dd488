"""Nothing of the repository that routecost runs in is executed."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from routecost.cli.pre_commit import main
from tests.cli.running import ROOT, console_script, in_one_process

STANDARD_LIBRARY = ("ast", "csv", "decimal", "difflib", "json", "pathlib", "tempfile", "tomllib", "typing")
PACKAGES = ("genai_prices", "matplotlib", "numpy", "pandas", "pydantic", "tabulate", "typer", "yaml", "click")
HIDING = (*STANDARD_LIBRARY, *PACKAGES, "sitecustomize", "usercustomize", "evil_rules", "reportlab_mods")
POINTS = """\
[routecost.rules]
evil = evil_rules:check
[pydantic]
evil = evil_rules:plugin
"""
COMMANDS = [
    ("validate", "tables/clean.yaml"),
    ("validate", "tables/clean.yaml", "--scenario", "./scenario.yaml", "--fail-on", "never"),
    ("check", "./scenario.yaml"),
    ("rules",),
    ("compare", "./scenario.yaml", "--chart", "chart.svg"),
    ("report", "./scenario.yaml", "-o", "report.html", "--months", "1"),
]


@pytest.fixture
def hostile(project: Path) -> Path:
    """A repository with modules that hide others, and with metadata of a package that has rules."""
    mark = "open({!r}, 'a').write({!r} + chr(10))\n"
    for name in HIDING:
        (project / f"{name}.py").write_text(mark.format(str(project / "executed"), name))
    info = project / "evil_rules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: evil-rules\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(POINTS)
    return project


def executed(project: Path) -> list[str]:
    file = project / "executed"
    return file.read_text().split() if file.exists() else []


def run_in(project: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.slow
def test_no_command_imports_from_the_working_directory(hostile: Path) -> None:
    done = in_one_process(COMMANDS, hostile)
    assert (executed(hostile), [each.stderr for each in done if each.code]) == ([], [])


def test_the_console_script_imports_nothing_from_the_working_directory(hostile: Path) -> None:
    done = run_in(hostile, [*console_script("routecost"), *COMMANDS[0]])
    assert (executed(hostile), done.returncode) == ([], 0), done.stderr


def test_the_hooks_import_nothing_from_the_working_directory(hostile: Path) -> None:
    for arguments in (["validate", "tables/clean.yaml"], ["check", "scenario.yaml"]):
        done = run_in(hostile, [*console_script("routecost-pre-commit"), *arguments])
        assert (executed(hostile), done.returncode) == ([], 0), done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["-W", "ignore", "-m", "routecost"],
        *(pytest.param(words, marks=pytest.mark.slow) for words in (["-m", "routecost"], ["-mroutecost"])),
    ],
)
def test_python_m_takes_the_working_directory_off_the_search_path(hostile: Path, words: list[str]) -> None:
    for name in STANDARD_LIBRARY:  # Python itself may import one before it gets to routecost
        (hostile / f"{name}.py").unlink()
    done = run_in(hostile, [sys.executable, *words, "validate", "tables/clean.yaml"])
    assert (executed(hostile), done.returncode) == ([], 0), done.stderr


def test_other_programs_keep_their_search_path(tmp_path: Path) -> None:
    (tmp_path / "program").mkdir()
    (tmp_path / "program" / "__init__.py").write_text("import routecost\n")
    (tmp_path / "program" / "__main__.py").write_text("import beside\n")
    (tmp_path / "beside.py").write_text("print('beside')\n")
    assert run_in(tmp_path, [sys.executable, "-m", "program", "routecost"]).stdout == "beside\n"


def test_a_named_package_is_not_taken_from_the_working_directory(hostile: Path) -> None:
    arguments = ["validate", "tables/clean.yaml", "--rules-from", "evil-rules"]
    done = run_in(hostile, [*console_script("routecost"), *arguments])
    assert (executed(hostile), done.returncode) == ([], 2)
    assert done.stderr.startswith('error: no package "evil-rules" is installed in this environment')


def test_pip_of_the_action_imports_nothing_from_the_working_directory(hostile: Path) -> None:
    (hostile / "pip").mkdir()
    (hostile / "pip" / "__init__.py").write_text("")
    (hostile / "pip" / "__main__.py").write_text("open('executed', 'w').write('pip')\n")
    words = [sys.executable, "-I", "-m", "pip", "--version"]
    assert sysconfig.get_path("purelib") in run_in(hostile, words).stdout
    assert executed(hostile) == []


def test_a_file_that_is_named_like_an_option_is_a_file(hostile: Path) -> None:
    tables = hostile / "--output=tables"
    tables.mkdir()
    (tables / "tables").mkdir()
    hidden = tables / "tables" / "a.yaml"
    hidden.write_text((hostile / "tables" / "faulty.yaml").read_text())
    (hostile / "tables" / "tables").mkdir()
    before = sorted(hostile.rglob("*"))
    assert main(["validate", "--output=tables/tables/a.yaml"]) == 1
    assert sorted(hostile.rglob("*")) == before
