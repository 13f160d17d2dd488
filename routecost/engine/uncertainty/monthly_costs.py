"""Costs of each strategy in each month, on all paths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property, reduce
from operator import add

import numpy as np

from routecost.engine.pricing.commitments import Years
from routecost.engine.pricing.pieces import SPEND, Arithmetic, Piece, Pieces
from routecost.engine.pricing.settlement import SecondStage
from routecost.engine.projection.month_bills import Daily, begun_years, equal_days, summed
from routecost.engine.projection.schedule import schedule
from routecost.engine.uncertainty.linear_combination import LinearCombination
from routecost.engine.uncertainty.path_number import PathNumber, acting
from routecost.engine.uncertainty.path_vectors import PathVectors
from routecost.engine.uncertainty.run_on_paths import Draws, Number, Resample, paths
from routecost.engine.uncertainty.sampled_schedule import Key, factor, numbers, volume
from routecost.model.scenario.distributions import as_decimal
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.schedule import MonthSchedule, Part, Schedule
from routecost.records import dataclass
from routecost.units import ZERO

ARRAYS = Arithmetic(np.minimum, np.where, float)
"""The arithmetic of arrays."""

Rows = Mapping[str, list[LinearCombination]]
"""Strategy -> cost of each month."""


@dataclass(frozen=True)
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
        return self.of_months(self.planned.rows[name])

    def of_months(self, months: Sequence[MonthSchedule]) -> list[LinearCombination]:
        """Return the cost of each of the scheduled months."""
        stage, years = SecondStage.of_month_plan(self.scenario), years_of(self.scenario, months[0].month)
        return [
            _billed(acting_month(month, self.by_key), self.daily, stage, self.space, years)
            for month in months
        ]

    def daily(self, part: Part) -> Pieces:
        """Return the pieces of the bill of a day of a part's work."""
        return self._pieces[part.strategy, part.work, part.priced_on]

    @cached_property
    def _pieces(self) -> Mapping[tuple[str, int, date], dict[Piece, Number]]:
        """The pieces of the bill of a day, by strategy, work and day of the prices."""
        by_day: dict[tuple[str, int, date], dict[Piece, Number]] = defaultdict(dict)
        for (name, strategy, work, since), number in self.by_key.items():
            if isinstance(name, Piece):
                by_day[strategy, work, since][name] = number
        return by_day

    def with_mean_days(self) -> Costs:
        """Return the costs if a day of each work costs the mean over all paths on every path."""
        means = {
            key: as_decimal(float(number.values.mean())) if isinstance(number, PathNumber) else number
            for key, number in self.by_key.items()
            if isinstance(key[0], Piece)
        }
        return replace(self, by_key={**self.by_key, **means})


def costs(scenario: Scenario, horizon: Horizon, draws: Draws, resample: Resample) -> Costs:
    """Return the cost of each strategy in each month on every path."""
    by_key = numbers(scenario, horizon, draws, resample)
    drawn = [number for number in by_key.values() if isinstance(number, PathNumber)]
    space = drawn[0].space if drawn else PathVectors(paths(draws))
    space.keep(number.sum for number in drawn)
    return Costs(scenario, resample, schedule(scenario, horizon), by_key, space)


def years_of(scenario: Scenario, first: date) -> Years:
    """Return the contract years begun at the first month, with floats."""
    years = begun_years(scenario, first)
    years.paid = {one: (float(spend), float(paid)) for one, (spend, paid) in years.paid.items()}
    return years


def acting_month(month: MonthSchedule, by_key: Mapping[Key, Number]) -> MonthSchedule:
    """Return a month whose volumes have a value on every path."""

    def number(key: Key) -> Decimal:
        return acting(by_key.get(key, ZERO))  # a missing number is 0 on all paths

    parts = tuple(
        part._replace(volume=number(volume(part)), factor=number(factor(part))) for part in month.parts
    )
    return replace(month, parts=parts)


def _billed(
    month: MonthSchedule, daily: Daily, stage: SecondStage, space: PathVectors, years: Years
) -> LinearCombination:
    """Return the bill of a month: :func:`routecost.engine.projection.month_bills.billed`, path by path."""
    pieces, years.month = summed(month, daily), month.month
    commitments = [commitment for commitment in stage.commitments if commitment.holds(month.month)]
    if not (commitments or stage.volumes or stage.allowances or stage.fees or stage.subscriptions):
        return _combination(reduce(add, (pieces[name] for name in pieces if name.what == SPEND)))
    changes = [
        stage.days(values_of(day, space), float(month.days * days), float(month.counted), ARRAYS)
        for days, day in (equal_days(month, daily) if stage.has_daily else ())
    ]
    return space.vector(stage.month(values_of(pieces, space), changes, commitments, ARRAYS, years).total)


def values_of(pieces: Pieces, space: PathVectors) -> Pieces:
    """Return pieces as arrays."""
    return {name: space.values(_combination(number)) for name, number in pieces.items()}


def _combination(number: Number) -> LinearCombination:
    return number.sum if isinstance(number, PathNumber) else LinearCombination(float(number))
