"""CPU time of pricing every mix of five tiers at 1%, against the bare matrix product, in the same run."""

from __future__ import annotations

import os

# Threads of the product go on spinning when it is done, and their time would count against the sweep.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from routecost import Sweep, load_scenario
from routecost.engine.mixes.sweep import sweep
from routecost.engine.strategies.mix import Mix
from routecost.engine.strategies.tier import UniformTier
from routecost.model.pricing.sheet import PriceEntry, PricingSheet, RateCard, TierModel
from routecost.model.results.mix_sweep import MixGrid
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.strategy import Strategy

TIERS = ("nano", "small", "middle", "large", "huge")
GRID = MixGrid(Decimal("0.01"))
MIXES = 4_598_126
RUNS = 7
LIMIT = 2.0
DAY = date(2026, 11, 22)


def main() -> int:
    """Print the times and their ratio; return 1 if it is above the limit."""
    fleet = _fleet()
    mixes = sweep(fleet, GRID, DAY)
    shares, costs = _shares(mixes), _tier_costs(mixes)
    _agree(mixes, shares @ costs)
    # By turns: what disturbs the machine for a while then disturbs both.
    pairs = [
        (_seconds(lambda: shares @ costs), _seconds(lambda: sweep(fleet, GRID, DAY))) for _ in range(RUNS)
    ]
    product, whole = map(min, zip(*pairs, strict=True))
    print(f"bare product, {MIXES:,} x {len(TIERS)} float64   {product * 1000:7.1f} ms, fastest of {RUNS}")
    print(f"sweep: mixes, costs, all highlights    {whole * 1000:7.1f} ms, fastest of {RUNS}")
    print(f"ratio                                   {whole / product:7.2f}    limit {LIMIT}")
    return int(whole / product > LIMIT)


def _fleet() -> Scenario:
    """Return the article's work on five tiers at invented prices."""
    rates = (Decimal("0.1"), Decimal("0.8"), Decimal(3), Decimal(5), Decimal(15))
    models = {
        f"{tier}-1": (PriceEntry(RateCard({"input": rate, "output": 5 * rate})),)
        for tier, rate in zip(TIERS, rates, strict=True)
    }
    tiers = {tier: (TierModel(f"{tier}-1"),) for tier in TIERS}
    sheet = PricingSheet("five-tiers", "USD", "invented for a benchmark", tiers, models)
    shares = dict(zip(TIERS, map(Decimal, ("0.4", "0.3", "0.2", "0.07", "0.03")), strict=True))
    strategies: dict[str, Strategy] = {
        "all-middle": UniformTier("middle"),
        "routed": Mix(shares),
        "all-huge": UniformTier("huge"),
    }
    work = load_scenario("article-fleet").workload
    return Scenario(
        "five-tiers", work, strategies, sheet, baseline="all-huge", default="all-middle", proposed="routed"
    )


def _shares(mixes: Sweep) -> npt.NDArray[np.float64]:
    """Return what the product multiplies: a row per mix, in the order of memory that suits it."""
    return np.ascontiguousarray(mixes.to_frame()[list(TIERS)].to_numpy())


def _tier_costs(mixes: Sweep) -> npt.NDArray[np.float64]:
    return np.array([float(mixes.tier_costs[tier] or 0) for tier in TIERS])


def _agree(mixes: Sweep, product: npt.NDArray[np.float64]) -> None:
    if mixes.count != MIXES:
        raise AssertionError(f"{mixes.count:,} mixes; expected {MIXES:,}")
    np.testing.assert_allclose(np.asarray(mixes.columns["cost_per_month"][:]), product, rtol=1e-9)


def _seconds(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


if __name__ == "__main__":
    sys.exit(main())
