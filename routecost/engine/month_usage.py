"""What a strategy was planned to use and pay in a month, model by model and meter by meter.

In fractions, because means over the days of a month and over calls do not end in decimals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from routecost.engine.compare import lineup_of
from routecost.engine.periods import Part, parts, price_periods
from routecost.engine.price import price
from routecost.model.horizon import Horizon
from routecost.model.pricing import STANDARD
from routecost.model.results import Bill
from routecost.model.scenario import Scenario
from routecost.model.usage import CALLS, Usage, UsageKey

NOTHING = Fraction(0)
Place = tuple[str, str]
"""A model and a meter."""


@dataclass(frozen=True)
class PlannedMonth:
    """A month of a strategy; ``cost`` is what the projection says, volume discounts included.

    ``days`` are its parts of constant prices.
    """

    scenario: Scenario
    strategy: str
    days: tuple[Part, ...]
    factor: Decimal
    cost: Fraction
    pinned: date | None

    @cached_property
    def _usages(self) -> list[tuple[Fraction, date, Usage]]:
        """The usage of a day in each part, and how many such days the month has."""
        whole = sum(part.days for part in self.days)
        month = Fraction(self.scenario.days_per_month) * Fraction(self.factor)
        found = []
        for part in self.days:
            day = self.pinned or part.since
            expand = self.scenario.strategies[self.strategy].expand
            usage = expand(self.scenario.workload, lineup_of(self.scenario, day)).usage
            found.append((month * part.days / whole, day, usage))
        return found

    @property
    def tasks(self) -> Fraction:
        """The tasks of the month."""
        daily = Fraction(self.scenario.workload.tasks_per_day)
        return daily * Fraction(self.scenario.days_per_month) * Fraction(self.factor)

    @cached_property
    def calls(self) -> Fraction:
        """The calls of all models together."""
        return sum((count for (_, meter), count in self.units.items() if meter == CALLS), NOTHING)

    @cached_property
    def units(self) -> Mapping[Place, Fraction]:
        """Counts per model and meter, calls among them."""
        found: dict[Place, Fraction] = {}
        for days, _, usage in self._usages:
            for key, count in usage.counts.items():
                place = (key.model, key.meter)
                found[place] = found.get(place, NOTHING) + days * Fraction(count)
        return {place: count for place, count in found.items() if count}

    @cached_property
    def costs(self) -> Mapping[Place, Fraction]:
        """Money per model and meter, which sums to the cost of the month.

        Terms on a model are spread over its meters, and volume discounts over all, in proportion.
        """
        listed = self._linear_costs
        return {place: money * self.discounted for place, money in listed.items()}

    @cached_property
    def discounted(self) -> Fraction:
        """What is left of a unit of money after volume discounts."""
        linear = sum(self._linear_costs.values(), NOTHING)
        return self.cost / linear if linear else Fraction(1)

    @cached_property
    def _linear_costs(self) -> Mapping[Place, Fraction]:
        found: dict[Place, Fraction] = {}
        for days, day, usage in self._usages:
            for place, money in self._daily(usage, day):
                found[place] = found.get(place, NOTHING) + days * money
        return found

    def _daily(self, usage: Usage, day: date) -> Iterator[tuple[Place, Fraction]]:
        """Yield what each model and meter costs in a day; each model's bill stands for itself."""
        for model in dict.fromkeys(key.model for key in usage.counts):
            own = Usage({key: count for key, count in usage.counts.items() if key.model == model})
            bill = price(own, self.scenario.pricing, day)
            share = _after_terms(bill)
            for line in bill.lines:
                yield (model, line.key.meter), Fraction(line.amount) * share

    @cached_property
    def models_of(self) -> Mapping[str, tuple[str, ...]]:
        """The models that each tier is in the month."""
        lines = [lineup_of(self.scenario, self.pinned or part.since) for part in self.days]
        tiers = self.scenario.pricing.tier_names
        return {
            tier: tuple(dict.fromkeys(line.models[tier] for line in lines if tier in line.models))
            for tier in tiers
        }

    def sheet_price(self, name: str, meter: str, *, is_tier: bool) -> Fraction:
        """Return what a unit costs on a tier or model, by the sheet, after terms and discounts.

        For calls that were not planned: at the rates of standard calls with short contexts. Raises
        UnpricedError and UnknownNameError for what has no price.
        """
        whole = sum(part.days for part in self.days)
        prices = (
            self._daily_price(name, meter, self.pinned or part.since, is_tier) * part.days
            for part in self.days
        )
        return sum(prices, NOTHING) / whole * self.discounted

    def _daily_price(self, name: str, meter: str, day: date, is_tier: bool) -> Fraction:
        sheet = self.scenario.pricing
        model = lineup_of(self.scenario, day).model(name) if is_tier else name
        first_step = next(iter(sheet.context_edges(model)), None)
        usage = Usage({UsageKey(model, meter, STANDARD, 0, first_step): Decimal(1)})
        bill = price(usage, sheet, day)
        return Fraction(bill.total)


def _after_terms(bill: Bill) -> Fraction:
    """Return what the terms make of a unit of money at list prices."""
    listed = sum((Fraction(line.amount) for line in bill.lines), NOTHING)
    return Fraction(bill.total) / listed if listed else Fraction(1)


def planned_month(
    scenario: Scenario, horizon: Horizon, strategy: str, at: int, cost: Decimal
) -> PlannedMonth:
    """Return month ``at`` (from 0) of a strategy, which the projection prices at ``cost``."""
    month = horizon.first_days[at]
    days = parts(month, price_periods(scenario.pricing, horizon))
    return PlannedMonth(scenario, strategy, days, horizon.factor(at), Fraction(cost), horizon.pinned)
