"""Scenarios learned from logs of calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from routecost.api.call_log import CallLog
from routecost.api.logs.calibration_notes import about, commented
from routecost.api.logs.cascade_data import about_cascades, of_one_tier
from routecost.api.logs.effort_data import about_efforts
from routecost.api.logs.model_tiers import (
    extended_sheet,
    models_without_tier,
    refuse_without_tier,
    tier_ranks,
)
from routecost.api.logs.scenario_data import (
    AS_LOGGED,
    Stated,
    evidence_data,
    line_names,
    scenario_data,
    stated_types,
)
from routecost.api.logs.source import (
    Logs,
    LogSource,
    as_source,
    facts_of,
    opened,
    refuse_no_calls,
    sheet_pricer,
    unpriced_of,
)
from routecost.api.scenarios import load_pricing, load_scenario
from routecost.engine.compare.compare import price_all
from routecost.engine.logs.calibration.cascades import by_key, ladder_lines, ladders, parts_of
from routecost.engine.logs.calibration.figures import task_name
from routecost.engine.logs.calibration.hours_of_day import HourShape, refuse_unknown_hours
from routecost.engine.logs.calibration.lines import (
    SIZES,
    TOLERANCE,
    Line,
    Tiered,
    TierPrices,
    by_length,
    fitting,
    length_of,
    lines,
    logged_cost,
    tiered,
)
from routecost.engine.logs.calibration.tasks import (
    LineOfTasks,
    Names,
    cascades,
    evidence,
    growth_of,
    task_length,
)
from routecost.engine.logs.calibration.trend import arrivals, trend
from routecost.engine.logs.months import first_days
from routecost.engine.logs.pricing import CellPricer, context_edges, price_hours, unpriced
from routecost.engine.strategies.assigned import Assigned
from routecost.errors import UnknownNameError, UnpricedError, UsageError
from routecost.library import PathLike, argument, looks_like_path, path_from
from routecost.model.logs.cells import Bounds, Cell
from routecost.model.logs.profile import LogProfile
from routecost.model.results.logs.calibration import CalibratedTask, Calibration
from routecost.model.results.logs.usage import LogFacts, UnpricedCallsError
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.workload import Workload
from routecost.records import dataclass
from routecost.source.editing.yaml_writer import block_yaml
from routecost.units import ZERO, exact

MOST_PLANNED = 11
"""The most months of a log before its last, which a plan has."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What is read from a log, once."""

    facts: LogFacts
    cells: list[Cell]
    profile: LogProfile
    first: date
    last: date
    ranks: Mapping[str, int]
    tiers: tuple[str, ...]
    log: CallLog
    source: LogSource

    @property
    def days(self) -> int:
        """The number of days, both ends included."""
        return (self.last - self.first).days + 1

    @property
    def ranks_of_tiers(self) -> dict[str, int]:
        """The rank of each tier."""
        return {tier: rank for rank, tier in enumerate(self.tiers)}


def calibrate(
    logs: Logs,
    *,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    output: PathLike | None = None,
    own_pricing: PathLike | None = None,
    library: PathLike | None = None,
) -> Calibration:
    """Learn a scenario and evidence from logs: volumes, tokens, caches, modes, calls, tiers and outcomes.

    Prices are those of ``as_of``, else of the last day of the log. ``output`` is the file that the scenario
    will be written to, relative to which a sheet given by path is named; ``own_pricing`` that of a sheet of
    its own, with tiers for models that have none.

    Raises UsageError for logs that cannot be read, have no times or no calls, or models without a tier,
    UnpricedCallsError with all calls that have no price, EnvironmentFailure without the extra ``logs``.
    """
    pricer = sheet_pricer(as_source(logs), pricing, library)
    name = argument(pricing or "")
    with opened(logs) as (source, log), TemporaryDirectory(prefix="routecost-") as folder:
        cells = log.cells(["task_type", "length"], [pricer.sheet], SIZES)
        refuse_no_calls(cells, log, source)
        _refuse_unknown(log, cells, pricer)
        without, text, file = models_without_tier(cells, pricer), None, name
        if own_pricing is not None:
            base = str(Path(name).resolve()) if looks_like_path(name) else name
            temporary = Path(folder, Path(own_pricing).name)
            temporary.write_text(extended_sheet([*without], base), encoding="utf-8")
            pricer = CellPricer(load_pricing(temporary, library=library), source.models)
            text = extended_sheet([*without], _named_from(own_pricing, name))
            name, file = str(temporary), argument(Path(own_pricing))
        refuse_without_tier(models_without_tier(cells, pricer), pricer)
        read = _read(log, source, cells, pricer)
        work = _Work.of(read, pricer, as_of or read.last, name, library)
        return replace(_written(work, _named_from(output, file)), pricing_text=text)


