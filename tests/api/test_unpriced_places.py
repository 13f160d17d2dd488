"""Modes, meters and caches without a rate are reported where the scenario states them."""

from __future__ import annotations

from pathlib import Path

import pytest

import routecost
from routecost.cli.app import run
from routecost.engine.usage import quantities
from routecost.errors import RoutecostError, UnpricedError, UsageError
from routecost.report.caveats import left_out

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


DATED = """\
version: 1
currency: USD
source: invented
tiers: {small: little, large: big, late: {LATE}, timed: night}
models:
  little: [{input: 1, output: 5, checked: 2026-11-22}]
  big: [{input: 2, output: 9}, {from: 2027-01-01, input: 2, output: 9, cache_storage: 1, provisioned_hour: 1}]
  new: [{from: 2027-01-01, input: 2, output: 9, checked: 2026-11-22}]
  night: [{input: 1, output: 1, modes: {off: {input: 1, hours: {from: "1:00", to: "2:00", time_zone: UTC}}}}]
"""
ROWS = "per_call: [{share: 50%, input: 1, output: 1}, {share: 50%, input: 2, output: 2}]"


def place_of(folder: Path, strategy: str, more: str = "", tokens: str = "input: 20, output: 5") -> str:
    """Return the text at the place of the only finding of a comparison."""
    (folder / "sheet.yaml").write_text(DATED.replace("{LATE}", "[{from: 2027-01-01, model: big}]"))
    fleet = folder / "fleet.yaml"
    fleet.write_text(
        "version: 1\npricing: ./sheet.yaml\nas_of: 2026-11-28\n"
        f"workload: {{tasks_per_day: 5, tokens: {{{tokens}}}}}\nstrategies:\n  one: {strategy}\n{more}"
    )
    with pytest.raises(RoutecostError) as caught:
        routecost.compare(fleet)
    (finding,) = caught.value.findings
    return fleet.read_text().splitlines()[finding.position.line - 1][finding.position.column - 1 :]


@pytest.mark.parametrize(
    "strategy",
    [
        "{conversation: [{tier: small, turns: 5}], system: 9}",  # writes a cache that has no rate
        "{tier: late}",  # has no model yet
    ],
)
def test_what_no_field_of_a_task_type_causes_has_the_place_of_the_strategy(
    tmp_path: Path, strategy: str
) -> None:
    assert place_of(tmp_path, strategy) == strategy


def test_hours_without_arrivals_have_the_place_of_the_task_type(tmp_path: Path) -> None:
    assert place_of(tmp_path, "{tier: timed}") == "{tasks_per_day: 5, tokens: {input: 20, output: 5}}"


def test_an_error_of_usage_has_the_place_of_the_strategy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quantities, "MOST_ROWS", 1)
    assert place_of(tmp_path, "{tier: small}", tokens=ROWS) == "{tier: small}"
    fleet = tmp_path / "fleet.yaml"
    fleet.write_text(fleet.read_text().replace("strategies:\n", "strategies:\n  two: {tier: large}\n"))
    with pytest.raises(UsageError, match="combine 2 rows"):
        routecost.compare(fleet, strategies=["one"])


@pytest.mark.parametrize(
    ("fee", "place"),
    [
        ("storage:\n  - {tier: large, tokens: 5}\n", "{tier: large, tokens: 5}"),
        ("capacity:\n  - {tier: large, units: 5, covers: 5%}\n", "{tier: large, units: 5, covers: 5%}"),
    ],
)
def test_a_fee_without_a_rate_on_the_day_has_its_own_place(tmp_path: Path, fee: str, place: str) -> None:
    assert place_of(tmp_path, "{tier: large}", fee) == place
    with pytest.raises(UnpricedError) as caught:
        routecost.project(tmp_path / "fleet.yaml", months=1)
    assert str(caught.value.findings[0].position).endswith(":8:5")


def test_each_strategy_and_each_point_of_a_sweep_keeps_its_place(tmp_path: Path) -> None:
    place_of(tmp_path, "{tier: late}")
    fleet = tmp_path / "fleet.yaml"
    fleet.write_text(fleet.read_text() + "  two: {mix: {small: 50%, late: 50%}}\n")
    with pytest.raises(UnpricedError) as caught:
        routecost.sweep_over(fleet, ["tasks_per_day=5,6"])
    messages = [(finding.position.line, finding.message) for finding in caught.value.findings]
    assert [line for line, _ in messages] == [6, 7]
    assert messages[0][1].startswith('at tasks_per_day = 5: strategy "one": tier "late" has no model')
    assert messages[1][1].startswith('at tasks_per_day = 5: strategy "two": tier "late" has no model')


def test_a_mix_of_the_command_line_has_the_place_of_the_prices(tmp_path: Path) -> None:
    place_of(tmp_path, "{tier: late}")
    with pytest.raises(UnpricedError) as caught:
        routecost.compare(tmp_path / "fleet.yaml", mixes=["0/0/100/0"])
    places = [(finding.position.line, finding.message.split(":")[0]) for finding in caught.value.findings]
    assert places == [(6, 'strategy "one"'), (2, 'strategy "mix-0-0-100-0"')]


def test_a_reason_that_is_a_question_has_no_full_stop() -> None:
    ends = ["".join(map(str, note.parts))[-3:] for note in left_out(['did you mean "a"?', "b"])]
    assert ends == ['a"?', " b."]
