"""The bill of a strategy for a day's work, which knows the fees that are due with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from routecost.engine.pricing.price import price
from routecost.errors import UnpricedError

if TYPE_CHECKING:
    from routecost.model.pricing.bill import Bill
    from routecost.model.scenario.scenario import Scenario
    from routecost.model.scenario.strategy import Expansion, Strategy, TierModels


def day_bill(scenario: Scenario, strategy: Strategy, tiers: TierModels) -> tuple[Expansion, Bill]:
    """Return the expansion of a strategy for a day's work, and its bill."""
    expansion = strategy.expand(scenario.workload, tiers)
    bill = price(expansion.usage, scenario.pricing, tiers.day)
    if strategy.fees_of is None:
        return expansion, bill
    bill = replace(bill, fees_of=strategy.fees_of)
    if strategy.fees_of in scenario.subscriptions:
        from routecost.engine.pricing.subscriptions.parts import with_parts  # few scenarios have any

        bill = with_parts(bill, scenario, strategy, expansion, tiers)
    return expansion, bill


def check_fees(scenario: Scenario, bills: Mapping[str, Bill]) -> None:
    """Raise UnpricedError, with its place, if a strategy has no rate for a fee of all its models, or several.

    ``bills`` are those of all work of a day, by strategy.
    """
    if all(fee.tier is not None for fee in scenario.fixed_fees):
        return
    from routecost.engine.compare.unpriced import with_place
    from routecost.engine.pricing.settlement import SecondStage

    stage = SecondStage.of(scenario)
    for name, bill in bills.items():
        try:
            stage.check(bill)
        except UnpricedError as error:
            raise with_place(error, scenario, name) from None
