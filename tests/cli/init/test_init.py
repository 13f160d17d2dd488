"""``routecost init`` writes documents that every command accepts at once, or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.cli.running import ROOT, Done, routecost

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
EXAMPLE = yaml.safe_load((ROOT / "docs" / "workflows" / "routecost.yml").read_text(encoding="utf-8"))
WRITTEN = ("scenario.yaml", "table.yaml", "taxonomy.yaml")
WORKFLOW = ".github/workflows/routecost.yml"
NAMES = [
    *("</script><script>", "\u202e", "=cmd()", "yes", "1e3", "a: b #c", "\"q'={}[]", "total", "(x)", "ü-€"),
    *("- a", "&a", "*a", "!a", "%a", "null", "2026-11-29", "${{ x }}", "a,b"),
]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ROUTECOST_LIBRARY", raising=False)
    return tmp_path


def init(*options: str) -> Done:
    return routecost("init", "--yes", *options)


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def assert_sound(folder: str = ".") -> None:
    """Every command accepts the documents, and so do the schemas that their editor lines name."""
    scenario, table = f"{folder}/scenario.yaml", f"{folder}/table.yaml"
    for arguments in (
        ["compare", scenario],
        ["check", scenario],
        ["validate", table],
        ["validate", table, "--scenario", scenario],
    ):
        done = routecost(*arguments)
        assert done.code == 0, (arguments, done.stdout, done.stderr)
    for name in WRITTEN:
        path = Path(folder, name)
        head, _, schema = path.read_text(encoding="utf-8").split("\n")[0].partition("$schema=")
        assert head == "# yaml-language-server: "
        validator = Draft202012Validator(json.loads((path.parent / schema).read_text(encoding="utf-8")))
        data = json.loads(json.dumps(read(path), default=str))
        assert [error.message for error in validator.iter_errors(data)] == []


def test_the_defaults_are_a_sound_fleet_with_a_job_as_documented(here: Path) -> None:
    done = init()
    assert (done.code, done.stderr) == (0, "")
    schemas = {f".routecost/schemas/{kind}.json" for kind in ("scenario", "table", "taxonomy")}
    assert files(here) == {*WRITTEN, WORKFLOW, *schemas}
    assert all(f"  {name}\n" in done.stdout for name in files(here))
    assert done.stdout.endswith(
        "next:\n  routecost compare ./scenario.yaml\n  routecost check ./scenario.yaml\n"
        "  routecost validate ./table.yaml --scenario ./scenario.yaml\n"
    )
    assert_sound()
    assert "evidence" not in (here / "table.yaml").read_text(encoding="utf-8").split("routes:")[1]
    job, example = read(here / WORKFLOW), dict(EXAMPLE)
    steps, documented = (one["jobs"]["routecost"]["steps"] for one in (job, example))
    assert [step["uses"] for step in steps] == [step["uses"] for step in documented]
    inputs = steps[1]["with"]
    assert (inputs.pop("table"), inputs.pop("scenario")) == ("table.yaml", "scenario.yaml")
    assert inputs.items() <= documented[1]["with"].items()
    assert set(steps[1]["with"]) <= set(ACTION["inputs"])
    assert {key: job[key] for key in ("permissions",)} == {"permissions": example["permissions"]}
    assert job[True].keys() == example[True].keys()


def test_answers_are_in_the_documents(here: Path) -> None:
    """By hand: 1,000 tasks of 1,000 and 100 tokens, 90% on Haiku (0.80, 4.00) and 10% on Opus (15, 75)."""
    options = ["--pricing", "claude-article", "--tasks-per-day", "1000", "--tokens", "input=1000,output=100"]
    tasks = ["--task", "a=haiku", "--task", "b=haiku", "--task", "c=opus", "--mix", "90/0/10"]
    done = init("fleets/eu", *options, *tasks, "--budget", "1000", "--action", "acme/routecost@v1", "--no-ci")
    assert done.code == 0
    scenario = read(here / "fleets" / "eu" / "scenario.yaml")
    assert {key: kind["tasks_per_day"] for key, kind in scenario["workload"]["task_types"].items()} == {
        "a": 450,
        "b": 450,
        "c": 100,
    }
    assert scenario["budget"] == {"amount": 1000, "per": "month", "strategy": "routed"}
    assert "illustrative" not in scenario
    (claim,) = scenario["claims"]
    per_day = 900 * (0.80 * 1000 + 4 * 100) / 1e6 + 100 * (15 * 1000 + 75 * 100) / 1e6
    assert claim["is"] == pytest.approx(30 * per_day)
    assert not (here / ".github").exists()
    assert_sound("fleets/eu")


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_any_name_of_a_task_type_is_kept(here: Path, name: str) -> None:
    assert init("--task", f"{name}=haiku").code == 0
    assert [row["task"] for row in read(here / "table.yaml")["routes"]] == [name]
    assert_sound()


@pytest.mark.slow
@pytest.mark.parametrize("mix", [None, "50/50/0", "33.3/33.3/33.4"])
@pytest.mark.parametrize("daily", [None, "1", "7", "0.5", "1e15"])
@pytest.mark.parametrize("tokens", [None, "input=0,output=1", "input=500000,output=9"])
def test_many_answers_are_sound_fleets(mix: str | None, daily: str | None, tokens: str | None) -> None:
    given = {"--mix": mix, "--tasks-per-day": daily, "--tokens": tokens}
    options = [word for key, value in given.items() if value is not None for word in (key, value)]
    done = init(*options)
    assert done.code == 0, done.stderr
    total = sum(
        kind["tasks_per_day"] for kind in read(Path("scenario.yaml"))["workload"]["task_types"].values()
    )
    assert total == pytest.approx(float(daily or 500), rel=1e-12)
    assert_sound()


@pytest.mark.slow
@pytest.mark.parametrize("sheet", sorted(path.stem for path in (ROOT / "pricing").glob("*.yaml")))
def test_every_sheet_has_a_sound_fleet(here: Path, sheet: str) -> None:
    assert init("--pricing", sheet).code == 0
    assert_sound()
    (here / "own.yaml").write_bytes((ROOT / "pricing" / f"{sheet}.yaml").read_bytes())
    assert init("deep/er", "--pricing", "own.yaml").code == 0
    assert read(here / "deep" / "er" / "scenario.yaml")["pricing"] == "../../own.yaml"
    assert_sound("deep/er")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--task", "a=haik"], 'has no tier "haik"; did you mean "haiku"?'),
        (["--task", "=haiku"], "expected NAME=TIER"),
        (["--task", "a=haiku", "--task", "a=opus"], '"a" is given twice'),
        (["--task", "a=haiku", "--mix", "80/20/0"], 'sends 20% to "sonnet", which no task type names'),
        (["--task", "a=haiku", "--task", "b=opus", "--mix", "100/0/0"], 'sends 0% to "opus"'),
        (["--mix", "50/60/0"], "sums to 110"),
        (["--tasks-per-day", "nan"], "expected a number above 0"),
        (["--tasks-per-day", "0.0000001"], "too few"),
        (["--tokens", "input=x"], "expected input=N,output=N"),
        (["--budget", "-1"], "expected a number above 0"),
        (["--action", "acme/routecost"], "expected OWNER/REPOSITORY@COMMIT"),
        (["--action", "a/b@c\n      - run: x"], "expected OWNER/REPOSITORY@COMMIT"),
        (["--pricing", "claude-2026-12"], 'did you mean "claude-2026-11"?'),
        (["--mix", "80/15/5", "--tokens", "input=1,output=1", "--from-logs", "x"], "cannot be used with"),
    ],
)
def test_an_invalid_answer_writes_nothing(here: Path, options: list[str], message: str) -> None:
    done = init("new/folder", *options)
    assert (done.code, done.stdout) == (2, "")
    assert message in done.stderr
    assert list(here.iterdir()) == []


def test_what_makes_no_valid_document_writes_nothing(here: Path) -> None:
    for options, message in (
        (["--tokens", "input=0,output=0"], "costs nothing"),
        (["--task", f"{'x' * 201}=haiku"], "is not a name"),
    ):
        done = init(*options)
        assert (done.code, list(here.iterdir())) == (2, [])
        assert message in done.stderr


def test_existing_files_are_named_and_kept_unless_forced(here: Path) -> None:
    (here / "table.yaml").write_text("mine")
    (here / "taxonomy.yaml").symlink_to("nowhere")
    done = init()
    assert (done.code, done.stdout) == (2, "")
    assert '"taxonomy.yaml", "table.yaml", which exist; use --force' in done.stderr
    assert (here / "table.yaml").read_text() == "mine"
    assert files(here) == {"table.yaml"}
    (here / "taxonomy.yaml").unlink()
    assert init("--force", "--no-ci").code == 0
    assert read(here / "table.yaml")["version"] == 1


def test_a_dry_run_prints_the_documents(here: Path) -> None:
    done = init("--dry-run", "--budget", "1")
    assert (done.code, list(here.iterdir())) == (0, [])
    assert "# ---- scenario.yaml\n# yaml-language-server" in done.stdout
    assert "fails: budget of routed per month: the budget is exceeded: 39.15 of 1\n" in done.stderr


@pytest.mark.slow
def test_the_job_is_at_the_root_of_the_repository(here: Path) -> None:
    (here / ".git").mkdir()
    assert init("fleets/a [b]").code == 0
    job = read(here / WORKFLOW)
    assert job["jobs"]["routecost"]["steps"][1]["with"]["table"] == "fleets/a [b]/table.yaml"
    assert r"fleets/a \[b\]/table.yaml" in job[True]["pull_request"]["paths"]
    refused = init("fleets/c")
    assert (refused.code, (here / "fleets" / "c").exists()) == (2, False)
    assert f'"{WORKFLOW}", which exists' in refused.stderr
    assert init("${{ secrets.X }}", "--force").code == 2
    assert not (here / "${{ secrets.X }}").exists()


@pytest.mark.slow
def test_folders_are_removed_if_a_file_cannot_be_written(here: Path) -> None:
    (here / ".github").write_text("a file")
    done = init()
    assert done.code == 2
    assert files(here) == {".github"}
    assert not (here / ".routecost").exists()
    assert init(".github").code == 2
