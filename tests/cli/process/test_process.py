"""What only a process of its own shows: pipes, signals and streams that fail."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from routecost.cli.app import run
from tests.cli.running import finish, start

ARGUMENTS = ("compare", "article-fleet")
FULL = "error: cannot write to stdout: no space left on device\n"


def test_a_reader_that_leaves_early_is_no_failure() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = start(*ARGUMENTS, stdout=writing)
    os.close(writing)
    done = finish(process)
    assert (done.code, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_explained() -> None:
    with open("/dev/full", "w") as full:
        done = finish(start(*ARGUMENTS, stdout=full))
    assert (done.code, done.stderr) == (3, FULL)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("arguments", [("check", "article-fleet"), ("schema", "scenario")], ids=" ".join)
def test_a_full_disk_is_explained_by_other_commands(arguments: tuple[str, ...]) -> None:
    code, stderr = 0, io.StringIO()
    with suppress(OSError), open("/dev/full", "w") as full:  # which cannot be closed
        code = run(arguments, stdout=full, stderr=stderr)
    assert (code, stderr.getvalue()) == (3, FULL)


def test_a_closed_stdout_is_explained() -> None:
    done = finish(start(*ARGUMENTS, stdout=None, preexec_fn=lambda: os.close(1)))
    assert (done.code, done.stderr) == (3, "error: cannot write to stdout: it is closed\n")


def test_errors_keep_their_code_where_nobody_hears_them() -> None:
    done = finish(start("compare", "absent", stderr=None, preexec_fn=lambda: os.close(2)))
    assert (done.code, done.stdout) == (2, "")


def test_a_terminal_without_the_letters_is_no_failure() -> None:
    done = finish(start("check", "article-fleet", env={"PYTHONIOENCODING": "ascii"}))
    assert (done.code, done.stderr) == (0, "")


def test_interrupting_is_no_traceback(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "never.yaml")
    # A test run in the background ignores Ctrl-C, and what it starts would too.
    process = start("compare", str(tmp_path / "never.yaml"), preexec_fn=_listen_to_interrupts)
    try:
        interrupt_once_reading(process, tmp_path / "never.yaml")
    finally:
        done = finish(process)
    assert (done.code, done.stdout) == (130, "")
    assert "Traceback" not in done.stderr


def _listen_to_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def interrupt_once_reading(process: subprocess.Popen[str], pipe: Path) -> None:
    """Wait until the command reads from the pipe, then press Ctrl-C."""
    for _ in range(6000):
        try:
            writing = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # nobody reads yet
            time.sleep(0.01)
            continue
        _press_until_it_ends(process)
        os.close(writing)
        return
    process.kill()
    pytest.fail("the command never read its scenario")


def _press_until_it_ends(process: subprocess.Popen[str]) -> None:
    """Press Ctrl-C, and again where it fell between Python's last look for signals and the blocking read."""
    for _ in range(30):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=2)
            return
    process.kill()
