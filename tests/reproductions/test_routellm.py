"""RouteLLM (arXiv:2406.18665): its figures on MMLU, and the cost savings of its Table 6."""

from __future__ import annotations

import numpy as np
import pytest

from routecost.model.outcomes.policies import Mixture
from routecost.optimize.outcomes.data import Floats, Outcomes
from routecost.optimize.outcomes.execute import execute
from routecost.optimize.outcomes.oracle import oracle_frontier
from routecost.optimize.outcomes.statistics.metrics import apgr, cpt
from tests.support.outcomes import outcomes
from tests.support.shared_data import published, rows

DATA = "outcomes_routellm_mmlu.csv"
WEAK, STRONG = 0.680915, 0.805870
TENTHS = np.arange(11) / 10


def mmlu() -> Outcomes:
    """Return the outcomes that its figures are from, where a call of the strong model costs 1."""
    clean = [row for row in rows(DATA) if row["contaminated"] == "0"]
    scores = [[int(row["weak_correct"]), int(row["strong_correct"])] for row in clean]
    return outcomes(scores, [0, 1], ["weak", "strong"], [row["category"] for row in clean])


def random_curve(on: Outcomes) -> Floats:
    """Return the quality of the random router with tenths of the calls to the strong model."""
    return np.array([execute(Mixture({"weak": 1 - share, "strong": share}), on).quality for share in TENTHS])


def test_the_models_have_their_published_accuracies() -> None:
    data = mmlu()
    assert len(data) == 14_037
    assert data.score.mean(axis=0).tolist() == pytest.approx([WEAK, STRONG], abs=5e-7)


def test_the_random_router_recovers_half_of_the_gap() -> None:
    data = mmlu()
    weak, strong = data.score.mean(axis=0).tolist()
    curve = random_curve(data)
    table = published("RouteLLM", "Table2_MMLU")
    assert apgr(TENTHS, curve, weak, strong) == pytest.approx(table["random", "APGR"], abs=1e-9)
    for level, column in ((0.5, "CPT50_pct"), (0.8, "CPT80_pct")):
        share = cpt(TENTHS, curve, weak, strong, level)
        assert share == pytest.approx(level)
        assert share == pytest.approx(table["random", column] / 100, abs=0.001)


def test_a_random_draw_recovers_half_of_the_gap() -> None:
    """One draw as RouteLLM does it: ten thresholds at quantiles of a random win rate."""
    data = mmlu()
    weak, strong = data.score.mean(axis=0).tolist()
    win_rate = np.random.default_rng(0).random(len(data))
    strongs = [win_rate >= threshold for threshold in np.quantile(win_rate, TENTHS)[:-1]] + [win_rate > 1]
    quality = np.array([np.where(chosen, data.score[:, 1], data.score[:, 0]).mean() for chosen in strongs])
    shares = np.array([chosen.mean() for chosen in strongs])
    assert apgr(shares, quality, weak, strong) == pytest.approx(0.5, abs=0.01)


def test_the_oracle_curve_is_that_of_its_code() -> None:
    """Its optimal accuracy: calls of the strong model go to what only the strong model answers."""
    data = mmlu()
    curve = oracle_frontier(data)
    only_strong = int(((data.score[:, 0] == 0) & (data.score[:, 1] == 1)).sum())
    right = int(data.score[:, 0].sum())
    for share in TENTHS:
        at, part = curve.within(float(share))
        quality = curve.quality[at] + (part * (curve.quality[at + 1] - curve.quality[at]) if part else 0)
        assert quality == pytest.approx((right + min(share * 14_037, only_strong)) / 14_037)
    assert curve.quality[-1] == pytest.approx(data.score.max(axis=1).mean())


@pytest.mark.parametrize(
    ("benchmark", "table"),
    [("MTBench", "Table1_MTBench"), ("MMLU", "Table2_MMLU"), ("GSM8K", "Table3_GSM8K")],
)
@pytest.mark.parametrize("column", ["CPT50", "CPT80"])
def test_cost_savings_are_the_calls_of_the_random_router_by_those_of_the_best(
    benchmark: str, table: str, column: str
) -> None:
    calls = {
        router: value
        for (router, metric), value in published("RouteLLM", table).items()
        if metric == f"{column}_pct"
    }
    saving = calls["random"] / min(calls.values())
    assert round(saving, 2) == published("RouteLLM", "Table6_cost_saving_ratio")[benchmark, column]
