"""Line chart of a sweep of fields, with crossover points; a panel per value of further fields."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from routecost.model.report.cells import Amount, Quantity, Unit
from routecost.model.report.line_figure import (
    Across,
    LineFigure,
    LinePanel,
    LinePanelsFigure,
    Names,
    Numbers,
    Series,
    Spot,
)
from routecost.model.report.report import Figure
from routecost.model.results.failures import Between
from routecost.model.results.sensitivity import (
    Crossover,
    FieldSweep,
    Parameter,
    ParameterKind,
    Point,
    StrategyPoint,
    Value,
)
from routecost.report.worst_case import drawn

UNITS = {
    ParameterKind.NUMBER: Unit.NUMBER,
    ParameterKind.SHARE: Unit.SHARE,
    ParameterKind.DAY: Unit.DATE,
    ParameterKind.NAME: Unit.TEXT,
}
MOST_SPOTS = 4
"""Maximum number of crossover points labelled on a chart."""

MOST_COLUMNS = 3
MOST_PANELS = 12
"""Maximum number of panels on a chart."""


def figure(sweep: FieldSweep) -> Figure:
    """Return the figure of a sweep: lines over its first numeric field, else its first field."""
    numeric = [at for at, parameter in enumerate(sweep.parameters) if parameter.is_numeric]
    place = numeric[0] if numeric else 0
    along = sweep.parameters[place]
    about = _about(sweep, along)
    if len(sweep.parameters) == 1:
        lines = _lines(sweep, sweep.points, place)
        return LineFigure(across=_across(along), lines=lines, spots=_spots(sweep), **about)
    return _panels(sweep, place, about)


def _about(sweep: FieldSweep, along: Parameter) -> dict[str, Any]:
    days = f", as of {sweep.as_of[0]}" if len(sweep.as_of) == 1 else ""
    counted = ", including failures" if sweep.counts_failures else ""
    return {
        "title": f"{sweep.scenario}: monthly spend by {along.name}",
        "axis": f"{sweep.currency} per month{counted}",
        "source": f"Prices: {', '.join(sweep.pricing)}{days}. Scenario: {sweep.scenario}.",
        "alt": f"Line chart of monthly spend by strategy and {along.name}.",
        "unit": Unit.MONEY,
        "currency": sweep.currency,
    }


def _panels(sweep: FieldSweep, place: int, about: dict[str, Any]) -> LinePanelsFigure:
    """Return a panel for each combination of the other fields, up to the maximum."""
    groups: dict[tuple[Value, ...], list[Point]] = {}
    for point in sweep.points:
        groups.setdefault(_others(point.values, place), []).append(point)
    others = [parameter for at, parameter in enumerate(sweep.parameters) if at != place]
    kept = dict(_thinned(list(groups.items())))
    panels = tuple(
        LinePanel(_heading(others, values), _lines(sweep, points, place)) for values, points in kept.items()
    )
    names = " and ".join(parameter.name for parameter in others)
    some = "" if len(kept) == len(groups) else f" ({len(kept)} of {len(groups):,} combinations)"
    subtitle = f"One panel per value of {names}{some}"
    columns = min(len(panels), MOST_COLUMNS, max(2, len(others[-1].values)))
    return LinePanelsFigure(
        across=_across(sweep.parameters[place]), panels=panels, columns=columns, subtitle=subtitle, **about
    )


def _thinned(groups: list[Any]) -> list[Any]:
    if len(groups) <= MOST_PANELS:
        return groups
    last = len(groups) - 1
    return [groups[at * last // (MOST_PANELS - 1)] for at in range(MOST_PANELS)]


def _heading(others: Sequence[Parameter], values: Sequence[Value]) -> tuple[str | Quantity, ...]:
    parts: list[str | Quantity] = []
    for parameter, value in zip(others, values, strict=True):
        name = "" if parameter.kind is ParameterKind.NAME else f"{parameter.name} "
        parts += [f"{', ' if parts else ''}{name}", Quantity(value, UNITS[parameter.kind])]
    return tuple(parts)


def _others(values: Sequence[Value], place: int) -> tuple[Value, ...]:
    return (*values[:place], *values[place + 1 :])


def _across(along: Parameter) -> Across:
    if along.is_numeric:
        return Numbers(tuple(sorted(map(_plain, along.values))), along.name, UNITS[along.kind])
    return Names(tuple(map(str, along.values)), along.name)


def _plain(value: Value) -> float:
    return float(str(value))


def _rising(points: Sequence[Point], place: int, along: Parameter) -> list[Point]:
    if not along.is_numeric:
        return list(points)
    return sorted(points, key=lambda point: _plain(point.values[place]))


def _lines(sweep: FieldSweep, points: Sequence[Point], place: int) -> tuple[Series, ...]:
    rising = _rising(points, place, sweep.parameters[place])
    costs = zip(*(point.costs for point in rising), strict=True)
    return tuple(
        Series(name, tuple(_amount(sweep, cost) for cost in line), emphasis=name == sweep.proposed)
        for name, line in zip(sweep.strategies, costs, strict=True)
    )


def decisive(sweep: FieldSweep, cost: StrategyPoint) -> tuple[Decimal, Decimal | None]:
    """Return the cost that decides, with failures where these cost something, and its high end."""
    if not sweep.counts_failures:
        return cost.cost_per_month, cost.cost_per_month_high
    low = (
        cost.total_cost_per_month if cost.total_cost_per_month is not None else cost.total_cost_per_month_low
    )
    return cost.cost_per_month if low is None else low, cost.total_cost_per_month_high


def _amount(sweep: FieldSweep, cost: StrategyPoint) -> Amount:
    low, high = decisive(sweep, cost)
    return drawn(Between(low, high)) if sweep.total_crossovers is None else float(low)


def _spots(sweep: FieldSweep) -> tuple[Spot, ...]:
    """Return the crossover points to label, those of the named strategies first."""
    if sweep.counts_failures and sweep.total_crossovers is None:
        return ()  # those of calls are not on the lines
    named = {sweep.proposed, sweep.default, sweep.baseline}
    ranked = sorted(_gathered(sweep.deciding_crossovers), key=lambda spot: -len(named & {*spot.names}))
    return tuple(ranked[:MOST_SPOTS])


def _gathered(crossovers: Sequence[Crossover]) -> list[Spot]:
    """Return crossover points merged by place: more than two lines may cross at one point."""
    groups: dict[tuple[float, float | None], dict[str, None]] = {}
    for crossing in crossovers:
        cost = None if crossing.cost is None else float(f"{crossing.cost:.12g}")
        names = groups.setdefault((float(f"{crossing.value:.12g}"), cost), {})
        names.update(dict.fromkeys(crossing.strategies))
    return [Spot(place, value, tuple(names)) for (place, value), names in groups.items()]
