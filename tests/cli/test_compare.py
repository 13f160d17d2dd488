"""The order of what ``routecost compare`` prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import routecost

VERDICT = "Verdict: routed-80-15-5 instead of all-sonnet is worth it on call costs alone."


def test_the_answer_comes_first() -> None:
    table, savings, verdict, *_ = routecost("compare", "article-fleet").stdout.split("\n\n")[1:]
    assert table.startswith("strategy ")
    assert savings.startswith("routed-80-15-5 (proposed) saves 38.7%")
    assert " ".join(verdict.split()).startswith(VERDICT)


def test_the_conditions_are_shown_on_request() -> None:
    assert "Conditions of the verdict" not in routecost("compare", "article-fleet").stdout
    assert "Conditions of the verdict" in routecost("compare", "article-fleet", "--explain").stdout
    assert "Conditions of the verdict" in routecost("report", "article-fleet").stdout


def test_machines_get_the_conditions_always() -> None:
    printed = json.loads(routecost("compare", "article-fleet", "--format", "json").stdout)
    names = [condition["condition"] for condition in printed["verdict"]]
    assert names == ["volume", "heterogeneity", "quality signal", "stakes", "savings"]


def test_csv_has_the_bills_if_they_are_asked_for() -> None:
    done = routecost("compare", "article-fleet", "--explain", "--format", "csv")
    bills = json.loads(routecost("compare", "article-fleet", "--explain", "--format", "json").stdout)["bill"]
    header, *lines = done.stdout.splitlines()
    assert header.split(",") == list(bills[0])
    assert len(lines) == len(bills)
    assert routecost("compare", "article-fleet", "--format", "csv").stdout.startswith(
        "strategy,cost_per_task,"
    )


def test_columns_of_outcomes_that_are_all_unknown_are_shown_to_machines_only() -> None:
    text = routecost("compare", "uncertain-fleet").stdout
    header = text.split("Task outcomes\n")[1].splitlines()[0]
    assert header.split() == ["strategy", "task", "type", "escalated", "reviewed"]
    outcomes = json.loads(routecost("compare", "uncertain-fleet", "--format", "json").stdout)["outcomes"]
    assert {row["right"] for row in outcomes} == {None}


def fleet(folder: Path, mix: str, default: str = "all-opus") -> str:
    """Write a scenario of a mix, and return its path."""
    file = folder / "fleet.yaml"
    file.write_text(
        f"""version: 1
pricing: claude-article
as_of: 2026-02-01
workload: {{tasks_per_day: 5000, tokens: {{input: 2000, output: 500}}}}
strategies: {{all-haiku: {{tier: haiku}}, all-opus: {{tier: opus}}, routed: {{mix: {mix}}}}}
default: {default}
proposed: routed
"""
    )
    return str(file)


def verdict(path: str) -> tuple[str, dict[str, Any]]:
    """Return the verdict, and its condition of heterogeneity."""
    printed = json.loads(routecost("compare", path, "--format", "json").stdout)
    lines = " ".join(routecost("compare", path).stdout.split())
    (condition,) = [row for row in printed["verdict"] if row["condition"] == "heterogeneity"]
    return lines[lines.index("Verdict:") :], condition


def test_few_tasks_with_much_of_the_cost_make_the_work_heterogeneous(tmp_path: Path) -> None:
    text, condition = verdict(fleet(tmp_path, "{haiku: 97%, opus: 3%}"))
    # 0.97 x $0.0036 and 0.03 x $0.0675
    assert condition["figure"] == pytest.approx(3.492 / (3.492 + 2.025))
    assert condition["question"] == "share of cost on the tier with the most tasks"
    assert condition["answer"] == "met"
    assert "is worth it" in text


@pytest.mark.parametrize("mix", ["{haiku: 99.9%, opus: 0.1%}", "{haiku: 100%}"])
def test_a_strategy_that_saves_is_not_refused_for_one_tier(tmp_path: Path, mix: str) -> None:
    text, condition = verdict(fleet(tmp_path, mix))
    assert condition["answer"] == "unknown"
    assert "is worth it on call costs alone, if one tier is not enough" in text


def test_one_tier_is_a_reason_where_nothing_is_saved(tmp_path: Path) -> None:
    text, condition = verdict(fleet(tmp_path, "{haiku: 99.9%, opus: 0.1%}", "all-haiku"))
    assert condition["answer"] == "fails"
    assert "nearly all of the work needs the same tier" in text
