"""``optimize --outcomes``: options that do not apply are refused before anything is read."""

from __future__ import annotations

import io
import json
import os
import shlex
from pathlib import Path

import pytest

from routecost.cli.app import run
from routecost.cli.optimize_outcomes import pairs
from tests.golden.test_golden import CASES

EVALS = CASES / "optimize-outcomes-text" / "evals.csv"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--risk 5%", "--risk requires --outcomes"),
        ("--check policy.yaml", "--check requires --outcomes"),
        ("--seed 0", "--seed requires --outcomes"),
        ("article-fleet --outcomes gone.csv", "SCENARIO does not apply to --outcomes"),
        ("--outcomes gone.csv --min-success 9%", "--min-success does not apply to --outcomes"),
        ("--outcomes gone.csv --margin 1%", "--margin requires --risk"),
        ("--outcomes gone.csv --taxonomy agent-fleet", "--taxonomy requires --write-table"),
        ("--outcomes gone.csv --write-table t.yaml", "--write-table needs --taxonomy"),
        ("--outcomes gone.csv --write-scenario s.yaml", "--write-scenario requires --pricing"),
        ("--outcomes gone.csv --as-of 2026-01-01", "--as-of requires --pricing"),
        ("--outcomes gone.csv --split-by part --held-out 10%", "--held-out does not apply to --split-by"),
        ("--outcomes gone.csv --export litellm --chart c.svg", "--chart does not apply to --export"),
        ("--outcomes gone.csv --export litelm", 'no export named "litelm"; did you mean "litellm"'),
        ("--outcomes gone.csv --export claude-code", "into a folder; expected an existing one, as in"),
        ("--outcomes gone.csv --export claude-code -o agents", 'into a folder, and "agents" is none'),
        ("--outcomes gone.csv --theme dark", "--theme requires --chart FILE or --reliability FILE"),
        ("--outcomes gone.csv --check p.yaml --reliability r.svg", "--reliability does not apply to --check"),
        ("--outcomes gone.csv --check p.yaml --budget 1", "--budget does not apply to --check"),
        (
            "--outcomes gone.csv --budget 5x4",
            '"5x4" is not an amount of money; expected one such as 0.0005 or 5e-4',
        ),
        ("--outcomes gone.csv --budget 1e99", '--budget "1e99" is not an amount'),
        ("--outcomes gone.csv --budget 5e-4", "gone.csv"),
        ("--outcomes gone.csv --model-cost a=b=1x", '--model-cost "1x" is not an amount'),
        ("--outcomes gone.csv --risk 100%", '--risk "100%" is out of range'),
        ("--outcomes gone.csv --families cascades", 'no family of policies named "cascades"; did you mean'),
        ("--outcomes gone.csv --missing dropp", 'named "dropp"; did you mean "drop"'),
        ("--outcomes gone.csv --score-range 5:1", "expected LOW:HIGH"),
        ("--outcomes gone.csv --column score", "expected NAME=VALUE"),
        (
            "--outcomes gone.csv --transform onesided",
            'no transform named "onesided"; did you mean "one-sided"',
        ),
    ],
)
def test_what_does_not_apply_is_refused(
    arguments: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    errors = io.StringIO()
    assert run(["optimize", *shlex.split(arguments)], stdout=io.StringIO(), stderr=errors) == 2
    assert message in errors.getvalue()
    assert not list(tmp_path.iterdir())


def test_names_of_models_may_have_an_equals_sign() -> None:
    texts = ["debate/critic=haiku+solver=opus=0.02", "io=1e-3"]
    assert pairs("--model-cost", texts) == {"debate/critic=haiku+solver=opus": "0.02", "io": "1e-3"}
    assert pairs("--where", ["column=a=b"]) == {"column": "a=b"}


def test_json_is_the_contract(tmp_path: Path) -> None:
    """The frontier has every policy, raw; nothing is left out as in the text."""
    file = tmp_path / "frontier.json"
    arguments = ["optimize", "--outcomes", str(EVALS), "--families", "single,cascade", "-o", str(file)]
    assert run(arguments, stdout=io.StringIO(), stderr=io.StringIO()) == 0
    found = json.loads(file.read_text())
    assert found["schema"] == "routecost.optimize-outcomes/1"
    assert found["outcomes"] == "evals.csv"
    columns = {"policy", "cost_per_query", "quality", "held_out_cost_per_query", "held_out_quality"}
    assert all(columns <= row.keys() for row in found["frontier"])
    costs = [row["cost_per_query"] for row in found["frontier"]]
    assert costs == sorted(costs)
    assert len({row["policy"] for row in found["frontier"]}) == len(costs) > 12


def test_a_chart_names_the_models_and_the_families(tmp_path: Path) -> None:
    chart = tmp_path / "frontier.svg"
    arguments = [
        "optimize",
        "--outcomes",
        str(EVALS),
        "--families",
        "single,mixture,cascade",
        "--chart",
        str(chart),
    ]
    assert run(arguments, stdout=io.StringIO(), stderr=io.StringIO()) == 0
    text = chart.read_text()
    for name in ("haiku", "opus", "mixture", "cascade", "cost per query, USD"):
        assert name in text


def with_table(folder: Path, arguments: str) -> tuple[int, str, str]:
    """Run the command with a table to write; return its exit code, its output and its messages."""
    kind = "{title: any, reasoning: low, ambiguity: low, stakes: low, tiers: [haiku]}"
    (folder / "types.yaml").write_text(
        f"version: 1\ntiers: [haiku, opus]\ntask_types:\n  easy: {kind}\n  hard: {kind}\n"
    )
    files = ["--write-table", str(folder / "table.yaml"), "--taxonomy", str(folder / "types.yaml")]
    output, errors = io.StringIO(), io.StringIO()
    command = ["optimize", "--outcomes", str(EVALS), "--families", "single", *files, *shlex.split(arguments)]
    return run(command, stdout=output, stderr=errors), output.getvalue(), errors.getvalue()


def test_nothing_is_written_if_no_table_is_within_the_limits(tmp_path: Path) -> None:
    output = tmp_path / "frontier.json"
    code, _, errors = with_table(tmp_path, f"--min-quality 90% -o {output}")
    assert code == 2
    assert "reaches a quality of 0.9; the best, all to haiku, reaches 0." in errors
    assert [file.name for file in tmp_path.iterdir()] == ["types.yaml"]


def test_the_results_of_a_table_are_shown_in_every_form(tmp_path: Path) -> None:
    start = "The routing table costs $0.001"
    code, text, _ = with_table(tmp_path, "--budget 0.002")
    assert code == 0
    assert start in text
    _, data, _ = with_table(tmp_path, "--budget 0.002 --format json --force")
    (row,) = json.loads(data)["written_table"]
    assert row["policy"] == "all to haiku"
    _, text, errors = with_table(tmp_path, "--budget 0.002 --format csv --force")
    assert text.startswith("policy,family,")
    assert start in errors
    assert "haiku is chosen" in errors
    _, _, errors = with_table(tmp_path, f"--budget 0.002 --export claude-code --force -o {tmp_path}")
    assert start in errors
    assert "model: haiku" in (tmp_path / "default.md").read_text()


def test_a_reliability_diagram_is_drawn_without_another_chart(tmp_path: Path) -> None:
    file = tmp_path / "reliability.svg"
    arguments = ["--families", "single", "--reliability", str(file), "--theme", "dark"]
    command = ["optimize", "--outcomes", str(EVALS), *arguments]
    assert run(command, stdout=io.StringIO(), stderr=io.StringIO()) == 0
    text = file.read_text()
    assert "haiku, calibration error 14.4%: predicted" in text
    assert "#14191e" in text
    for name, message in (("r.txt", "expected a name in .svg, .png or .pdf"), ("x/r.svg", "cannot write")):
        output, errors, command[-3] = io.StringIO(), io.StringIO(), str(tmp_path / name)
        assert run([*command, "--write-policy", str(tmp_path / "p.yaml")], stdout=output, stderr=errors) == 2
        assert message in errors.getvalue()
        assert (output.getvalue(), [*tmp_path.iterdir()]) == ("", [file])


def test_an_export_of_one_file_has_any_name(tmp_path: Path) -> None:
    file, errors = tmp_path / "config.yaml", io.StringIO()
    models = ["--priced-as", "haiku=id-1", "--priced-as", "opus=id-2"]
    arguments = ["--families", "single", "--export", "litellm", *models, "-o", str(file)]
    assert run(["optimize", "--outcomes", str(EVALS), *arguments], stdout=io.StringIO(), stderr=errors) == 0
    assert file.read_text().startswith("model_list:")
    assert "is chosen" in errors.getvalue()


def test_files_of_an_export_replace_others_only_by_force(tmp_path: Path) -> None:
    """Nor is any of them written if one may not be, and an input is never replaced."""
    old, outcomes = tmp_path / "hard.md", tmp_path / "evals.csv"
    command = ["optimize", "--outcomes", str(EVALS), "--families", "category", "--min-quality", "70%"]
    command += ["--export", "claude-code", "-o", str(tmp_path)]
    old.write_text("precious")
    errors = io.StringIO()
    assert run(command, stdout=io.StringIO(), stderr=errors) == 2
    assert 'hard.md", which exists; use --force' in errors.getvalue()
    assert [file.name for file in tmp_path.iterdir()] == ["hard.md"]
    assert run([*command, "--force"], stdout=io.StringIO(), stderr=io.StringIO()) == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == ["default.md", "easy.md", "hard.md"]
    assert old.read_text().startswith("---\nname: hard\n")
    (tmp_path / "easy.md").unlink()
    outcomes.write_text(EVALS.read_text())
    os.link(outcomes, tmp_path / "easy.md")
    command[2] = str(outcomes)
    errors = io.StringIO()
    assert run([*command, "--force"], stdout=io.StringIO(), stderr=errors) == 2
    assert 'easy.md", which is an input' in errors.getvalue()
    assert outcomes.read_text() == EVALS.read_text()
