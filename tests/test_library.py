"""What an argument means: a path, a name of the library, or a file with a suffix that exists."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from routecost.cli.app import run
from routecost.errors import UnknownNameError
from routecost.file_access import guarding
from routecost.library import Library, looks_like_path

PLAN = "1. extraction (haiku)\n"


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def find(kind: str, name: str, relative_to: Path | None = None) -> tuple[Path, list[str]]:
    """Return the file of an argument, and the warnings about it."""
    with guarding() as guard:
        return Library().find(kind, name, relative_to), list(guard.warnings)


@pytest.mark.parametrize("name", ["plan.txt", "plan.md", "tasks.json"])
def test_a_file_with_a_suffix_that_exists_is_a_file(name: str) -> None:
    with pytest.raises(UnknownNameError):
        find("plans", name)
    Path(name).write_text(PLAN, encoding="utf-8")
    assert find("plans", name) == (Path(name), [])
    assert looks_like_path(name)


def test_a_file_of_a_document_is_beside_it() -> None:
    Path("docs").mkdir()
    Path("docs/prices.json").write_text("{}", encoding="utf-8")
    assert find("pricing", "prices.json", Path("docs")) == (Path("docs/prices.json"), [])
    with pytest.raises(UnknownNameError):
        find("pricing", "prices.json")


@pytest.mark.parametrize("file", ["claude-2026-11", "claude-2026-11.yaml", "claude-2026-11.yml"])
def test_a_bare_word_is_a_name_of_the_library_first_and_a_clash_is_a_warning(file: str) -> None:
    Path(file).write_text("version: 1\n", encoding="utf-8")
    path, warnings = find("pricing", "claude-2026-11")
    assert path.parent.name == "pricing"
    library = '"claude-2026-11" is the pricing sheet of the library'
    assert warnings == [f'{library}, not the file "{file}"; for the file, write "./{file}"']


def test_the_file_of_the_library_itself_is_no_clash(monkeypatch: pytest.MonkeyPatch) -> None:
    path, _ = find("pricing", "claude-2026-11")
    monkeypatch.chdir(path.parent)
    assert find("pricing", "claude-2026-11") == (path, [])


def test_a_bare_word_without_a_suffix_is_no_file() -> None:
    for name in ("fleet", "version-1.5"):
        Path(name).write_text("version: 1\n", encoding="utf-8")
        with pytest.raises(UnknownNameError, match=f'for the file, write "./{name}"'):
            find("scenarios", name)


def test_commands_take_files_and_warn_of_clashes() -> None:
    Path("article-fleet.yaml").write_text("version: 1\n", encoding="utf-8")
    stdout, stderr = io.StringIO(), io.StringIO()
    assert run(["compare", "article-fleet"], stdout=stdout, stderr=stderr) == 0
    assert 'warning: "article-fleet" is the scenario of the library' in stderr.getvalue()
    Path("plan.txt").write_text(PLAN, encoding="utf-8")
    stdout, stderr = io.StringIO(), io.StringIO()
    run(["plan", "plan.txt"], stdout=stdout, stderr=stderr)
    assert "no plan named" not in stderr.getvalue()
