"""Break-even points of a scenario, as a function: names and options in, a result out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from routecost.api.scenarios import day_of, resolve
from routecost.engine.breakeven import breakeven as _breakeven
from routecost.library import PathLike
from routecost.model.results.breakeven import Breakevens, routing_costs
from routecost.model.scenario.scenario import Scenario


def breakeven(
    scenario: PathLike | Scenario,
    *,
    engineering: str | Decimal | int | None = None,
    upkeep: str | Decimal | int | None = None,
    within: int | None = None,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    library: PathLike | None = None,
) -> Breakevens:
    """Find where the decisions of a scenario turn: volume, misrouting, success, failures, escalation.

    ``engineering`` is what routing costs once, ``upkeep`` per month, and ``within`` how many months
    it has to repay them; each takes the place of the scenario's own.

    Raises as :func:`compare` does; UsageError also if only some of the three are known.
    """
    loaded = resolve(scenario, pricing=pricing, as_of=as_of, library=library)
    costs = routing_costs(loaded.routing_costs, engineering, upkeep, within)
    return _breakeven.breakeven(replace(loaded, routing_costs=costs), day_of(loaded))
