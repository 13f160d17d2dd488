"""A scenario as drawn: the numbers that its schedule multiplies and adds up, on all paths at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import isclose
from typing import Any, TypeAlias

from routecost.engine.projection.project import price_schedule
from routecost.engine.projection.schedule import schedule
from routecost.engine.uncertainty.path_number import NotOneNumberError, PathNumber, acting
from routecost.engine.uncertainty.path_vectors import Floats
from routecost.engine.uncertainty.run_on_paths import Drawn, Draws, Number, Resample, Run, on_paths
from routecost.errors import DocumentError
from routecost.model.scenario.horizon import GrowthStep, Horizon
from routecost.model.scenario.month_plan import Plan
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.schedule import Part
from routecost.model.scenario.workload import ZERO
from routecost.problems import Finding
from routecost.units import exact

Key: TypeAlias = tuple[str, str, int, date]
"""What a number is of, and of which strategy, work and day: see the functions that make keys."""

WITHIN = 1e-9
"""How far, relative, the numbers on a path may be from the exact ones."""

_Monthly: TypeAlias = Mapping[int, Sequence[Number]]


def daily(part: Part) -> Key:
    """Return the key of what a day of a part's work costs."""
    return ("daily", part.strategy, part.work, part.since)


def volume(part: Part) -> Key:
    """Return the key of how many times the work there is, by steps."""
    return ("volume", "", part.work, part.begins)


def factor(part: Part) -> Key:
    """Return the key of how many times the work there is, by growth and season."""
    return ("factor", "", part.work, part.begins.replace(day=1))


def numbers(scenario: Scenario, horizon: Horizon, draws: Draws, resample: Resample) -> dict[Key, Number]:
    """Return the numbers of all parts of the scenario's schedule, on each path.

    One path is held against the exact engine. Raises AssertionError where they differ: then the
    engine does something that numbers on paths do not do alike, and no figure may leave.
    """

    def run(drawn: Drawn) -> dict[Key, Number]:
        return _numbers(scenario, horizon, drawn, resample)

    try:
        made = on_paths(draws, run)
    except NotOneNumberError:
        raise DocumentError(list(_unfit(scenario, draws, run))) from None
    place = _dearest(made)
    if place is not None:
        alone = {path: _alone(values, place) for path, values in draws.items()}
        for key, exactly in run(alone).items():
            number = made.get(key, Decimal(0))
            found = number.values[place] if isinstance(number, PathNumber) else float(number)
            assert isclose(found, float(exactly), rel_tol=WITHIN), (key, found, exactly)
    return made


def _unfit(scenario: Scenario, draws: Draws, run: Run[Key]) -> Iterator[Finding]:
    """Yield what is wrong with the fields that alone make the engine ask for a whole number."""
    fields = () if scenario.uncertainty is None else scenario.uncertainty.fields
    for field in fields:
        try:
            on_paths({field.path: draws[field.path]}, run)
        except NotOneNumberError:
            assert field.unfit is not None
            yield field.unfit


def _dearest(made: Mapping[Key, Number]) -> int | None:
    """Return the path on which a day costs most, for the first strategy whose days differ."""
    for key, number in made.items():
        if key[0] == daily.__name__ and isinstance(number, PathNumber):
            return int(number.values.argmax())
    return None


def _alone(values: Floats, place: int) -> Any:
    """Return the value of a field on one path as a Decimal, or one for each month."""
    chosen = values[..., place]
    return Decimal(float(chosen)) if chosen.ndim == 0 else tuple(map(Decimal, chosen.tolist()))


@exact
def _numbers(scenario: Scenario, horizon: Horizon, drawn: Drawn, resample: Resample) -> dict[Key, Number]:
    made, ahead = redrawn(scenario, horizon, drawn, resample)
    planned = schedule(made, ahead)
    priced = price_schedule(made, planned, ahead)
    found: dict[Key, Number] = {}
    parts = (part for months in planned.rows.values() for month in months for part in month.parts)
    for part in dict.fromkeys(parts):  # in order, so that the last digits do not depend on hashes
        found[volume(part)], found[factor(part)] = part.volume, part.factor
        if daily(part) not in found:
            found[daily(part)] = priced[part.work, part.since][part.strategy][1].total
    return found


def redrawn(
    scenario: Scenario, horizon: Horizon, drawn: Drawn, resample: Resample
) -> tuple[Scenario, Horizon]:
    """Return the scenario and its horizon with other values of what is uncertain; prices stay its own."""
    monthly = {id(given[0]): given for given in drawn.values() if isinstance(given, tuple)}
    found = resample({path: given[0] if isinstance(given, tuple) else given for path, given in drawn.items()})
    strategies = {name: found.strategies.get(name, kept) for name, kept in scenario.strategies.items()}
    made = replace(scenario, workload=found.workload, strategies=strategies, latency=found.latency)
    if scenario.plan is None or found.plan is None:
        return made, horizon
    plan = _by_month(_replanned(scenario.plan, found.plan), horizon, monthly)
    ahead = replace(horizon, growth=ZERO, steps=plan.growth) if plan.growth else horizon
    return replace(made, plan=plan), ahead


def _replanned(plan: Plan, found: Plan) -> Plan:
    """Return a plan with other numbers; growth that an option took the place of stays away."""
    growth = found.growth if plan.growth else ()
    return replace(plan, growth=growth, steps=found.steps, launches=found.launches, seasons=found.seasons)


def _by_month(plan: Plan, horizon: Horizon, monthly: _Monthly) -> Plan:
    """Return a plan in which growth that is drawn for each month has a step for each."""
    if not monthly:
        return plan
    launches = tuple(
        each if each.growth is None else replace(each, growth=tuple(_steps(each.growth, horizon, monthly)))
        for each in plan.launches
    )
    return replace(plan, growth=tuple(_steps(plan.growth, horizon, monthly)), launches=launches)


def _steps(steps: Sequence[GrowthStep], horizon: Horizon, monthly: _Monthly) -> Iterator[GrowthStep]:
    for at, month in enumerate(horizon.first_days):
        begun = [step.rate for step in steps if step.start is None or step.start <= month]
        if begun:
            rates = monthly.get(id(begun[-1]))
            yield GrowthStep(begun[-1] if rates is None else acting(rates[at]), month)
