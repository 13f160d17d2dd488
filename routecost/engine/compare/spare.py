"""What is free or paid for and not used up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from routecost.units import ZERO

if TYPE_CHECKING:
    from routecost.model.pricing.bill import Bill
    from routecost.model.pricing.terms import Allowance
    from routecost.model.scenario.scenario import Scenario
    from routecost.problems import Position


def spare(scenario: Scenario, day: Bill) -> dict[str, Any]:
    """Return what is free or paid for and not used up, as fields of a strategy's cost.

    Without what no strategy uses up, which is a warning of the scenario.
    """
    if not scenario.has_terms_on_totals:
        return {}
    from routecost.engine.pricing.settlement import SecondStage

    stage = SecondStage.of(scenario)
    warned = {finding.position for finding in scenario.warnings}
    return {
        "within_free": tuple(
            (allowance, count)
            for allowance, count in stage.counted(day, scenario.days_per_month)
            if count <= allowance.free and _place_of(allowance, scenario) not in warned
        ),
        "spare_capacity": tuple(
            (capacity, tokens)
            for capacity, tokens in stage.served(day)
            if tokens < (capacity.tokens_per_day or ZERO)
        ),
    }


def _place_of(allowance: Allowance, scenario: Scenario) -> Position | None:
    """Return the position of an allowance's free units in its sheet, if known."""
    for terms in scenario.pricing.terms:
        if allowance in terms.allowances and terms.place is not None:
            return terms.place("", ("allowances", terms.allowances.index(allowance), "free")).position
    return None
