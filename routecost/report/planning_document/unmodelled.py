"""Limits of the model, given the scenario."""

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
from routecost.model.scenario.workload import Carry, TaskType
from routecost.report.projection.assumptions import rates

Gap = tuple[str, str]
"""Something that is not modelled, and the assumption made instead."""

_COLUMNS = (Column("what", "not modelled"), Column("taken", "assumption instead"))


def report(planning: Planning) -> Report:
    """Return what is not modelled, and the assumption made instead."""
    return Report(
        command="report",
        title="Not modelled",
        meta={},
        blocks=(Table("gaps", _COLUMNS, list(_gaps(planning))),),
        currency=planning.comparison.currency,
    )


def _gaps(planning: Planning) -> Iterator[Gap]:
    scenario = planning.scenario
    yield from _calls(scenario)
    yield from _quality(scenario.workload.task_types)
    yield from _tokens(scenario)
    yield from _routing(planning)
    yield from _money(planning)


def _calls(scenario: Scenario) -> Iterator[Gap]:
    yield "failed calls", "no call is repeated, except by strategies that retry"
    has_limits = scenario.rate_limits or scenario.pricing.rate_limits
    yield "outages" if has_limits else "rate limits and outages", "every call is served when it is made"
    if scenario.subscriptions:
        yield (
            "waiting for the next window of a subscription",
            "work beyond what it includes is billed, not done or slow at once; tasks are divisible",
        )
    if not scenario.latency:
        yield "latency", "the duration of a task has no effect"
    else:
        yield "waiting", "time has no cost; durations are means without queueing"


def _quality(types: Iterable[TaskType]) -> Iterator[Gap]:
    unknown = [task.name for task in types if not task.success]
    known = [task for task in types if task.success]
    if unknown:
        yield "quality", f"wrong results cost nothing{_of(unknown, types)}: no success rates are given"
    free = [task.name for task in known if task.failure_cost is None]
    if free:
        yield "cost of failures", f"no failure cost is stated{_of(free, types)}; totals exclude it"
    kept = [task.name for task in known if task.rework is None]
    if kept:
        yield "rework", f"wrong results are not detected and redone{_of(kept, types)}"
    stated = [task.name for task in known if any(rate.trials is None for rate in task.success.values())]
    if stated:
        yield "evidence", f"success rates are stated without trials{_of(stated, types)}"


def _tokens(scenario: Scenario) -> Iterator[Gap]:
    types = scenario.workload.task_types
    uncached = [task.name for task in types if task.cache == NO_CACHE and not task.calls.cached]
    if uncached:
        yield (
            "caching",
            f"input is billed at the full rate{_of(uncached, types)}, except in strategies that cache",
        )
    stated = [t.name for t in types if isinstance(t.cache, CacheShares) and t.cache != NO_CACHE]
    if stated:
        yield "lifetime of caches", f"the stated cache shares hold at any volume{_of(stated, types)}"
    warm = [task.name for task in types if task.calls.cached and task.calls.pause is None]
    if warm:
        yield (
            "pauses between calls",
            f"the calls of a task follow each other within the lifetime of a cache{_of(warm, types)}",
        )
    if not any(task.batch_share for task in types):
        yield "batches", "no call uses a batch discount"
    alike = [task.name for task in types if _is_alike(task)]
    if alike:
        where = " on a tier" if any(task.tier_tokens for task in types) else ""
        yield "spread of tokens", f"all calls of a task type{where} have the same tokens{_of(alike, types)}"
    if scenario.tokens_measured_on is None:
        yield "tokenizers", "a text has the same number of tokens on every model"


def _is_alike(task: TaskType) -> bool:
    grows = task.calls.carry is not Carry.NONE and task.calls.per_task > 1
    first, *others = task.tokens.cells
    return not grows and not others and first.input_low == first.input_high


def _routing(planning: Planning) -> Iterator[Gap]:
    scenario = planning.scenario
    if scenario.routing_costs is None and planning.projection.payback is None:
        yield "engineering and upkeep", "building and maintaining routing has no cost"
    free = [name for name, strategy in scenario.strategies.items() if _is_routed_for_free(strategy)]
    if free:
        yield "the router", f"the router has no cost in {', '.join(free)}"
    sure = [name for name, strategy in scenario.strategies.items() if _never_errs(strategy)]
    if sure:
        yield "the router's mistakes", f"the router makes no errors in {', '.join(sure)}"


def _is_routed_for_free(strategy: Strategy) -> bool:
    return isinstance(strategy, Mix | Routed) or (isinstance(strategy, Assigned) and strategy.router is None)


def _never_errs(strategy: Strategy) -> bool:
    is_sure = isinstance(strategy, Assigned) and not strategy.mistakes and not strategy.error
    return isinstance(strategy, Mix | Routed) or is_sure


def _money(planning: Planning) -> Iterator[Gap]:
    horizon = planning.projection.horizon
    if not planning.scenario.pricing.terms and not (planning.scenario.plan or NO_PLAN).commitments:
        yield "contracts", "list prices apply, without discounts"
    if horizon.pinned is None:
        yield "later prices", "the last prices of the sheet stay in force"
    else:
        yield "other prices", f"the prices of {horizon.pinned} apply in every month"
    if not any(rate for _, rate in rates(planning.projection)):
        yield "growth", "the workload does not grow"
    if not (planning.scenario.plan or NO_PLAN).seasons:
        yield "seasons", "the workload does not depend on the time of year"
    yield "days within a month", "every day has the same workload"
    yield from _certain(planning)
    yield "all other costs", "only calls, and failures with a stated cost, are included"


def _certain(planning: Planning) -> Iterator[Gap]:
    outlook, uncertainty = planning.projection.outlook, planning.scenario.uncertainty
    if outlook is None:
        yield "uncertainty", "every figure is a single value without a range"
        return
    joint = uncertainty is not None and (
        uncertainty.correlations or any(field.driver for field in uncertainty.fields)
    )
    apart = " except as stated" if joint else ""
    yield "other uncertainty", f"other inputs are exact, and uncertain inputs are independent{apart}"


def _of(names: Iterable[str], types: Iterable[TaskType]) -> str:
    """Return the names of the task types concerned, or nothing if all are."""
    named = list(names)
    return "" if len(named) == len(list(types)) else f" in {', '.join(named)}"
