from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from routecost.ingest.logs.call import Score
from routecost.ingest.logs.dialects.langfuse_scores import matches, parse, parse_row
from routecost.ingest.logs.items import SuccessRule
from tests.ingest.logs.samples import chat, encoded, faults, log_of, observation, otlp, skipped, span

AT = "2026-11-20 09:00:0"


def score(
    trace: str, value: object, *, name: str = "correct", second: int = 0, **more: Any
) -> dict[str, Any]:
    return {
        "id": f"{trace}-{second}",
        "trace_id": trace,
        "observation_id": "",
        "name": name,
        "value": value,
        "data_type": "NUMERIC",
        "string_value": "",
        "timestamp": f"{AT}{second}",
        **more,
    }


def outcomes(folder: Path, rule: SuccessRule | None, *lines: dict[str, Any]) -> dict[object, int]:
    observed = [
        encoded(observation({"input": 4}, id=f"o{number}", trace_id=f"t{number}")) for number in range(4)
    ]
    scores = [b"\n".join(map(encoded, lines))] if lines else []
    with log_of(folder, *observed, *scores, success=rule) as log:
        return {cell.keys["outcome"]: cell.calls for cell in log.cells(["outcome"], [])}


RULE = SuccessRule("correct", 0.5)


def test_scores_are_the_outcomes_of_tasks(tmp_path: Path) -> None:
    lines = [score("t0", 1), score("t1", 0.5), score("t2", 0.49), score("t9", 1)]
    assert outcomes(tmp_path, RULE, *lines) == {"success": 2, "failure": 1, None: 1}


def test_without_a_rule_no_outcome_is_known(tmp_path: Path) -> None:
    assert outcomes(tmp_path, None, score("t0", 1)) == {None: 4}


def test_the_last_score_of_a_task_counts(tmp_path: Path) -> None:
    lines = [score("t0", 0, second=2), score("t0", 1, second=1), score("t1", 1), score("t1", 0, second=3)]
    assert outcomes(tmp_path, RULE, *lines) == {"failure": 2, None: 2}


@pytest.mark.parametrize("order", [1, -1])
def test_of_scores_at_one_time_the_failure_counts(tmp_path: Path, order: int) -> None:
    lines = [score("t0", 0), score("t0", 1)][::order]
    assert outcomes(tmp_path, RULE, *lines) == {"failure": 1, None: 3}


def test_scores_of_other_names_are_counted(tmp_path: Path) -> None:
    line = encoded(observation({"input": 4}))
    with log_of(tmp_path, line, encoded(score("t1", 1, name="toxic")), success=RULE) as log:
        assert log.read.faults.skipped["scores of another name than that of success"] == 1
        assert [cell.keys["outcome"] for cell in log.cells(["outcome"], [])] == [None]


def test_categories(tmp_path: Path) -> None:
    lines = [
        score("t0", 0, string_value="Pass", data_type="CATEGORICAL"),
        score("t1", 1, string_value="fail", data_type="CATEGORICAL"),
    ]
    rule = SuccessRule("correct", text="pass")
    assert outcomes(tmp_path, rule, *lines) == {"success": 1, "failure": 1, None: 2}


def test_a_call_that_failed_remains_a_failure(tmp_path: Path) -> None:
    spans = [
        span(chat(input_tokens=1), number=1, trace="t", status={"code": 2}),
        span(chat(input_tokens=1), number=2, trace="t"),
    ]
    with log_of(tmp_path, otlp(*spans), encoded(score("t", 1)), success=RULE) as log:
        found = {cell.keys["outcome"]: cell.calls for cell in log.cells(["outcome"], [])}
    assert found == {"failure": 1, "success": 1}


def test_names_of_the_api_and_of_rows() -> None:
    api = {
        "traceId": "t",
        "name": "n",
        "value": 1,
        "dataType": "BOOLEAN",
        "timestamp": "2026-11-20T09:00:00Z",
    }
    expected = Score("t", "n", 1.0, None, 1_795_165_200_000_000)
    assert list(parse(encoded(api))) == [expected]
    assert list(parse(encoded({"data": [api, api], "meta": {}}))) == [expected] * 2
    assert list(parse_row(score("t", "1", name="n"))) == [expected]
    assert matches(api)
    assert matches({"data": [api]})
    assert matches(score("t", 1))
    assert not matches(observation({}))


def test_a_score_of_no_trace_is_counted() -> None:
    assert skipped(parse(encoded(score("", 1)))) == ["scores of no trace"]


@pytest.mark.parametrize(
    "wrong", [{"value": [1]}, {"value": True}, {"name": 4}, {"timestamp": "SECRET"}, {"value": "inf"}]
)
def test_bad_scores(wrong: dict[str, Any]) -> None:
    def read() -> Any:
        yield from parse(encoded({**score("t", 1), **wrong, "comment": "SECRET"}))

    (fault,) = faults(read())
    assert "SECRET" not in fault
