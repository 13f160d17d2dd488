"""Every command but project takes what is not known at its mean, and says so."""

from __future__ import annotations

from pathlib import Path

import pytest

import routecost
from routecost.model.results.comparison import Comparison
from tests.uncertainty.scenarios import written

VOLUME = "{uncertain: uniform, low: 300, high: 700}"
ANSWERS = "{uncertain: triangular, low: 300, mode: 400, high: 800}"
NAMES = ("workload.tasks_per_day", "workload.tokens.output")
MIX = """  drawn: {mix: {haiku: {uncertain: beta, mean: 70%, trials: 9}, sonnet: 20%, opus: 10%}}
  plain: {mix: {haiku: 70%, sonnet: 20%, opus: 10%}}"""


def costs(comparison: Comparison) -> dict[str, float]:
    return {cost.strategy: float(cost.cost_per_month) for cost in comparison.strategies}


def test_figures_are_those_of_the_means(tmp_path: Path) -> None:
    drawn = costs(routecost.compare(written(tmp_path, tasks=VOLUME, tokens_out=ANSWERS)))
    plain = costs(routecost.compare(written(tmp_path, tokens_out="500")))
    assert drawn == plain


def test_a_mix_is_at_its_mean(tmp_path: Path) -> None:
    spends = costs(routecost.compare(written(tmp_path, rest=MIX)))
    assert spends["drawn"] == spends["plain"]


def test_results_name_what_they_take_at_its_mean(tmp_path: Path) -> None:
    path = written(tmp_path, tasks=VOLUME, tokens_out=ANSWERS)
    assert routecost.compare(path).at_means == NAMES
    assert routecost.check(path).at_means == NAMES
    assert routecost.tornado(path).at_means == NAMES
    assert routecost.sweep_over(path, ["tasks_per_day=100,200"]).at_means == NAMES[1:]
    assert routecost.compare(written(tmp_path)).at_means == ()


def test_a_field_with_a_distribution_can_be_swept_and_moved(tmp_path: Path) -> None:
    path = written(tmp_path, tasks=VOLUME)
    sweep = routecost.sweep_over(path, ["workload.tasks_per_day=250,500"])
    assert float(sweep.parameters[0].current or 0) == 500  # type: ignore[arg-type]
    half, whole = (float(point.costs[0].cost_per_month) for point in sweep.points)
    assert half * 2 == pytest.approx(whole)
    moved = {
        assumption.name: assumption for assumption in routecost.tornado(path, strategy="all-opus").assumptions
    }
    assert float(moved["workload.tasks_per_day"].up.value or 0) == 600


def test_a_claim_may_put_a_number_in_place_of_a_distribution(tmp_path: Path) -> None:
    rest = """claims:
  - that: {difference: [FIGURE, {path: FIGURE, with: {workload.tasks_per_day: 250}}]}
    is: 506.25
    within: 0.01
  - {that: FIGURE, is: 1012.5, within: 0.01}""".replace("FIGURE", "strategies.all-opus.cost_per_month")
    judged = routecost.check(written(tmp_path, tasks=VOLUME, rest=rest))
    assert [claim.holds for claim in judged.claims] == [True, True]


def test_assumptions_are_shown_as_they_are_written(tmp_path: Path) -> None:
    path = written(tmp_path, tasks=VOLUME, rest=MIX)
    stated = {assumption.name: assumption for assumption in routecost.planning(path).stated}
    assert stated["workload.tasks_per_day"].value == "uncertain: uniform, low: 300, high: 700"
    position = stated["workload.tasks_per_day"].position
    assert position is not None
    assert position.line == 5
    assert stated["strategies.drawn.mix.opus"].value == "10%"
