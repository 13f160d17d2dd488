"""Figures of parts of costs, for claims: ``parts.routed.owner.support.cost_per_month``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from datetime import date
from decimal import Decimal

from routecost.engine.breakdown.cells import tasks_of
from routecost.engine.breakdown.divide import divide_month, order_of
from routecost.engine.compare.unpriced import only
from routecost.errors import UnknownFigureError, UnknownNameError
from routecost.model.results.breakdown.breakdown import Breakdown, Dimension, Kind, PartCost, read_dimension
from routecost.model.scenario.budget import Period
from routecost.model.scenario.figure_path import FigurePath
from routecost.model.scenario.scenario import Scenario
from routecost.problems import did_you_mean
from routecost.records import dataclass
from routecost.units import exact


@dataclass(eq=False, repr=False)
class PartFigures:
    """Figures of parts of the costs of a month; each cost is divided once."""

    _divided: dict[tuple[int, date, str, Dimension], tuple[Scenario, Breakdown]] = field(default_factory=dict)

    @exact
    def __call__(self, path: FigurePath, scenario: Scenario, day: date) -> Decimal:
        """Return the figure at a path, at the prices of a day.

        Raises UnknownNameError for an unknown strategy, tag or part, UnknownFigureError for failures whose
        cost is not known.
        """
        strategy, part, by = path.name or "", path.part or "", read_dimension(path.by or "")
        if strategy not in scenario.strategies:
            raise UnknownNameError(
                f'no strategy named "{strategy}"{did_you_mean(strategy, scenario.strategies)}'
            )
        key = id(scenario), day, strategy, by
        if key not in self._divided:
            _check_tag(scenario, by)
            (breakdown,) = divide_month(only(scenario, {strategy}), day, [by])
            self._divided[key] = scenario, breakdown
        months = self._divided[key][1].costs[strategy]
        if part not in months:
            known = dict.fromkeys((*months, *_known(scenario, by)))
            if part not in known:
                raise UnknownNameError(f'unknown {by.label} "{part}" in "{path}"{did_you_mean(part, known)}')
        cost = months[part][0] if part in months else PartCost()
        return _figure(path, cost, scenario, counts=self._divided[key][1].has_failures)


def _check_tag(scenario: Scenario, by: Dimension) -> None:
    known = dict.fromkeys(tag for task in tasks_of(scenario).values() for tag in task.tags)
    if by.kind is Kind.TAG and by.tag not in known:
        raise UnknownNameError(f'no task type has a tag "{by.tag}"{did_you_mean(by.tag, known)}')


def _known(scenario: Scenario, by: Dimension) -> Iterator[str]:
    """Yield the names of parts that a scenario and its prices have, whether they cost anything or not."""
    if by.kind is Kind.MODEL:
        yield from scenario.pricing.models
    elif by.kind is Kind.PROVIDER:
        yield from scenario.pricing.providers
    else:
        yield from (name for name in order_of(by, scenario, tasks_of(scenario).values()) if name)


def _figure(path: FigurePath, cost: PartCost, scenario: Scenario, *, counts: bool) -> Decimal:
    if path.field.startswith("cost_"):
        per = Period(path.field.removeprefix("cost_per_"))
        return cost.cost * scenario.days_per(per) / scenario.days_per_month
    of_path = cost.failures if path.field.startswith("failure_cost") else cost.total
    if not counts or of_path is None or of_path.known is None:
        raise UnknownFigureError(f'"{path}" is unknown: the cost of failures is not stated or not divided')
    return of_path.known
