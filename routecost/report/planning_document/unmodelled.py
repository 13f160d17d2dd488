"""What no figure of the plan knows: an honest list, by what the scenario has and lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from routecost.engine.strategies.assigned import Assigned
from routecost.engine.strategies.mix import Mix
from routecost.engine.strategies.table import Routed
from routecost.model.report.cells import Column
from routecost.model.report.report import Report, Table
from routecost.model.results.planning_document import Planning
from routecost.model.scenario.caching import NO_CACHE, CacheShares
from routecost.model.scenario.month_plan import NO_PLAN
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.workload import TaskType
from routecost.report.projection.assumptions import rates

Gap = tuple[str, str]
"""What is not modelled, and what the figures take for granted in its place."""

_COLUMNS = (Column("what", "not modelled"), Column("taken", "so the figures take it that"))


def report(planning: Planning) -> Report:
    """Return what is not modelled, and what that means for the figures."""
    return Report(
        command="report",
        title="What is not modelled",
        meta={},
        blocks=(Table("gaps", _COLUMNS, list(_gaps(planning))),),
        currency=planning.comparison.currency,
    )


def _gaps(planning: Planning) -> Iterator[Gap]:
    scenario = planning.scenario
    yield from _calls(scenario)
    yield from _quality(scenario.workload.task_types)
    yield from _tokens(scenario)
    yield from _routing(scenario)
    yield from _money(planning)


def _calls(scenario: Scenario) -> Iterator[Gap]:
    yield "failed calls", "none is repeated, unless a strategy itself tries again"
    yield "rate limits and outages", "every call is served when it is made"
    if not scenario.latency:
        yield "latency", "it does not matter how long a task takes"
    else:
        yield "waiting", "time costs nothing; seconds are means, without queues"


def _quality(types: Iterable[TaskType]) -> Iterator[Gap]:
    unknown = [task.name for task in types if not task.success]
    known = [task for task in types if task.success]
    if unknown:
        yield "quality", f"wrong results cost nothing{_of(unknown, types)}: no success rates are given"
    free = [task.name for task in known if task.failure_cost is None]
    if free:
        yield "cost of failures", f"it is not known{_of(free, types)}, and in no total"
    kept = [task.name for task in known if task.rework is None]
    if kept:
        yield "rework", f"nobody notices a wrong result and does it again{_of(kept, types)}"
    stated = [task.name for task in known if any(rate.trials is None for rate in task.success.values())]
    if stated:
        yield "evidence", f"success rates are as stated, without trials behind them{_of(stated, types)}"


def _tokens(scenario: Scenario) -> Iterator[Gap]:
    types = scenario.workload.task_types
    uncached = [task.name for task in types if task.cache == NO_CACHE]
    if uncached:
        yield "caching", f"all input is paid in full{_of(uncached, types)}, except where a strategy caches"
    stated = [t.name for t in types if isinstance(t.cache, CacheShares) and t.cache != NO_CACHE]
    if stated:
        yield "lifetime of caches", f"the stated shares hold, whatever the volume{_of(stated, types)}"
    if not any(task.batch_share for task in types):
        yield "batches", "no call waits for a batch discount"
    alike = [task.name for task in types if _is_alike(task)]
    if alike:
        yield "spread of tokens", f"all calls of a type are alike{_of(alike, types)}"
    if scenario.tokens_measured_on is None:
        yield "tokenizers", "a text takes the same tokens on every model"


def _is_alike(task: TaskType) -> bool:
    return len(task.tokens.cells) == 1 and task.tokens.cells[0].input_low == task.tokens.cells[0].input_high


def _routing(scenario: Scenario) -> Iterator[Gap]:
    if scenario.routing_costs is None:
        yield "engineering and upkeep", "routing costs nothing to build and to keep"
    free = [name for name, strategy in scenario.strategies.items() if _is_routed_for_free(strategy)]
    if free:
        yield "the router", f"it costs nothing with {', '.join(free)}"
    sure = [name for name, strategy in scenario.strategies.items() if _never_errs(strategy)]
    if sure:
        yield "the router's mistakes", f"it makes none with {', '.join(sure)}"


def _is_routed_for_free(strategy: Strategy) -> bool:
    return isinstance(strategy, Mix | Routed) or (isinstance(strategy, Assigned) and strategy.router is None)


def _never_errs(strategy: Strategy) -> bool:
    is_sure = isinstance(strategy, Assigned) and not strategy.mistakes and not strategy.error
    return isinstance(strategy, Mix | Routed) or is_sure


def _money(planning: Planning) -> Iterator[Gap]:
    horizon = planning.projection.horizon
    if not planning.scenario.pricing.terms:
        yield "contracts", "list prices apply, without discounts"
    if horizon.pinned is None:
        yield "later prices", "they stay as the sheet's last entries have them"
    else:
        yield "other prices", f"those of {horizon.pinned} hold in every month"
    if not any(rate for _, rate in rates(planning.projection)):
        yield "growth", "the work of the scenario does not grow from month to month"
    if not (planning.scenario.plan or NO_PLAN).seasons:
        yield "seasons", "no month has more work than another for the time of the year"
    yield "days within a month", "each has the same work"
    yield from _certain(planning)
    yield "all other costs", "there are only those of calls, and of failures where they are stated"


def _certain(planning: Planning) -> Iterator[Gap]:
    if planning.projection.outlook is None:
        yield "uncertainty", "each figure is one value, without a range"
    else:
        yield (
            "other uncertainty",
            "what is not called uncertain is known, and nothing moves together",
        )


def _of(names: Iterable[str], types: Iterable[TaskType]) -> str:
    """Name the task types that something is true of, unless it is true of all."""
    named = list(names)
    return "" if len(named) == len(list(types)) else f" in {', '.join(named)}"
