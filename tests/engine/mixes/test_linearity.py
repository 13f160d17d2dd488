"""A sweep sums the costs of tiers, so it refuses what is more or less than the sum of its parts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

import routecost
from routecost.errors import UsageError
from routecost.model.pricing.terms import Terms, VolumeDiscount, VolumeStep
from routecost.model.scenario.caching import CachedPrefix
from routecost.model.scenario.workload import Workload

FLEET = routecost.load_scenario("article-fleet")
VOLUME = VolumeDiscount((VolumeStep(Decimal(20), Decimal("0.5")),))


def test_a_sweep_refuses_volume_discounts() -> None:
    sheet = replace(FLEET.pricing, terms=(Terms("USD", volume=VOLUME),))
    with pytest.raises(UsageError, match='"claude-article" has volume discounts'):
        routecost.sweep(replace(FLEET, pricing=sheet, claims=()))


@pytest.mark.parametrize(("reuse", "refused"), [(0, False), (10, True)])
def test_a_sweep_refuses_a_cache_that_calls_share(reuse: int, refused: bool) -> None:
    cache = CachedPrefix(Decimal(1_000), Decimal(reuse))
    tasks = tuple(replace(task, cache=cache) for task in FLEET.workload.task_types)
    scenario = replace(FLEET, workload=Workload(tasks), claims=())
    if refused:
        with pytest.raises(UsageError, match='"tasks" has a cached prefix'):
            routecost.sweep(scenario)
    else:
        assert routecost.sweep(scenario, step="50%").count == 6
