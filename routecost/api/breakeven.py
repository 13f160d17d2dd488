"""Break-even points of a scenario."""

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
    """Compute break-even points of a scenario: volume, misrouting, success, failures, escalation.

    ``engineering`` is the one-time cost of routing, ``upkeep`` its cost per month, and ``within``
    the number of months in which it must pay off; each overrides the scenario's own.

    Raises as :func:`compare` does; also raises UsageError if only some of the three are known.
    """
    loaded = resolve(scenario, pricing=pricing, as_of=as_of, library=library)
    costs = routing_costs(loaded.routing_costs, engineering, upkeep, within)
    return _breakeven.breakeven(replace(loaded, routing_costs=costs), day_of(loaded))
