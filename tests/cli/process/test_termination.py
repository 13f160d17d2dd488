"""A run that is asked to end leaves no temporary file; a later run removes those of a killed one."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from routecost.cli.atomic_write import write_whole
from routecost.cli.temporary_files import temporary_beside
from tests.cli.running import finish, start

ENDLESS = ("sweep", "./s.yaml", "--mix", "--step", "1%", "-o", "out.csv")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a scenario whose sweep takes a minute."""
    tiers = "abcde"
    models = "".join(f"  m{tier}: [{{input: 1, output: 2}}]\n" for tier in tiers)
    names = ", ".join(f"{tier}: m{tier}" for tier in tiers)
    (tmp_path / "five.yaml").write_text(
        f"version: 1\nsource: x\ncurrency: USD\ntiers: {{{names}}}\nmodels:\n{models}"
    )
    (tmp_path / "s.yaml").write_text(
        "version: 1\npricing: ./five.yaml\nas_of: 2026-11-22\n"
        "workload: {tasks_per_day: 500, tokens: {input: 2000, output: 500}}\n"
        "strategies: {x: {tier: a}, y: {tier: e}}\nbaseline: x\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def leftovers(folder: Path) -> list[Path]:
    return list(folder.glob(".routecost-*"))


def end_once_writing(here: Path, number: int) -> int:
    """Send a signal to a run that is writing its output; return its exit code."""
    process = start(*ENDLESS)
    try:
        while not leftovers(here) and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(number)
    finally:
        done = finish(process)
    assert "Traceback" not in done.stderr
    return done.code


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.slow)])
def test_a_terminated_run_leaves_nothing(number: int, here: Path) -> None:
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip("whoever started these tests has them ignore the signal, as nohup does")
    (here / "out.csv").write_text("before")
    assert end_once_writing(here, number) == 128 + number
    assert not leftovers(here)
    assert (here / "out.csv").read_text() == "before"


def test_a_later_run_removes_what_a_killed_one_left(here: Path) -> None:
    assert end_once_writing(here, signal.SIGKILL) == -signal.SIGKILL
    assert leftovers(here)
    write_whole(here / "other.txt", lambda sink: sink.write("x"))
    assert not leftovers(here)
    assert not (here / "out.csv").exists()


def test_a_later_run_keeps_what_others_still_write(tmp_path: Path) -> None:
    with temporary_beside(tmp_path / "a") as one, temporary_beside(tmp_path / "b") as two:
        assert one.exists()
        assert two.exists()
    assert not leftovers(tmp_path)


def test_a_later_run_keeps_files_of_other_names(tmp_path: Path) -> None:
    names = [".routecost-baseline.json", ".routecost-0123456789abcdef.partial.md", ".routecost-kr8bw46f"]
    for name in names:
        (tmp_path / name).touch()
    os.symlink("elsewhere", tmp_path / ".routecost-0123456789abcdef.partial")
    write_whole(tmp_path / "out", lambda sink: sink.write("x"))
    assert {path.name for path in leftovers(tmp_path)} == {*names, ".routecost-0123456789abcdef.partial"}


@pytest.mark.usefixtures("here")
def test_a_run_that_ignores_hang_ups_goes_on() -> None:
    process = start("compare", "./s.yaml", preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    process.send_signal(signal.SIGHUP)
    assert finish(process).code == 0