def _named_from(output: PathLike | None, name: str) -> str:
    """Return the name or path of a sheet as a document must state it."""
    return path_from(Path(output).parent, name) if output is not None and looks_like_path(name) else name


def _refuse_unknown(log: CallLog, cells: Sequence[Cell], pricer: CellPricer) -> None:
    if missing := unpriced_of(log, cells, pricer):
        raise UnpricedCallsError(missing)
    if not cells:
        raise UsageError("the logs have no calls")
    if not all(cell.calls for cell in cells):
        raise UsageError("the logs do not state how many calls were made, on which a scenario is based")


def _read(log: CallLog, source: LogSource, cells: Sequence[Cell], pricer: CellPricer) -> _Read:
    first, last = source.since or log.day(log.first), source.until or log.day(log.last)
    if first is None or last is None:
        raise UsageError("no call in the logs has a time, so that its volume per day is unknown")
    ranks = tier_ranks(cells, pricer)
    profile = log.profile(ranks).renamed(task_name)
    if ladders(profile.steps, pricer.sheet.tier_names):
        cells = log.cells(["task_type", "length", "start"], [pricer.sheet], SIZES, ranks)
    named = [
        replace(cell, keys={**cell.keys, "task_type": task_name(cell.keys["task_type"])}) for cell in cells
    ]
    facts = replace(facts_of(log, source), first=first, last=last)
    return _Read(facts, named, profile, first, last, ranks, pricer.sheet.tier_names, log, source)


def _refuse_unpriced_on(day: date, prices: TierPrices, cells: Sequence[tuple[Cell, str]]) -> None:
    without = sorted({tier for _, tier in cells} - prices.models.keys())
    if without:
        raise UsageError(f'tier "{without[0]}" has no model on {day}; expected another --as-of')
    moved = [replace(cell, days=(day,), first=day, model=prices.models[tier]) for cell, tier in cells]
    if missing := unpriced(moved, replace(prices.pricer, names={})):
        raise UnpricedCallsError(missing)


