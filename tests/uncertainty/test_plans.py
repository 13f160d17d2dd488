"""Bands of plans by date: growth that differs by month, launches, moves, and what depends on totals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import routecost
from routecost.documents.scenario.scenario_file import file_of
from routecost.engine.pricing.commitments import committed
from routecost.engine.projection.project import project
from routecost.engine.uncertainty.monthly_costs import ARRAYS, costs
from routecost.engine.uncertainty.sampled_schedule import redrawn
from routecost.engine.uncertainty.sampling import draw
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.pricing.terms import Terms, VolumeDiscount, VolumeStep
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import Commitment
from tests.examples import one_in
from tests.support.build import entry, settled, sheet
from tests.uncertainty.scenarios import written

Z90 = NormalDist().inv_cdf(0.9)
MONTHLY = "plan: {growth: {uncertain: normal, mean: 3%, sd: 2%, each: month}}"
EVERYTHING = """  cascade: {cascade: [haiku, opus], accept: {haiku: {uncertain: beta, mean: 70%, trials: 20}}}
plan:
  growth: [{rate: {uncertain: normal, mean: 3%, sd: 2%, each: month}}, {from: 2026-05, rate: 1%}]
  volume: [{from: 2026-04-01, factor: {uncertain: uniform, low: 80%, high: 1.2}}]
  launches:
    chat:
      from: 2026-03-11
      workload: {tasks_per_day: {uncertain: lognormal, mean: 100, sd: 40}, tokens: {input: 900, output: 90}}
      growth: {uncertain: normal, mean: 5%, sd: 1%, each: month}
  seasonality: {april: {uncertain: triangular, low: 1, mode: 1.2, high: 1.5}}
  migrations: {move: [{strategy: all-haiku}, {from: 2026-03-20, strategy: cascade}]}
  commitments: [{from: 2026-03, amount: 70, discount: 4%, discount_above: 10%}]
"""


def test_growth_drawn_for_each_month_has_its_closed_form(tmp_path: Path) -> None:
    projection = routecost.project(written(tmp_path, rest=MONTHLY), months=3)
    first, second, third = projection["routed"].months
    assert first.p10 == first.p90
    assert float(second.p90 or 0) == pytest.approx(float(first.cost) * (1.03 + 0.02 * Z90), rel=2e-4)
    spread = np.sqrt((1.03**2 + 0.02**2) ** 2 - 1.03**4)
    assert float(third.p90 or 0) == pytest.approx(float(first.cost) * (1.03**2 + spread * Z90), rel=5e-4)


def test_the_band_of_a_sum_comes_from_the_paths(tmp_path: Path) -> None:
    """Each month's own growth is soon undone or not: sums spread less than their parts."""
    rest = MONTHLY.replace("sd: 2%", "sd: 15%")
    projection = routecost.project(written(tmp_path, rest=rest), months=8)
    months = projection["routed"].months
    assert float(months[-1].cumulative_p90 or 0) < 0.98 * sum(float(month.p90 or 0) for month in months)
    assert float(months[-1].cumulative_p10 or 0) > 1.02 * sum(float(month.p10 or 0) for month in months)


def test_growth_drawn_once_compounds(tmp_path: Path) -> None:
    once = MONTHLY.replace(", each: month", "")
    widths = {
        rest: float(month.p90 or 0) - float(month.p10 or 0)
        for rest in (once, MONTHLY)
        for month in [routecost.project(written(tmp_path, rest=rest), months=13)["routed"].months[-1]]
    }
    assert widths[once] > 3 * widths[MONTHLY]


def test_an_option_takes_the_place_of_uncertain_growth(tmp_path: Path) -> None:
    projection = routecost.project(written(tmp_path, rest=MONTHLY), growth="1%")
    assert projection.outlook is None
    assert projection["routed"].months[1].p10 is None


def test_the_variance_of_growth_by_month_is_that_of_all_months_together(tmp_path: Path) -> None:
    path = written(tmp_path, tasks="{uncertain: normal, mean: 500, sd: 10}", rest=MONTHLY)
    projection = routecost.project(path, months=2)
    assert projection.outlook is not None
    shares = {row.field: float(row.share) for row in projection.outlook["routed"].variance}
    volume, growth = (2.03 * 10 / 500) ** 2, 0.02**2
    assert shares["plan.growth"] == pytest.approx(growth / (growth + volume), abs=0.01)
    assert shares["workload.tasks_per_day"] == pytest.approx(volume / (growth + volume), abs=0.01)


