"""A budget says whether it counts failures; it counts them alike in all commands."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import routecost
from routecost.errors import DocumentError
from routecost.report.compare.claims import report as check_report
from routecost.report.projection.project import report as project_report
from tests.support.reports import text_of

# Calls of low cost $30 a month, those of high $90; failures of low $300, those of high $30.
FLEET = """\
version: 1
pricing: ./sheet.yaml
as_of: 2026-02-01
workload:
  task_types:
    one: {{tasks_per_day: 100, tokens: {{input: 10000, output: 0}}, success: {{low: 90%, high: 99%}},
      failure_cost: 1}}
    two: {{tasks_per_day: {two}, tokens: {{input: 10000, output: 0}}}}
strategies:
  low: {{tier: low}}
  high: {{tier: high}}
baseline: high
default: high
proposed: low
"""
SHEET = """\
version: 1
currency: USD
source: test
tiers: {low: small, high: large}
models:
  small: [{input: 1, output: 1, checked: 2026-01-01}]
  large: [{input: 3, output: 3, checked: 2026-01-01}]
"""


def fleet(folder: Path, more: str, two: int = 0) -> Path:
    """Write a scenario with a task type ``two`` whose failures are unknown."""
    (folder / "sheet.yaml").write_text(SHEET, encoding="utf-8")
    file = folder / "fleet.yaml"
    file.write_text(FLEET.format(two=two) + more, encoding="utf-8")
    return file


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("counts", "spent", "over", "said"),
    [
        ("", 30, False, "low stays within its budget of $100.00 a month for calls: at most $30.00"),
        (", counts: calls", 30, False, "Including failures, the highest is $330.00, in 2026-02."),
        (", counts: total", 330, True, "exceeds its budget of $100.00 a month for calls and failures in 202"),
    ],
)
def test_a_budget_counts_calls_unless_it_says_total(
    tmp_path: Path, counts: str, spent: int, over: bool, said: str
) -> None:
    file = fleet(tmp_path, f"budget: {{amount: 100, per: month, strategy: low{counts}}}\n")
    projection = routecost.project(file, months=2)
    assert projection.budget is not None
    assert projection.budget.months[0].spent == spent
    assert (projection.budget.crossed is not None) == over
    assert said in words(text_of(project_report(projection)))
    (claim,) = routecost.check(file).claims
    assert claim.computed == spent
    assert claim.holds != over
    tasks = routecost.compare(file)["low"].tasks_per_budget
    assert tasks is not None
    assert float(tasks) == pytest.approx(100 / spent * 3000)
    counted = "calls and failures count" if over else "calls count, failures do not"
    assert counted in words(text_of(check_report(routecost.check(file))))


@pytest.mark.parametrize(
    ("amount", "computed", "said"),
    [
        (300, 330, "at least: the budget is exceeded; calls and failures count"),
        (400, None, "the cost of failures is unknown in part: the budget may be exceeded"),
    ],
)
def test_failures_that_are_unknown_are_neither_nothing_nor_everything(
    tmp_path: Path, amount: int, computed: int | None, said: str
) -> None:
    budget = f"budget: {{amount: {amount}, per: month, strategy: low, counts: total}}\n"
    file = fleet(tmp_path, budget, two=1)
    (claim,) = routecost.check(file).claims
    assert not claim.holds
    assert claim.computed == (None if computed is None else computed + Decimal("0.3"))
    assert claim.why is not None
    assert said in claim.why
    tracking = routecost.project(file, months=2).budget
    assert tracking is not None
    assert (tracking.crossed is not None, bool(tracking.unsure)) == (computed is not None, computed is None)
    may = "low may exceed its budget of $400.00 a month for calls and failures: it spends $330.30 or more"
    text = words(text_of(project_report(routecost.project(file, months=2))))
    assert (may in text) == (computed is None)
    assert routecost.compare(file)["low"].tasks_per_budget is None


def test_a_bound_that_fits_a_budget_keeps_it(tmp_path: Path) -> None:
    more = "budget: {amount: 400, per: month, strategy: low, counts: total}\n"
    file = fleet(tmp_path, more, two=1)
    known = file.read_text(encoding="utf-8").replace("output: 0}}\n", "output: 0}, failure_cost: 1}\n")
    file.write_text(known, encoding="utf-8")
    (claim,) = routecost.check(file).claims
    assert (claim.holds, claim.computed, claim.why) == (
        True,
        Decimal("360.3"),
        "at most; calls and failures count",
    )


def test_check_knows_the_budget_of_a_plan_and_says_which_one_counts(tmp_path: Path) -> None:
    more = """\
