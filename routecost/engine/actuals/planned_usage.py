"""Planned usage and cost of a strategy in a month, by model and meter.

Computed in fractions, because means over the days of a month and over calls may have endless decimals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cached_property

from routecost.engine.compare.compare import tier_models_of
from routecost.engine.pricing.price import price
from routecost.engine.projection.schedule import only_types
from routecost.model.pricing.sheet import STANDARD
from routecost.model.pricing.usage import CALLS, Usage, UsageKey
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.schedule import MonthSchedule, Part, Work
from routecost.model.scenario.workload import Workload
from routecost.records import dataclass
from routecost.units import ONE

NOTHING = Fraction(0)
Place = tuple[str, str]
"""A model and a meter."""


@dataclass(frozen=True)
class PlannedMonth:
    """A month of a strategy or migration, as scheduled; ``works`` are those of the schedule.

    ``cost`` is that of the projection, volume discounts and commitments included. ``pinned`` is the day
    whose prices apply throughout, if there is one. With a ``task_type`` it is only the part of that type.
    """

    scenario: Scenario
    month: MonthSchedule
    works: tuple[Work, ...]
    cost: Fraction
    pinned: date | None = None
    task_type: str | None = None

    @cached_property
    def task_types(self) -> tuple[str, ...]:
        """The task types that are planned in the month."""
        return tuple(dict.fromkeys(name for part in self._parts for name in self.works[part.work].task_types))

    def by_task_type(self, names: Iterable[str]) -> Mapping[str, PlannedMonth]:
        """Return the part of each task type; terms on the month's total are spread in proportion."""
        parts = {name: replace(self, task_type=name) for name in names}
        linear = {name: sum(part._linear_costs.values(), NOTHING) for name, part in parts.items()}
        whole = sum(linear.values(), NOTHING)
        rate = self.cost / whole if whole else NOTHING
        return {name: replace(part, cost=linear[name] * rate) for name, part in parts.items()}

    @cached_property
    def _parts(self) -> list[Part]:
        """The parts of the month with work of the task type."""
        wanted = self.task_type
        return [
            part for part in self.month.parts if wanted is None or wanted in self.works[part.work].task_types
        ]

    def _only(self, workload: Workload) -> Workload:
        return workload if self.task_type is None else only_types(workload, [self.task_type])

    def _day(self, part: Part) -> date:
        return self.pinned or part.since

    def _weight(self, part: Part) -> Fraction:
        """Return the number of days of its workload that a part represents in the month."""
        days = Fraction(self.month.days) * part.days / self.month.counted
        return days * Fraction(part.volume) * Fraction(part.factor)

    @cached_property
    def _usages(self) -> list[tuple[Part, Usage]]:
        """The usage of a day of each part."""
        usages = []
        for part in self._parts:
            strategy, work = self.scenario.strategies[part.strategy], self._only(part.work_of(self.works))
            usage = strategy.expand(work, tier_models_of(self.scenario, self._day(part))).usage
            usages.append((part, usage.scaled(ONE / part.scale) if part.follows_volume else usage))
        return usages

    @cached_property
    def tasks(self) -> Fraction:
        """The tasks of the month."""
        daily = (
            self._weight(part) * Fraction(self._only(self.works[part.work].workload).tasks_per_day)
            for part in self._parts
        )
        return sum(daily, NOTHING)

    @cached_property
    def calls(self) -> Fraction:
        """The calls of all models together."""
        return sum((count for (_, meter), count in self.units.items() if meter == CALLS), NOTHING)

    @cached_property
    def units(self) -> Mapping[Place, Fraction]:
        """Counts per model and meter, calls among them."""
        units: dict[Place, Fraction] = {}
        for part, usage in self._usages:
            for key, count in usage.counts.items():
                place = (key.model, key.meter)
                units[place] = units.get(place, NOTHING) + self._weight(part) * Fraction(count)
        return {place: count for place, count in units.items() if count}

    @cached_property
    def costs(self) -> Mapping[Place, Fraction]:
        """Costs by model and meter, which sum to the cost of the month unless it has no usage.

        Terms on a month's total are spread over everything, in proportion.
        """
        return {place: money * self.settled for place, money in self._linear_costs.items()}

    @cached_property
    def settled(self) -> Fraction:
        """Return a unit of money after the terms on the month's total."""
        linear = sum(self._linear_costs.values(), NOTHING)
        return self.cost / linear if linear else Fraction(1)

    @cached_property
    def is_idle(self) -> bool:
        """True if the month has a cost but no usage with a price."""
        return bool(self.cost) and not any(self._linear_costs.values())

    @cached_property
    def _linear_costs(self) -> Mapping[Place, Fraction]:
        costs: dict[Place, Fraction] = {}
        for part, usage in self._usages:
            for place, money in self._daily(usage, self._day(part)):
                costs[place] = costs.get(place, NOTHING) + self._weight(part) * money
        return costs

    def _daily(self, usage: Usage, day: date) -> Iterator[tuple[Place, Fraction]]:
        """Yield the cost of each model and meter per day, after linear terms."""
        for line in price(usage, self.scenario.pricing, day).lines:
            yield (line.key.model, line.key.meter), Fraction(line.amount) * Fraction(line.factor)

    @cached_property
    def _days(self) -> Mapping[date, int]:
        """The days whose prices hold in the month, each with the number of days for which they hold."""
        first = self.pinned or self.month.month
        days: dict[date, int] = {}
        for part in {part.begins: part for part in self.month.parts}.values():
            days[self._day(part)] = days.get(self._day(part), 0) + part.days
        return days or {first: 1}

    @cached_property
    def models_of(self) -> Mapping[str, tuple[str, ...]]:
        """The models that serve each tier in the month."""
        lines = [tier_models_of(self.scenario, day) for day in self._days]
        return {
            tier: tuple(dict.fromkeys(line.models[tier] for line in lines if tier in line.models))
            for tier in self.scenario.pricing.tier_names
        }

    def sheet_price(self, name: str, meter: str, *, is_tier: bool) -> Fraction:
        """Return the price of a unit on a tier or model, by the sheet, after all terms.

        For unplanned calls: at the rates of standard calls with short contexts. Raises UnpricedError
        and UnknownNameError if there is no price.
        """
        whole = sum(self._days.values())
        prices = (self._daily_price(name, meter, day, is_tier) * days for day, days in self._days.items())
        return sum(prices, NOTHING) / whole * self.settled

    def _daily_price(self, name: str, meter: str, day: date, is_tier: bool) -> Fraction:
        sheet = self.scenario.pricing
        model = tier_models_of(self.scenario, day).model(name) if is_tier else name
        first_step = next(iter(sheet.context_edges(model)), None)
        usage = Usage({UsageKey(model, meter, STANDARD, 0, first_step): ONE})
        return Fraction(price(usage, sheet, day).total)
