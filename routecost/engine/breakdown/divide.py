"""Costs of strategies by owner, task type, model and others, for comparisons and projections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from routecost.engine.breakdown.allot import OwnerOf, allotted
from routecost.engine.breakdown.cells import Cell, Spends, daily_spends, tasks_of
from routecost.engine.breakdown.spent import spent_parts
from routecost.engine.compare.compare import price_all, settled_bill, tier_models_of
from routecost.engine.compare.outcomes import daily_failures
from routecost.engine.pricing.commitments import Years
from routecost.engine.pricing.pieces import Pieces
from routecost.engine.pricing.settlement import SecondStage
from routecost.engine.projection.month_bills import begun_years, billed, summed
from routecost.engine.projection.project import price_schedule
from routecost.engine.projection.schedule import schedule
from routecost.errors import UsageError
from routecost.model.results.breakdown.breakdown import (
    UNUSED,
    Breakdown,
    Dimension,
    Kind,
    PartCost,
    total_of,
)
from routecost.model.results.breakdown.periods import Period, ended, periods_of
from routecost.model.results.failures import TypeFailures
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import NO_PLAN, Allot, Commitment
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.schedule import MonthSchedule, Part
from routecost.model.scenario.workload import TaskType
from routecost.problems import did_you_mean
from routecost.units import ONE, ZERO, exact


class Month(NamedTuple):
    """The costs of a month by cell, and its failures, each with the cell of its task.

    None has the amounts of commitments without calls that they cover.
    """

    costs: Mapping[Cell | None, Decimal]
    failures: Sequence[tuple[Cell, TypeFailures]]


Months = Mapping[str, Sequence[Month]]
"""The months of each strategy."""

A_MONTH = (Period("month", "month", "", "", (0,)),)


def divide_month(scenario: Scenario, day: date, by: Sequence[Dimension]) -> tuple[Breakdown, ...]:
    """Divide the cost of a month of each strategy of a comparison, at the prices of a day."""
    stage = SecondStage.of(scenario)
    months = cells_of_month(scenario, day)
    return tuple(_breakdown(scenario, one, months, A_MONTH, stage) for one in by)


@exact
def cells_of_month(scenario: Scenario, day: date) -> Months:
    """Return a month of each strategy of a comparison, at the prices of a day."""
    stage, tiers, days = SecondStage.of(scenario), tier_models_of(scenario, day), scenario.days_per_month
    owner_of = _owner_of(scenario)
    months: dict[str, list[Month]] = {}
    for name, (expansion, bill) in price_all(scenario, day).items():
        daily = stage.pieces(bill)
        changes = [stage.days(daily, days)] if stage.has_daily else []
        pieces = {piece: amount * days for piece, amount in daily.items()}
        spends = _times(daily_spends(scenario, name, stage, tiers), days)
        total = settled_bill(bill, scenario).total
        costs = allotted(spends, pieces, stage.month(pieces, changes), stage, total, owner_of)
        failures = daily_failures(expansion, scenario.workload)
        months[name] = [Month(costs, [(Cell(name, one.task), one.times(days)) for one in failures])]
    return months


def divide_months(
    scenario: Scenario, horizon: Horizon, names: Iterable[str], by: Sequence[Dimension]
) -> tuple[Breakdown, ...]:
    """Divide the costs of the months of strategies and migrations of a projection, called ``names``."""
    months = cells_of_months(scenario, horizon, names)
    year = None if scenario.plan is None else scenario.plan.year_starts
    periods, stage = periods_of(horizon.first_days, year), SecondStage.of_month_plan(scenario)
    plan, tasks = scenario.plan or NO_PLAN, tasks_of(scenario)
    if year is not None and plan.spent_before(horizon.start):
        periods = ended(periods, year)
    return tuple(
        replace(
            _breakdown(scenario, one, months, periods, stage),
            year_is_stated=year is not None,
            allotted=ruled(stage.commitments, horizon.first_days),
            before=spent_parts(plan, one, horizon.start, namer(scenario, one, tasks)),
        )
        for one in by
    )


def ruled(commitments: Iterable[Commitment], months: Sequence[date]) -> tuple[Commitment, ...]:
    """Return the commitments of some months whose amounts have another rule than by use."""
    others = (one for one in commitments if one.allot is not Allot.USE)
    return tuple(one for one in others if any(map(one.holds, months)))


@exact
def cells_of_months(scenario: Scenario, horizon: Horizon, names: Iterable[str]) -> Months:
    """Return the months of strategies and migrations of a projection, called ``names``."""
    planned = schedule(scenario, horizon)
    priced = price_schedule(scenario, planned, horizon)
    stage, owner_of = SecondStage.of_month_plan(scenario), _owner_of(scenario)

    @cache
    def bill_pieces(work: int, since: date, strategy: str) -> Pieces:
        return stage.pieces(priced[work, since][strategy][1])

    def pieces(part: Part) -> Pieces:
        return bill_pieces(part.work, part.priced_on, part.strategy)

    @cache
    def spends(part: Part) -> Spends:
        of_part = replace(scenario, workload=part.work_of(planned.works))
        tiers = tier_models_of(scenario, horizon.pinned or part.since)
        return _times(daily_spends(of_part, part.strategy, stage, tiers), ONE / part.scale)

    def daily(part: Part) -> Spends:
        if part.follows_volume:
            return spends(part)
        return spends(part._replace(begins=part.since, days=1, volume=ONE, factor=ONE))

    def failures(part: Part) -> Sequence[TypeFailures]:
        expansion = priced[part.work, part.priced_on][part.strategy][0]
        of_day = daily_failures(expansion, planned.works[part.work].workload)
        return of_day if part.scale == 1 else [failure.times(ONE / part.scale) for failure in of_day]

    def divided(month: MonthSchedule, years: Years) -> Month:
        weights = list(zip(month.parts, month.weights(), strict=True))
        costs = _total((daily(part), days) for part, days in weights)
        bill = billed(month, pieces, stage, years)
        settled = allotted(costs, summed(month, pieces), bill, stage, bill.total, owner_of)
        wrong = [
            (Cell(part.strategy, one.task), one.times(days))
            for part, days in weights
            for one in failures(part)
        ]
        return Month(settled, wrong)

    def row(months: Sequence[MonthSchedule]) -> list[Month]:
        years = begun_years(scenario, months[0].month)
        return [divided(month, years) for month in months]

    return {name: row(planned.rows[name]) for name in names}


def _owner_of(scenario: Scenario) -> OwnerOf:
    tasks = tasks_of(scenario)
    return lambda cell: tasks[cell.task].owner


def _times(spends: Spends, factor: Decimal) -> Spends:
    return _total([(spends, factor)])


def _total(parts: Iterable[tuple[Spends, Decimal]]) -> Spends:
    """Return the sum of costs, each times a factor."""
    sums: dict[Cell, dict[tuple[int, ...], Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for spends, factor in parts:
        for cell, by_covers in spends.items():
            for covers, money in by_covers.items():
                sums[cell][covers] += money * factor
    return sums


def _breakdown(
    scenario: Scenario, by: Dimension, months: Months, periods: tuple[Period, ...], stage: SecondStage
) -> Breakdown:
    tasks = tasks_of(scenario)
    refuse_unknown(by, tasks.values())
    order = order_of(by, scenario, tasks.values())
    counts = counts_failures(tasks.values())
    return breakdown_of(by, months, namer(scenario, by, tasks), order, periods, (not stage.is_empty, counts))


def counts_failures(tasks: Iterable[TaskType]) -> bool:
    """Return whether failures of some tasks cost something."""
    return any(task.failure_cost or (task.rework and task.rework.cost) for task in tasks)


def breakdown_of(  # noqa: PLR0917  the fields of a breakdown
    by: Dimension,
    months: Months,
    of_cell: Callable[[Cell], str],
    order: Iterable[str],
    periods: tuple[Period, ...],
    counts: tuple[bool, bool],
) -> Breakdown:
    """Return the costs of months by part; ``of_cell`` names the part of a cell, in an ``order``.

    ``counts`` says whether there are terms on totals, and whether failures cost something.
    """
    shares_terms, has_failures = counts
    counted = by.kind.divides_failures
    costs = {
        name: _parts([_by_part(month, of_cell, counted) for month in of_strategy])
        for name, of_strategy in months.items()
    }
    present = dict.fromkeys(part for parts in costs.values() for part in parts)
    last = (by.named(None), UNUSED)
    names = (*order, *(part for part in present if part not in last), *last)
    parts = tuple(part for part in dict.fromkeys(names) if part in present)
    ordered = {
        name: {part: of_parts[part] for part in parts if part in of_parts} for name, of_parts in costs.items()
    }
    return Breakdown(by, parts, ordered, periods, shares_terms, has_failures)


def _by_part(month: Month, of_cell: Callable[[Cell], str], counts: bool) -> dict[str, PartCost]:
    """Return the costs of the parts of a month."""
    parts: dict[str, list[PartCost]] = defaultdict(list)
    for cell, cost in month.costs.items():
        part = UNUSED if cell is None else of_cell(cell)
        parts[part].append(PartCost(cost))
    for cell, failure in month.failures if counts else ():
        if failure.tasks:
            parts[of_cell(cell)].append(PartCost(ZERO, failure.cost))
    return {part: total_of(costs) for part, costs in parts.items()}


def _parts(months: Sequence[Mapping[str, PartCost]]) -> dict[str, tuple[PartCost, ...]]:
    names = dict.fromkeys(name for month in months for name in month)
    return {name: tuple(month.get(name, PartCost()) for month in months) for name in names}


def refuse_unknown(by: Dimension, tasks: Iterable[TaskType]) -> None:
    """Raise UsageError for a tag that no task type has."""
    known = dict.fromkeys(tag for task in tasks for tag in task.tags)
    if by.kind is Kind.TAG and by.tag not in known:
        hint = did_you_mean(by.tag, known) if known else "; no task type has tags"
        raise UsageError(f'no task type has a tag "{by.tag}"{hint}')


def namer(scenario: Scenario, by: Dimension, tasks: Mapping[str, TaskType]) -> Callable[[Cell], str]:
    """Return the function that gives the part that a cell belongs to."""
    names: dict[Kind, Callable[[Cell], str | None]] = {
        Kind.TASK_TYPE: lambda cell: cell.task,
        Kind.MODEL: lambda cell: cell.model,
        Kind.PROVIDER: lambda cell: scenario.pricing.provider(cell.model),
        Kind.TIER: lambda cell: cell.tier,
        Kind.STRATEGY: lambda cell: cell.strategy,
        Kind.OWNER: lambda cell: tasks[cell.task].owner,
        Kind.TAG: lambda cell: tasks[cell.task].tags.get(by.tag),
    }
    name = names[by.kind]
    return lambda cell: by.named(name(cell)) if cell.task else without_calls(by, cell)


def without_calls(by: Dimension, cell: Cell) -> str:
    """Return the part of an amount of a commitment that no calls use: that of its owner, if it has one."""
    return (by.kind is Kind.OWNER and cell.owner) or UNUSED


def order_of(by: Dimension, scenario: Scenario, tasks: Iterable[TaskType]) -> Iterator[str]:
    """Yield the names of parts in the order of the documents."""
    if by.kind is Kind.TIER:
        yield from scenario.pricing.tier_names
    elif by.kind is Kind.STRATEGY:
        yield from scenario.strategies
    for task in tasks:
        stated = task.owner if by.kind is Kind.OWNER else task.tags.get(by.tag)
        yield task.name if by.kind is Kind.TASK_TYPE else stated or ""