budget: {amount: 40, per: month, strategy: low}
plan: {growth: 10%, budget: {amount: 35, per: month, strategy: low}}
"""
    file = fleet(tmp_path, more)
    check = routecost.check(file)
    own, planned = check.claims
    assert (own.holds, planned.holds, planned.is_plan) == (True, False, True)
    assert own.why == "calls count, failures do not; at the stated volume"
    assert planned.why is not None
    assert "in 2027-01 of the plan; it counts for the months of the plan" in planned.why
    assert "The budget holds. The budget of the plan is exceeded." in words(text_of(check_report(check)))
    projection = routecost.project(file)
    assert projection.budget is not None
    assert projection.budget.closest.spent == planned.computed
    text = words(text_of(project_report(projection)))
    assert (
        "This budget of the plan counts, because it is for these months; that of the scenario ($40.00" in text
    )


def test_a_misspelt_count_is_refused_with_its_place(tmp_path: Path) -> None:
    file = fleet(tmp_path, "budget: {amount: 100, per: month, strategy: low, counts: totl}\n")
    with pytest.raises(DocumentError) as caught:
        routecost.load_scenario(file)
    (finding,) = caught.value.findings
    assert (
        finding.message
        == '"totl" is not what a budget counts; expected calls or total; did you mean "total"?'
    )


def planned(folder: Path, amount: int, owners: str) -> Path:
    """Write a scenario whose plan has a budget that counts failures, also of the owner of each task type."""
    more = f"""\
plan:
  start: 2026-02
  budget: {{amount: {amount}, per: month, strategy: low, counts: total, owners: {owners}}}
"""
    file = fleet(folder, more, two=1)
    text = file.read_text(encoding="utf-8")
    text = text.replace("one: {", "one: {owner: known, ").replace("two: {", "two: {owner: unknown, ")
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(("amount", "holds"), [(329, False), (331, True)])
def test_budgets_of_owners_in_a_plan_count_failures_and_may_be_exceeded(
    tmp_path: Path, amount: int, holds: bool
) -> None:
    file = planned(tmp_path, 10_000, f"{{known: {amount}, unknown: 100}}")
    claims = {claim.claim: claim for claim in routecost.check(file).claims}
    known = claims["budget of known for low per month in the plan"]
    unknown = claims["budget of unknown for low per month in the plan"]
    assert (known.holds, known.computed) == (holds, Decimal(330))
    assert (unknown.holds, unknown.computed) == (False, None)
    assert unknown.why is not None
    assert "the budget may be exceeded" in unknown.why
    text = words(text_of(project_report(routecost.project(file, months=2))))
    assert "In low, unknown may exceed its budget of $100.00 a month for calls and failures" in text
    assert ("known exceeds its budget of $329.00 a month for calls and failures in 2026-02" in text) != holds


def test_a_budget_that_counts_failures_may_be_exceeded_if_none_is_stated(tmp_path: Path) -> None:
    file = planned(tmp_path, 100, "{known: 100, unknown: 1}")
    text = file.read_text(encoding="utf-8")
    stated = ", success: {low: 90%, high: 99%},\n      failure_cost: 1"
    file.write_text(text.replace(stated, ""), encoding="utf-8")
    claims = routecost.check(file).claims
    assert [claim.holds for claim in claims] == [False] * 3
    tracking = routecost.project(file, months=2).budget
    assert tracking is not None
    assert (tracking.crossed, len(tracking.unsure)) == (None, 2)
    file.write_text(file.read_text("utf-8").replace("output: 0}", "output: 0}, failure_cost: 0"), "utf-8")
    assert all(claim.holds for claim in routecost.check(file).claims)
    tracking = routecost.project(file, months=2).budget
    assert tracking is not None
    assert not tracking.unsure


@pytest.mark.parametrize(("amount", "outcome"), [(400, "stays within"), (390, "exceeds")])
def test_a_forecast_counts_the_planned_failures_at_the_scale_of_its_work(
    tmp_path: Path, amount: int, outcome: str
) -> None:
    more = f"""\
budget: {{amount: {amount}, per: month, strategy: low, counts: total}}
plan: {{start: 2026-02, growth: {{uncertain: uniform, low: -1%, high: 1%}}}}
"""
    file = fleet(tmp_path, more)
    actuals = tmp_path / "actuals.yaml"
    actuals.write_text("version: 1\nstrategy: low\nmonths: [{month: 2026-02, spend: 36}]\n", "utf-8")
    projection = routecost.project(file, months=2, actuals=str(actuals), runs=100)
    compared = projection.actuals
    assert compared is not None
    assert compared.budget is not None
    # Spend is 1.2 times the plan: calls $36, failures $360.
    assert [month.spent for month in compared.budget.months] == [396, 396]
    assert compared.budget_risk is None  # the runs have no failures
    text = words(text_of(project_report(projection)))
    assert f"Forecast spend {outcome} the budget of ${amount}.00 a month for calls and failures" in text
    assert "Actuals have no failures: those of the plan are counted" in text


def test_the_closest_month_of_a_budget_for_calls_is_that_of_the_calls(tmp_path: Path) -> None:
    file = fleet(
        tmp_path,
        """\
plan:
  start: 2026-02
  migrations: {down: [{strategy: high}, {from: 2026-03-01, strategy: low}]}
  budget: {amount: 100, per: month, strategy: down}
""",
    )
    (claim,) = routecost.check(file).claims
    assert (claim.holds, claim.computed) == (True, Decimal(90))
