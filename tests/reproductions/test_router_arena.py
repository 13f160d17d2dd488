"""RouterArena: its score of accuracy and cost."""

from __future__ import annotations

import pytest

from routecost.optimize.outcomes.statistics.metrics import arena_score


def test_the_published_score_follows_from_accuracy_and_cost() -> None:
    assert arena_score(0.718453907843953, 0.13639649) == pytest.approx(0.71475933, abs=1e-8)
