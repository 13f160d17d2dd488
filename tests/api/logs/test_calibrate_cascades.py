"""Cascades learned from logs: they cost what was logged, and finish as many tasks."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

import routecost
from routecost.engine.strategies.assigned import Assigned
from routecost.engine.strategies.cascade import Cascade
from routecost.model.results.comparison import StrategyCost
from routecost.model.results.logs.calibration import Calibration
from routecost.model.scenario.scenario import Scenario
from tests.api.logs.logged_calls import HAIKU, OPUS, SHEET, SONNET, Logged, at, learned, written_log

MODELS = (HAIKU, SONNET, OPUS)
TASKS = 300


def escalated(
    seed: int = 1,
    *,
    start: int = 0,
    escalation: float = 1.0,
    unknown: float = 0.0,
    is_named: bool = True,
    by_mode: bool = False,
) -> Iterator[Logged]:
    """Tasks that are tried on tiers in turn; a failure is escalated with a chance of ``escalation``."""
    chance = random.Random(seed)
    for task in range(TASKS):
        size, mode = chance.choice([800, 2500]), "batch" if by_mode and task % 3 == 0 else "standard"
        for place, model in list(enumerate(MODELS))[start:]:
            is_right = chance.random() < (0.7 if mode == "standard" else 0.5)
            is_last = is_right or place == 2 or chance.random() >= escalation
            outcome = "" if is_last and chance.random() < unknown else "success" if is_right else "failure"
            yield {
                "time": at(task % 7, task * 60 + place * 5),
                "model": model,
                "mode": mode,
                "task_type": "extract",
                "task": f"{start}-{task}",
                "outcome": outcome if is_named else "",
                "input": size + 100 * place,
                "output": 100 + 50 * place,
            }
            if is_last:
                break


def as_logged(scenario: Scenario) -> StrategyCost:
    return next(one for one in routecost.compare(scenario).strategies if one.strategy == "as-logged")


def fits(found: Calibration) -> bool:
    return all(task.fits(Decimal("0.005")) for task in (*found.tasks, found.total))


def quality(scenario: Scenario) -> float | None:
    found = as_logged(scenario).quality
    return None if found is None else float(found.success_rate)


@pytest.mark.parametrize("escalation", [pytest.param(1.0, marks=pytest.mark.slow), 0.6])
def test_a_cascade_has_the_cost_the_tasks_and_the_successes_of_the_log(
    tmp_path: Path, escalation: float
) -> None:
    calls = list(escalated(escalation=escalation))
    found, scenario = learned(tmp_path, calls)
    (task,) = found.tasks
    assert fits(found)
    assert task.tasks == TASKS
    assert round(task.tasks_per_day * 7, 6) == TASKS
    cascade = scenario.strategies["as-logged"]
    assert isinstance(cascade, Cascade)
    assert cascade.path == ("haiku", "sonnet", "opus")
    right = len({call["task"] for call in calls if call["outcome"] == "success"})
    assert quality(scenario) == pytest.approx(right / TASKS)
    first = [call for call in calls if call["model"] == HAIKU]
    rate = sum(call["outcome"] == "success" for call in first) / TASKS
    (work,) = scenario.workload.task_types
    assert float(work.success["haiku"].rate) == pytest.approx(rate)
    assert work.success.keys() == {"haiku"}


def test_the_plan_has_the_measured_cost_per_task_and_per_success(tmp_path: Path) -> None:
    learned(tmp_path, escalated())
    log = written_log(tmp_path, escalated())
    found = routecost.log_usage(log, pricing=SHEET, by=["task_type"], plan=tmp_path / "fleet.yaml")
    (measured,), planned = found.tasks, found.planned["extract"]
    for span, plan in (
        (measured.cost_per_task, planned.cost_per_task),
        (measured.cost_per_success, planned.cost_per_success),
    ):
        assert span is not None
        assert span[0] is not None
        assert plan is not None
        assert abs(plan / span[0] - 1) < Decimal("1e-9")


def test_tasks_that_begin_on_two_tiers_are_two_task_types(tmp_path: Path) -> None:
    found, scenario = learned(tmp_path, [*escalated(1), *escalated(2, start=1)])
    assert fits(found)
    assert {task.name: task.tasks for task in found.tasks} == {
        "extract-from-haiku": TASKS,
        "extract-from-sonnet": TASKS,
    }
    strategy = scenario.strategies["as-logged"]
    assert isinstance(strategy, Assigned)
    inner = strategy.strategies.values()
    assert {one.path for one in inner if isinstance(one, Cascade)} == {
        ("haiku", "sonnet", "opus"),
        ("sonnet", "opus"),
    }
    assert quality(scenario) is not None


def test_modes_with_other_rates_are_cascades_of_their_own(tmp_path: Path) -> None:
    found, scenario = learned(tmp_path, escalated(by_mode=True))
    assert fits(found)
    rates = {task.name: float(task.success["haiku"].rate) for task in scenario.workload.task_types}
    assert rates["extract-batch"] < rates["extract-standard"]


def test_results_without_an_outcome_succeed_as_often_as_others_that_were_kept(tmp_path: Path) -> None:
    found, scenario = learned(tmp_path, escalated(unknown=0.3))
    assert fits(found)
    assert any("have no outcome on haiku" in text for text in found.statements)
    (task,) = scenario.workload.task_types
    assert task.success["haiku"].trials is None  # a rate, not a measurement
    _, complete = learned(tmp_path, escalated())
    assert quality(scenario) == pytest.approx(quality(complete), abs=0.03)


def test_without_outcomes_tasks_that_were_not_escalated_succeeded(tmp_path: Path) -> None:
    found, scenario = learned(tmp_path, escalated(is_named=False))
    assert fits(found)
    assert quality(scenario) == 1


def test_calls_that_go_back_to_a_lower_tier_are_no_cascade(tmp_path: Path) -> None:
    back = [
        {**call, "model": HAIKU, "time": at(6, 80_000), "outcome": ""}
        for call in escalated()
        if call["model"] == SONNET
    ]
    found, scenario = learned(tmp_path, [*escalated(), *back])
    assert fits(found)
    assert "cascade" not in found.scenario_text
    assert quality(scenario) is None


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))])
def test_few_repeated_calls_do_not_hide_a_cascade(tmp_path: Path, seed: int) -> None:
    calls = list(escalated(seed))
    again = random.Random(seed).sample(calls, 5)
    found, _ = learned(tmp_path, [*calls, *again])
    assert fits(found)
    assert "cascade" in found.scenario_text
