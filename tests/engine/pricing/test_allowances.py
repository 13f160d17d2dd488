"""Free and graduated units: the price of a meter depends on its total per day or month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost import DocumentError
from routecost import compare as compare_file
from routecost.engine.mixes.sweep import sweep
from routecost.engine.projection.project import project
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.pricing.terms import Adjustment, Allowance, Scope, Terms, UnitStep
from routecost.model.results.mix_sweep import MixGrid
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import DayCount, Plan, WorkStep
from routecost.model.scenario.workload import TaskType, Workload
from tests.cli.running import routecost as run
from tests.support.build import DAY, compared, entry, mix, scenario, sheet, successes, task, tokens, workload

LISTED = sheet(low=entry(input=1, web_search=10), high=entry(input=2, web_search=20))
SEARCHES = Scope(meters=("web_search",))


def on(*allowances: Allowance, adjustments: tuple[Adjustment, ...] = ()) -> PricingSheet:
    return replace(LISTED, terms=(Terms("USD", adjustments, allowances=allowances),))


def free(units: int, per: str = "day", *steps: UnitStep, scope: Scope = SEARCHES) -> Allowance:
    return Allowance(scope, per, Decimal(units), steps)


def searching(per_day: int | Decimal, name: str = "tasks") -> TaskType:
    return task(per_day, tokens(0, 0), name, meters={"web_search": Decimal(1)})


def month(tier: str, work: Workload, pricing: PricingSheet) -> Decimal:
    return compared({tier: tier}, work, pricing)[tier].cost_per_month


@pytest.mark.parametrize(
    ("per", "units", "searches", "paid"),
    [
        ("day", 1000, 1500, 30 * 500),
        ("month", 1000, 1500, 30 * 1500 - 1000),
        ("day", 1000, 1000, 0),
        ("day", 1000, 10, 0),
        ("month", 30000, 1000, 0),
    ],
)
def test_the_first_units_are_free(per: str, units: int, searches: int, paid: int) -> None:
    assert month("low", workload(searching(searches)), on(free(units, per))) == Decimal(paid) / 100


def test_all_task_types_and_models_share_a_total_unless_it_is_limited() -> None:
    work = workload(searching(900, "one"), searching(600, "two"))
    assert month("low", work, on(free(1000))) == 30 * 500 / Decimal(100)
    half = {"half": mix(low="0.5", high="0.5")}
    shared = compared(half, work, on(free(1000)))["half"]
    assert shared.cost_per_month == 30 * 500 * Decimal("0.015"), "the free units are alike on both models"
    of_high = free(1000, scope=Scope(models=("model-high",), meters=("web_search",)))
    assert compared(half, work, on(of_high))["half"].cost_per_month == 30 * 750 / Decimal(100)


def test_terms_apply_to_what_is_paid() -> None:
    less = (Adjustment("less", Decimal("0.9")),)
    assert month("low", workload(searching(1500)), on(free(1000), adjustments=less)) == 150 * Decimal("0.9")


COUNTS = st.integers(0, 4000)
RATES = st.decimals(0, 30, places=2)


@given(COUNTS, st.integers(0, 500), st.lists(st.tuples(st.integers(500, 3000), RATES), max_size=3), COUNTS)
def test_steps_are_graduated(searches: int, units: int, steps: list[tuple[int, Decimal]], other: int) -> None:
    rising = sorted({above: rate for above, rate in steps if above > units}.items())
    graduated = free(units, "day", *(UnitStep(Decimal(above), rate) for above, rate in rising))
    work = workload(searching(searches, "one"), searching(other, "two"))
    limits = [(units, Decimal(10)), *rising, (10**9, Decimal(0))]
    total = searches + other
    parts = [max(min(total, high) - low, 0) * rate for (low, rate), (high, _) in pairwise(limits)]
    expected = 30 * sum(parts, Decimal(0)) / 1000
    low_cost = compared({"low": "low"}, work, on(graduated))["low"]
    assert abs(low_cost.cost_per_month - expected) <= Decimal("1e-40")
    assert low_cost.bill.total == low_cost.cost_per_month


def test_a_share_is_off_the_list_rate_of_any_meter() -> None:
    fifth_off = UnitStep(Decimal(10**7), share=Decimal("0.2"))
    inputs = Allowance(Scope(meters=("input",)), "month", steps=(fifth_off,))
    assert month("high", workload(task(1, tokens(10**6, 0))), on(inputs)) == 20 + 40 * Decimal("0.8")


def test_each_month_and_day_of_a_plan_has_its_own_total() -> None:
    plan = Plan(days=DayCount.CALENDAR, steps=(WorkStep(date(2026, 2, 15), Decimal(2)),))
    work = workload(searching(1000))
    daily = scenario({"low": "low"}, work, on(free(1500)), plan=plan)
    costs = [one.cost for one in project(daily, Horizon(date(2026, 2, 1), 2)).strategies[0].months]
    assert costs == [14 * 500 / Decimal(100), 31 * 500 / Decimal(100)]
    monthly = replace(daily, pricing=on(free(40000, "month")))
    costs = [one.cost for one in project(monthly, Horizon(date(2026, 2, 1), 2)).strategies[0].months]
    assert costs == [(14 * 3000 - 40000) / Decimal(100), (62000 - 40000) / Decimal(100)]


def test_free_units_that_are_not_used_up_are_named() -> None:
    cost = compared({"low": "low"}, workload(searching(900)), on(free(1000)))["low"]
    assert [(one.meter, count) for one, count in cost.within_free] == [("web_search", Decimal(900))]
    more = compared({"low": "low"}, workload(searching(1001)), on(free(1000)))["low"]
    assert more.within_free == ()


def test_a_sweep_of_mixes_applies_free_units_to_each_mix() -> None:
    mixes = sweep(
        scenario({"low": "low"}, workload(searching(1500)), on(free(1000))), MixGrid(Decimal("0.5")), DAY
    )
    alone = compared({"low": "low"}, workload(searching(1500)), on(free(1000)))["low"].cost_per_day
    assert mixes.why_not_linear is not None
    assert "allowances" in mixes.why_not_linear
    assert float(alone) in mixes.columns["cost_per_day"][:].tolist()


def test_the_policy_search_counts_free_units_once() -> None:
    from routecost.optimize.search import search

    work = workload(
        *(
            replace(successes(searching(800, name), low="0.9", high="0.9"), failure_cost=Decimal(1))
            for name in ("one", "two")
        )
    )
    policies = search(scenario({"low": "low"}, work, on(free(1000))), DAY)
    assert policies.approximate == ()
    assert policies.comparison[policies.best].cost_per_month == 30 * 600 / Decimal(100)


SHEET_OF_ONE = """\
version: 1
currency: USD
source: made up
tiers: {low: m}
models: {m: [{input: 1, output: 1, web_search: 10, provisioned_hour: 2}]}
allowances: [{meter: METER, per: day, free: FREE}]
"""
FLEET_OF_TWO = """\
version: 1
pricing: ./sheet.yaml
as_of: 2026-02-01
workload: {tasks_per_day: 900, tokens: {input: 1, output: 1}, meters: {web_search: 1}}
strategies: {one: {tier: low}, two: {mix: {low: 100%}}}
"""


def of_files(folder: Path, meter: str, free: str) -> Path:
    sheet = SHEET_OF_ONE.replace("METER", meter).replace("FREE", free)
    (folder / "sheet.yaml").write_text(sheet, encoding="utf-8")
    (folder / "fleet.yaml").write_text(FLEET_OF_TWO, encoding="utf-8")
    return folder / "fleet.yaml"


def test_free_units_that_no_strategy_uses_up_are_reported_once(tmp_path: Path) -> None:
    done = run("compare", str(of_files(tmp_path, "web_search", "1000")))
    assert done.code == 0
    assert done.stderr.count("free web_search a day are more than all volume") == 1
    assert "is free with" not in done.stdout
    used = run("compare", str(of_files(tmp_path, "web_search", "800")))
    assert "free" not in used.stderr + used.stdout


def test_free_hours_of_capacity_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match='"provisioned_hour" cannot be set here'):
        compare_file(of_files(tmp_path, "provisioned_hour", "10"))
