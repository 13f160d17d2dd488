"""`compare --set FIELD=VALUE` compares the scenario with other values of its fields."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import routecost as api
from tests.cli.running import routecost
from tests.interactive.documents import FLEET


def test_a_set_field_is_a_field_of_the_file(fleet: Path, tmp_path: Path) -> None:
    (tmp_path / "sheet.yaml").write_text((fleet.parent / "sheet.yaml").read_text())
    changed = tmp_path / "fleet.yaml"
    changed.write_text(
        FLEET.replace("tasks_per_day: 100", "tasks_per_day: 240").replace("read: 10%", "read: 25%")
    )
    done = routecost("compare", str(fleet), "--set", "tasks_per_day=240", "--set", "cache_share=25%")
    assert (done.code, done.stdout) == (0, routecost("compare", str(changed)).stdout)


def test_other_shares_of_a_mix_make_room(fleet: Path) -> None:
    scenario = api.load_scenario(str(fleet), settings=["strategies.routed.mix.large=40%"])
    assert api.compare(scenario)["routed"].expansion.mix == {"small": Decimal("0.6"), "large": Decimal("0.4")}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["tokens.inpt=1"], 'did you mean "tokens.input"?'),
        (["tokens.input"], "expected FIELD=VALUE"),
        (["=1"], "expected FIELD=VALUE"),
        (["tokens.input="], "expected FIELD=VALUE"),
        (["tokens.input=1", "workload.tokens.input=2"], '"workload.tokens.input" is set twice'),
        (["tokens.input=many"], '"many" is not'),
        (["tokens.input=-1"], '"-1" is out of range'),
        (["tokens.input=NaN"], '"NaN" is not'),
        (["tokens.input=[1, 2]"], "a list is not a count"),
    ],
)
def test_invalid_settings(fleet: Path, settings: list[str], message: str) -> None:
    done = routecost("compare", str(fleet), *(word for text in settings for word in ("--set", text)))
    assert (done.code, done.stdout) == (2, "")
    assert message in done.stderr


def test_a_range_of_a_distribution_can_be_set(tmp_path: Path, fleet: Path) -> None:
    (tmp_path / "sheet.yaml").write_text((fleet.parent / "sheet.yaml").read_text())
    calls = "{per_call: [{share: 100%, input: [1000, 2000], output: 500}]}"
    spread = tmp_path / "fleet.yaml"
    spread.write_text(FLEET.replace("{input: 2000, output: 500}", calls))
    scenario = api.load_scenario(str(spread), settings=["workload.tokens.per_call.0.input=[100, 300]"])
    (cell,) = scenario.workload.task_types[0].tokens.cells
    assert (cell.input_low, cell.input_high) == (Decimal(100), Decimal(300))


def test_a_portfolio_has_no_fields_to_set(tmp_path: Path) -> None:
    file = tmp_path / "portfolio.yaml"
    file.write_text("version: 1\nscenarios: {a: article-fleet}\n")
    done = routecost("compare", str(file), "--set", "tokens.input=1")
    assert (done.code, "--set does not apply to a portfolio" in done.stderr) == (2, True)
