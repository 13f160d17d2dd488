"""How far the writing of a long table is: shown at a terminal, and nowhere else."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from routecost.cli.progress import LONG, reading, watched
from routecost.model.report.cells import Column
from routecost.model.report.report import Report, Table

COUNT = LONG * 2
FILE = Path("mixes.csv")


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


def progress_of(patch: pytest.MonkeyPatch, count: int, file: Path | None, stderr: io.StringIO) -> str:
    """Read all rows of a table that is watched, and return what stderr shows."""
    patch.setattr(sys, "stderr", stderr)
    table = Table("points", (Column("at", "at"),), ((at,) for at in range(count)), count=count)
    wrapped = watched(Report("sweep", "", {}, (table,)), file)
    assert sum(1 for _ in wrapped.tables[0].rows) == count
    return stderr.getvalue()


@pytest.fixture(autouse=True)
def _colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_a_terminal_is_told_and_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = progress_of(monkeypatch, COUNT, FILE, Screen())
    assert "\r\x1b[K0 of 200,000 rows (0%)" in shown
    assert "100,000 of 200,000 rows (50%)" in shown
    assert shown.endswith("\r\x1b[K")


def test_short_tables_are_not_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    assert progress_of(monkeypatch, LONG, FILE, Screen()) == ""


def test_rows_that_go_to_the_terminal_are_all_that_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Screen())
    assert progress_of(monkeypatch, COUNT, None, Screen()) == ""


def test_progress_is_not_shown_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert progress_of(monkeypatch, COUNT, FILE, io.StringIO()) == ""


def test_nor_is_who_asks_for_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert progress_of(monkeypatch, COUNT, FILE, Screen()) == ""


def test_rows_and_bytes_that_are_read_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with reading() as progress:
        progress(10_000, 2_000_000)
        progress(2_345, 500_000)
    assert "12,345 rows, 2.5 MB" in screen.getvalue()
    assert screen.getvalue().endswith("\r\x1b[K")


def test_reading_is_not_shown_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.StringIO()
    monkeypatch.setattr(sys, "stderr", file)
    with reading() as progress:
        progress(10_000, 2_000_000)
    assert file.getvalue() == ""
