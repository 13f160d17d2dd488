"""The amounts of a scenario at given sliders and mixes, computed by the engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from routecost.api.interactive.sliders import changes, mix_changes
from routecost.api.scenarios import day_of
from routecost.documents.scenario.scenario_file import ScenarioFile
from routecost.engine.compare.compare import compare, costs_of, price_all, settled_bill
from routecost.engine.interactive.piecewise import Values
from routecost.engine.pricing.subscriptions.payers import calls_per_task, subscribed_months
from routecost.engine.strategies.mix import Mix
from routecost.errors import DocumentError
from routecost.model.results.comparison import StrategyCost
from routecost.model.results.failures import cost_of
from routecost.model.results.interactive.what_if_page import AMOUNTS, PageMix, Point, Slider
from routecost.model.scenario.scenario import Scenario
from routecost.records import dataclass
from routecost.units import ONE, exact

SAVINGS = "savings"
Shares = Mapping[str, Decimal]


def amount_name(strategy: str, amount: str, tier: str = "") -> str:
    """Return the name of an amount of a strategy, or of the same strategy on one tier of its mix."""
    return "\0".join((strategy, tier, amount))


@dataclass(frozen=True)
class Engine:
    """Computes the amounts of all strategies at a sheet, and those of mixes on each of their tiers.

    With ``has_bounds``, it computes the bounds of the savings too.
    """

    file: ScenarioFile
    sliders: Sequence[Slider]
    mixes: Sequence[PageMix]
    has_bounds: bool = False

    def scenario(self, point: Point, shares: Mapping[str, Shares] | None = None) -> Scenario:
        """Return the scenario with sliders and mixes set. Raises DocumentError if they are invalid."""
        changed = changes(self.sliders, point)
        for mix in self.mixes:
            if shares and mix.strategy in shares:
                changed |= mix_changes(mix, shares[mix.strategy])
        if not changed:
            return self.file.scenario
        variant = self.file.variant(changed)
        if variant.scenario is None:
            raise DocumentError(variant.faults)
        return variant.scenario

    @exact
    def amounts(self, point: Point, shares: Mapping[str, Shares] | None = None) -> Values:
        """Return all amounts at a value of each slider, with other shares of some mixes."""
        scenario = self.scenario(point, shares)
        values: dict[str, Decimal | None] = {}
        alone = {} if shares else dict(self._on_each_tier(scenario))
        for name, cost in _costs(replace(scenario, strategies={**scenario.strategies, **alone})).items():
            strategy, _, tier = name.partition("\0")
            for amount, value in zip(AMOUNTS, _amounts(cost), strict=True):
                values[amount_name(strategy, amount, tier)] = value
        if self.has_bounds:
            savings = compare(scenario, day_of(self.file.scenario)).savings
            for end in ("low", "high"):
                values[amount_name(SAVINGS, end)] = getattr(savings, f"with_failures_per_month_{end}", None)
        return values

    def _on_each_tier(self, scenario: Scenario) -> Iterator[tuple[str, Mix]]:
        for mix in self.mixes:
            strategy = scenario.strategies.get(mix.strategy)
            if isinstance(strategy, Mix):
                for tier in mix.shares:
                    yield f"{mix.strategy}\0{tier}", replace(strategy, shares={tier: ONE})


def _costs(scenario: Scenario) -> Mapping[str, StrategyCost]:
    bare, day = replace(scenario, baseline=None, budget=None), day_of(scenario)
    priced = price_all(bare, day)
    months = {name: settled_bill(bill, bare) for name, (_, bill) in priced.items()}
    paid = subscribed_months(bare, priced)
    work = {name: calls_per_task(one, paid.get(name)) for name, (one, _) in priced.items()}
    return costs_of(bare, day, priced, months, work)


def _amounts(cost: StrategyCost) -> Iterator[Decimal | None]:
    """Yield the amounts of a strategy, in the order of AMOUNTS."""
    for case in (cost, cost.in_worst_case):
        yield case.cost_per_month
        yield from cost_of(case.failures)
