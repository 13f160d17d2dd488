"""Tasks of different numbers of calls: tasks, calls and the cost of a task are those of the log."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

import routecost
from tests.api.logs.logged_calls import OPUS, SHEET, SONNET, Logged, at, learned

DAYS = 10


def tasks_of(lengths: list[int], *, grows: bool, seed: int = 1) -> Iterator[Logged]:
    """A task of each length per day, with contexts that grow with each call or do not."""
    chance = random.Random(seed)
    for day in range(DAYS):
        for task, length in enumerate(lengths):
            read = 0
            for place in range(length):
                new = 4000 if grows else chance.randint(1000, 9000)
                yield {
                    "time": at(day, 3600 * task + place),
                    "model": SONNET if grows else OPUS,
                    "task_type": "work",
                    "task": f"{day}/{task}",
                    "cache_read": read,
                    "cache_write_5m" if grows else "input": new,
                    "output": 100,
                    "outcome": "success",
                }
                read += new if grows else 0


@pytest.mark.parametrize(
    ("lengths", "grows"),
    [
        ([1, 1, 1, 2], False),
        pytest.param([2, 9], False, marks=pytest.mark.slow),
        ([3, 4, 4], True),
        pytest.param([1, 2, 3, 4, 5, 6], True, marks=pytest.mark.slow),
    ],
)
def test_the_cost_of_a_task_is_that_of_the_log(tmp_path: Path, lengths: list[int], grows: bool) -> None:
    calls = [*tasks_of(lengths, grows=grows)]
    found, scenario = learned(tmp_path, calls)
    assert float(scenario.workload.tasks_per_day) == pytest.approx(len(lengths), rel=0.01)
    assert float(sum(one.tasks_per_day * one.calls.per_task for one in scenario.workload.task_types)) == (
        pytest.approx(len(calls) / DAYS)
    )
    cost = routecost.compare(scenario)["as-logged"]
    per_task = float(found.total.logged.low) / (len(lengths) * DAYS)
    assert float(cost.cost_per_task or 0) == pytest.approx(per_task, rel=0.015)
    assert cost.cost_per_success == cost.cost_per_task
    assert {one.kind for one in scenario.workload.task_types} == {"work"}


def test_whole_numbers_around_the_mean_are_task_types_of_one_row(tmp_path: Path) -> None:
    found, scenario = learned(tmp_path, tasks_of([1, 2], grows=False))
    types = {one.name: (one.calls.per_task, float(one.tasks_per_day)) for one in scenario.workload.task_types}
    assert types == {"work-1-call": (1, 1), "work-2-calls": (2, 1)}
    (task,) = found.tasks
    assert (task.name, task.tasks) == ("work", 20)
    assert (float(task.tasks_per_day), float(task.calls_per_task)) == (2, 1.5)


def test_the_plan_beside_its_own_log_has_the_same_cost_per_task(tmp_path: Path) -> None:
    learned(tmp_path, tasks_of([1, 2, 2, 7], grows=False))
    logs = routecost.LogSource([tmp_path / "calls.csv"], dialect=str(tmp_path / "mapping.yaml"))
    usage = routecost.log_usage(logs, pricing=SHEET, plan=tmp_path / "fleet.yaml")
    (row,) = usage.tasks
    planned = usage.planned["work"]
    low, _ = row.cost_per_task or (None, None)
    assert float(planned.cost_per_task or 0) == pytest.approx(float(low or 0), rel=0.001)
