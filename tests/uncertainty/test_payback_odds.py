"""The probability of payback and the band of its month, in agreement with draws from numpy."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

import routecost
from routecost.engine.uncertainty.path_vectors import Floats
from routecost.model.results.months.payback import Payback
from routecost.model.results.projection import Projection
from routecost.render import write
from routecost.report.projection.project import report
from tests.support.reports import text_of

FLEET = """version: 1
pricing: claude-article
as_of: 2026-02-01
workload:
  tasks_per_day: {tasks}
  tokens: {{input: 2000, output: 500}}
  {more}
strategies:
  strong: {{tier: sonnet}}
  cheap: {{tier: haiku}}
default: strong
proposed: cheap
plan:
  start: 2026-02
  growth: {growth}
  {costs}
"""
COSTS = """engineering: {router: {date: 2026-02-10, amount: 700}}
  upkeep: {evaluation: {from: 2026-03, amount: 20}}
  discount_rate: 40%"""
NAMES = ["2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09"]
SAVED = 30 * (0.0135 - 0.0036)
"""What a task a day saves in a month."""


def projected(
    folder: Path, tasks: str, growth: str = "0%", costs: str = COSTS, more: str = "", runs: int = 50_000
) -> Projection:
    path = folder / "fleet.yaml"
    path.write_text(FLEET.format(tasks=tasks, growth=growth, costs=costs, more=more))
    return routecost.project(path, months=len(NAMES), runs=runs)


def payback_of(projection: Projection) -> Payback:
    assert projection.payback is not None
    return projection.payback


def repaid(net: Floats) -> Floats:
    """Return the first month from which on the sum of the rows stays at 0 or above; 8 if none."""
    so_far = net.cumsum(axis=0)
    stays = np.logical_and.accumulate(so_far[::-1] >= 0)[::-1]
    return np.where(stays.any(axis=0), stays.argmax(axis=0), len(net)).astype(np.float64)


def test_odds_agree_with_draws_from_numpy(tmp_path: Path) -> None:
    payback = payback_of(
        projected(tmp_path, "{uncertain: normal, mean: 430, sd: 70}", "{uncertain: normal, mean: 2%, sd: 4%}")
    )
    generator = np.random.default_rng(5)
    tasks, growth = generator.normal(430, 70, 200_000), generator.normal(0.02, 0.04, 200_000)
    months = np.arange(8)[:, None]
    net = SAVED * tasks * (1 + growth) ** months - np.array([700] + 7 * [20])[:, None]
    for odds, flows in (
        (payback.odds, net),
        (payback.discounted_odds, net * 1.4 ** (-months / 12)),
    ):
        assert odds is not None
        assert odds.value is not None
        at = repaid(flows)
        assert float(odds.value) == pytest.approx(float(np.mean(at < 8)), abs=0.01)
        places = np.quantile(at, [0.1, 0.5, 0.9], method="inverted_cdf")
        expected = [None if place == 8 else NAMES[int(place)] for place in places]
        assert [odds.p10, odds.p50, odds.p90] == expected


def test_payback_and_savings_have_one_probability(tmp_path: Path) -> None:
    projection = projected(tmp_path, "{uncertain: normal, mean: 380, sd: 80}")
    odds = payback_of(projection).odds
    assert odds is not None
    assert projection.savings is not None
    assert projection.savings.probability is not None
    assert odds.value == projection.savings.probability.value
    assert projection.savings.probability.with_routing_costs
    expected = 1 - np.mean(np.random.default_rng(1).normal(380, 80, 200_000) * SAVED * 8 < 840)
    assert float(odds.value or 0) == pytest.approx(float(expected), abs=0.01)


def test_routing_costs_and_plan_costs_have_the_same_odds(tmp_path: Path) -> None:
    tasks = "{uncertain: normal, mean: 380, sd: 80}"
    planned = payback_of(
        projected(
            tmp_path,
            tasks,
            costs="""engineering: {a: {date: 2026-02-01, amount: 700}}
  upkeep: {b: {from: 2026-02, amount: 20}}""",
        )
    )
    costs = "days: per_month\nrouting_costs: {engineering: 700, upkeep_per_month: 20, within_months: 12}"
    stated = payback_of(projected(tmp_path, tasks, costs=costs))
    assert planned.odds == stated.odds


def test_certain_inputs_have_no_odds(tmp_path: Path) -> None:
    for tasks in ("430", "{uncertain: normal, mean: 430, sd: 0}"):
        payback = payback_of(projected(tmp_path, tasks))
        assert payback.odds is None
        assert payback.discounted_odds is None


def test_what_is_never_repaid(tmp_path: Path) -> None:
    odds = payback_of(projected(tmp_path, "{uncertain: normal, mean: 43, sd: 7}", runs=1000)).odds
    assert odds is not None
    assert odds.value == 0
    assert [odds.p10, odds.p50, odds.p90] == [None, None, None]


def test_unknown_failures_leave_bounds(tmp_path: Path) -> None:
    """Haiku's rate is from trials, and that of sonnet unknown: the savings have two ends in each run."""
    more = "failure_cost: 0.05\n  success: {haiku: {successes: 190, trials: 200}}"
    projection = projected(tmp_path, "800", more=more, runs=2000)
    odds, savings = payback_of(projection).odds, projection.savings
    assert odds is not None
    assert savings is not None
    assert savings.probability is not None
    assert odds.low < odds.high
    assert (odds.low, odds.high) == (savings.probability.low, savings.probability.high)
    assert odds.value is None


def test_text_and_json_have_the_odds(tmp_path: Path) -> None:
    projection = projected(tmp_path, "{uncertain: normal, mean: 430, sd: 70}", runs=2000)
    made, out = report(projection), StringIO()
    assert "In simulation, it repays them by 2026-09 with a probability of" in text_of(made)
    write(made, "json", out)
    meta = json.loads(out.getvalue())["payback"]
    odds = payback_of(projection).odds
    assert odds is not None
    assert Decimal(str(meta["probability"])) == odds.value
    assert meta["month_p10"] == odds.p10
    assert 0 < meta["discounted_probability"] < meta["probability"]


def test_months_below_and_above_a_commitment_leave_the_odds_known(tmp_path: Path) -> None:
    """More than 2^10 kinds of runs: in each month either strategy may be below the amount, or neither."""
    costs = COSTS.replace("700", "1150") + "\n  commitments: [{from: 2026-02, amount: 100, discount: 10%}]"
    growth = "{uncertain: normal, mean: 0%, sd: 20%, each: month}"
    path = tmp_path / "fleet.yaml"
    path.write_text(FLEET.format(tasks=600, growth=growth, costs=costs, more=""))
    projection = routecost.project(path, months=10, runs=20_000)
    known = None if projection.savings is None else projection.savings.probability
    odds = payback_of(projection).odds
    assert known is not None
    assert odds is not None
    grown = np.random.default_rng(5).normal(1, 0.2, (9, 100_000)).clip(0).cumprod(axis=0)
    tasks = 600 * 30 * np.vstack([np.ones(100_000), grown])
    strong, cheap = (np.maximum(100, 0.9 * price * tasks) for price in (0.0135, 0.0036))
    expected = float(np.mean((strong - cheap).sum(axis=0) > 1150 + 9 * 20))
    assert 0.2 < expected < 0.8
    assert known.low == known.high
    assert float(known.low) == pytest.approx(expected, abs=0.015)
    assert odds.low == known.low
