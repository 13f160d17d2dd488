"""Sweeps of a scenario's fields: every point is a comparison of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations, groupby

from routecost.engine.numeric.pareto_frontier import undominated
from routecost.engine.sensitivity.crossovers import crossovers
from routecost.errors import UsageError
from routecost.model.results.comparison import Comparison, StrategyCost
from routecost.model.results.sensitivity import Crossover, FieldSweep, Parameter, Point, StrategyPoint, Value
from routecost.records import dataclass
from routecost.units import exact

Values = tuple[Value, ...]
TOTAL = "total_cost_per_month"
CompareAt = Callable[[Values], Comparison]
"""A function from a value of each parameter to the comparison of strategies."""


@exact
def sweep_fields(
    parameters: tuple[Parameter, ...], compared: Iterable[tuple[Values, Comparison]], compare_at: CompareAt
) -> FieldSweep:
    """Return a scenario at many points, and the crossovers of its strategies along the first number.

    ``compared`` has the comparison at every point, the last parameter varying fastest. Raises
    UsageError if their currencies differ.
    """
    totals = _Totals()
    points = tuple(totals.point(values, comparison) for values, comparison in compared)
    first = totals.first
    return FieldSweep(
        scenario=first.scenario,
        pricing=tuple(totals.pricing),
        as_of=tuple(totals.as_of),
        currency=first.currency,
        baseline=first.baseline,
        default=first.default,
        proposed=first.proposed,
        parameters=parameters,
        points=points,
        crossovers=tuple(_crossings(parameters, points, compare_at, "cost_per_month")),
        total_crossovers=tuple(_crossings(parameters, points, compare_at, TOTAL))
        if _has_totals(points)
        else None,
        escalates_unknown=tuple(totals.escalating),
        unpriced_reviews=tuple(totals.unpriced_reviews),
        worst_of=first.worst_of,
        unserved=tuple(totals.unserved),
    )


class _Totals:
    """The common properties of the comparisons, collected in one pass: no comparison is kept."""

    def __init__(self) -> None:
        self.pricing: dict[str, None] = {}
        self.as_of: dict[date, None] = {}
        self.escalating: dict[str, None] = {}
        self.unpriced_reviews: dict[str, None] = {}
        self.unserved: dict[str, None] = {}
        self._first: Comparison | None = None

    @property
    def first(self) -> Comparison:
        if self._first is None:
            raise UsageError("a sweep without points; expected at least one")
        return self._first

    def point(self, values: Values, comparison: Comparison) -> Point:
        first = self._first = self._first or comparison
        if comparison.currency != first.currency:
            raise UsageError(
                f'pricing sheet "{comparison.pricing}" is in {comparison.currency}, "{first.pricing}" in '
                f"{first.currency}; expected sheets of one currency"
            )
        self.pricing[comparison.pricing] = None
        self.as_of[comparison.as_of] = None
        shown = (cost.strategy for cost in comparison.strategies)
        self.escalating.update(dict.fromkeys(name for name in shown if name in comparison.if_all_escalate))
        self.unpriced_reviews.update(dict.fromkeys(comparison.unpriced_reviews))
        self.unserved.update({cost.strategy: None for cost in comparison.strategies if cost.leaves_tasks})
        return Point(values, tuple(_costs(comparison.strategies)))


def _costs(strategies: Sequence[StrategyCost]) -> Iterator[StrategyPoint]:
    qualities: list[Decimal | None] = [cost.success_rate for cost in strategies]
    known = [quality for quality in qualities if quality is not None]
    on_frontier: Sequence[bool | None] = [None] * len(qualities)
    is_same_work = len({cost.calls_per_task for cost in strategies}) == 1
    if len(known) == len(qualities) and is_same_work:
        on_frontier = list(_on_frontier(strategies, known))
    for cost, quality, is_on in zip(strategies, qualities, on_frontier, strict=True):
        yield StrategyPoint(
            cost.strategy,
            cost.cost_per_day,
            cost.cost_per_month,
            cost.vs_baseline,
            quality,
            is_on,
            cost.total_cost_per_month,
            cost.success_rate_low,
            cost.cost_per_month_high,
            cost.total_cost_per_month_high,
            cost.calls_per_task,
            cost.total_cost_per_month_low,
        )


def _on_frontier(strategies: Sequence[StrategyCost], qualities: Sequence[Decimal]) -> Iterator[bool | None]:
    """Yield whether each strategy is on the frontier; None if that depends on what subscriptions serve."""
    low = [cost.cost_per_month for cost in strategies]
    high = [
        usual if cost.subscribed is None else cost.cost_per_month_high
        for usual, cost in zip(low, strategies, strict=True)
    ]
    if low == high:
        yield from undominated(low, qualities)
        return
    for at in range(len(low)):
        best, worst = (
            undominated([*others[:at], own[at], *others[at + 1 :]], qualities)[at]
            for own, others in ((low, high), (high, low))
        )
        yield best if best == worst else None


@dataclass(frozen=True, slots=True)
class _Line:
    """Points that differ in one parameter alone, that at index ``place``."""

    place: int
    others: Values

    def at(self, value: Decimal) -> Values:
        return (*self.others[: self.place], value, *self.others[self.place :])


def _has_totals(points: Sequence[Point]) -> bool:
    """Return whether failures cost something, and what they cost is known at all points."""
    costs = [cost for point in points for cost in point.costs]
    return all(cost.total_cost_per_month is not None for cost in costs) and any(
        cost.total_cost_per_month != cost.cost_per_month for cost in costs
    )


def _crossings(
    parameters: tuple[Parameter, ...], points: Sequence[Point], compare_at: CompareAt, figure: str
) -> Iterator[Crossover]:
    """Yield the crossovers of a figure along the first numeric parameter, for all values of the others."""
    place = next((at for at, parameter in enumerate(parameters) if parameter.is_numeric), None)
    if place is None:
        return

    def line(point: Point) -> Values:
        return point.values[:place] + point.values[place + 1 :]

    ranks = {others: rank for rank, others in enumerate(dict.fromkeys(map(line, points)))}
    for others, along in groupby(sorted(points, key=lambda point: ranks[line(point)]), key=line):
        points_along = list(along)
        grid = [
            (number(point.values[place]), {cost.strategy: getattr(cost, figure) for cost in point.costs})
            for point in points_along
        ]
        where = _Line(place, others)

        def costs_at(value: Decimal, where: _Line = where) -> Mapping[str, Decimal]:
            costs = compare_at(where.at(value)).strategies
            return {cost.strategy: getattr(cost, figure) for cost in costs}

        yield from crossovers(parameters[place].name, grid, costs_at, others, _pairs(points_along))


def _pairs(points: Sequence[Point]) -> list[tuple[str, str]]:
    """Return the pairs of strategies that do the same work at all points."""
    work = {
        costs[0].strategy: [cost.calls_per_task for cost in costs]
        for costs in zip(*(point.costs for point in points), strict=True)
    }
    return [(one, other) for one, other in combinations(work, 2) if work[one] == work[other]]


def number(value: Value) -> Decimal:
    """Return a value of a numeric parameter."""
    assert isinstance(value, Decimal)
    return value
