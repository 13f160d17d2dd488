"""A point of a sweep is what ``compare`` says of that mix, whatever the workload and the sheet state."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

import routecost
from routecost.api.scenarios import day_of
from routecost.engine.compare.compare import tier_models_of
from routecost.engine.mixes import nonlinear
from routecost.engine.mixes.linearity import shares_cache, why_not_by_tier, why_not_linear
from routecost.errors import UsageError
from routecost.model.report.mix_figures import MixPanelsFigure
from routecost.model.report.report import Note
from routecost.model.results.comparison import Comparison
from routecost.model.results.mix_sweep import Sweep
from routecost.model.scenario.caching import CachedPrefix
from routecost.model.scenario.workload import Workload
from routecost.report.mixes.sweep import report
from tests.support.fleets import TIERS, Document, fleet, write

FEATURES: dict[str, tuple[str, ...]] = {
    "plain": ("success",),
    "rework": ("success", "rework", "batch"),
    "calls": ("success", "rework", "calls", "meters"),
    "shares": ("success", "rework", "shares", "meters"),
    "shared cache": ("success", "cache", "meters"),
    "cache and rework": ("success", "rework", "cache"),
    "one model": ("success", "cache", "one model"),
    "discounts": ("success", "rework", "discounts"),
    "all": ("success", "rework", "cache", "calls", "meters", "batch", "discounts"),
}


def swept(features: str, seed: int, folder: Path) -> tuple[Sweep, Comparison]:
    """Sweep in steps of 20%, and compare the same mixes."""
    document: Document = fleet(Random(f"{features} {seed}"), folder, 2, *FEATURES[features])
    document |= {"baseline": "all-middle", "default": "all-middle"}
    document["strategies"] = {"all-middle": {"tier": "middle"}}
    sweep = routecost.sweep(write(document, folder / "fleet.yaml"), step="20%")
    for at, row in enumerate(sweep.rows):
        mix = {tier: f"{share:.1f}" for tier, share in zip(TIERS, row[:3], strict=True)}
        document["strategies"][f"m{at}"] = {"mix": mix}
    return sweep, routecost.compare(write(document, folder / "every.yaml"))


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("features", FEATURES)
def test_points_and_summary_are_those_of_compare(features: str, seed: int, tmp_path: Path) -> None:
    made, compared = swept(features, seed, tmp_path)
    default = compared["all-middle"]
    mixes = compared.strategies[1:]
    assert len(mixes) == made.count == 21
    for row, cost in zip(made.rows, mixes, strict=True):
        day, month, change, saved, quality = row[3:8]
        assert day == pytest.approx(float(cost.cost_per_day), rel=1e-9)
        assert month == pytest.approx(float(cost.cost_per_month), rel=1e-9)
        assert change == pytest.approx(float(cost.vs_baseline or 0), rel=1e-9, abs=1e-9)
        expected = float(default.cost_per_month - cost.cost_per_month)
        assert saved == pytest.approx(expected, rel=1e-9, abs=1e-9 * float(default.cost_per_month))
        assert quality == pytest.approx(float(cost.success_rate or 0), rel=1e-9)
    months = [float(cost.cost_per_month) for cost in mixes]
    ends = {end: float(one.mix.cost_per_month) for one in made.highlights for end in one.ends}
    assert ends["cheapest"] == pytest.approx(min(months), rel=1e-9)
    assert ends["most expensive"] == pytest.approx(max(months), rel=1e-9)
    assert made.cheaper is not None
    assert made.cheaper.count == sum(month < float(default.cost_per_month) * (1 - 1e-12) for month in months)
    _check_ranges(made, months)


def _check_ranges(made: Sweep, months: list[float]) -> None:
    rows = list(made.rows)
    assert made.cheaper is not None
    for place, tier in enumerate(TIERS):
        for at in made.ranges[tier]:
            costs = [
                month
                for row, month in zip(rows, months, strict=True)
                if row[place] == pytest.approx(float(at.share))
            ]
            assert float(at.cheapest.cost_per_month) == pytest.approx(min(costs), rel=1e-9)
            assert float(at.most_expensive.cost_per_month) == pytest.approx(max(costs), rel=1e-9)
            if tier == made.most_expensive_tier:
                assert made.cheaper.counts[at.share][1] == len(costs)


@pytest.mark.parametrize(("features", "is_linear"), [("plain", True), ("calls", True), ("discounts", False)])
def test_a_sweep_says_where_cost_is_not_linear(features: str, is_linear: bool, tmp_path: Path) -> None:
    made, _ = swept(features, 0, tmp_path)
    notes = " ".join(str(block) for block in report(made).blocks if isinstance(block, Note))
    assert ("is not linear in its shares" in notes) is not is_linear
    assert (made.why_not_linear is None) is is_linear


def test_all_reasons_are_named(tmp_path: Path) -> None:
    document = fleet(Random(7), tmp_path, 2, "success", "rework", "cache", "one model", "discounts")
    file = write(document | {"strategies": {"own": {"tier": "middle"}}}, tmp_path / "fleet.yaml")
    scenario = routecost.load_scenario(file)
    why = why_not_linear(scenario) or ""
    names = ", ".join(f'"{task.name}"' for task in scenario.workload.task_types if shares_cache(task))
    assert names
    assert "has volume discounts; " in why
    assert f"calls of one model share a cached prefix in {names}" in why
    by_tier = why_not_by_tier(scenario, TIERS, tier_models_of(scenario, day_of(scenario))) or ""
    for reason in ("volume discounts", f"two tiers on one model share the cached prefix of {names}"):
        assert reason in by_tier


def test_more_mixes_than_can_be_priced_one_by_one_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nonlinear, "MOST_PRICED_SINGLY", 20)
    with pytest.raises(
        UsageError, match=r"volume discounts, so that each mix .* 21 mixes; expected at most 20"
    ):
        swept("discounts", 0, tmp_path)


@pytest.mark.parametrize(("reuse", "is_linear"), [(0, True), (10, False)])
def test_a_cache_that_calls_share_bends_costs(reuse: int, is_linear: bool) -> None:
    fleet = routecost.load_scenario("article-fleet")
    cache = CachedPrefix(Decimal(1_000), Decimal(reuse))
    tasks = tuple(replace(task, cache=cache) for task in fleet.workload.task_types)
    sweep = routecost.sweep(replace(fleet, workload=Workload(tasks), claims=()), step="1%")
    assert sweep.count == 5151  # without pricing each
    assert (sweep.why_not_linear is None) is is_linear
    assert isinstance(report(sweep).figure, MixPanelsFigure) is not is_linear
