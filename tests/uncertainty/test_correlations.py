"""Inputs with a common driver or a stated rank correlation."""

from __future__ import annotations

from decimal import Decimal
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import routecost
from routecost.engine.numeric.rank_correlation import correlations_of, factor, of_scores
from routecost.engine.uncertainty.joint_draws import draw_all
from routecost.engine.uncertainty.path_vectors import Floats
from routecost.engine.uncertainty.sampling import draw
from routecost.model.scenario.scenario import Uncertainty
from tests.uncertainty.scenarios import written

RUNS = 20_000
TASKS, INPUT, OUTPUT = "workload.tasks_per_day", "workload.tokens.input", "workload.tokens.output"


def uncertainty_of(path: Path) -> Uncertainty:
    uncertainty = routecost.load_scenario(path).uncertainty
    assert uncertainty is not None
    return uncertainty


def drawn(uncertainty: Uncertainty, runs: int = RUNS) -> dict[str, Floats]:
    draws = draw_all(uncertainty.fields, uncertainty, runs, 7, 1)
    return {".".join(map(str, path)): values for path, values in draws.items()}


def rank_correlation(one: Floats, other: Floats) -> float:
    ranks = np.array([np.argsort(np.argsort(values)) for values in (one, other)])
    return float(np.corrcoef(ranks)[0, 1])


def correlated(folder: Path, rank: str, output: str = "{uncertain: uniform, low: 350, high: 800}") -> Path:
    return written(
        folder,
        tasks="{uncertain: lognormal, mean: 500, sd: 60}",
        tokens_out=output,
        rest=f"correlations: [{{between: [{TASKS}, {OUTPUT}], rank: {rank}}}]",
    )


@pytest.mark.parametrize("rank", ["-1", "-0.8", "-0.3", "0", "0.5", "0.9", "1"])
def test_draws_have_the_stated_rank_correlation(tmp_path: Path, rank: str) -> None:
    draws = drawn(uncertainty_of(correlated(tmp_path, rank)))
    error = 1 / sqrt(RUNS - 1)
    assert abs(rank_correlation(draws[TASKS], draws[OUTPUT]) - float(rank)) < 4 * error


def test_each_field_keeps_its_own_values(tmp_path: Path) -> None:
    uncertainty = uncertainty_of(correlated(tmp_path, "0.8"))
    draws = drawn(uncertainty)
    for field in uncertainty.fields:
        alone = draw(field, RUNS, 7)
        assert np.array_equal(np.sort(draws[field.name]), np.sort(alone))


def test_a_driver_makes_fields_rise_and_fall_together(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        tasks="{uncertain: normal, mean: 500, sd: 60, driver: adoption}",
        tokens_in="{uncertain: normal, mean: 2000, sd: 100}",
        tokens_out="{uncertain: triangular, low: 350, mode: 450, high: 800, driver: adoption}",
        rest=f"correlations: [{{between: [adoption, {INPUT}], rank: -0.6}}]",
    )
    draws = drawn(uncertainty_of(path))
    assert rank_correlation(draws[TASKS], draws[OUTPUT]) == pytest.approx(1)
    assert abs(rank_correlation(draws[TASKS], draws[INPUT]) + 0.6) < 4 / sqrt(RUNS - 1)


def test_fields_without_a_correlation_are_drawn_as_before(tmp_path: Path) -> None:
    uncertainty = uncertainty_of(written(tmp_path, tasks="{uncertain: normal, mean: 500, sd: 60}"))
    (field,) = uncertainty.fields
    assert np.array_equal(drawn(uncertainty)[TASKS], draw(field, RUNS, 7))


def test_a_common_driver_widens_the_band(tmp_path: Path) -> None:
    """Volume times tokens: with a common driver, both are high in the same runs."""
    apart = written(
        tmp_path,
        tasks="{uncertain: normal, mean: 500, sd: 50}",
        tokens_out="{uncertain: normal, mean: 500, sd: 50}",
    )
    widths = []
    for driver in ("", ", driver: adoption"):
        apart.write_text(apart.read_text().replace("sd: 50}", f"sd: 50{driver}}}"))
        outlook = routecost.project(apart, months=1, runs=RUNS, strategies=["all-haiku"]).outlook
        assert outlook is not None
        total = outlook["all-haiku"].total
        widths.append(total.p90 - total.p10)
    assert widths[1] > widths[0] * Decimal("1.2")


def test_the_variance_of_a_sum_follows_from_the_correlation(tmp_path: Path) -> None:
    """Of 1 task a day: cost = 30 x (0.8 in + 4 out) / 1e6, with normal in and out of correlation rho."""
    rho = 0.5
    path = written(
        tmp_path,
        tasks="1",
        tokens_in="{uncertain: normal, mean: 2000, sd: 300}",
        tokens_out="{uncertain: normal, mean: 500, sd: 60}",
        rest=f"correlations: [{{between: [{INPUT}, {OUTPUT}], rank: {rho}}}]",
    )
    outlook = routecost.project(path, months=1, runs=100_000, strategies=["all-haiku"]).outlook
    assert outlook is not None
    total = outlook["all-haiku"].total
    left, right = 0.8 * 300, 4 * 60
    sd = 30 / 1e6 * sqrt(left**2 + right**2 + 2 * of_scores(rho) * left * right)
    assert float(total.p90 - total.p10) == pytest.approx(2 * 1.2815515655446004 * sd, rel=0.015)


@given(st.lists(st.floats(-1, 1), min_size=3, max_size=3))
def test_a_factor_gives_its_matrix_or_there_is_a_negative_eigenvalue(ranks: list[float]) -> None:
    pairs: list[tuple[str, str, float]] = [
        ("a", "b", ranks[0]),
        ("a", "c", ranks[1]),
        ("b", "c", ranks[2]),
    ]
    matrix = correlations_of("abc", pairs)
    rows = factor(matrix)
    least = float(np.linalg.eigvalsh(np.array(matrix)).min())
    if rows is None:
        assert least < 1e-7
    else:
        assert least > -1e-3
        lower = np.zeros((3, 3))
        for at, row in enumerate(rows):
            lower[at, : len(row)] = row
        assert np.abs(lower @ lower.T - np.array(matrix)).max() < 1e-4
