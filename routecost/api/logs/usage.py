"""Usage and cost of logged calls."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from routecost.api.call_log import CallLog
from routecost.api.compare import compare
from routecost.api.logs.plans import planned_strategy, refuse_currency
from routecost.api.logs.source import (
    Logs,
    LogSource,
    as_source,
    facts_of,
    opened,
    read_keys,
    refuse_no_calls,
    refuse_unpriced,
    sheet_pricer,
)
from routecost.api.scenarios import load_scenario
from routecost.engine.logs import usage as _usage
from routecost.engine.logs.months import first_days, month_usage, partial_periods
from routecost.engine.logs.pricing import CellPricer
from routecost.errors import RoutecostError, UsageError
from routecost.library import PathLike
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.results.logs.usage import Key, LogFacts, LogUsage, MonthUsage, PlannedTask
from routecost.model.scenario.workload import Workload


def log_usage(  # noqa: PLR0913  keywords of one command
    logs: Logs,
    *,
    pricing: PathLike | PricingSheet | None = None,
    by: Sequence[Key | str] = (Key.MODEL,),
    months: bool = False,
    partial_months: bool = False,
    plan: PathLike | None = None,
    strategy: str | None = None,
    library: PathLike | None = None,
) -> LogUsage:
    """Return the calls, units and cost of logs by task type, tier, model, day, week, month, agent or outcome.

    Where logs state costs, they are reconciled with the prices of the sheet; where they state outcomes,
    rates of failure and escalation, and the cost per success, are measured. A task is the calls with one
    task id, else with one session id, else one call. ``months`` adds the usage of the months that are
    over, for :func:`log_actuals`, without those that the log covers in part unless ``partial_months``.
    ``plan`` is a scenario, whose ``strategy`` (default: the proposed one, else the default) gives the
    planned cost of tasks.

    Raises UsageError for logs that cannot be read and for other time zones and keys, UnpricedCallsError
    with all calls that have no price, CurrencyError, EnvironmentFailure without the extra ``logs``.
    """
    keys, pricer = read_keys(by), sheet_pricer(as_source(logs), pricing, library)
    sheet = pricer.sheet
    if strategy is not None and plan is None:
        raise UsageError("--strategy requires --plan SCENARIO")
    planned = None if plan is None else _planned(plan, strategy, pricer, library)
    with opened(logs) as (source, log):
        needed = (*keys, Key.TASK_TYPE, Key.OUTCOME, *([Key.MONTH] if months else []))
        cells = log.cells(_usage.cell_keys(needed), [sheet])
        refuse_no_calls(cells, log, source)
        missing = refuse_unpriced(log, cells, pricer, source)
        priced = _usage.priced(cells, pricer)
        outcomes = _usage.outcome_rows(priced, pricer)
        tasks = log.tasks(_usage.tier_ranks(priced, pricer)) if outcomes or planned else []
        facts = facts_of(log, source)
        known = _months(log, facts, priced, pricer) if months else []
    in_part = () if partial_months else _partial(Key.MONTH, facts, source)
    whole = [month for month in known if f"{month.month:%Y-%m}" not in in_part]
    total = _usage.summed(priced)
    return LogUsage(
        facts=facts,
        pricing=sheet.name,
        currency=sheet.currency,
        keys=keys,
        meters=_usage.used_meters(total),
        rows=tuple(_usage.usage_rows(priced, keys, pricer)),
        total=total,
        reconciliation=tuple(_usage.reconciled(priced, pricer)),
        outcomes=tuple(outcomes),
        tasks=tuple(_usage.task_rows(tasks, priced)),
        unpriced=missing,
        has_terms=bool(sheet.terms),
        months=tuple(whole),
        left_out=tuple(f"{month.month:%Y-%m}" for month in known if month not in whole),
        partial=tuple(name for key in keys for name in _partial(key, facts, source)),
        plan=None if planned is None else f"{planned[0]}, {planned[1]}",
        planned={} if planned is None else planned[2],
    )


def _months(
    log: CallLog, facts: LogFacts, cells: Sequence[_usage.Priced], pricer: CellPricer
) -> list[MonthUsage]:
    if facts.first is None or facts.last is None:
        return []
    days = first_days(facts.first, facts.last)
    tasks = dict(zip(days, log.task_starts(days), strict=False))
    return month_usage(cells, pricer, tasks, date.today())


def _partial(key: Key, facts: LogFacts, source: LogSource) -> tuple[str, ...]:
    if facts.first is None or facts.last is None:
        return ()
    return partial_periods(
        key, max(facts.first, source.since or facts.first), min(facts.last, source.until or facts.last)
    )


def _planned(
    plan: PathLike, strategy: str | None, pricer: CellPricer, library: PathLike | None
) -> tuple[str, str, dict[str | None, PlannedTask]]:
    """Return the planned costs per task of all types together (None) and of each type alone."""
    scenario = load_scenario(plan, library=library)
    name = planned_strategy(scenario, strategy)
    refuse_currency(scenario, pricer)
    tasks = scenario.workload.task_types
    works: dict[str | None, Workload] = {None: scenario.workload}
    for kind in dict.fromkeys(task.routed_as for task in tasks):
        works[kind] = Workload(tuple(task for task in tasks if task.routed_as == kind))
    costs: dict[str | None, PlannedTask] = {}
    for task_type, work in works.items():
        with suppress(RoutecostError):  # what a type alone costs may be unknown
            cost = compare(replace(scenario, workload=work), strategies=[name])[name]
            names = tuple(task.name for task in work.task_types)
            costs[task_type] = PlannedTask(cost.cost_per_task, cost.cost_per_success, names)
    return scenario.name, name, costs
