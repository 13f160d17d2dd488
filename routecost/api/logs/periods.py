"""Periods of logs: why spend changed from one to another, and what the current month is expected to cost."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from decimal import Decimal

from routecost.api.logs.plans import planned_strategy, refuse_currency
from routecost.api.logs.source import (
    Logs,
    LogSource,
    as_source,
    facts_of,
    opened,
    refuse_unpriced,
    sheet_pricer,
)
from routecost.api.project import project
from routecost.api.scenarios import load_scenario
from routecost.engine.logs import usage as _usage
from routecost.engine.logs.changes import type_changes
from routecost.engine.logs.pace import month_end
from routecost.engine.logs.pricing import CellPricer
from routecost.errors import UsageError
from routecost.library import PathLike
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.results.breakeven import read_amount
from routecost.model.results.logs.changes import Days, SpendChange, read_days
from routecost.model.results.logs.pace import Pace
from routecost.model.results.logs.usage import Key, LogFacts, Unpriced
from routecost.model.scenario.budget import Budget
from routecost.model.scenario.scenario import Scenario
from routecost.units import exact


def spend_change(
    logs: Logs,
    before: Days | str,
    after: Days | str,
    *,
    pricing: PathLike | PricingSheet | None = None,
    library: PathLike | None = None,
) -> SpendChange:
    """Return why the cost of logged calls changed from one period to another, by task type.

    A period is a text such as ``2026-11-09..2026-11-15``. The parts (volume, shares of task types, shares of
    models, tokens per call, cache, price) are Shapley values and sum to the change exactly. Raises as
    :func:`log_usage` does.
    """
    old, new = (read_days(days) if isinstance(days, str) else days for days in (before, after))
    if old.first <= new.last and new.first <= old.last:
        raise UsageError(f"the periods {old} and {new} overlap; expected separate ones")
    source = as_source(logs)
    _refuse_days(source, "--compare")
    source = replace(source, since=min(old.first, new.first), until=max(old.last, new.last))
    cells, facts, pricer, missing = _by_day(source, pricing, library, [Key.TASK_TYPE, Key.DAY])
    sides = [
        [one for one in cells if (day := _usage.day_of(one.cell)) and days.first <= day <= days.last]
        for days in (old, new)
    ]
    for days, side in zip((old, new), sides, strict=True):
        if not side:
            raise UsageError(f"no calls are logged in {days}; the logs have those of {_span(facts)}")
    if any(one.cell.calls == 0 for side in sides for one in side):
        raise UsageError("--compare needs numbers of calls, and a report among the logs does not count them")
    total, types = type_changes(sides[0], sides[1], pricer)
    return SpendChange(
        facts,
        pricer.sheet.name,
        pricer.sheet.currency,
        old,
        new,
        total,
        tuple(types),
        missing,
        are_bounds=bool(facts.undated) or _are_bounds([*sides[0], *sides[1]]),
    )


def spend_pace(
    logs: Logs,
    *,
    pricing: PathLike | PricingSheet | None = None,
    plan: PathLike | None = None,
    strategy: str | None = None,
    budget: str | Decimal | int | None = None,
    library: PathLike | None = None,
) -> Pace:
    """Return the spend of the month of the last logged day (or ``until``), and its expected end with a band.

    The last day is over if it is ``until``, or if the last call is in its last hour. Calls without a time
    may be of the month or not: they add to the most that it costs.
    ``plan`` is a scenario: its ``strategy`` (default: the proposed one, else the default) gives the planned
    cost, and its monthly budget is used unless ``budget`` gives another. Raises as :func:`log_usage` and
    :func:`project` do.
    """
    source = as_source(logs)
    if plan is None and budget is None:
        raise UsageError("--pace needs --plan SCENARIO or --budget AMOUNT")
    if strategy is not None and plan is None:
        raise UsageError("--strategy requires --plan SCENARIO")
    if source.since is not None:
        raise UsageError("--since cannot be used with --pace; --until gives the day")
    amount = None if budget is None else read_amount("--budget", str(budget))
    scenario = None if plan is None else load_scenario(plan, library=library)
    if pricing is None and scenario is not None:
        pricing = scenario.pricing
    cells, facts, pricer, missing = _by_day(replace(source, until=None), pricing, library, [Key.DAY])
    days, undated = _usage.by_day(cells)
    days = {day: group for day, group in days.items() if source.until is None or day <= source.until}
    until, is_over = _last_day(source, facts, days)
    others = _usage.summed(undated)
    costs = {day: _usage.summed(group).cost for day, group in days.items()}
    end, most = (
        month_end({day: cost[at] for day, cost in costs.items()}, min(days), until, is_over=is_over)
        for at in (0, 1)
    )
    month = f"{until:%Y-%m}"
    name = planned = stated = None
    if scenario is not None:
        refuse_currency(scenario, pricer)
        name = planned_strategy(scenario, strategy)
        planned = _planned(scenario, name, until.replace(day=1))
        stated = None if amount is not None else _budget(scenario, name, until.replace(day=1))
    compares = stated is not None and not stated[0].counts_failures
    return Pace(
        facts,
        pricer.sheet.name,
        pricer.sheet.currency,
        month,
        until,
        end.days,
        end.days_left,
        end.spent,
        end.basis,
        end.expected,
        end.low,
        None if most.high is None else _added(most.high, others.cost.high),
        stated[1] if stated is not None and compares else amount,
        None if scenario is None else scenario.name,
        name,
        planned,
        missing,
        are_bounds=_are_bounds([*undated, *(one for group in days.values() for one in group)])
        or bool(undated),
        spent_high=None if missing else _added(most.spent, others.cost.high),
        expected_high=None if missing else _added(most.expected, others.cost.high),
        undated=others.calls,
        is_last_unfinished=not is_over,
        budget_counts_failures=stated is not None and not compares,
    )


@exact
def _added(one: Decimal, other: Decimal) -> Decimal:
    return one + other


def _planned(scenario: Scenario, strategy: str, month: date) -> Decimal:
    """Return the planned cost of a month: of a plan that began before, with what changed until then."""
    began = scenario.plan.start if scenario.plan is not None else None
    first = month if began is None or began > month else began
    months = 12 * (month.year - first.year) + month.month - first.month + 1
    return (
        project(scenario, months=months, start=f"{first:%Y-%m}", strategies=[strategy])[strategy]
        .months[-1]
        .cost
    )


def _last_day(source: LogSource, facts: LogFacts, days: Collection[date]) -> tuple[date, bool]:
    """Return the last day, and whether it is over. Raises UsageError if no day is."""
    if not days:
        raise UsageError("the logs have no calls with a time; --pace needs days")
    last = max(days)
    if source.until is not None:
        return source.until, True
    if not facts.is_last_over and len(days) == 1:
        raise UsageError(
            f"{last} is the only day, and may not be over; --pace needs a whole one: --until {last} says "
            "that it is over"
        )
    return last, facts.is_last_over


def _by_day(
    source: LogSource, pricing: PathLike | PricingSheet | None, library: PathLike | None, keys: list[Key]
) -> tuple[list[_usage.Priced], LogFacts, CellPricer, tuple[Unpriced, ...]]:
    pricer = sheet_pricer(source, pricing, library)
    with opened(source) as (_, log):
        cells = log.cells(_usage.cell_keys(keys), [pricer.sheet])
        facts = facts_of(log, source)
        missing = refuse_unpriced(log, cells, pricer, source)
    return _usage.priced(cells, pricer), facts, pricer, missing


def _refuse_days(source: LogSource, option: str) -> None:
    if source.since is not None or source.until is not None:
        raise UsageError(f"--since and --until cannot be used with {option}, which has its own days")


def _are_bounds(cells: list[_usage.Priced]) -> bool:
    return any(cost is None or not cost.is_exact for _, cost in cells)


def _span(facts: LogFacts) -> str:
    return f"{facts.first} to {facts.last}"


def _budget(scenario: Scenario, strategy: str, month: date) -> tuple[Budget, Decimal] | None:
    """Return the monthly budget of a strategy in a plan or else its scenario, and its amount in a month."""
    from routecost.engine.projection.budget_tracking import amount_in
    from routecost.model.scenario.month_plan import NO_PLAN

    plan = scenario.plan or NO_PLAN
    budget = plan.budget or scenario.budget
    if budget is None or budget.strategy != strategy or budget.per != "month":
        return None
    return budget, amount_in(month, budget, plan.budget_steps)
