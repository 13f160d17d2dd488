"""Links that lead nowhere or elsewhere, and names of the standard streams."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import ROOT
from tests.hostile.contract import folder, run_hostile

SCENARIO = (
    "version: 1\npricing: claude-2026-11\nas_of: 2026-11-22\n"
    "workload: {tasks_per_day: 5, tokens: {input: 9, output: 1}}\n"
)


def make_loop(name: str) -> None:
    os.symlink(name, name)


def make_dangling(name: str) -> None:
    os.symlink("nowhere", name)


@pytest.mark.parametrize("make", [make_loop, make_dangling, os.mkfifo, os.mkdir])
def test_a_scenario_that_is_no_file_is_not_passed_over(make: Callable[[str], None]) -> None:
    with folder():
        make("scenario.yaml")
        done = run_hostile("compare")
    assert done.code == 2
    assert "./scenario.yaml is no ordinary file, or a link that leads nowhere" in done.stderr


@pytest.mark.parametrize("make", [make_loop, make_dangling, os.mkfifo])
def test_settings_that_are_no_file_are_not_passed_over(make: Callable[[str], None]) -> None:
    with folder():
        make("pyproject.toml")
        done = run_hostile("validate", "article")
    assert done.code == 2
    assert 'pyproject.toml": it is no ordinary file' in done.stderr


@pytest.mark.parametrize("options", [("-o", "loop.md"), ("--chart", "loop.svg")])
def test_a_loop_of_links_is_not_replaced(options: tuple[str, str]) -> None:
    with folder():
        make_loop(options[1])
        done = run_hostile("compare", "article-fleet", *options)
        assert os.path.islink(options[1])
    assert done.code == 2
    assert "too many levels of symbolic links" in done.stderr


@pytest.mark.parametrize("link", ["pricing/evil.yaml", "pricing"])
def test_a_name_in_a_library_does_not_lead_out_of_it(link: str) -> None:
    with folder() as here:
        place = here / "library" / link
        place.parent.mkdir(parents=True)
        outside = here / "outside"
        if link == "pricing":
            outside.mkdir()
        place.symlink_to(outside)
        models = '{"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6, "mode": "chat"}}'
        (here / "f.json").write_text(models)
        options = ("--litellm", "f.json", "--tiers", "low=m", "--library", "library", "--name", "evil")
        done = run_hostile("pricing", "import", *options)
        assert done.code == 2, done.stderr
        assert '--name "evil" leads out of the library' in done.stderr
        assert not outside.is_file()
        assert not (outside / "evil.yaml").exists()


@pytest.mark.parametrize(
    "name",
    [
        "/dev/stdout",
        "/proc/self/fd/2",
        *(
            pytest.param(f"/{name}", marks=pytest.mark.slow)
            for name in ("dev/stderr", "dev/fd/1", "proc/self/fd/1")
        ),
    ],
)
@pytest.mark.skipif(not os.path.exists("/proc/self/fd/1"), reason="no such names on this system")
def test_names_of_the_standard_streams_are_safe(tmp_path: Path, name: str) -> None:
    (tmp_path / "f.yaml").write_text(f'{SCENARIO}strategies: {{"::error x": {{tier: haiku}}}}\n')
    program = "from routecost.cli.app import main; main()"
    options = ("compare", "./f.yaml", "--format", "csv", "-o", name)
    done = subprocess.run(
        [sys.executable, "-c", program, *options],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    written, other = (done.stderr, done.stdout) if name.endswith(("2", "err")) else (done.stdout, done.stderr)
    assert done.returncode == 0, done.stderr
    assert "\n\\x3a:error x," in written
    assert not other


def test_wide_signs_start_no_formula() -> None:
    signs = "\uff0b\uff0d\uff1d\uff20"
    with folder() as here:
        rows = "".join(f'  "{sign}1": {{tier: haiku}}\n' for sign in signs)
        (here / "f.yaml").write_text(f"{SCENARIO}strategies:\n{rows}", encoding="utf-8")
        lines = run_hostile("compare", "./f.yaml", "-f", "spreadsheet").stdout.splitlines()
    assert [line[:2] for line in lines[1:]] == [f"'{sign}" for sign in signs]


def test_characters_that_the_font_lacks_are_named_once() -> None:
    with folder() as here:
        (here / "f.yaml").write_text(f"{SCENARIO}strategies: {{\u8def: {{tier: haiku}}}}\n", encoding="utf-8")
        done = run_hostile("compare", "./f.yaml", "--chart", "c.svg")
    assert done.stderr == (
        "warning: the font of charts lacks 1 character (\u8def); the chart has boxes there\n"
    )
