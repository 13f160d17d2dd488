"""MasRouter (ACL 2025): its prices, its collaboration modes, its savings, and the direction of its result."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

import routecost
from routecost.engine.pricing.price import entry_on
from routecost.model.scenario.scenario import Scenario
from tests.support.shared_data import rows

DAY = date(2026, 11, 28)
MODES = ("io", "cot", "chain", "full-connected", "debate", "reflection")


def test_every_price_is_that_of_its_code() -> None:
    sheet = routecost.load_pricing("masrouter-2025")
    expected = {
        (row["item"], row["column"].removeprefix("usd_per_mtok_")): Decimal(row["value"])
        for row in rows("published_masrouter.csv")
        if row["kind"] == "price"
    }
    found = {
        (model, way): entry_on(sheet, model, DAY).card.standard[meter]
        for model in sheet.models
        for way, meter in (("in", "input"), ("out", "output"))
    }
    assert found == expected


def only_simple() -> Scenario:
    """Return the built-in scenario without its moderate and hard tasks."""
    fleet = routecost.load_scenario("masrouter")
    tasks = tuple(
        task if task.name == "simple" else replace(task, tasks_per_day=Decimal(0))
        for task in fleet.workload.task_types
    )
    return replace(fleet, workload=replace(fleet.workload, task_types=tasks))


def total_costs(fleet: Scenario) -> dict[str, Decimal]:
    """Return the cost per month of each strategy, failures included."""
    strategies = routecost.compare(fleet).strategies
    return {
        one.strategy: one.total_cost_per_month for one in strategies if one.total_cost_per_month is not None
    }


def call(tokens_in: int, tokens_out: int) -> Decimal:
    """Return the cost of a call of gpt-4o-mini."""
    return (tokens_in * Decimal("0.15") + tokens_out * Decimal("0.60")) / 1_000_000


BY_HAND = {  # tasks of 300 tokens, answered with 150; the last call adds 400, and answers with 100
    "io": call(300, 150) + call(400 + 150, 100),
    "cot": call(350, 300) + call(400 + 300, 100),
    "chain": call(300, 150) + call(300 + 150, 150) + call(400 + 2 * 150, 100),
    "full-connected": call(300, 150) + call(450, 150) + call(600, 150) + call(400 + 3 * 150, 100),
    "debate": 3 * call(300, 150) + 3 * call(300 + 3 * 150, 150) + call(400 + 3 * 150, 100),
    "reflection": call(300, 150) + call(300 + 150, 150) + call(400 + 150, 100),
}


@pytest.mark.parametrize("mode", MODES)
def test_a_mode_costs_its_calls_times_their_context(mode: str) -> None:
    assert routecost.compare(only_simple())[mode].cost_per_task == BY_HAND[mode]


def test_the_published_savings_are_disputed_where_its_own_figures_differ() -> None:
    claims = routecost.check("masrouter-published").claims
    assert [claim.status for claim in claims] == ["holds", "holds", "disputed", "disputed"]
    assert [float(claim.computed or 0) for claim in claims[2:]] == pytest.approx([0.185 / 0.363 - 1, 0.85948])


def test_the_accuracies_and_dollars_are_the_published_ones() -> None:
    table = {(row["item"], row["column"]): row["value"] for row in rows("published_masrouter.csv")}
    tasks = ("MMLU", "GSM8K", "MATH", "HumanEval", "MBPP")
    mean = sum(Decimal(table[task, "MasRouter"]) for task in tasks) / len(tasks)
    assert (mean, table["mean_as_printed", "MasRouter"]) == (Decimal("85.948"), "85.93")
    assert (table["HumanEval", "before_usd"], table["HumanEval", "after_usd"]) == ("0.363", "0.185")


def test_the_system_by_type_beats_every_mode_and_static_rules_on_variable_tasks() -> None:
    totals = total_costs(routecost.load_scenario("masrouter"))
    assert len(totals) == len(MODES) + 3
    assert min(totals, key=lambda name: totals[name]) == "system-level"


def test_the_controller_does_not_pay_where_tasks_are_alike() -> None:
    assert {claim.status for claim in routecost.check("masrouter").claims} == {"holds"}
    totals = total_costs(only_simple())
    assert totals["system-level"] > totals["rules-per-query"]
