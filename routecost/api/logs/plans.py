"""Scenarios beside logs."""

from __future__ import annotations

from routecost.engine.logs.pricing import CellPricer
from routecost.errors import CurrencyError, UsageError, known_strategy
from routecost.model.scenario.scenario import Scenario


def planned_strategy(scenario: Scenario, name: str | None) -> str:
    """Return the strategy to plan with: the given one, else the proposed, the default or the only one."""
    if name is not None:
        return known_strategy(name, scenario.strategies)
    chosen = scenario.proposed or scenario.default or next(iter(scenario.strategies))
    if len(scenario.strategies) > 1 and not (scenario.proposed or scenario.default):
        raise UsageError(
            f'scenario "{scenario.name}" neither proposes a strategy nor has a default; add --strategy'
        )
    return chosen


def refuse_currency(scenario: Scenario, pricer: CellPricer) -> None:
    """Raise CurrencyError if a scenario is in another currency than the prices."""
    if scenario.pricing.currency != pricer.sheet.currency:
        raise CurrencyError(
            f'scenario "{scenario.name}" is in {scenario.pricing.currency}, but pricing sheet '
            f'"{pricer.sheet.name}" is in {pricer.sheet.currency}; they cannot be compared'
        )
