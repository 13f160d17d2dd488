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
    done = routecost("usage", log, *SHEET, "--rejects", "rejects.txt", *options)
    assert done.code == code
    listed = Path("rejects.txt").read_text(encoding="utf-8").splitlines()
    assert [line.split(" ")[0] for line in listed] == ["calls.jsonl:3:1:", "calls.jsonl:4:1:"]
    assert done.stderr.splitlines() == (listed if code else [])
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
