"""``routecost usage``: exit codes, messages and files."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.running import routecost
from tests.support.transcripts import call, written

SHEET = ["--pricing", "claude-2026-11"]
SONNET, HAIKU = "claude-sonnet-5-5", "claude-haiku-5-5"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def calls(file: str = "calls.jsonl", *more: str) -> str:
    """A log with two calls around midnight in UTC."""
    written(
        Path(file),
        call(1, SONNET, "2026-11-30T23:30:00Z", input=1000, output=500),
        call(2, HAIKU, "2026-12-01T00:30:00Z", input=1000, output=500),
        *more,
    )
    return file


def test_every_call_without_a_price_is_named_at_once() -> None:
    log = written(
        Path("calls.jsonl"),
        *(call(at, "claude-haiku-5-6", "2026-11-20T00:00:00Z", input=1) for at in range(3)),
        call(4, "gpt-x", "2026-11-20T00:00:00Z", input=1),
        call(5, SONNET, "2026-11-20T00:00:00Z", input=1),
    )
    done = routecost("usage", str(log), *SHEET, "-o", "usage.csv")
    assert (done.code, done.stdout) == (2, "")
    first, second, advice = done.stderr.splitlines()
    assert first.startswith('error: claude-haiku-5-6: 3 calls: no model "claude-haiku-5-6"')
    assert 'did you mean "claude-haiku-5-5"?' in first
    assert second.startswith("error: gpt-x: 1 call: ")
    assert "--model-name LOGGED=MODEL" in advice
    assert not Path("usage.csv").exists()


def test_calls_without_a_price_can_be_mapped_or_left_out() -> None:
    log = str(written(Path("calls.jsonl"), call(1, "my-model", "2026-11-20T00:00:00Z", input=1_000_000)))
    mapped = routecost("usage", log, *SHEET, "--model-name", f"my-model={SONNET}", "-f", "json")
    assert json.loads(mapped.stdout)["usage"][0] == {
        "model": SONNET,
        "calls": 1,
        "input": 1_000_000,
        "cost": 2.0,
        "share": 1,
        "cost_high": 2.0,
    }
    left_out = json.loads(routecost("usage", log, *SHEET, "--allow-unpriced", "-f", "json").stdout)
    assert left_out["total"]["cost"] is None
    assert left_out["unpriced"][0]["calls"] == 1
    wrong = routecost("usage", log, *SHEET, "--model-name", "my-model=claude-sonet-5-5")
    assert (wrong.code, 'did you mean "claude-sonnet-5-5"?' in wrong.stderr) == (2, True)
    assert routecost("usage", log, *SHEET, "--model-name", "my-model").code == 2


@pytest.mark.parametrize(
    ("options", "code"), [([], 1), (["--max-rejects", "2"], 0), (["--max-rejects", "1"], 1)]
)
def test_rejected_lines_are_listed_and_fail_the_run(options: list[str], code: int) -> None:
    log = calls("calls.jsonl", "secret prompt", '{"type": "assistant", "message": 5}', "")
    Path(log).write_text(Path(log).read_text() + '{"type": "assist', encoding="utf-8")
    done = routecost("usage", log, *SHEET, "--rejects", "rejects.csv", *options)
    assert done.code == code
    listed = Path("rejects.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[:3] for line in listed[1:3]] == [
        ["calls.jsonl", "3", "1"],
        ["calls.jsonl", "4", "1"],
    ]
    shown = [line.split(" ")[0] for line in done.stderr.splitlines()]
    assert shown == (["calls.jsonl:3:1:", "calls.jsonl:4:1:"] if code else [])
    assert "calls.jsonl:6:1: the last line is incomplete" in " ".join(done.stdout.split())
    assert "secret" not in done.stdout + done.stderr + "".join(listed)


@pytest.mark.parametrize(
    ("zone", "days"),
    [("UTC", ["2026-11-30", "2026-12-01"]), ("Europe/Berlin", ["2026-12-01"])],
)
def test_days_begin_at_midnight_in_the_time_zone(zone: str, days: list[str]) -> None:
    done = routecost("usage", calls(), *SHEET, "--by", "day", "--time-zone", zone, "-f", "csv")
    assert [row["day"] for row in csv.DictReader(io.StringIO(done.stdout))] == days


@pytest.mark.parametrize(
    ("options", "models"),
    [
        (["--since", "2026-12-01"], [HAIKU]),
        (["--until", "2026-11-30"], [SONNET]),
        (["--since", "2026-12-01", "--until", "2026-12-01", "--time-zone", "Europe/Berlin"], [SONNET, HAIKU]),
        (["--since", "2026-12-02"], []),
    ],
)
def test_days_can_be_chosen(options: list[str], models: list[str]) -> None:
    done = routecost("usage", calls(), *SHEET, *options, "-f", "csv")
    assert [row["model"] for row in csv.DictReader(io.StringIO(done.stdout))] == models


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "logs have no prices; add --pricing SHEET, such as claude-2026-02"),
        ([*SHEET, "--by", "modle"], 'cannot group by "modle"; did you mean "model"?'),
        ([*SHEET, "--by", "day", "--by", "day"], '"day" is given twice'),
        ([*SHEET, "--time-zone", "Europe/Berln"], 'did you mean "Europe/Berlin"?'),
        ([*SHEET, "--dialect", "claude-cod"], 'did you mean "claude-code"?'),
        ([*SHEET, "--since", "2026-12-02", "--until", "2026-12-01"], "is before the first"),
    ],
)
def test_bad_options_are_named(options: list[str], message: str) -> None:
    done = routecost("usage", calls(), *options)
    assert (done.code, message in done.stderr) == (2, True), done.stderr


def test_logs_are_found_in_folders_and_counted_once() -> None:
    Path("logs").mkdir()
    calls("logs/a.jsonl")
    calls("logs/b.jsonl")
    done = routecost("usage", "logs", "logs/*.jsonl", *SHEET, "-f", "json")
    assert json.loads(done.stdout)["total"]["calls"] == 2


def weeks() -> str:
    """A log of two weeks: a call a day in the first, two in the second."""
    days = [*range(9, 16), *range(16, 23), *range(16, 23)]
    lines = [call(at, SONNET, f"2026-11-{day:02}T10:00:00Z", input=1_000_000) for at, day in enumerate(days)]
    return str(written(Path("weeks.jsonl"), *lines))


def test_two_periods_are_compared() -> None:
    periods = ["--compare", "2026-11-09..2026-11-15", "2026-11-16..2026-11-22"]
    data = json.loads(routecost("usage", weeks(), *SHEET, *periods, "-f", "json").stdout)
    assert (data["schema"], data["change"], data["parts"]["volume"]) == ("routecost.usage-compare/1", 14, 14)
    assert data["changes"][0]["before"] == 14
    late = routecost("usage", weeks(), *SHEET, "--compare", "2026-11-09..2026-11-15", "2026-12-01")
    assert (late.code, "no calls are logged in 2026-12-01..2026-12-01" in late.stderr) == (2, True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--compare", "2026-11-09..2026-11-15", "2026-11-15..2026-11-22"], "overlap"),
        (["--compare", "last", "this"], '"last" is not a period'),
        (["--compare", "2026-11-09", "2026-11-10", "--since", "2026-11-09"], "cannot be used with --compare"),
        (["--compare", "2026-11-09", "2026-11-10", "--pace"], "cannot be combined"),
        (["--pace"], "--pace needs --plan SCENARIO or --budget AMOUNT"),
        (["--budget", "100"], "--budget requires --pace"),
        (["--pace", "--budget", "much"], '--budget "much" is not an amount'),
        (["--strategy", "routed"], "--strategy requires --plan"),
        (["--by", "day", "--pace", "--budget", "1"], "--by cannot be used with --pace"),
        (["--against", "costs.csv", "--tolerance", "lots"], '--tolerance "lots" is not a share'),
        (["--write-actuals", "actuals.txt"], 'cannot be written to ".txt"'),
    ],
)
def test_modes_have_their_own_options(options: list[str], message: str) -> None:
    done = routecost("usage", weeks(), *SHEET, *options)
    assert (done.code, message in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(("budget", "code"), [("66", 0), ("65.99", 1), ("20", 1)])
def test_the_month_end_is_compared_with_the_budget(budget: str, code: int) -> None:
    options = ["--pace", "--until", "2026-11-22", "--budget", budget]
    done = routecost("usage", weeks(), *SHEET, *options, "-f", "json")
    data = json.loads(done.stdout)
    assert (done.code, data["spent"], data["expected"], data["over_budget"]) == (code, 42, 66, code == 1)


def test_a_last_day_that_may_not_be_over_is_not_in_the_mean() -> None:
    log = weeks()
    data = json.loads(routecost("usage", log, *SHEET, "--pace", "--budget", "99", "-f", "json").stdout)
    assert (data["basis_days"], data["last_day_over"]) == (13, False)
    assert data["expected"] == pytest.approx(42 + 8 * 38 / 13)
    written(Path(log), call(1, SONNET, "2026-11-22T22:59:59Z", input=1_000_000))
    only = routecost("usage", log, *SHEET, "--pace", "--budget", "99")
    assert (only.code, "--until 2026-11-22 says that it is over" in only.stderr) == (2, True)
    written(Path(log), call(1, SONNET, "2026-11-22T23:00:00Z", input=1_000_000))
    over = routecost("usage", log, *SHEET, "--pace", "--budget", "99")
    assert (over.code, "the mean of one day." in over.stdout, "P10" in over.stdout) == (0, True, False)


def undated(*days: str) -> str:
    """A log with a call on each day, and as many that have no time, at $2 each."""
    lines = [call(at, SONNET, f"{day}T10:00:00Z", input=1_000_000) for at, day in enumerate(days)]
    lines += [call(100 + at, SONNET, "", input=1_000_000) for at in range(len(days))]
    for line in lines[len(days) :]:
        del line["timestamp"]
    return str(written(Path("undated.jsonl"), *lines))


@pytest.mark.parametrize(
    ("budget", "code", "verb"), [("10", 0, None), ("9", 1, "may exceed"), ("5", 1, "is expected to exceed")]
)
def test_calls_without_a_time_may_be_of_the_month(budget: str, code: int, verb: str | None) -> None:
    options = ["--pace", "--until", "2026-11-29", "--budget", budget]
    log = undated("2026-11-28", "2026-11-29")
    data = json.loads(routecost("usage", log, *SHEET, *options, "-f", "json").stdout)
    assert (data["spent"], data["spent_high"], data["calls_without_day"]) == (4, 8, 2)
    assert (data["expected"], data["expected_high"]) == (6, 10)
    done = routecost("usage", log, *SHEET, *options)
    assert (done.code, "exceed" in done.stdout) == (code, verb is not None)
    assert (verb or "2 calls have no time") in done.stdout


def test_calls_without_a_time_are_in_no_month_of_actuals() -> None:
    done = routecost("usage", undated("2026-02-03"), *SHEET, "--write-actuals", "a.yaml")
    assert (done.code, "1 call is without a time" in done.stderr) == (2, True)
    assert not Path("a.yaml").exists()


@pytest.mark.parametrize("days", [[], ["--since", "2026-11-01"]])
def test_calls_without_a_time_explain_a_gap_to_the_report(days: list[str]) -> None:
    Path("costs.csv").write_text(f"day,amount,model\n2026-11-20,4,{SONNET}\n", encoding="utf-8")
    done = routecost("usage", undated("2026-11-20"), *SHEET, "--against", "costs.csv", *days, "-f", "json")
    data = json.loads(done.stdout)
    lines = [(row["day"], row["computed"]) for row in data["lines"]]
    assert lines == [("2026-11-20", 2), *([] if days else [(None, 2)])]
    assert done.code == 1
    assert [cause.partition(":")[0] for cause in data["causes"]] == ["1 call is without a time"]


def test_the_plan_gives_its_cost_and_its_budget() -> None:
    done = routecost("usage", weeks(), *SHEET, "--pace", "--plan", "article-fleet", "-f", "json")
    data = json.loads(done.stdout)
    assert (data["strategy"], data["budget"]) == ("routed-80-15-5", 150)
    assert data["planned_to_date"] == pytest.approx(data["planned"] * 22 / 30)


@pytest.mark.parametrize(("amount", "code"), [("14", 0), ("15.4", 1)])
def test_logs_are_reconciled_with_a_cost_report(amount: str, code: int) -> None:
    days = "".join(f"2026-11-{day:02},{float(amount) / 7},{SONNET}\n" for day in range(9, 16))
    Path("costs.csv").write_text(f"day,amount,model\n{days}", encoding="utf-8")
    options = ["--against", "costs.csv", "--until", "2026-11-15"]
    done = routecost("usage", weeks(), *SHEET, *options, "-f", "json")
    data = json.loads(done.stdout)
    assert (done.code, data["agrees"]) == (code, code == 0)
    assert data["computed"] == 14
    assert [cause.partition(",")[0] for cause in data["causes"]] == [f"{SONNET}: rates of a region"] * code


@pytest.mark.parametrize("suffix", [".yaml", ".csv"])
def test_actuals_are_read_by_project(suffix: str) -> None:
    log = written(
        Path("old.jsonl"),
        call(1, "claude-3-5-haiku", "2026-02-03T00:00:00Z", input=1_000_000, output=100_000),
        call(2, "claude-sonnet-4-5", "2026-02-04T00:00:00Z", input=1_000_000) | {"sessionId": "session-1"},
        call(3, "claude-3-5-haiku", "2026-03-04T00:00:00Z", input=1_000_000),
        call(4, "claude-3-5-haiku", "2036-04-04T00:00:00Z", input=1_000_000),
        call(5, "claude-3-5-haiku", "2026-01-31T00:00:00Z"),
    )
    file = f"actuals{suffix}"
    done = routecost("usage", str(log), "--pricing", "claude-article", "--write-actuals", file)
    assert done.code == 0, done.stderr
    assert "2036" not in Path(file).read_text(encoding="utf-8")
    assert "tasks" in Path(file).read_text(encoding="utf-8")
    read = routecost("project", "article-fleet", "--months", "3", "--actuals", file, "-f", "json")
    assert read.code == 0, read.stderr
    actuals = json.loads(read.stdout)["actuals"]
    assert [row["actual"] for row in actuals] == [4.2, 0.8, None]


@pytest.mark.parametrize("style", ["text", "markdown", "csv", "json", "html"])
def test_no_output_has_prompts_or_keys(style: str) -> None:
    secret = "sk-ant-secret"
    line = call(1, SONNET, "2026-11-20T00:00:00Z", input=1, cost=1)
    line |= {"uuid": secret, "requestId": secret, "gitBranch": secret, "cwd": f"/{secret}/fleet"}
    line["message"] |= {"content": [{"type": "text", "text": secret}], "stop_reason": secret}
    bad = json.dumps({**line, "message": {**line["message"], "usage": {"input_tokens": secret}}})
    log = str(written(Path("calls.jsonl"), line, bad, secret, "{" + secret))
    options = ["--task-type", "project", "--by", "task-type", "--rejects", "rejects.csv", "--chart", "c.svg"]
    done = routecost("usage", log, *SHEET, *options, "-f", style)
    assert done.code == 1
    written_files = Path("rejects.csv").read_text("utf-8") + Path("c.svg").read_text("utf-8")
    assert secret not in done.stdout + done.stderr + written_files