@dataclass(frozen=True, slots=True)
class _Work:
    """A log, and the prices at which its scenario is checked."""

    read: _Read
    prices: TierPrices
    pricing: str
    library: PathLike | None
    shape: HourShape | None
    lines: Sequence[Line] = ()
    cascades: Sequence[LineOfTasks] = ()

    @classmethod
    def of(cls, read: _Read, pricer: CellPricer, day: date, pricing: str, library: PathLike | None) -> _Work:
        """Return the work at the prices of a day. Raises UnpricedCallsError if calls have no price then."""
        prices = TierPrices.of(pricer, day, context_edges([pricer.sheet]))
        cells = tiered(read.cells, prices, (*SIZES, *prices.edges[1:]))
        _refuse_unpriced_on(day, prices, [(one.cell, one.tier) for one in cells])
        refuse_unknown_hours(cells, prices)
        timed = price_hours([pricer.sheet]) if prices.hours else ()
        shape = HourShape.of(timed, read.profile.hours, read.facts.time_zone, day)
        work = cls(read, prices, pricing, library, shape)
        cascades, others = work._cascades(cells)
        return replace(work, lines=lines(others, prices), cascades=cascades)

    def _cascades(self, cells: Sequence[Tiered]) -> tuple[list[LineOfTasks], list[Tiered]]:
        """Return task types that are escalated, where a cascade costs what was logged, and other calls."""
        known = ladders(self.read.profile.steps, self.read.tiers)
        groups, others = by_key(cells, known)
        chosen: list[LineOfTasks] = []
        for key, line in [*ladder_lines(groups, others, self.read.tiers)]:
            options = (cascades(known[key], parts, self.prices) for parts in parts_of(line))
            fitting = (tasks for tasks in options if tasks and len(self._fitting(tasks)) == len(tasks))
            tasks = next(fitting, [])
            chosen += tasks
            others += [] if tasks else line.cells
        return chosen, others

    def chosen(self) -> list[LineOfTasks]:
        """Return the task types: with growing contexts where that costs what was logged."""
        whole = [self._task(line) for line in self.lines]
        parts = [self._parts(task) for task in whole]
        growing = [task for task in (*whole, *chain(*parts)) if task.growth is not None]
        fitting_ids = self._fitting(growing)
        tasks: list[LineOfTasks] = []
        for task, pieces in zip(whole, parts, strict=True):
            good = [piece for piece in pieces if id(piece) in fitting_ids]
            if id(task) in fitting_ids:
                tasks.append(task)
            elif 2 * sum(piece.line.calls for piece in good) >= task.line.calls:
                tasks += [*good, *self._rest(task.line, good)]
            else:
                tasks.append(replace(task, growth=None))
        return sorted([*tasks, *self.cascades], key=lambda task: -task.line.calls)

    def _task(self, line: Line) -> LineOfTasks:
        profile, ranks = self.read.profile, self.read.ranks_of_tiers
        length = task_length(line, profile.lengths, ranks)
        growth = None if length is None else growth_of(line, length, profile.places, ranks)
        return LineOfTasks(line, length, growth)

    def _parts(self, task: LineOfTasks) -> list[LineOfTasks]:
        """Return the task types of tasks of similar length."""
        if task.length is None or max(task.shares) < 2:
            return []
        return [self._task(line) for line in by_length(task.line)]

    def _rest(self, line: Line, good: Sequence[LineOfTasks]) -> list[LineOfTasks]:
        taken = {length_of(one) for task in good for one in task.line.cells}
        left = tuple(one for one in line.cells if length_of(one) not in taken)
        rest = replace(line, cells=left, parts={**line.parts, "length": "other lengths"})
        return [self._task(part) for part in fitting(rest, self.prices)] if left else []

    def _fitting(self, tasks: Sequence[LineOfTasks]) -> set[int]:
        """Return the tasks that cost what was logged in a scenario, by identity."""
        if not tasks:
            return set()
        data = scenario_data(tasks, self.prices, Stated(self.pricing, self.read.days, shape=self.shape))
        costs = self.costs(tasks, self.loaded(data))
        return {id(task) for task, cost in zip(tasks, costs, strict=True) if cost.fits(TOLERANCE)}

    def loaded(self, data: Mapping[str, Any]) -> Scenario:
        """Return a scenario, loaded as from its file."""
        with TemporaryDirectory(prefix="routecost-") as folder:
            file = Path(folder, "scenario.yaml")
            file.write_text(block_yaml(dict(data)), encoding="utf-8")
            return load_scenario(file, pricing=self.pricing, library=self.library)

    def costs(self, tasks: Sequence[LineOfTasks], scenario: Scenario) -> list[CalibratedTask]:
        """Return the task types with their costs in a scenario."""
        types: dict[int, list[str]] = {}
        for one in stated_types(tasks):
            types.setdefault(id(one.task), []).append(one.name)
        names = line_names([task.line for task in tasks])
        return [
            self._cost(name, task, types[id(task)], scenario) for name, task in zip(names, tasks, strict=True)
        ]

    def start(self, scenario: Scenario) -> date:
        """Return the first month of the log of which a plan is computed.

        It is at most a year before the end of the log, and its first day has prices.
        """
        last = self.read.last.replace(day=1)
        months = [month for month in first_days(self.read.first, self.read.last) if month < last]
        for month in months[-MOST_PLANNED:]:
            with suppress(UnpricedError, UnknownNameError):
                price_all(scenario, month)
                return month
        return last

    def _cost(self, name: str, task: LineOfTasks, types: Sequence[str], scenario: Scenario) -> CalibratedTask:
        strategy, line = scenario.strategies[AS_LOGGED], task.line
        own = strategy.strategies[types[0]] if isinstance(strategy, Assigned) else strategy
        stated = tuple(one for one in scenario.workload.task_types if one.name in types)
        alone = replace(scenario, workload=Workload(stated), strategies={name: own})
        ((_, bill),) = price_all(alone, self.prices.day).values()
        logged = Bounds()
        for one in line.cells:
            logged = logged.plus(self.prices.pricer.cost(one.logged))
        return CalibratedTask(
            name,
            line.task_type,
            line.calls,
            None if task.length is None else task.length.tasks,
            _sum(one.tasks_per_day for one in stated),
            task.calls_per_task,
            line.tiers,
            logged,
            logged_cost(line.cells, self.prices) or ZERO,
            _over(bill.total, self.read.days),
        )