TERMS = """version: 1
extends: claude-article
source: a contract
discounts: [{share: 8%, models: [claude-opus-4-1], meters: [output]}]
volume_discounts: {models: [claude-opus-4-1], steps: [{above: 20, share: 5%}, {above: 60, share: 15%}]}
allowances:
  - {meter: input, per: day, free: 200000, steps: [{above: 900000, share: 25%}]}
  - {meter: output, per: month, free: 2e6, steps: [{above: 5e6, share: 25%}, {above: 9e6, share: 50%}]}
models:
  claude-3-5-haiku: [{input: 0.8, output: 4, cache_storage: 1, file_storage: 0.01}]
  claude-opus-4-1: [{input: 15, output: 75, provisioned_hour: 0.5}]
"""
FEES = """
capacity: [{tier: opus, units: 2, tokens_per_hour: 25000, hours: 20}]
storage: [{tier: haiku, tokens: 90000, gigabytes: 3, hours: 12}]
"""
OWN_FEES = """
capacity:
  - {tier: opus, strategy: all-opus, units: 2, tokens_per_hour: 25000, hours: 20}
  - {tier: opus, strategy: routed, units: 1, covers: 30%}
  - {strategy: cascade, units: 1, tokens_per_hour: 9000}
"""
APART = """commitments:
    - {from: 2026-03, amount: 70, discount: 4%, discount_above: 10%, models: [claude-opus-4-1]}
    - {from: 2026-04, amount: 9, discount: 5%, models: [claude-3-5-haiku]}
"""


@pytest.mark.parametrize("terms", [pytest.param(False, marks=pytest.mark.slow), True])
@pytest.mark.parametrize("days", one_in(3, ["calendar", "per_month", "working"]))
def test_every_path_is_a_plan_of_its_own(tmp_path: Path, terms: bool, days: str) -> None:
    """What paths cost month by month is what the exact engine makes of each path alone."""
    (tmp_path / "terms.yaml").write_text(TERMS)
    fees = {"calendar": OWN_FEES}.get(days, FEES) if terms else ""
    rest = EVERYTHING.split("commitments:", maxsplit=1)[0] + APART if terms else EVERYTHING
    pricing = "./terms.yaml" if terms else "claude-article"
    tasks = "{uncertain: uniform, low: 9, high: 900}"
    scenario = routecost.load_scenario(
        written(tmp_path, tasks=tasks, pricing=pricing, rest=f"{rest}  days: {days}\n{fees}")
    )
    file = file_of(scenario)
    assert file is not None
    assert scenario.uncertainty is not None
    assert scenario.plan is not None
    horizon = Horizon(date(2026, 2, 1), 7, steps=scenario.plan.growth)
    draws = {field.path: draw(field, 9, 5, horizon.months) for field in scenario.uncertainty.fields}
    found = costs(scenario, horizon, draws, file.resample)
    rows = {
        name: np.array([found.space.values(month).copy() for month in row])
        for name, row in found.rows.items()
    }
    for at in range(9):
        alone: dict[Any, Any] = {
            path: tuple(map(Decimal, values[:, at].tolist()))
            if values.ndim == 2
            else Decimal(float(values[at]))
            for path, values in draws.items()
        }
        exactly = project(*redrawn(scenario, horizon, alone, file.resample))
        for spend in exactly.strategies:
            expected = [float(month.cost) for month in spend.months]
            assert rows[spend.strategy][:, at] == pytest.approx(expected, rel=1e-9), spend.strategy
    assert set(rows) == {"all-haiku", "routed", "all-opus", "cascade", "move"}


amounts = st.decimals(0, 1000, places=2)
shares = st.decimals(0, Decimal("0.99"), places=2)
spends = st.lists(amounts, min_size=1, max_size=6)


def discounted(steps: list[tuple[Decimal, Decimal]], retroactive: bool) -> PricingSheet:
    volume = VolumeDiscount(
        tuple(VolumeStep(above, share) for above, share in steps), retroactive=retroactive
    )
    return replace(sheet(low=entry(input=1)), terms=(Terms("USD", volume=volume),))


@given(
    spends,
    st.lists(st.tuples(amounts, shares), min_size=1, max_size=3, unique_by=lambda step: step[0]),
    st.booleans(),
)
def test_volume_discounts_are_those_of_each_path(
    monthly: list[Decimal], steps: list[tuple[Decimal, Decimal]], retroactive: bool
) -> None:
    on = discounted(sorted(steps), retroactive)
    settlement = settled(np.array([float(month) for month in monthly]), on, ARRAYS)
    assert settlement == pytest.approx([float(settled(month, on)) for month in monthly], rel=1e-9)


@given(spends, amounts, shares, shares)
def test_commitments_are_those_of_each_path(
    monthly: list[Decimal], amount: Decimal, below: Decimal, above: Decimal
) -> None:
    commitment = Commitment(amount, date(2026, 1, 1), None, below, above)
    cost = committed(np.array([float(month) for month in monthly]), commitment, ARRAYS).cost
    assert cost == pytest.approx([float(committed(month, commitment).cost) for month in monthly], rel=1e-9)
