"""All break-evens of a scenario; each re-prices both sides at other values."""

from __future__ import annotations

from datetime import date

from routecost.engine.breakeven.escalation import escalations
from routecost.engine.breakeven.router import router
from routecost.engine.breakeven.tier_choice import failure_costs, success_rates
from routecost.engine.breakeven.volume import volume
from routecost.engine.breakeven.wrong_tier import wrong_tier
from routecost.engine.compare.compare import compare
from routecost.model.results.breakeven import Breakevens
from routecost.model.scenario.scenario import Scenario
from routecost.units import exact


@exact
def breakeven(scenario: Scenario, as_of: date) -> Breakevens:
    """Return the break-evens of a scenario, at the prices of ``as_of``.

    Raises as :func:`routecost.engine.compare.compare.compare` does for strategies that cannot be
    priced; a tier without a price that none of them uses gives the answer "not modelled".
    """
    comparison = compare(scenario, as_of)
    rows = (
        volume(scenario, as_of),
        *wrong_tier(scenario, as_of),
        *router(comparison),
        *success_rates(scenario, as_of),
        *failure_costs(scenario, as_of),
        *escalations(scenario, as_of),
    )
    return Breakevens(
        scenario=scenario.name,
        pricing=scenario.pricing.name,
        as_of=as_of,
        currency=scenario.pricing.currency,
        default=scenario.default,
        proposed=scenario.proposed,
        breakevens=rows,
        illustrative=scenario.illustrative,
        at_means=scenario.at_means,
    )
