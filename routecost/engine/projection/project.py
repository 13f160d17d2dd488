"""Projection of spend by month, at the prices in force in each month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import accumulate

from routecost.engine.compare.compare import Priced, price_all
from routecost.engine.compare.day_bill import check_fees
from routecost.engine.compare.outcomes import daily_failures, reviews_unknown
from routecost.engine.pricing.pieces import Pieces
from routecost.engine.pricing.settlement import SecondStage
from routecost.engine.pricing.subscriptions.payers import calls_per_task, has_range
from routecost.engine.pricing.subscriptions.wording import wording
from routecost.engine.projection.budget_tracking import Spends, named_row, track_budget
from routecost.engine.projection.failures import Daily, excess_over, failures_in
from routecost.engine.projection.month_bills import begun_years, billed
from routecost.engine.projection.payback import payback
from routecost.engine.projection.price_changes import price_changes
from routecost.engine.projection.schedule import schedule
from routecost.engine.projection.undone import undone_in
from routecost.errors import known_strategy
from routecost.model.pricing.bill import Bill
from routecost.model.results.failures import Between, Failures
from routecost.model.results.projection import MonthCost, Projection, StrategySpend, TotalSavings
from routecost.model.scenario.horizon import Horizon, month_name
from routecost.model.scenario.month_plan import NO_PLAN
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.schedule import Part, Schedule
from routecost.units import ONE, exact

PricedWork = Mapping[tuple[int, date], Priced]
"""(index of a work, first day of a period or part) -> strategy -> expansion and bill."""

Work = Mapping[str, set[tuple[int, tuple[Decimal, ...]]]]
"""Strategy -> its calls per task in each kind of work."""


@exact
def project(scenario: Scenario, horizon: Horizon) -> Projection:
    """Price every strategy of a scenario in every month of a horizon.

    Cost is linear in the work, before terms that depend on a month's total: each strategy is priced
    once per kind of work and period of constant prices, and the schedule multiplies.

    Raises UnknownNameError and UnpricedError as :func:`routecost.engine.pricing.price.price` does.
    """
    planned = schedule(scenario, horizon)
    priced = price_schedule(scenario, planned, horizon)
    failures = _daily_failures(planned, priced)
    spends = _spends(scenario, planned, priced, failures)
    months = next(iter(planned.rows.values()))
    proposed = (scenario.plan or NO_PLAN).proposed or scenario.proposed
    work = {name: _calls(name, planned, priced) for name in spends}
    differs = any(calls != next(iter(work.values())) for calls in work.values())
    savings = _savings(scenario, proposed, planned, spends, work, failures)
    pair = None if savings is None else (savings.strategy, savings.against)
    saved = [] if pair is None else _saved_by_month(scenario, pair, planned, spends, failures)
    projection = Projection(
        scenario=scenario.name,
        pricing=scenario.pricing.name,
        currency=scenario.pricing.currency,
        horizon=horizon,
        days_per_month=scenario.days_per_month,
        baseline=scenario.baseline,
        default=scenario.default,
        proposed=proposed,
        strategies=_strategies(spends, scenario.baseline, work),
        budget=track_budget(scenario, months, _spends_of_budget(scenario, planned, priced, spends)),
        savings=savings,
        payback=None if savings is None else payback(scenario, horizon, savings, saved),
        changes=price_changes(scenario.pricing, planned, priced) if horizon.pinned is None else (),
        worst_of=wording(scenario, (one for day in priced.values() for one, _ in day.values())),
        illustrative=scenario.illustrative,
        what_if=tuple(change.text for change in scenario.pricing.what_if),
        plan=scenario.plan,
        tasks=tuple(month.tasks(planned.works) for month in months),
        calls_per_task={name: min(calls, default=(0, ()))[1] for name, calls in work.items()}
        if differs
        else {},
    )
    if scenario.rate_limits or scenario.pricing.rate_limits:
        from routecost.engine.projection.rate_limits import limit_uses  # few scenarios have any

        projection = replace(projection, limits=limit_uses(scenario, planned, horizon))
    unreviewed = tuple(name for name in scenario.strategies if _reviews_unknown(name, priced))
    projection = replace(projection, unpriced_reviews=unreviewed)
    if not scenario.all_escalate:
        unknown = [name for name in scenario.strategies if _escalates_unknown(name, priced)]
        projection = replace(projection, if_all_escalate=_if_all_escalate(scenario, horizon, unknown))
    if scenario.worst_case or not (_is_assumed(priced) or _is_ranged(scenario)):
        return projection
    worst = project(replace(scenario, worst_case=True), horizon)
    if worst.limits != projection.limits:
        from routecost.engine.projection.rate_limits import at_least

        projection = replace(projection, limits=tuple(at_least(projection.limits, worst.limits)))
    if worst.strategies == projection.strategies:
        return projection
    projection = replace(projection, worst=worst)
    if projection.savings is None or worst.savings is None or not _is_ranged(scenario):
        return projection
    from routecost.engine.projection.saving_bounds import bounded  # few scenarios have subscriptions

    return replace(projection, savings=bounded(scenario, projection, worst))


def _is_assumed(priced: PricedWork) -> bool:
    """Return whether the success of some repeated work is not stated."""
    expansions = (expansion for strategies in priced.values() for expansion, _ in strategies.values())
    return any(outcome.is_assumed for expansion in expansions for outcome in expansion.outcomes)


def _is_ranged(scenario: Scenario) -> bool:
    """Return whether what a subscription serves depends on what is not known."""
    return any(has_range(scenario, name) for name in scenario.strategies)


def _escalates_unknown(strategy: str, priced: PricedWork) -> bool:
    """Return whether an unknown share of the tasks escalates in a strategy."""
    expansions = (strategies[strategy][0] for strategies in priced.values() if strategy in strategies)
    return any(outcome.escalates_unknown for expansion in expansions for outcome in expansion.outcomes)


def _reviews_unknown(strategy: str, priced: PricedWork) -> bool:
    return any(reviews_unknown(work[strategy][0]) for work in priced.values() if strategy in work)


def _if_all_escalate(scenario: Scenario, horizon: Horizon, names: Sequence[str]) -> dict[str, Decimal]:
    """Return the total of strategies, and of migrations to them, if all tasks escalate that may."""
    if not names:
        return {}
    most = project(replace(scenario, all_escalate=True), horizon)
    phases = (scenario.plan or NO_PLAN).migrations
    return {
        spend.strategy: spend.total
        for spend in most.strategies
        if spend.strategy in names or any(one.strategy in names for one in phases.get(spend.strategy, ()))
    }


def price_schedule(scenario: Scenario, planned: Schedule, horizon: Horizon) -> PricedWork:
    """Return the expansion and bill of each strategy for a day of each work that the schedule needs."""
    parts = [part for months in planned.rows.values() for month in months for part in month.parts]
    needed = {(part.work, part.priced_on): part for part in parts}
    priced = {
        key: _priced(scenario, planned, part, horizon.pinned or part.since)
        for key, part in sorted(needed.items(), key=lambda item: item[0])
    }
    for bills in _bills_of_days(priced) if any(fee.tier is None for fee in scenario.fixed_fees) else ():
        check_fees(scenario, bills)
    for part in parts:  # each period has a price, whatever the volumes
        priced.setdefault((part.work, part.since), priced[part.work, part.priced_on])
    return priced


def _bills_of_days(priced: PricedWork) -> Iterable[Mapping[str, Bill]]:
    """Return the bills of each day with other prices, by strategy, of all its work."""
    days: dict[date | None, dict[str, Bill]] = {}
    for work in priced.values():
        for name, (_, bill) in work.items():
            bills = days.setdefault(bill.day, {})
            bills[name] = bills[name] + bill if name in bills else bill
    return days.values()


def _priced(scenario: Scenario, planned: Schedule, part: Part, day: date) -> Priced:
    """Return the expansions and bills of a day of the work as stated, at the cost per task of a part."""
    priced = price_all(replace(scenario, workload=part.work_of(planned.works)), day)
    if scenario.subscriptions:
        priced = {name: (one, replace(bill, seats_on=part.since)) for name, (one, bill) in priced.items()}
    if not part.follows_volume:
        return priced
    return {name: (expansion, bill.scaled(ONE / part.scale)) for name, (expansion, bill) in priced.items()}


def _spends_of_budget(scenario: Scenario, planned: Schedule, priced: PricedWork, spends: Spends) -> Spends:
    """Return the months of strategies, with failures if the budget counts them, known or not."""
    budget = (scenario.plan or NO_PLAN).budget or scenario.budget
    if budget is None or not budget.counts_failures:
        return spends
    daily, name = _failures_of_day(planned, priced), known_strategy(budget.strategy, spends)
    row = zip(spends[name], planned.rows[name], strict=True)
    return {name: tuple(replace(cost, failures=failures_in(month, daily)) for cost, month in row)}


def _daily_failures(planned: Schedule, priced: PricedWork) -> Daily | None:
    """Return the failures of a day of a part's work as stated; None if no failure costs anything."""
    works = [task for work in planned.works for task in work.workload.task_types]
    if not any(task.failure_cost or (task.rework is not None and task.rework.cost) for task in works):
        return None
    return _failures_of_day(planned, priced)


