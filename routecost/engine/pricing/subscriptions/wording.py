"""What leaves a range in the costs of a scenario: repeated work, subscriptions, or both."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from routecost.model.results.verdicts.worst_of import REPEATED, WorstOf, worst_of

if TYPE_CHECKING:
    from routecost.model.scenario.scenario import Scenario
    from routecost.model.scenario.strategy import Expansion


def wording(
    scenario: Scenario, expansions: Iterable[Expansion], strategies: Collection[str] | None = None
) -> WorstOf:
    """Return what the worst case of strategies is the worst case of, given their expansions.

    ``strategies`` are their names; None are all of the scenario.
    """
    if not scenario.subscriptions:
        return REPEATED
    from routecost.engine.pricing.subscriptions.fractions import is_ranged

    names = scenario.strategies if strategies is None else strategies
    payers = {scenario.strategies[name].fees_of for name in names}
    paid = [subscription for name, subscription in scenario.subscriptions.items() if name in payers]
    repeats = any(outcome.is_assumed for one in expansions for outcome in one.outcomes)
    return worst_of(repeats=repeats, subscribes=any(map(is_ranged, paid)))
