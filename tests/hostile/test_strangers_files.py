"""Files of strangers beside and behind the documents: none is quoted, waited for or obeyed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from routecost.characters import appearance
from routecost.render.plotting import import_matplotlib
from tests.cli.running import ROOT, console_script, routecost
from tests.hostile.contract import folder, run_hostile

PLAN = ("plan", "./f.txt", "--tokens", "input=1,output=1", "--pricing", "claude-2026-11")
READERS = {
    "f.yaml": ("compare", "./f.yaml"),
    "f.txt": PLAN,
    "f.csv": ("project", "article-fleet", "--actuals", "./f.csv"),
}
OTHERS = ("? {s3cret: 1}\n: 2\n", "TOKEN=s3cret\n", 's3cret,"s3cret\n', "s3cret: \x01 s3cret\n")


def run_program(*command: str, where: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=where, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("text", OTHERS)
def test_no_message_quotes_a_file_of_another_kind(name: str, text: str) -> None:
    with folder() as here:
        (here / name).write_text(text, encoding="utf-8")
        done = run_hostile(*READERS[name])
    assert done.code == 2
    assert "s3cret" not in done.stderr


def test_messages_quote_a_plan_with_a_wrong_line() -> None:
    with folder() as here:
        (here / "f.txt").write_text("1. Do it -> haiku\n2. Extract it\n", encoding="utf-8")
        assert 'step "2. Extract it" has no tier' in run_hostile(*PLAN).stderr


@pytest.mark.slow
def test_settings_of_matplotlib_in_the_working_directory_are_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "matplotlibrc")  # a read would wait for ever
    done = run_program(
        *console_script("routecost"), "compare", "article-fleet", "--chart", "c.svg", where=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "c.svg").exists()


def test_the_working_directory_is_kept() -> None:
    with folder() as here:
        (here / "matplotlibrc").write_text("x")
        assert import_matplotlib().__name__ == "matplotlib"
        assert Path.cwd() == here


def test_a_pipe_in_a_library_is_not_waited_for() -> None:
    with folder() as here:
        (here / "pricing").mkdir()
        os.mkfifo(here / "pricing" / "f.yaml")
        assert run_hostile("pricing", "list", "--library", ".").code == 0


def test_a_long_name_is_not_normalized() -> None:
    start = time.process_time()
    assert appearance("a" + "\u0301\u0323" * 200_000).startswith("a")
    assert time.process_time() - start < 5, "it took minutes once"
    assert appearance("e\u0301") == appearance("\u00e9")


def test_a_duplicate_is_named_where_nothing_can_be_imported() -> None:
    with folder() as here:
        models = '{"m": {"input_cost_per_token": 1e-6}, "m": {"input_cost_per_token": 2e-6}}'
        (here / "f.json").write_text(models)
        done = run_hostile("pricing", "import", "--litellm", "f.json", "--tiers", "low=m")
    assert 'skipped "m": it is given twice, with different values' in done.stderr


def test_of_many_problems_the_first_are_shown() -> None:
    with folder() as here:
        keys = "".join(f"k{i} = 1\n" for i in range(1_500))
        (here / "pyproject.toml").write_text(f"[tool.routecost]\n{keys}", encoding="utf-8")
        done = routecost("validate", "article")
    assert done.code == 2
    assert done.stderr.endswith("... and 500 more problems\n")


def test_a_signal_outside_the_command_is_no_traceback(tmp_path: Path) -> None:
    program = (
        "import os\nfrom routecost.cli.app import end_with\n"
        f"end_with(lambda: os.kill(os.getpid(), {int(signal.SIGTERM)}) or 0)\n"
    )
    done = run_program(sys.executable, "-c", program, where=tmp_path)
    assert (done.returncode, done.stderr) == (128 + signal.SIGTERM, "")