def _failures_of_day(planned: Schedule, priced: PricedWork) -> Daily:
    """Return the failures of a day of a part's work as stated, as far as they are known."""

    @cache
    def daily(part: Part) -> Failures:
        expansion = priced[part.work, part.priced_on][part.strategy][0]
        failures = daily_failures(expansion, planned.works[part.work].workload)
        return tuple(failure.times(ONE / part.scale) for failure in failures)

    return daily


def _spends(scenario: Scenario, planned: Schedule, priced: PricedWork, failures: Daily | None) -> Spends:
    stage = SecondStage.of_month_plan(scenario)

    @cache
    def pieces(work: int, since: date, strategy: str) -> Pieces:
        return stage.pieces(priced[work, since][strategy][1])

    def daily(part: Part) -> Pieces:
        return pieces(part.work, part.priced_on, part.strategy)

    spends = {}
    for row, months in planned.rows.items():
        years = begun_years(scenario, months[0].month)
        bills = [billed(month, daily, stage, years) for month in months]
        undone = undone_in(scenario, months, daily, stage, bills)
        so_far = accumulate(bill.total for bill in bills)
        spends[row] = tuple(
            MonthCost(
                month_name(month.month),
                row,
                bill.total,
                cumulative,
                p50=bill.total,
                shortfall=bill.shortfall,
                unused=tuple(bill.shortfalls.items()),
                failures=None
                if failures is None
                else failures_in(month, failures).times(left.served_of(month.tasks(planned.works))),
                **left._asdict(),
            )
            for month, bill, cumulative, left in zip(months, bills, so_far, undone, strict=True)
        )
    return spends


