"""A sampled scenario: the numbers that its schedule multiplies and adds up, on all paths at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import isclose
from typing import Any, TypeAlias

from routecost.engine.pricing.pieces import Piece
from routecost.engine.pricing.settlement import SecondStage
from routecost.engine.projection.project import price_schedule
from routecost.engine.projection.schedule import schedule
from routecost.engine.uncertainty.path_number import NotOneNumberError, PathNumber, acting
from routecost.engine.uncertainty.path_vectors import Floats
from routecost.engine.uncertainty.run_on_paths import Drawn, Draws, Number, Resample, Run, on_paths
from routecost.errors import DocumentError
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.scenario.horizon import GrowthStep, Horizon
from routecost.model.scenario.month_plan import Plan
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.schedule import Part
from routecost.problems import Finding
from routecost.units import ZERO, exact

Key: TypeAlias = tuple[str | Piece, str, int, date]
"""The quantity, strategy, work and day of a number: see the functions that make keys."""

WITHIN = 1e-9
"""The largest relative difference between the numbers on a path and the exact ones."""

PRICE_CHANGES = "price_changes"
"""The key of a scenario's changes of prices."""

_Monthly: TypeAlias = Mapping[int, Sequence[Number]]


def daily(part: Part, piece: Piece) -> Key:
    """Return the key of a piece of the bill of a day of a part's work."""
    return (piece, part.strategy, part.work, part.priced_on)


def volume(part: Part) -> Key:
    """Return the key of the work's factor by steps."""
    return ("volume", "", part.work, part.begins)


def factor(part: Part) -> Key:
    """Return the key of the work's factor by growth and season."""
    return ("factor", "", part.work, part.begins.replace(day=1))


def numbers(scenario: Scenario, horizon: Horizon, draws: Draws, resample: Resample) -> dict[Key, Number]:
    """Return the numbers of all parts of the scenario's schedule, on each path.

    One path is compared with the exact engine. Raises AssertionError if they differ: then the engine
    uses an operation that numbers on paths do not support, and no result may be shown.
    """

    def run(drawn: Drawn) -> dict[Key, Number]:
        return _numbers(scenario, horizon, drawn, resample)

    try:
        by_key = on_paths(draws, run)
    except NotOneNumberError:
        raise DocumentError(list(_unfit(scenario, draws, run))) from None
    place = _most_expensive_path(by_key)
    if place is not None:
        alone = {path: _alone(values, place) for path, values in draws.items()}
        for key, exactly in run(alone).items():
            number = by_key.get(key, ZERO)
            value = number.values[place] if isinstance(number, PathNumber) else float(number)
            assert isclose(value, float(exactly), rel_tol=WITHIN), (key, value, exactly)
    return by_key


def _unfit(scenario: Scenario, draws: Draws, run: Run[Key]) -> Iterator[Finding]:
    """Yield the findings of the fields that cause the engine to require a whole number."""
    fields = () if scenario.uncertainty is None else scenario.uncertainty.fields
    for field in fields:
        try:
            on_paths({field.path: draws[field.path]}, run)
        except NotOneNumberError:
            assert field.unfit is not None
            yield field.unfit


def _most_expensive_path(by_key: Mapping[Key, Number]) -> int | None:
    """Return the path on which a day costs most, for the first strategy whose days differ."""
    for key, number in by_key.items():
        if isinstance(key[0], Piece) and isinstance(number, PathNumber):
            return int(number.values.argmax())
    return None


def _alone(values: Floats, place: int) -> Any:
    """Return the value of a field on one path as a Decimal, or one for each month."""
    chosen = values[..., place]
    return Decimal(float(chosen)) if chosen.ndim == 0 else tuple(map(Decimal, chosen.tolist()))


@exact
def _numbers(scenario: Scenario, horizon: Horizon, drawn: Drawn, resample: Resample) -> dict[Key, Number]:
    sampled, ahead = redrawn(scenario, horizon, drawn, resample)
    planned = schedule(sampled, ahead)
    priced = price_schedule(sampled, planned, ahead)
    by_key: dict[Key, Number] = {}
    stage, done = SecondStage.of_month_plan(sampled), set()
    parts = (part for months in planned.rows.values() for month in months for part in month.parts)
    for part in dict.fromkeys(parts):  # in order, so that the last digits do not depend on hashes
        by_key[volume(part)], by_key[factor(part)] = part.volume, part.factor
        day = part.work, part.priced_on, part.strategy
        if day not in done:
            done.add(day)
            bill = priced[part.work, part.priced_on][part.strategy][1]
            by_key |= {daily(part, piece): number for piece, number in stage.pieces(bill).items()}
    return by_key


def redrawn(
    scenario: Scenario, horizon: Horizon, drawn: Drawn, resample: Resample
) -> tuple[Scenario, Horizon]:
    """Return the scenario and its horizon with other values of the uncertain fields."""
    uncertain = () if scenario.uncertainty is None else scenario.uncertainty.fields
    by_month = {field.path for field in uncertain if field.monthly}
    monthly = {id(given[0]): given for path, given in drawn.items() if path in by_month}
    source = resample({path: given[0] if path in by_month else given for path, given in drawn.items()})
    strategies = {name: source.strategies.get(name, kept) for name, kept in scenario.strategies.items()}
    sampled = replace(
        scenario,
        workload=source.workload,
        strategies=strategies,
        latency=source.latency,
        pricing=prices_of(scenario, source, drawn),
    )
    if scenario.plan is None or source.plan is None:
        return sampled, horizon
    plan = _by_month(_replanned(scenario.plan, source.plan), horizon, monthly)
    ahead = replace(horizon, growth=ZERO, steps=plan.growth) if plan.growth else horizon
    return replace(sampled, plan=plan), ahead


def prices_of(scenario: Scenario, source: Scenario, drawn: Drawn) -> PricingSheet:
    """Return the prices of a scenario, or the drawn ones if some are uncertain."""
    return source.pricing if any(path[0] == PRICE_CHANGES for path in drawn) else scenario.pricing


def _replanned(plan: Plan, drawn_plan: Plan) -> Plan:
    """Return a plan with other numbers; growth that an option overrides is left out."""
    growth = drawn_plan.growth if plan.growth else ()
    return replace(
        plan, growth=growth, steps=drawn_plan.steps, launches=drawn_plan.launches, seasons=drawn_plan.seasons
    )


def _by_month(plan: Plan, horizon: Horizon, monthly: _Monthly) -> Plan:
    """Return a plan in which growth that is drawn for each month has a step for each."""
    if not monthly:
        return plan
    launches = tuple(
        launch
        if launch.growth is None
        else replace(launch, growth=tuple(_steps(launch.growth, horizon, monthly)))
        for launch in plan.launches
    )
    return replace(plan, growth=tuple(_steps(plan.growth, horizon, monthly)), launches=launches)


def _steps(steps: Sequence[GrowthStep], horizon: Horizon, monthly: _Monthly) -> Iterator[GrowthStep]:
    for at, month in enumerate(horizon.first_days):
        begun = [step.rate for step in steps if step.start is None or step.start <= month]
        if begun:
            rates = monthly.get(id(begun[-1]))
            yield GrowthStep(begun[-1] if rates is None else acting(rates[at]), month)
