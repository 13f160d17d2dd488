"""Task plans: the cost of each call, and their place between the tiers."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import routecost
from routecost.engine.task_plan import price_plan
from routecost.errors import DocumentError, UnpricedError
from routecost.model.results.task_plan import Helper, Step, TaskPlan
from tests.cli.running import routecost as run
from tests.support.build import DAY, entry, mtok, sheet, tokens

SHEET = sheet(
    low=entry(input="0.80", output=4), middle=entry(input=3, output=15), high=entry(input=15, output=75)
)
LOW, MIDDLE = Decimal("0.0036"), Decimal("0.0135")
CALL = tokens(2_000, 500)
EIGHT = TaskPlan(
    "eight", "Eight", (Step("part", "low", CALL, 8),), Helper("middle", CALL), Helper("middle", CALL)
)


def test_the_eight_subtasks() -> None:
    priced_plan = price_plan(EIGHT, SHEET, DAY)
    assert priced_plan.total == 2 * MIDDLE + 8 * LOW
    assert priced_plan.blends[0].share == Decimal("0.2")
    assert [call.cost for call in priced_plan.calls] == [MIDDLE, 8 * LOW, MIDDLE]
    assert priced_plan.alternatives[1].steps_only == 8 * MIDDLE


def test_what_is_read_of_each_other_is_the_overhead_of_the_plan() -> None:
    reading = replace(EIGHT, reviewer=Helper("middle", CALL, reads_output=True), hand_on=Decimal(100))
    plain, priced = (price_plan(plan, SHEET, DAY) for plan in (EIGHT, reading))
    assert priced.total - plain.total == mtok(3, 4_000) + 7 * mtok("0.80", 100)
    assert priced.alternatives[0].every_call == plain.alternatives[0].every_call


steps = st.builds(
    Step,
    title=st.just("part"),
    tier=st.sampled_from(["low", "middle", "high"]),
    tokens=st.builds(tokens, st.integers(1, 10_000), st.integers(1, 2_000)),
    repeats=st.integers(1, 20),
)


@given(st.lists(steps, min_size=1, max_size=5))
def test_a_plan_lies_between_its_cheapest_and_its_costliest_tier(made: list[Step]) -> None:
    priced_plan = price_plan(TaskPlan("p", "p", tuple(made)), SHEET, DAY)
    costs = [alternative.every_call for alternative in priced_plan.alternatives]
    assert min(costs) <= priced_plan.total <= max(costs)
    assert sum((call.cost for call in priced_plan.calls), Decimal(0)) == priced_plan.total


@given(steps, st.sampled_from(["low", "middle", "high"]))
def test_a_plan_on_one_tier_is_its_own_alternative(step: Step, tier: str) -> None:
    priced_plan = price_plan(TaskPlan("p", "p", (replace(step, tier=tier),)), SHEET, DAY)
    assert {alternative.tier: alternative.every_call for alternative in priced_plan.alternatives}[
        tier
    ] == priced_plan.total


@pytest.mark.parametrize("name", ["competitive-landscape", "eight-subtasks"])
def test_the_claims_of_the_built_ins_hold(name: str) -> None:
    task_plan = routecost.plan(name, table="article")
    assert task_plan.claims
    assert not task_plan.fails


def test_faults_of_a_document_come_at_once(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(
        "version: 1\npricing: claude-article\n"
        "steps:\n  - {do: A, tier: hiku}\n"
        "  - {do: B, tier: opus, repeats: 1.5, tokens: {input: 1, output: 1}}\n"
        "claims:\n  - {that: blend.haiku, is: 1}\n  - {that: totl, is: 1}\n",
        encoding="utf-8",
    )
    with pytest.raises(DocumentError) as caught:
        routecost.plan(file)
    said = str(caught.value)
    assert 'unknown tier "hiku"; did you mean "haiku"?' in said
    assert '"1.5" repeats' in said
    assert 'expected one such as "blend.haiku.sonnet"' in said
    assert 'did you mean "total"?' in said


def test_small_costs_are_shown_with_digits_that_add_up() -> None:
    text = run("plan", "eight-subtasks").stdout
    rows = re.findall(r"^(?:planner|A subtask|reviewer) .*\$(\S+)", text, re.MULTILINE)
    assert rows == ["0.0135", "0.0288", "0.0135"]
    assert "A run of the plan costs $0.0558, including the planner $0.0135 and the" in text


@pytest.mark.parametrize(
    ("planner", "step", "line"),
    [("early", "late", 5), ("late", "early", 4), ("early", "early", 2)],  # 2: another tier, for comparison
)
def test_a_rate_that_is_missing_is_reported_at_the_step(
    tmp_path: Path, planner: str, step: str, line: int
) -> None:
    (tmp_path / "sheet.yaml").write_text(
        "version: 1\ncurrency: USD\nsource: s\ntiers: {early: a, late: b}\n"
        "models: {a: [{input: 1, output: 1}], b: [{input: 1}]}\n"
    )
    file = tmp_path / "plan.yaml"
    file.write_text(
        "version: 1\npricing: ./sheet.yaml\ntokens: {input: 1, output: 1}\n"
        f"planner: {{tier: {planner}, tokens: {{input: 1, output: 1}}}}\nsteps: [{{do: it, tier: {step}}}]\n"
    )
    with pytest.raises(UnpricedError, match='no rate for meter "output" of model "b"') as caught:
        routecost.plan(file)
    assert [finding.position.line for finding in caught.value.findings] == [line]
