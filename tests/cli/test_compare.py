"""The order of what ``routecost compare`` prints."""

from __future__ import annotations

import json

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
