"""Learned routing tables obey the limits of the choice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from routecost.api import outcomes as api
from routecost.errors import UsageError
from routecost.model.outcomes.policies import CategoryRouting
from routecost.optimize.outcomes.data import Split
from routecost.optimize.outcomes.execute import execute
from routecost.optimize.outcomes.export.table import LearnedTable
from routecost.optimize.outcomes.learn.fit import learn
from routecost.optimize.outcomes.learn.learned import Learned, LearnOptions
from routecost.optimize.outcomes.statistics.risk import verdicts
from routecost.render.rounding import sentence
from routecost.report.outcomes.limits import limit_notes
from tests.support.made_up_outcomes import DIFFICULTY, MODELS, made_up

OUTCOMES = made_up()
TRAIN = OUTCOMES.part(Split.TRAIN)


def learned_with(**limits: Any) -> Learned:
    return learn(OUTCOMES, LearnOptions(families=("single", "category"), rounds=20, **limits))


def found(learned: Learned, taxonomy: Path | str) -> LearnedTable:
    return api.find_table(learned, taxonomy, evaluated=None, prices=None, library=None, folder=None)


@pytest.fixture
def free(tmp_path: Path) -> Path:
    """Return a taxonomy that allows every model for every category."""
    kind = "{title: any, reasoning: low, ambiguity: low, stakes: low, tiers: [haiku, sonnet, opus]}"
    file = tmp_path / "free.yaml"
    rows = "".join(f"  {name}: {kind}\n" for name in DIFFICULTY)
    file.write_text(f"version: 1\ntiers: [haiku, sonnet, opus]\ntask_types:\n{rows}")
    return file


def tables() -> list[CategoryRouting]:
    """Return every table of the three models."""
    names = list(DIFFICULTY)
    return [
        CategoryRouting({name: {model: 1.0} for name, model in zip(names, each, strict=True)}, {"haiku": 1.0})
        for each in ((a, b, c) for a in MODELS for b in MODELS for c in MODELS)
    ]


@pytest.mark.parametrize("least", [0.7, 0.8, 0.85, 0.9])
def test_a_table_reaches_the_least_quality_as_expected(least: float, free: Path) -> None:
    table = found(learned_with(min_quality=least), free)
    assert table.policy.expected_quality >= least
    assert isinstance(table.policy.policy, CategoryRouting)
    routes = {row["task"]: {row["tier"]: 1.0} for row in table.data["routes"]}
    assert table.policy.policy.routes == routes


def test_the_quality_of_a_table_is_without_its_optimism(free: Path) -> None:
    """A least quality between the expected quality of a table and that on train excludes it."""
    first = found(learned_with(min_quality=0.8), free).policy
    assert first.expected_quality < first.quality
    other = found(learned_with(min_quality=(first.expected_quality + first.quality) / 2), free).policy
    assert other.cost > first.cost


def test_a_table_keeps_the_budget_and_is_the_best_within_it(free: Path) -> None:
    table = found(learned_with(budget=0.009), free).policy
    runs = [execute(policy, TRAIN) for policy in tables()]
    assert table.cost <= 0.009
    assert table.quality == max(run.quality for run in runs if run.cost_per_query <= 0.009)


def test_a_table_is_tested_for_the_bound_of_risk(free: Path) -> None:
    table = found(learned_with(risk=0.1, margin=0.1), free)
    assert table.policy.passes
    assert not table.fell_back
    (row,) = verdicts([table.policy.policy], OUTCOMES.part(Split.CALIBRATION), "opus", 0.1, 0.1)
    assert row.passes
    strict = found(learned_with(risk=0.001), free)
    assert strict.fell_back
    assert {row["tier"] for row in strict.data["routes"]} == {"opus"}


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"min_quality": 0.85}, r"reaches a quality of 0\.85; the best, .*, reaches 0\.677895"),
        ({"budget": 0.004}, r"costs at most 0\.004 per query; the cheapest, .*, costs 0\.00492048"),
        (
            {"risk": 0.1, "margin": 0.1},
            r"bound of risk; the best, which falls short of opus by 0\.1875 .* a p-value of 0\.902",
        ),
    ],
)
def test_limits_that_no_table_meets_are_errors(limits: dict[str, float], message: str) -> None:
    """The taxonomy allows sonnet alone for code, and haiku alone for the rest."""
    with pytest.raises(UsageError, match=f'no routing table within taxonomy "agent-fleet" .*{message}'):
        found(learned_with(**limits), "agent-fleet")


def test_without_limits_a_table_is_the_best_that_the_taxonomy_allows() -> None:
    routes = {row["task"]: row["tier"] for row in found(learned_with(), "agent-fleet").data["routes"]}
    expected = {"code-generation": "sonnet", "extraction": "haiku", "summarization": "haiku"}
    assert {name: routes[name] for name in DIFFICULTY} == expected


@pytest.mark.parametrize(
    ("limits", "warning"),
    [
        ({"budget": 0.00685}, "costs $0.006950 per query, more than the budget of $0.006850."),
        ({"min_quality": 0.81}, "is 80%, 1 points less than the least quality of 81%."),
        ({"min_quality": 0.75}, None),
    ],
)
def test_limits_that_are_exceeded_held_out_are_warned_of(
    limits: dict[str, float], warning: str | None, free: Path
) -> None:
    learned = learned_with(**limits)
    notes = limit_notes(learned, found(learned, free))
    warnings = [sentence(note, "USD") for note in notes if note.warning]
    assert len(warnings) == (0 if warning is None else 1)
    for text in warnings:
        assert f"{learned.chosen.name} (as the routing table)" in text
        assert str(warning) in text
