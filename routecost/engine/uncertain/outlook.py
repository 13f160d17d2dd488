"""Bands around a projection: what strategies cost on thousands of paths through what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from routecost.engine.compare import price_all
from routecost.engine.periods import parts, price_periods
from routecost.engine.uncertain.courses import Course, Courses
from routecost.engine.uncertain.numbers import PathNumber
from routecost.engine.uncertain.odds import odds
from routecost.engine.uncertain.sampling import draw
from routecost.engine.uncertain.settle import settled_paths
from routecost.engine.uncertain.twin import Draws, Number, on_paths
from routecost.engine.uncertain.variance import Sources
from routecost.engine.uncertain.vectors import Shape, Sum, Vectors
from routecost.model.horizon import Horizon
from routecost.model.outlook import INTERACTIONS, Outlook, StrategyOutlook, VarianceShare
from routecost.model.scenario import Scenario
from routecost.model.uncertain import FieldPath, Uncertainty, as_decimal
from routecost.units import exact

Key = tuple[str, date]
Daily = Mapping[Key, Number]


def outlook(scenario: Scenario, uncertainty: Uncertainty, horizon: Horizon, runs: int, seed: int) -> Outlook:
    """Return the bands of a projection of the scenario, from ``runs`` paths.

    Raises as :func:`routecost.engine.project.project` does, and DocumentError where a draw makes
    no valid scenario.
    """
    draws = {field.path: draw(field, runs, seed) for field in uncertainty.fields}
    daily = daily_costs(scenario, uncertainty, horizon, draws)
    vectors = Vectors()
    sums = {key: vectors.sum_of(number) for key, number in daily.items()}
    months = {name: list(_months(scenario, horizon, sums, name, vectors)) for name in scenario.strategies}
    if any(terms.volume is not None for terms in scenario.pricing.terms):
        months = {name: _settled(sums, scenario, vectors, runs) for name, sums in months.items()}
    courses = Courses(vectors, runs)
    made = {name: courses.course(sums) for name, sums in months.items()}
    budget = scenario.budget
    sources = _Sources(uncertainty, draws)
    return Outlook(
        runs=runs,
        seed=seed,
        fields=uncertainty.fields,
        strategies=tuple(_strategy(name, course, sources) for name, course in made.items()),
        odds=None if budget is None else odds(budget, scenario, months[budget.strategy], vectors, runs),
    )


def daily_costs(scenario: Scenario, uncertainty: Uncertainty, horizon: Horizon, draws: Draws) -> Daily:
    """Return what each strategy costs per day on each path, in each period of constant prices."""
    periods = price_periods(scenario.pricing, horizon)

    @exact
    def run(numbers: Mapping[FieldPath, PathNumber]) -> Daily:
        drawn = redrawn(scenario, uncertainty, numbers)
        return {
            (name, since): bill.total
            for since in periods
            for name, (_, bill) in price_all(drawn, horizon.pinned or since).items()
        }

    return on_paths(draws, run)


def redrawn(scenario: Scenario, uncertainty: Uncertainty, numbers: Mapping[FieldPath, object]) -> Scenario:
    """Return the scenario with other values of its uncertain fields; prices stay its own."""
    drawn = uncertainty.redraw(numbers)
    strategies = {name: drawn.strategies.get(name, kept) for name, kept in scenario.strategies.items()}
    return replace(scenario, workload=drawn.workload, strategies=strategies, latency=drawn.latency)


@exact
def _months(
    scenario: Scenario, horizon: Horizon, daily: Mapping[Key, Sum], strategy: str, vectors: Vectors
) -> Iterator[Sum]:
    """Yield each month's cost before volume discounts."""
    periods = price_periods(scenario.pricing, horizon)
    for at, month in enumerate(horizon.first_days):
        days = parts(month, periods)
        work = scenario.days_per_month * horizon.factor(at) / sum(part.days for part in days)
        costs = (
            vectors.product(vectors.sum_of(work * part.days), daily[strategy, part.since]) for part in days
        )
        yield sum(costs, Sum())


def _settled(sums: Sequence[Sum], scenario: Scenario, vectors: Vectors, runs: int) -> list[Sum]:
    return [vectors.keep(settled_paths(vectors.values(each, runs), scenario.pricing)) for each in sums]


def _strategy(name: str, course: Course, sources: _Sources) -> StrategyOutlook:
    return StrategyOutlook(name, course.months, course.cumulative, course.error, sources.of(course))


class _Sources:
    """Where the variance of totals comes from; totals that are multiples have it from the same."""

    def __init__(self, uncertainty: Uncertainty, draws: Draws) -> None:
        self._names = [field.name for field in uncertainty.fields]
        self._sources = Sources([draws[field.path] for field in uncertainty.fields])
        self._known: dict[Shape, tuple[VarianceShare, ...]] = {(): ()}

    def of(self, course: Course) -> tuple[VarianceShare, ...]:
        """Return the shares of the fields, the greatest first, and what is left for interactions."""
        shape = course.total.shape
        if shape not in self._known:
            assert course.totals is not None
            found = self._sources.shares(course.totals)
            rows = sorted(zip(self._names, found, strict=True), key=lambda row: -row[1])
            rows.append((INTERACTIONS, max(0.0, 1 - sum(found))))
            self._known[shape] = tuple(VarianceShare(name, as_decimal(share)) for name, share in rows)
        return self._known[shape]
