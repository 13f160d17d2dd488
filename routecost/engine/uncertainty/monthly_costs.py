"""Costs of each strategy in each month, on all paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from routecost.engine.projection.schedule import schedule
from routecost.engine.uncertainty.linear_combination import LinearCombination
from routecost.engine.uncertainty.path_number import PathNumber, acting
from routecost.engine.uncertainty.path_vectors import PathVectors
from routecost.engine.uncertainty.run_on_paths import Draws, Number, Resample, paths
from routecost.engine.uncertainty.sampled_schedule import Key, daily, factor, numbers, volume
from routecost.engine.uncertainty.settle_paths import billed_paths
from routecost.model.scenario.distributions import as_decimal
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.schedule import MonthSchedule, Schedule
from routecost.records import dataclass
from routecost.units import ZERO

Rows = Mapping[str, list[LinearCombination]]
"""Strategy -> cost of each month."""


@dataclass(frozen=True, slots=True)
class Costs:
    """The cost of each strategy in each month on every path; ``made`` are the numbers behind it."""

    scenario: Scenario
    resample: Resample
    planned: Schedule
    by_key: Mapping[Key, Number]
    space: PathVectors

    @property
    def rows(self) -> Rows:
        """The cost of each month, by strategy."""
        return {name: self.row(name) for name in self.planned.rows}

    def row(self, name: str) -> list[LinearCombination]:
        """Return the cost of each month of a strategy."""
        months = self.planned.rows[name]
        return [
            billed_paths(_month(month, self.by_key), month.month, self.scenario, self.space)
            for month in months
        ]

    def with_mean_days(self) -> Costs:
        """Return the costs if a day of each work costs the mean over all paths on every path."""
        means = {
            key: as_decimal(float(number.values.mean())) if isinstance(number, PathNumber) else number
            for key, number in self.by_key.items()
            if key[0] == daily.__name__
        }
        return replace(self, by_key={**self.by_key, **means})


def costs(scenario: Scenario, horizon: Horizon, draws: Draws, resample: Resample) -> Costs:
    """Return the cost of each strategy in each month on every path."""
    by_key = numbers(scenario, horizon, draws, resample)
    drawn = [number for number in by_key.values() if isinstance(number, PathNumber)]
    space = drawn[0].space if drawn else PathVectors(paths(draws))
    space.keep(number.sum for number in drawn)
    return Costs(scenario, resample, schedule(scenario, horizon), by_key, space)


def _month(month: MonthSchedule, by_key: Mapping[Key, Number]) -> LinearCombination:
    """Return the cost of a month, before terms that depend on its total."""

    def number(key: Key) -> Decimal:
        return acting(by_key.get(key, ZERO))  # a missing number is 0 on all paths

    parts = tuple(
        part._replace(volume=number(volume(part)), factor=number(factor(part))) for part in month.parts
    )
    cost: Number = replace(month, parts=parts).cost(lambda part: number(daily(part)))
    return cost.sum if isinstance(cost, PathNumber) else LinearCombination(float(cost))
