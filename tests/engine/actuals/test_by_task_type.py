"""Variances by task type and model: figures by hand, and parts that add up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.actuals.plan_vs_actual import compare_with_actuals
from routecost.engine.projection.project import project
from routecost.model.results.actuals import (
    ActualMonth,
    Actuals,
    Factor,
    Grain,
    MonthVariance,
    PriceVolumeMix,
    Used,
    VariancePart,
    add_up,
)
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import Commitment, Plan
from routecost.units import exact
from tests.support.build import entry, mix, scenario, sheet, task, tokens, workload

FIRST = date(2026, 2, 1)
ON = sheet(low=entry(input=1), high=entry(input=3))
WORK = workload(task(2, tokens(1_000_000, 0), "extract"), task(1, tokens(1_000_000, 0), "legal"))
"""$60 and $30 a month on low."""


def used(tasks: int, price: int) -> Used:
    """Return tasks of a million tokens."""
    return Used(Decimal(tasks), None, {"input": Decimal(tasks) * 1_000_000}, Decimal(tasks * price))


def of_type(tasks: int | None, spend: Decimal | int, **tiers: Used) -> ActualMonth:
    count = None if tasks is None else Decimal(tasks)
    grain = Grain.TIER if tiers else Grain.MONTH
    return ActualMonth(FIRST, Decimal(spend), "low", count, grain, tiers)


def variance(
    spend: Decimal | int, strategy: str = "low", plan: Plan | None = None, **types: ActualMonth
) -> MonthVariance:
    made = scenario({"low": "low", "mixed": mix(low="0.5", high="0.5")}, WORK, ON, plan=plan)
    month = ActualMonth(FIRST, Decimal(spend), strategy, task_types=types)
    course = compare_with_actuals(made, project(made, Horizon(FIRST, 1)), Actuals("spend.yaml", (month,)))
    ((_, found),) = course.known
    return found


def amounts(split: PriceVolumeMix) -> dict[str, Decimal]:
    return {part.name: part.amount for part in split.parts if part.amount}


def test_each_task_type_has_its_causes_and_the_month_has_their_sums() -> None:
    extract = of_type(None, 72, low=used(72, 1))  # 60 tasks were planned
    legal = of_type(None, 50, low=used(20, 1), high=used(10, 3))  # a third of 30 tasks on high, for $2 more
    found = variance(125, extract=extract, legal=legal)
    by_type = {one.task_type: one for one in found.task_types}
    assert [one.planned for one in found.task_types] == [60, 30, 0]
    assert [one.actual for one in found.task_types] == [72, 50, 3]
    assert amounts(by_type["extract"].split) == {"volume": 12}
    assert amounts(by_type["legal"].split) == {"mix": 20}
    assert amounts(by_type[None].split) == {"unexplained": 3}
    assert amounts(found.split) == {"volume": 12, "mix": 20, "unexplained": 3}
    assert [(one.task_type, one.model) for one in found.models] == [
        ("extract", "model-low"),
        ("legal", "model-low"),
        ("legal", "model-high"),
        (None, None),
    ]
    assert [one.planned for one in found.models] == [60, 30, 0, 0]
    assert [one.actual for one in found.models] == [72, 20, 30, 3]


def test_a_task_type_that_is_not_stated_did_not_run() -> None:
    found = variance(60, extract=of_type(60, 60))
    assert amounts(found.split) == {"volume": -30}
    assert {one.task_type: one.gap for one in found.task_types} == {"extract": 0, "legal": -30}


def test_causes_that_one_task_type_cannot_separate_are_together_in_the_month() -> None:
    found = variance(132, extract=of_type(None, 72, low=used(72, 1)), legal=of_type(30, 60))
    joined = "mix, tokens, price and unexplained"
    assert amounts(found.task_types[1].split) == {joined: 30}
    assert amounts(found.split) == {"volume": 12, joined: 30}


def test_parts_with_a_common_factor_are_joined() -> None:
    volume, tokens_, price = Factor.VOLUME, Factor.TOKENS, Factor.PRICE
    parts = (
        VariancePart((volume,), Decimal(1)),
        VariancePart((tokens_, price), Decimal(2)),
        VariancePart((price,), Decimal(3)),
    )
    joined = PriceVolumeMix(parts, ("spend per tier",)).joined()
    assert joined.parts == (parts[0], VariancePart((tokens_, price), Decimal(5)))
    assert joined.lacking == ("spend per tier",)


def test_a_commitment_is_divided_in_proportion() -> None:
    # $90 by list are billed $120: $80 and $40.
    floor = Plan(commitments=(Commitment(Decimal(120), FIRST),))
    found = variance(120, plan=floor, extract=of_type(60, 80), legal=of_type(30, 40))
    assert [one.planned for one in found.task_types] == [80, 40]
    assert not amounts(found.split)


counts = st.integers(0, 200)


@exact
@given(counts, counts, counts, counts, st.sampled_from(("low", "mixed")), st.integers(0, 500))
def test_all_parts_add_up_exactly(a: int, b: int, c: int, d: int, strategy: str, more: int) -> None:
    extract, legal = of_type(None, a + 3 * b, low=used(a, 1), high=used(b, 3)), of_type(c, Decimal(d) / 8)
    spend = extract.spend + legal.spend + Decimal(more) / 100
    found = variance(spend, strategy, extract=extract, legal=legal)
    for rows in (found.task_types, found.models):
        assert add_up(one.gap for one in rows) == found.gap
        assert add_up(one.actual for one in rows) == spend
        assert add_up(one.actual for one in rows) - add_up(one.planned for one in rows) == found.gap
    assert add_up(part.amount for part in found.split.parts) == found.gap
    for one in found.task_types:
        assert add_up(part.amount for part in one.split.parts) == one.gap
