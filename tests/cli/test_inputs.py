"""Which scenario, library and mixes a command works on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Done, routecost

SCENARIO = """\
version: 1
pricing: {pricing}
as_of: 2026-02-01
workload: {{tasks_per_day: 1, tokens: {{input: 1000000, output: 0}}}}
strategies: {{only: {{tier: haiku}}}}
"""
SHEET = """\
version: 1
currency: USD
source: invented
tiers: {{haiku: model}}
models: {{model: [{{input: {rate}, output: 0}}]}}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def compared(*arguments: str) -> Any:
    done = routecost("compare", *arguments, "--format", "json")
    assert done.code == 0, done.stderr
    return json.loads(done.stdout)


def test_without_a_scenario_the_built_in_is_used_and_said() -> None:
    done = routecost("compare", "-f", "json")
    assert json.loads(done.stdout)["scenario"] == "article-fleet"
    assert (
        done.stderr == 'no scenario given and no ./scenario.yaml found: using the built-in "article-fleet"\n'
    )


def test_without_a_scenario_the_one_here_is_used_and_said(here: Path) -> None:
    write(here / "scenario.yaml", SCENARIO.format(pricing="claude-article"))
    done = routecost("compare", "-f", "json")
    assert [row["strategy"] for row in json.loads(done.stdout)["strategies"]] == ["only"]
    assert done.stderr == "using ./scenario.yaml\n"


def test_a_given_scenario_is_used_in_silence(here: Path) -> None:
    write(here / "scenario.yaml", "nonsense")
    assert routecost("compare", "article-fleet").stderr == ""


def test_warnings_go_to_stderr(here: Path) -> None:
    text = SCENARIO.format(pricing="claude-2026-02").replace("output: 0}", "output: 0}, cache: {read: 50%}")
    write(here / "fleet.yaml", text)
    done = routecost("compare", "fleet.yaml")
    assert done.code == 0
    assert done.stderr.startswith("fleet.yaml:4:75: warning: cache reads without cache writes")


def library(here: Path, folder: str, rate: int) -> Path:
    write(here / folder / "scenarios/fleet.yaml", SCENARIO.format(pricing="mine"))
    write(here / folder / "pricing/mine.yaml", SHEET.format(rate=rate))
    return here / folder


def cost(found: Any) -> float:
    return float(found["strategies"][0]["cost_per_day"])


def test_a_library_of_ones_own(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUTECOST_LIBRARY", str(library(here, "of-environment", 5)))
    assert cost(compared("fleet")) == 5


def test_the_option_goes_before_the_environment(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUTECOST_LIBRARY", str(library(here, "of-environment", 5)))
    assert cost(compared("fleet", "--library", str(library(here, "of-option", 7)))) == 7


def test_ones_own_library_goes_before_the_built_ins(here: Path) -> None:
    own = library(here, "own", 1)
    write(own / "pricing/claude-article.yaml", SHEET.format(rate=9))
    write(own / "scenarios/fleet.yaml", SCENARIO.format(pricing="claude-article"))
    assert cost(compared("fleet", "--library", str(own))) == 9
    assert cost(compared("fleet", "--library", str(own), "--pricing", "claude-2026-02")) > 0


def test_a_path_in_a_scenario_starts_at_its_folder(here: Path) -> None:
    write(here / "deep/down/fleet.yaml", SCENARIO.format(pricing="../sheet.yaml"))
    write(here / "deep/sheet.yaml", SHEET.format(rate=3))
    assert cost(compared("deep/down/fleet.yaml")) == 3


def test_a_path_on_the_command_line_starts_here(here: Path) -> None:
    write(here / "deep/down/fleet.yaml", SCENARIO.format(pricing="claude-article"))
    write(here / "sheet.yaml", SHEET.format(rate=3))
    comparison = compared("deep/down/fleet.yaml", "--pricing", "./sheet.yaml")
    assert (cost(comparison), comparison["pricing"]) == (3, "sheet")


def mixed(text: str) -> Done:
    return routecost("compare", "article-fleet", "--mix", text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("80/20", '"80/20" is not a mix'),
        ("80/15/5/0", '"80/15/5/0" is not a mix'),
        ("", '"" is not a mix'),
        ("a/b/c", '"a/b/c" is not a mix'),
        ("NaN/50/50", '"NaN/50/50" is not a mix'),
        ("inf/0/0", '"inf/0/0" is not a mix'),
        ("-10/60/50", '"-10/60/50" is not a mix'),
        ("1e9999999/0/0", '"1e9999999/0/0" is not a mix'),
        ("80,15,5", '"80,15,5" is not a mix'),
        ("80/15/4", 'the mix "80/15/4" sums to 99'),
        ("80/15/5.0001", 'the mix "80/15/5.0001" sums to 100.0001'),
        ("0.8/0.15/0.05", 'the mix "0.8/0.15/0.05" sums to 1'),
    ],
)
def test_a_mix_that_makes_no_sense(text: str, message: str) -> None:
    done = mixed(text)
    expected = "expected percentages for haiku, sonnet, opus that sum to 100, such as 80/15/5"
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr == f"error: {message}; {expected}\n"


@pytest.mark.parametrize("text", ["80/15/5", "80%/15%/5%", " 80 / 15 / 5 "])
def test_mixes_are_added(text: str) -> None:
    rows = {row["strategy"]: row for row in compared("article-fleet", "--mix", text)["strategies"]}
    assert list(rows)[-1] == "mix-80-15-5"
    assert rows["mix-80-15-5"]["cost_per_day"] == rows["routed-80-15-5"]["cost_per_day"]


def test_mixes_are_shown_beside_the_chosen_strategies() -> None:
    comparison = compared("article-fleet", "--strategy", "all-opus", "--mix", "80/15/5", "--mix", "100/0/0")
    assert [row["strategy"] for row in comparison["strategies"]] == ["all-opus", "mix-80-15-5", "mix-100-0-0"]


def test_a_mix_may_be_the_baseline() -> None:
    comparison = compared("article-fleet", "--mix", "0/0/100", "--baseline", "mix-0-0-100")
    assert comparison["baseline"] == "mix-0-0-100"


def test_a_mix_never_takes_the_place_of_a_strategy(here: Path) -> None:
    own = "strategies: {mix-80-15-5: {tier: haiku}}"
    text = SCENARIO.format(pricing="claude-article").replace("strategies: {only: {tier: haiku}}", own)
    write(here / "fleet.yaml", text)
    done = routecost("compare", "fleet.yaml", "--mix", "80/15/5")
    assert (done.code, done.stdout) == (2, "")
    assert 'another strategy named "mix-80-15-5"' in done.stderr


def test_the_baseline_asked_for_is_used() -> None:
    comparison = compared("article-fleet", "--baseline", "all-haiku")
    changes = {row["strategy"]: row["vs_baseline"] for row in comparison["strategies"]}
    assert (changes["all-haiku"], changes["all-opus"]) == (0, 17.75)


def test_the_day_asked_for_is_used() -> None:
    assert compared("article-fleet", "--as-of", "2027-03-01")["as_of"] == "2027-03-01"
