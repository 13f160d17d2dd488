"""Quality of mixes: the summary of millions of them agrees with each of them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.mixes import sweep as engine
from routecost.engine.mixes.tier_success import tier_quality
from routecost.model.results.mix_sweep import MixGrid, Sweep
from routecost.model.scenario.workload import Workload
from routecost.report.mixes.sweep import report
from routecost.units import exact
from tests.support import build

RATES = {"low": Decimal("0.6"), "middle": Decimal("0.85"), "high": Decimal("0.93")}
PRICES = {"low": 1, "middle": 3, "high": 15}


def swept(monkeypatch: pytest.MonkeyPatch, rates: Mapping[str, Decimal], step: str, **prices: int) -> Sweep:
    monkeypatch.setattr(engine, "tier_quality", lambda _, tiers: {tier: rates[tier] for tier in tiers})
    sheet = build.sheet(**{tier: build.entry(input=prices[tier]) for tier in rates})
    work = build.workload(build.task(500, build.tokens(2000, 0)))
    scenario = build.scenario({"all-low": "low", "half": build.mix(low="0.5", middle="0.5")}, work, sheet)
    return engine.sweep(scenario, MixGrid.parse(step), build.DAY)


def records(sweep: Sweep) -> list[dict[str, Any]]:
    return [dict(zip(sweep.columns, row, strict=True)) for row in sweep.rows]


@given(
    st.lists(st.integers(0, 100), min_size=3, max_size=3),
    st.lists(st.integers(0, 20), min_size=3, max_size=3),
)
def test_columns_are_what_each_mix_is(rates: list[int], prices: list[int]) -> None:
    tiers = ("low", "middle", "high")
    known = {tier: Decimal(rate) / 100 for tier, rate in zip(tiers, rates, strict=True)}
    with pytest.MonkeyPatch.context() as patch:
        sweep = swept(patch, known, "25%", **dict(zip(tiers, prices, strict=True)))
    rows = records(sweep)
    exact = [
        (
            sum(Decimal(row[tier]) * Decimal(price) for tier, price in zip(tiers, prices, strict=True)),
            sum(Decimal(row[tier]) * known[tier] for tier in tiers),
        )
        for row in rows
    ]
    for row, (cost, quality) in zip(rows, exact, strict=True):
        assert row["quality"] == pytest.approx(float(quality), rel=1e-9)
        if quality:
            assert row["cost_per_success"] == pytest.approx(float(cost / quality / 500), rel=1e-9)
        else:
            assert row["cost_per_success"] is None
        beaten = any(c <= cost and q >= quality and (c, q) != (cost, quality) for c, q in exact)
        assert row["on_frontier"] is not beaten
    assert sweep.quality is not None
    assert sweep.quality.count == sum(row["on_frontier"] for row in rows)


def test_the_frontier_is_sorted_by_rising_cost_and_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = swept(monkeypatch, RATES, "50%", **PRICES)
    assert sweep.quality is not None
    summarized = [(mix.cost_per_month, mix.quality) for mix in sweep.quality.frontier]
    # 30 days of 500 calls of 2,000 tokens: 30 MTok a month
    assert summarized == [
        (Decimal(30), Decimal("0.600")),
        (Decimal(60), Decimal("0.725")),
        (Decimal(90), Decimal("0.850")),
        (Decimal(270), Decimal("0.890")),
        (Decimal(450), Decimal("0.930")),
    ]
    assert sweep.quality.frontier[-1].cost_per_success == exactly_divided(
        Decimal(450), 15_000 * Decimal("0.93")
    )


@exact
def exactly_divided(one: Decimal, other: Decimal) -> Decimal:
    return one / other


def test_the_outline_has_the_corners_of_all_mixes(monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = swept(monkeypatch, RATES, "10%", **PRICES)
    assert sweep.quality is not None
    assert sorted(sweep.quality.outline) == [(30.0, 0.6), (90.0, 0.85), (450.0, 0.93)]


def test_people_get_the_frontier_and_a_chart_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    document = report(swept(monkeypatch, RATES, "10%", **PRICES))
    assert type(document.figure).__name__ == "FrontierFigure"
    assert "frontier" in [getattr(block, "name", None) for block in document.shown]
    keys = [column.key for column in document.tables[0].columns]
    assert keys[-3:] == ["quality", "on_frontier", "cost_per_success"]


def test_without_success_rates_nothing_is_said_of_quality() -> None:
    work = build.workload(build.task(500, build.tokens(2000, 0)))
    assert tier_quality(work, ["low"]) is None
    sheet = build.sheet(low=build.entry(input=1))
    sweep = engine.sweep(build.scenario({"low": "low"}, work, sheet), MixGrid(), build.DAY)
    assert sweep.quality is None
    assert [(row["quality"], row["on_frontier"]) for row in records(sweep)] == [(None, None)]
    assert "cost_per_success" not in sweep.columns


def with_rates(tasks: Decimal, **rates: str) -> Any:
    success = {tier: SimpleNamespace(rate=Decimal(rate)) for tier, rate in rates.items()}
    return SimpleNamespace(tasks_per_day=tasks, success=success)


def test_the_quality_of_a_tier_weighs_task_types_by_their_volume() -> None:
    tasks = (with_rates(Decimal(300), low="0.5", high="0.9"), with_rates(Decimal(100), low="0.9", high="0.9"))
    work = Workload(tasks)
    assert tier_quality(work, ["low", "high"]) == {"low": Decimal("0.6"), "high": Decimal("0.9")}


def test_a_rate_that_one_task_type_lacks_leaves_all_unknown() -> None:
    work = Workload((with_rates(Decimal(300), low="0.5"), with_rates(Decimal(100), high="0.9")))
    assert tier_quality(work, ["low"]) is None
    assert tier_quality(Workload((with_rates(Decimal(0), low="0.5"),)), ["low"]) is None
