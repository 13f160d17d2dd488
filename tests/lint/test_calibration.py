"""Of fleets whose tiers fail equally often, few have a finding that their planner is miscalibrated."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from routecost.lint.facts.calibration import failure_gaps
from routecost.lint.facts.evidence import LocatedEvidence
from routecost.model.routing.limits import DEFAULT_LIMITS
from routecost.model.routing.table import Evidence, Route
from routecost.source import read_text
from tests.lint.worlds import DAY

TIERS = ("haiku", "sonnet", "opus")
STRICT = replace(DEFAULT_LIMITS, failure_gap=Decimal(0))
DOCUMENT, _ = read_text("version: 1", "table.yaml")


def fleet(successes: list[int], trials: int) -> list[tuple[Route, LocatedEvidence]]:
    """Return rows on each tier in turn, each with evidence."""
    rows = []
    for index, good in enumerate(successes):
        tier, task = TIERS[index % 3], f"task {index}"
        evidence = Evidence(task, tier, good, trials, DAY)
        assert DOCUMENT is not None
        rows.append(
            (Route(task, tier, index), LocatedEvidence(evidence, DOCUMENT, ("routes", index, "evidence")))
        )
    return rows


@pytest.mark.parametrize(("trials", "failing"), [(30, 0.05), (200, 0.05), (200, 0.3)])
def test_of_equal_tiers_few_are_accused(trials: int, failing: float) -> None:
    chance = np.random.default_rng(7)
    drawn = chance.binomial(trials, 1 - failing, size=(400, 30))
    accused = [bool(list(failure_gaps(fleet(list(map(int, row)), trials), TIERS, STRICT))) for row in drawn]
    assert sum(accused) <= 0.05 * len(accused)


def test_the_row_that_differs_is_named_among_many() -> None:
    successes = [995, 995, 995] * 10
    successes[6] = 900
    (found,) = failure_gaps(fleet(successes, 1000), TIERS, DEFAULT_LIMITS)
    assert (found.task, found.low_tier, found.high_tier, found.index) == ("task 6", "haiku", "sonnet", 6)
