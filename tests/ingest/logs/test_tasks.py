"""Tasks of a log: attempts with one id are one task, and escalations are in the order of time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from routecost.ingest.logs.call import Call
from routecost.ingest.logs.store import CallStore
from routecost.ingest.logs.tasks import task_counts, task_starts

RANKS = {"low": 0, "high": 1}


def counted(folder: Path, *calls: Call) -> list[tuple[Any, ...]]:
    """The tasks of calls: number, calls, success, failure, escalated."""
    store = CallStore(folder)
    try:
        store.add(calls)
        rows = task_counts(store.finish(), RANKS)
    finally:
        store.close()
    names = ("tasks", "calls", "is_success", "is_failure", "is_escalated")
    return sorted(tuple(int(row[name]) for name in names) for row in rows)


def call(model: str, time: int | None, **fields: Any) -> Call:
    """A call with one unit of input."""
    return Call(model, time, {"input": 1}, **fields)


def test_attempts_of_a_task_are_one_task(tmp_path: Path) -> None:
    attempts = [
        call("low", 1, task="t", outcome="failure"),
        call("high", 2, task="t", outcome="success"),
        call("low", 3, task="u"),
    ]
    assert counted(tmp_path, *attempts) == [(1, 1, 0, 0, 0), (1, 2, 1, 0, 1)]


@pytest.mark.parametrize(
    ("outcomes", "failed"),
    [(["failure", None], 0), ([None, "failure"], 1), (["failure", "failure"], 1), ([None, None], 0)],
)
def test_a_task_whose_last_call_failed_is_a_failure(
    tmp_path: Path, outcomes: list[str | None], failed: int
) -> None:
    attempts = [call("low", time, task="t", outcome=outcome) for time, outcome in enumerate(outcomes)]
    assert counted(tmp_path, *attempts) == [(1, 2, 0, failed, 0)]
    undated = [call("low", None, task="t", outcome=outcome) for outcome in outcomes]
    assert counted(tmp_path, *undated) == [(1, 2, 0, int("failure" in outcomes), 0)]


@pytest.mark.parametrize(
    ("models", "escalated"),
    [
        (["low", "high"], 1),
        (["high", "low"], 0),
        (["high", "low", "high"], 0),
        (["low", "low"], 0),
        (["none", "high"], 0),
        (["none", "low", "high"], 1),
    ],
)
def test_only_rising_tiers_are_an_escalation(tmp_path: Path, models: list[str], escalated: int) -> None:
    calls = [call(model, time, session="s") for time, model in enumerate(models)]
    ((*_, found),) = counted(tmp_path, *reversed(calls))
    assert found == escalated


def test_the_task_id_comes_before_the_session_and_other_calls_are_alone(tmp_path: Path) -> None:
    calls = [
        call("low", 1, session="s", task="t"),
        call("low", 2, session="s", task="u"),
        call("low", 3, outcome="success"),
        call("low", None, outcome="success", calls=4),
    ]
    assert counted(tmp_path, *calls) == [(2, 2, 0, 0, 0), (5, 5, 1, 0, 0)]


def test_tasks_are_counted_where_they_begin(tmp_path: Path) -> None:
    calls = [
        call("low", 5, task="t"),
        call("low", 15, task="t"),
        call("low", 15, calls=3),
        call("low", 25, session="s"),
        call("low", None, task="u"),
    ]
    store = CallStore(tmp_path)
    try:
        store.add(calls)
        assert task_starts(store.finish(), [0, 10, 20, 21]) == [1, 3, 0]
    finally:
        store.close()
