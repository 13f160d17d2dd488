"""No policy that brute force finds costs less than the best: over random small scenarios."""

from __future__ import annotations

from decimal import ROUND_UP, Decimal
from itertools import combinations, product
from pathlib import Path
from random import Random
from typing import Any

import pytest

import routecost
from tests.examples import one_in
from tests.support.fleets import TIERS, fleet, write

DETECTION = {"wrong_rejected": "70%", "right_rejected": "5%"}
FEATURES: dict[str, tuple[str, ...]] = {
    "plain": ("success",),
    "rework": ("success", "rework", "batch"),
    "calls": ("success", "rework", "calls", "meters"),
    "shared cache": ("success", "rework", "cache"),
    "one model": ("success", "rework", "cache", "one model"),
    "discounts": ("success", "rework", "discounts"),
    "all": ("success", "rework", "cache", "calls", "meters", "batch", "discounts"),
}


def paths() -> list[tuple[str, ...]]:
    return [path for size in (2, 3) for path in combinations(TIERS, size)]


def every_policy(names: list[str], *, cascades: bool) -> dict[str, Any]:
    """Return tiers and cascades for all tasks and for each task type, and mixes in steps of 25%."""
    options: list[Any] = [{"tier": tier} for tier in TIERS]
    if cascades:
        options += [{"cascade": list(path), "detection": DETECTION} for path in paths()]
    policies = [{"assign": dict(zip(names, row, strict=True))} for row in product(options, repeat=len(names))]
    shares = [parts for parts in product(range(5), repeat=3) if sum(parts) == 4]
    mixes = [{"mix": {tier: f"{25 * n}%" for tier, n in zip(TIERS, row, strict=True)}} for row in shares]
    return {f"p{at}": policy for at, policy in enumerate([*options, *policies, *mixes])}


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))])
@pytest.mark.parametrize(
    "features", [*one_in(4, list(FEATURES)[:-1]), pytest.param("all", marks=pytest.mark.slow)]
)
def test_no_policy_that_brute_force_finds_costs_less(features: str, seed: int, tmp_path: Path) -> None:
    chance = Random(f"{features} {seed}")
    cascades, types = seed != 1, 2 if seed else 1 + (features == "plain")
    document = fleet(chance, tmp_path, types, *FEATURES[features])
    names = list(document["workload"]["task_types"])
    document["strategies"] = {"own": {"tier": "middle"}}
    if cascades:
        document["strategies"]["steps"] = {"cascade": ["low", "high"], "detection": DETECTION}
    written = write(document, tmp_path / "fleet.yaml")
    document["strategies"] = every_policy(names, cascades=cascades)
    costs = routecost.compare(write(document, tmp_path / "every.yaml")).strategies
    spent = sorted(cost.cost_per_month for cost in costs)
    for budget in (None, spent[len(spent) // 6].quantize(Decimal("0.01"), ROUND_UP)):
        search = routecost.search_policies(written, budget=budget)
        totals = [
            cost.total_cost_per_month
            for cost in costs
            if cost.total_cost_per_month is not None and (budget is None or cost.cost_per_month <= budget)
        ]
        best = search.comparison[search.best]
        assert best.total_cost_per_month is not None
        assert budget is None or best.cost_per_month <= budget * (1 + Decimal("1e-12"))
        assert best.total_cost_per_month <= min(totals) * (1 + Decimal("1e-9"))
