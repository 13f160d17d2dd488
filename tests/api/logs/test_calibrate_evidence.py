"""Evidence from the outcomes and escalations in logs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

import routecost
from routecost.api.logs.calibrate import calibrate
from routecost.model.results.logs.calibration import Calibration
from tests.api.logs.logged_calls import HAIKU, SHEET, SONNET, Logged, at, learned, written_log


def tasks_of(outcomes: list[tuple[str, str, str]]) -> Iterator[Logged]:
    """Calls (task, model, outcome), a second apart."""
    for second, (task, model, outcome) in enumerate(outcomes):
        yield {
            "time": at(0, second),
            "model": model,
            "task_type": "contract",
            "task": task,
            "outcome": outcome,
            "input": 10,
        }


def rows(found: Calibration) -> list[tuple[str, int, int, int]]:
    return [(row.tier, row.successes, row.trials, row.escalated) for row in found.evidence]


def test_evidence_counts_tasks_by_tier_and_outcome(tmp_path: Path) -> None:
    """Task a succeeds; b fails, is tried again, and succeeds; c is escalated; d fails; e has no outcome."""
    log = [
        ("a", HAIKU, "success"),
        ("b", HAIKU, "failure"),
        ("b", HAIKU, "success"),
        ("c", HAIKU, ""),
        ("c", SONNET, "success"),
        ("d", SONNET, "failure"),
        ("e", SONNET, ""),
    ]
    found, scenario = learned(tmp_path, tasks_of(log))
    assert rows(found) == [("haiku", 2, 3, 1), ("sonnet", 1, 2, 0)]
    assert {row.model for row in found.evidence} == {HAIKU, SONNET}
    (task,) = {task.kind or task.name for task in scenario.workload.task_types}
    assert task == "contract"
    assert not any(task.success for task in scenario.workload.task_types)
    assert any("No success of contract is in the scenario" in text for text in found.statements)


def test_no_failure_that_was_escalated_is_one_in_the_end(tmp_path: Path) -> None:
    """All ten tasks succeed, four of them on a second tier, of whose success with others nothing is known."""
    log = [(str(at), HAIKU, "failure" if at < 4 else "success") for at in range(10)]
    log += [(str(at), SONNET, "success") for at in range(4)]
    found, scenario = learned(tmp_path, tasks_of(log))
    assert rows(found) == [("haiku", 6, 10, 4), ("sonnet", 4, 4, 0)]
    costs = routecost.compare(scenario).strategies
    rates = {cost.strategy: None if cost.quality is None else cost.quality.success_rate for cost in costs}
    assert rates == {"as-logged": 1, "all-haiku": Decimal("0.6"), "all-sonnet": None, "all-opus": None}


def test_successes_on_one_tier_are_those_of_the_scenario(tmp_path: Path) -> None:
    log = [("a", HAIKU, "success"), ("b", HAIKU, "failure"), ("c", HAIKU, "success"), ("d", SONNET, "")]
    found, scenario = learned(tmp_path, tasks_of(log))
    assert rows(found) == [("haiku", 2, 3, 0)]
    for task in scenario.workload.task_types:
        assert float(task.success["haiku"].rate) == pytest.approx(2 / 3)


def test_escalations_without_outcomes_are_failures_of_the_lower_tier(tmp_path: Path) -> None:
    log = [("a", HAIKU, ""), ("b", HAIKU, ""), ("b", SONNET, ""), ("c", SONNET, ""), ("c", HAIKU, "")]
    found, _ = learned(tmp_path, tasks_of(log))
    assert rows(found) == [("haiku", 2, 3, 1), ("sonnet", 2, 2, 0)]
    assert any("No outcome is logged for contract" in statement for statement in found.statements)


def test_failures_alone_are_no_evidence(tmp_path: Path) -> None:
    found, _ = learned(tmp_path, tasks_of([("a", HAIKU, "failure"), ("b", HAIKU, "")]))
    assert rows(found) == []
    assert found.evidence_text is None


def test_failures_of_an_interface_and_their_fallbacks_are_no_evidence(tmp_path: Path) -> None:
    """A gateway calls another model after an error, and logs no successes."""
    log = [("a", HAIKU, "failure"), ("a", SONNET, ""), ("b", HAIKU, ""), ("b", SONNET, ""), ("c", HAIKU, "")]
    found, _ = learned(tmp_path, tasks_of(log))
    assert rows(found) == []
    assert any("No evidence for contract" in statement for statement in found.statements)


def test_validate_takes_the_evidence(tmp_path: Path) -> None:
    log = written_log(tmp_path, tasks_of([(str(at), HAIKU, "success") for at in range(40)]))
    found = calibrate(log, pricing=SHEET)
    assert found.evidence_text is not None
    (tmp_path / "evidence.yaml").write_text(found.evidence_text.replace("contract", "extraction"))
    result = routecost.validate("article", evidence=tmp_path / "evidence.yaml")
    assert all(finding.code != "RT403" for finding in result.findings if "extraction" in finding.message)