@exact
def _sum(numbers: Iterable[Decimal]) -> Decimal:
    return sum(numbers, ZERO)


@exact
def _over(cost: Decimal, days: int) -> Decimal:
    return cost * days


def _written(work: _Work, pricing: str) -> Calibration:
    read, sheet, chosen = work.read, work.prices.pricer.sheet, work.chosen()
    tiers = {model: sheet.tier_names[rank] for model, rank in read.ranks.items()}
    names = Names(tiers, work.prices.pricer.model, lambda time: read.log.day(time) or read.last)
    rows, assumed = evidence(read.profile.trials, names)
    hours, about_hours = arrivals(read.profile.hours, read.facts.time_zone, read.days)
    if work.shape is not None:
        hours = None
        about_hours = (
            f"Hours of arrival are those of each task type in {work.shape.zone}: prices depend on them"
        )
    course = trend(
        read.profile.hours,
        read.first,
        read.last,
        is_first_whole=read.source.since is not None,
        is_last_whole=read.source.until is not None,
    )
    calls = sum(task.line.calls for task in chosen)
    period = f"{read.first} to {read.last}" if read.first != read.last else f"{read.first}"
    description = f"learned from {calls:,} logged calls of {period} ({read.facts.time_zone})"
    usable, about_success = of_one_tier(rows, read.profile, chosen)
    data = scenario_data(
        chosen, work.prices, Stated(pricing, read.days, description, usable, hours, work.shape)
    )
    scenario = work.loaded(data)
    tasks = tuple(work.costs(chosen, scenario))
    plan = course.plan(work.start(scenario))
    about_plan = ""
    if len(plan) > 1 or plan["start"] != f"{work.prices.day:%Y-%m}":
        data["plan"] = plan
        about_plan = f"The plan starts in {plan['start']}"
    if "volume" in plan:
        about_plan += f", with {float(plan['volume'][0]['factor']):.3g} of the mean volume"
    stated = (
        *about(read.log, read.days, read.cells, chosen),
        about_hours,
        *course.statements,
        about_plan,
        *assumed,
        about_success,
        about_efforts([task.line for task in chosen], work.prices),
        *about_cascades(dict(zip(line_names([task.line for task in chosen]), chosen, strict=True))),
    )
    statements = tuple(dict.fromkeys(filter(None, stated)))
    return Calibration(
        facts=read.facts,
        pricing=sheet.name,
        currency=sheet.currency,
        as_of=work.prices.day,
        days=read.days,
        tasks=tasks,
        evidence=tuple(rows),
        statements=statements,
        scenario_text=commented(description, tasks, statements, sheet.currency) + block_yaml(data),
        evidence_text=block_yaml(evidence_data(rows, description, work.prices.efforts)) if rows else None,
        has_terms=bool(sheet.terms),
    )