def _strategies(spends: Spends, baseline: str | None, work: Work) -> tuple[StrategySpend, ...]:
    against = None if baseline is None else _total(spends, baseline)
    comparable = {name for name in spends if work[name] == work.get(baseline or "")}
    if any(month.tasks_not_served_high for month in spends.get(baseline or "", ())):
        comparable = set()
    undone = {name for name, row in spends.items() if any(one.tasks_not_served_high for one in row)}
    return tuple(
        StrategySpend(
            name,
            months,
            _total(spends, name) / against - 1 if against and name in comparable - undone else None,
        )
        for name, months in spends.items()
    )


def _total(spends: Spends, name: str) -> Decimal:
    return named_row(spends, name)[-1].cumulative


def _savings(  # noqa: PLR0917  all that savings depend on
    scenario: Scenario,
    proposed: str | None,
    planned: Schedule,
    spends: Spends,
    work: Work,
    failures: Daily | None,
) -> TotalSavings | None:
    """Return the savings of a proposal; None if it does other work than what it is compared with."""
    against = scenario.default
    if proposed is None or against is None:
        return None
    if work.get(proposed) != work.get(against):
        return None
    if any(month.tasks_not_served_high for name in (proposed, against) for month in spends[name]):
        return None
    return _saved(scenario, proposed, against, planned, spends, failures)


@exact
def monthly_savings(
    scenario: Scenario, horizon: Horizon, proposed: str, against: str, at: int | None = None
) -> list[Between]:
    """Return the savings of each month of a strategy, compared with another that does the same work.

    ``at`` is the only month to return; None returns all. No contract year may have begun before it.
    """
    planned = _of_pair(schedule(scenario, horizon), proposed, against)
    if at is not None:
        planned = replace(planned, rows={name: row[at : at + 1] for name, row in planned.rows.items()})
    priced = price_schedule(scenario, planned, horizon)
    failures = _daily_failures(planned, priced)
    spends = _spends(scenario, planned, priced, failures)
    return _saved_by_month(scenario, (proposed, against), planned, spends, failures)


def _of_pair(planned: Schedule, *names: str) -> Schedule:
    """Return the schedule of two strategies, so that terms on the totals of others are not computed."""
    return replace(planned, rows={name: planned.rows[name] for name in names})


def _saved(  # noqa: PLR0917  all that savings depend on
    scenario: Scenario,
    proposed: str,
    against: str,
    planned: Schedule,
    spends: Spends,
    failures: Daily | None,
) -> TotalSavings:
    default = _total(spends, against)
    saved = default - _total(spends, proposed)
    savings = TotalSavings(proposed, against, saved, saved / default if default else None)
    if failures is None:
        return savings
    months, than = planned.rows[proposed], planned.rows[against]
    more = excess_over(months, than, failures, scenario.pricing.tier_names)
    total = more.cost.negative.plus(Between.exactly(saved))
    return replace(savings, with_failures=total, unknown=more.unknown, assumed=more.assumed)


def _saved_by_month(
    scenario: Scenario, pair: tuple[str, str], planned: Schedule, spends: Spends, failures: Daily | None
) -> list[Between]:
    """Return the savings of each month of one strategy over another, including failures."""
    one, other = pair
    costs = zip(spends[one], spends[other], strict=True)
    saved = [Between.exactly(than.cost - month.cost) for month, than in costs]
    if failures is None:
        return saved
    tiers, months = scenario.pricing.tier_names, zip(planned.rows[one], planned.rows[other], strict=True)
    more = [excess_over([month], [than], failures, tiers).cost for month, than in months]
    return [calls.plus(excess.negative) for calls, excess in zip(saved, more, strict=True)]


def _calls(name: str, planned: Schedule, priced: PricedWork) -> set[tuple[int, tuple[Decimal, ...]]]:
    """Return the calls per task that a strategy makes in each kind of work."""
    parts = {(part.work, part.since, part.strategy) for month in planned.rows[name] for part in month.parts}
    return {(work, calls_per_task(priced[work, since][strategy][0])) for work, since, strategy in parts}
