"""Scenarios learned from logs of calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from routecost.api.logs.call_log import CallLog
from routecost.api.logs.source import Logs, LogSource, as_source, facts_of, opened, sheet_pricer
from routecost.api.logs.scenario_data import AS_LOGGED, evidence_data, line_names, scenario_data
from routecost.api.scenarios import load_scenario
from routecost.engine.compare.compare import price_all
from routecost.engine.logs.calibration.lines import (
    SIZES,
    TOLERANCE,
    Line,
    TierPrices,
    lines,
    logged_cost,
    tiered,
)
from routecost.engine.logs.calibration.tasks import Growth, TaskLengths, evidence, growths, task_lengths
from routecost.engine.logs.calibration.trend import arrivals, trend
from routecost.engine.logs.pricing import CellPricer, context_edges, unpriced
from routecost.engine.strategies.assigned import Assigned
from routecost.errors import UsageError
from routecost.library import PathLike, argument, looks_like_path, path_from
from routecost.model.logs.cells import Bounds, Cell
from routecost.model.logs.profile import LogProfile
from routecost.model.results.logs.calibration import CalibratedTask, Calibration, EvidenceRow
from routecost.model.results.logs.usage import LogFacts, UnpricedCallsError
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.workload import Workload
from routecost.records import dataclass
from routecost.source.editing.yaml_writer import block_yaml
from routecost.units import ZERO, exact, listed


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
    folder: PathLike | None = None,
    library: PathLike | None = None,
) -> Calibration:
    """Learn a scenario and evidence from logs: volumes, tokens, caches, modes, calls, tiers and outcomes.

    Prices are those of ``as_of``, else of the last day of the log. ``folder`` is that of the file to write,
    relative to which a sheet given by path is named.

    Raises UsageError for logs that cannot be read, have no times or no calls, UnpricedCallsError with all
    calls that have no price, EnvironmentFailure without the extra ``logs``.
    """
    pricer = sheet_pricer(as_source(logs), pricing, library)
    assert pricing is not None  # refused by sheet_pricer
    with opened(logs) as (source, log):
        read = _read(log, source, pricer)
    day = as_of or read.last
    prices = TierPrices.of(pricer, day, context_edges([pricer.sheet]))
    cells = tiered(read.cells, prices, (*SIZES, *prices.edges[1:]))
    _refuse_unpriced_on(day, prices, [(one.cell, one.tier) for one in cells])
    found = lines(cells, prices)
    named = dict(zip(line_names(found), found, strict=True))
    return _written(read, named, prices, argument(pricing), folder, library)


def _read(log: CallLog, source: LogSource, pricer: CellPricer) -> _Read:
    cells = log.cells(["task_type"], [pricer.sheet], SIZES)
    if missing := unpriced(cells, pricer):
        raise UnpricedCallsError(missing)
    if any(not cell.calls for cell in cells) or not cells:
        raise UsageError("the logs do not state how many calls were made, on which a scenario is based")
    first, last = source.since or log.day(log.first), source.until or log.day(log.last)
    if first is None or last is None:
        raise UsageError("no call in the logs has a time, so that its volume per day is unknown")
    ranks = _ranks(cells, pricer)
    return _Read(facts_of(log, source), cells, log.profile(ranks), first, last, ranks, pricer.sheet.tier_names, log)


def _ranks(cells: Sequence[Cell], pricer: CellPricer) -> dict[str, int]:
    """Return the rank of the tier of each logged model. Raises UsageError for models without a tier."""
    ranks = {tier: rank for rank, tier in enumerate(pricer.sheet.tier_names)}
    tiers = {cell.model: pricer.tier(cell) for cell in cells}
    without = [model for model, tier in tiers.items() if tier is None]
    if without:
        counts = {model: sum(cell.calls for cell in cells if cell.model == model) for model in without}
        names = listed([f"{model} ({count:,} calls)" for model, count in sorted(counts.items())])
        raise UsageError(
            f'no tier of pricing sheet "{pricer.sheet.name}" is the model of these calls: {names}; a scenario '
            f'names tiers: write a sheet with "extends: {pricer.sheet.name}" that states "tiers"'
        )
    return {model: ranks[tier] for model, tier in tiers.items() if tier is not None}


def _refuse_unpriced_on(day: date, prices: TierPrices, cells: Sequence[tuple[Cell, str]]) -> None:
    without = sorted({tier for _, tier in cells} - prices.models.keys())
    if without:
        raise UsageError(f'tier "{without[0]}" has no model on {day}; expected another --as-of')
    moved = [replace(cell, days=(day,), model=prices.models[tier]) for cell, tier in cells]
    if missing := unpriced(moved, replace(prices.pricer, names={})):
        raise UnpricedCallsError(missing)


def _written(
    read: _Read,
    named: Mapping[str, Line],
    prices: TierPrices,
    pricing: str,
    folder: PathLike | None,
    library: PathLike | None,
) -> Calibration:
    pricer, sheet = prices.pricer, prices.pricer.sheet
    tiers = {model: sheet.tier_names[rank] for model, rank in read.ranks.items()}
    rows, assumed = evidence(
        read.profile.trials, pricer.model, tiers.__getitem__, lambda time: read.log.day(time) or read.last
    )
    lengths = task_lengths(named, read.profile.lengths, read.ranks_of_tiers)
    hours, about_hours = arrivals(read.profile.hours, read.facts.time_zone, read.days)
    course = trend(read.profile.hours, read.first, read.last)
    calls = sum(line.calls for line in named.values())
    period = f"{read.first} to {read.last}" if read.first != read.last else f"{read.first}"
    description = f"learned from {calls:,} logged calls of {period} ({read.facts.time_zone})"
    build = partial(
        scenario_data,
        named,
        prices,
        pricing=path_from(folder, pricing) if folder is not None and looks_like_path(pricing) else pricing,
        days=read.days,
        description=description,
        lengths=lengths,
        evidence=rows,
        arrivals=hours,
        plan=course.plan,
    )
    growth = growths(named, lengths, read.profile.places, read.ranks_of_tiers)
    data = build(growth=growth)
    tasks = tuple(_tasks(read, named, lengths, prices, _loaded(data, pricing, library)))
    wrong = {task.name: task.difference for task in tasks if task.name in growth and not task.fits(TOLERANCE)}
    if wrong:
        data = build(growth={name: one for name, one in growth.items() if name not in wrong})
        tasks = tuple(_tasks(read, named, lengths, prices, _loaded(data, pricing, library)))
    statements = (
        *_about(read, named, lengths),
        *_about_growth(named, growth, wrong),
        about_hours,
        *course.statements,
        *assumed,
    )
    return Calibration(
        facts=read.facts,
        pricing=sheet.name,
        currency=sheet.currency,
        as_of=prices.day,
        days=read.days,
        tasks=tasks,
        evidence=tuple(rows),
        statements=statements,
        scenario_text=_commented(description, tasks, statements, sheet.currency) + block_yaml(data),
        evidence_text=block_yaml(evidence_data(rows, description)) if rows else None,
        has_terms=bool(sheet.terms),
    )


def _loaded(data: Mapping[str, Any], pricing: str, library: PathLike | None) -> Scenario:
    """Return the scenario, loaded as from its file."""
    with TemporaryDirectory(prefix="routecost-") as folder:
        file = Path(folder, "scenario.yaml")
        file.write_text(block_yaml(dict(data)), encoding="utf-8")
        return load_scenario(file, pricing=pricing, library=library)


def _tasks(
    read: _Read,
    named: Mapping[str, Line],
    lengths: Mapping[str, TaskLengths],
    prices: TierPrices,
    scenario: Scenario,
) -> Iterator[CalibratedTask]:
    work = {task.name: task for task in scenario.workload.task_types}
    strategy = scenario.strategies[AS_LOGGED]
    logged = _logged(read.cells, named, prices)
    for name, line in named.items():
        own = strategy.strategies[name] if isinstance(strategy, Assigned) else strategy
        alone = replace(scenario, workload=Workload((work[name],)), strategies={name: own})
        ((_, bill),) = price_all(alone, prices.day).values()
        length = lengths.get(name)
        yield CalibratedTask(
            name,
            line.task_type,
            line.calls,
            None if length is None else length.tasks,
            work[name].tasks_per_day,
            work[name].calls.per_task,
            ", ".join(f"{tier} {count / line.calls:.1%}" for tier, count in line.tiers.items()),
            logged[name],
            logged_cost(line.cells, prices) or ZERO,
            _over(bill.total, read.days),
        )


@exact
def _over(cost: Decimal, days: int) -> Decimal:
    return cost * days


def _logged(cells: Sequence[Cell], named: Mapping[str, Line], prices: TierPrices) -> dict[str, Bounds]:
    """Return the cost of each line at the prices of the days of its calls."""
    found = {}
    for name, line in named.items():
        total = Bounds()
        for one in line.cells:
            total = total.plus(prices.pricer.cost(one.cell))
        found[name] = total
    return found


def _about(read: _Read, named: Mapping[str, Line], lengths: Mapping[str, TaskLengths]) -> Iterator[str]:
    yield (
        f"volumes are means of {read.days} days; tokens are means of strata of the calls by size of context; "
        f"where shares that a scenario takes as independent would change the cost of a task type by more than "
        f"{TOLERANCE:.1%}, it is split by tier, mode or price step"
    )
    without = [name for name in named if name not in lengths]
    if without:
        yield f"one call per task where tasks are unknown or span several task types: {', '.join(without)}"
    for name, length in lengths.items():
        yield f"{name}: {length.tasks:,} tasks of {length.mean:.2f} calls, stated as {length.per_task}"
    sums = sum(cell.calls for cell in read.cells if cell.is_sum)
    if sums:
        yield f"the sizes of {sums:,} calls are not known: each has the mean of its report's row"


def _about_growth(
    named: Mapping[str, Line], growth: Mapping[str, Growth], wrong: Mapping[str, Decimal | None]
) -> Iterator[str]:
    for name in named:
        if name in wrong:
            yield (
                f"{name}: contexts grow with the calls of a task, but a steady growth over tasks of mean length "
                f"would cost {wrong[name] or 0:+.1%}; calls are stated by their sizes"
            )
        elif name in growth:
            one = growth[name]
            yield f"{name}: the context of a task grows by {one.input + one.output:,.0f} tokens with each call"


def _commented(
    description: str, tasks: Sequence[CalibratedTask], statements: Sequence[str], currency: str
) -> str:
    """Return the comment at the top of the scenario."""
    total = sum((task.logged.low for task in tasks), ZERO)
    text = [
        f"Written by routecost calibrate: {description}; their cost at the prices of their days is "
        f"{total:.2f} {currency}.",
        *(f"- {statement}" for statement in statements),
    ]
    return "".join(f"# {' '.join(line.split())}\n" for line in text)
