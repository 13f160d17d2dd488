"""What leaves a range in the costs of a scenario: repeated work, subscriptions, or both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from routecost.model.results.verdicts.worst_of import REPEATED, WorstOf, worst_of

if TYPE_CHECKING:
    from routecost.model.scenario.scenario import Scenario
    from routecost.model.scenario.strategy import Expansion


def wording(scenario: Scenario, expansions: Iterable[Expansion]) -> WorstOf:
    """Return what the worst case of strategies is the worst case of, given their expansions."""
    if not scenario.subscriptions:
        return REPEATED
    from routecost.engine.pricing.subscriptions.fractions import is_ranged

    repeats = any(outcome.is_assumed for one in expansions for outcome in one.outcomes)
    return worst_of(repeats=repeats, subscribes=any(map(is_ranged, scenario.subscriptions.values())))
