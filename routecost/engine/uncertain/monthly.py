"""What each strategy costs in each month, on all paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from routecost.engine.uncertain.drawn import Key, daily, factor, numbers, volume
from routecost.engine.uncertain.numbers import PathNumber, acting
from routecost.engine.uncertain.settle import billed_paths
from routecost.engine.uncertain.space import Space, Sum
from routecost.engine.uncertain.twin import Draws, Number, paths
from routecost.engine.volumes import schedule
from routecost.model.horizon import Horizon
from routecost.model.scenario import Scenario
from routecost.model.schedule import MonthSchedule
from routecost.model.workload import ZERO

Rows = Mapping[str, list[Sum]]
"""Strategy -> what each month costs."""


def costs(scenario: Scenario, horizon: Horizon, draws: Draws) -> tuple[Space, Rows]:
    """Return what each strategy costs in each month on every path."""
    made = numbers(scenario, horizon, draws)
    spaces = [number.space for number in made.values() if isinstance(number, PathNumber)]
    space = spaces[0] if spaces else Space(paths(draws))
    planned = schedule(scenario, horizon).rows
    return space, {
        name: [billed_paths(_month(month, made), month.month, scenario, space) for month in months]
        for name, months in planned.items()
    }


def _month(month: MonthSchedule, made: Mapping[Key, Number]) -> Sum:
    """Return what a month costs before what depends on its total."""

    def number(key: Key) -> Decimal:
        return acting(made.get(key, ZERO))  # what is not there was nothing on all paths

    parts = tuple(
        part._replace(volume=number(volume(part)), factor=number(factor(part))) for part in month.parts
    )
    cost: Number = replace(month, parts=parts).cost(lambda part: number(daily(part)))
    return cost.sum if isinstance(cost, PathNumber) else Sum(float(cost))
