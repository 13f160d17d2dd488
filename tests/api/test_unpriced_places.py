"""Modes, meters and caches without a rate are reported where the scenario states them."""

from __future__ import annotations

from pathlib import Path

import pytest

import routecost
from routecost.cli.app import run
from routecost.errors import UnpricedError

SHEET = """\
version: 1
currency: USD
source: invented
tiers: {small: little, large: big}
models:
  little: [{input: 1, output: 5, modes: {flex: {input: 1}}, checked: 2026-11-22}]
  big: [{input: 2, output: 9, cache_read: 1, cache_write_5m: 1, checked: 2026-11-22}]
"""
BOTH = "{small: {tier: small}, large: {tier: large}}"
HEAD = f"""\
version: 1
pricing: ./sheet.yaml
strategies: {BOTH}
"""


def written(folder: Path, task: str, launch: str = "") -> Path:
    (folder / "sheet.yaml").write_text(SHEET)
    path = folder / "fleet.yaml"
    path.write_text(
        f"{HEAD}workload:\n  task_types:\n    first: {{{ONE}}}\n    second: {{{ONE}, {task}}}\n{launch}"
    )
    return path


ONE = "tasks_per_day: 5, tokens: {input: 20, output: 5}"


@pytest.mark.parametrize(
    ("task", "strategy", "message"),
    [
        ("modes: {flex: 30%}", "small", 'no rate for meter "output" (flex) of model "little"'),
        ("modes: {flex: 30%}", "large", 'no rate for meter "input" (flex) of model "big"'),
        ("batch_tolerant: true, batch: 30%", "small", 'meter "input" (batch) of model "little"'),
        ("meters: {web_search: 30}", "small", 'no rate for meter "web_search" of model "little"'),
        ("cache: {read: 30%, write_5m: 1%}", "small", 'no rate for meter "cache_read" of model "little"'),
        (
            "calls: {per_task: 2, carry: all, cached: 30%}",
            "small",
            'no rate for meter "cache_write_5m" of model "little"',
        ),
    ],
)
def test_the_place_is_that_of_the_task_type(tmp_path: Path, task: str, strategy: str, message: str) -> None:
    fleet = written(tmp_path, task)
    fleet.write_text(fleet.read_text().replace(BOTH, f"{{{strategy}: {{tier: {strategy}}}}}"))
    with pytest.raises(UnpricedError) as caught:
        routecost.compare(fleet)
    (finding,) = caught.value.findings
    assert message in finding.message
    line = fleet.read_text().splitlines()[finding.position.line - 1]
    assert line.strip().startswith("second:")
    key = line[: finding.position.column - 1].rstrip(" {:").rpartition(" ")[2].strip("{")
    assert key == {"batch_tolerant: true, batch": "batch"}.get(task.rpartition(":")[0], key)
    assert f"{key}:" in task


def test_the_command_shows_the_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", str(written(tmp_path, "modes: {flex: 30%}"))]) == 2
    shown = capsys.readouterr().err
    assert "fleet.yaml:7:" in shown
    assert "second: {" in shown


def test_a_launch_has_places_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    launch = (
        f"plan: {{launches: {{later: {{from: 2027-01-01, workload: {{{ONE}, modes: {{flex: 1%}}}}}}}}}}\n"
    )
    assert run(["project", str(written(tmp_path, "", launch)), "--start", "2027-01"]) == 2
    assert "fleet.yaml:8:" in capsys.readouterr().err
