"""Exchange of a scenario's money into the currency of its prices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from routecost.engine.pricing.tier_models import in_force
from routecost.errors import CurrencyError, UnknownNameError
from routecost.problems import did_you_mean
from routecost.units import ONE, exact

if TYPE_CHECKING:
    from routecost.model.pricing.sheet import PricingSheet
    from routecost.model.pricing.subscription import PaidBy
    from routecost.model.pricing.terms import ExchangeRate
    from routecost.model.scenario.budget import Budget
    from routecost.model.scenario.month_plan import BudgetStep, Commitment, Engineering, Plan, Upkeep
    from routecost.model.scenario.scenario import Scenario
    from routecost.model.scenario.workload import TaskType, Workload


@exact
def exchange_rate(source: str, target: str, sheets: Iterable[PricingSheet], day: date) -> Decimal:
    """Return the units of ``target`` for one of ``source``, at the rates that one of the sheets states.

    Raises CurrencyError, with both currencies, if none of them has a rate on the day.
    """
    if source == target:
        return ONE
    names = {sheet.name: sheet for sheet in sheets}
    for sheet in names.values():
        known = known_rates(sheet, day)
        if source in known and target in known:
            return known[source] / known[target]
    stated = " or ".join(f'"{name}"' for name in names)
    is_dated = any(sheet.money_rates or sheet.currency != sheet.list_currency for sheet in names.values())
    when = f" on {day}" if is_dated else ""
    raise CurrencyError(
        f"is in {source}, and the pricing sheet {stated} has no exchange rate to {target}{when}; "
        f'expected an amount in {target}, or a rate in the "exchange" of the sheet'
    )


@exact
def known_rates(sheet: PricingSheet, day: date) -> dict[str, Decimal]:
    """Return the units of the sheet's currency for one of each currency that it has a rate for on a day.

    Of several rates the exchange of its prices comes first, then its own rates, then those that it extends.
    """
    known = {sheet.currency: ONE}
    stated = tuple(_rates_on(sheet, day))
    while new := dict(_reached(stated, known)):
        known = {**new, **known}
    return known


def _rates_on(sheet: PricingSheet, day: date) -> Iterator[tuple[str, ExchangeRate]]:
    """Yield the rates in force on a day, with the currency that each is in; the last of a pair applies."""
    exchanges = [(terms.currency, terms.exchange) for terms in sheet.terms if terms.exchange]
    money_rates = [(money.into, money.rates) for money in sheet.money_rates]
    for into, dated in (*money_rates, *exchanges):
        rate = in_force(dated, day)
        if rate is not None:
            yield into, rate


def _reached(
    stated: Iterable[tuple[str, ExchangeRate]], known: Mapping[str, Decimal]
) -> Iterator[tuple[str, Decimal]]:
    """Yield the currencies that are one rate, in either direction, away from the known ones."""
    for into, rate in stated:
        if into in known and rate.currency not in known:
            yield rate.currency, known[into] * rate.rate
        elif rate.currency in known and into not in known:
            yield into, known[rate.currency] / rate.rate


def rates_change(sheet: PricingSheet, after: date, until: date) -> bool:
    """Return whether an exchange rate of a sheet begins after a day, up to another."""
    dated = [*(terms.exchange for terms in sheet.terms), *(money.rates for money in sheet.money_rates)]
    return any(rate.start and after < rate.start <= until for rates in dated for rate in rates)


def _subscriptions(scenario: Scenario, sheet: PricingSheet) -> dict[str, PaidBy]:
    """Return how strategies are paid, by the subscriptions of a sheet."""
    if sheet == scenario.pricing:
        return dict(scenario.subscriptions)
    paid = {}
    for strategy, own in scenario.subscriptions.items():
        plan = sheet.subscriptions.get(own.subscription.name)
        if plan is None:
            known = did_you_mean(own.subscription.name, sheet.subscriptions)
            raise UnknownNameError(
                f'unknown subscription "{own.subscription.name}" of strategy "{strategy}" in pricing sheet '
                f'"{sheet.name}"{known}'
            )
        paid[strategy] = replace(own, subscription=plan)
    return paid


@exact
def with_prices(scenario: Scenario, sheet: PricingSheet, as_of: date | None, day: date) -> Scenario:
    """Return a scenario with other prices, and its money in their currency at the rates of ``day``.

    Raises CurrencyError if neither its own sheet nor the other has a rate between the two currencies, and
    UnknownNameError for a subscription that the other does not have.
    """
    priced = replace(scenario, pricing=sheet, as_of=as_of, subscriptions=_subscriptions(scenario, sheet))
    own = scenario.pricing
    if own.currency == sheet.currency or not has_money(scenario):
        return priced
    try:
        factor = exchange_rate(own.currency, sheet.currency, (sheet, own), day)
    except CurrencyError as error:
        raise CurrencyError(f'the money of the scenario "{scenario.name}" {error}') from None
    return replace(
        priced,
        workload=_workload(scenario.workload, factor),
        budget=_budget(scenario.budget, factor, sheet.currency),
        plan=None if scenario.plan is None else _plan(scenario.plan, factor, sheet.currency),
        routing_costs=None
        if scenario.routing_costs is None
        else replace(
            scenario.routing_costs,
            engineering=scenario.routing_costs.engineering * factor,
            upkeep_per_month=scenario.routing_costs.upkeep_per_month * factor,
        ),
    )


def has_money(scenario: Scenario) -> bool:
    """Return whether a scenario states an amount of money, claims apart."""
    plan = scenario.plan
    works = (
        [scenario.workload, *(launch.workload for launch in plan.launches)] if plan else [scenario.workload]
    )
    tasks = [task for work in works for task in work.task_types]
    return (
        any(task.failure_cost is not None or (task.rework and task.rework.cost) for task in tasks)
        or any((scenario.budget, scenario.routing_costs))
        or bool(
            plan and (plan.budget or plan.commitments or plan.engineering or plan.upkeep or plan.spent_so_far)
        )
    )


def _workload(workload: Workload, factor: Decimal) -> Workload:
    return replace(workload, task_types=tuple(_task(task, factor) for task in workload.task_types))


def _task(task: TaskType, factor: Decimal) -> TaskType:
    return replace(
        task,
        failure_cost=None if task.failure_cost is None else task.failure_cost * factor,
        rework=None if task.rework is None else replace(task.rework, cost=task.rework.cost * factor),
    )


def _budget(budget: Budget | None, factor: Decimal, currency: str) -> Budget | None:
    if budget is None:
        return None
    owners = {owner: amount * factor for owner, amount in budget.owners.items()}
    stated = budget.currency and currency
    return replace(budget, amount=budget.amount * factor, currency=stated, owners=owners)


def _plan(plan: Plan, factor: Decimal, currency: str) -> Plan:
    return replace(
        plan,
        launches=tuple(
            replace(launch, workload=_workload(launch.workload, factor)) for launch in plan.launches
        ),
        commitments=tuple(
            one if one.spent_so_far is None else replace(one, spent_so_far=one.spent_so_far * factor)
            for one in _amounts(plan.commitments, factor)
        ),
        engineering=_amounts(plan.engineering, factor),
        upkeep=_amounts(plan.upkeep, factor),
        budget=_budget(plan.budget, factor, currency),
        budget_steps=_amounts(plan.budget_steps, factor),
        spent_so_far=None if plan.spent_so_far is None else plan.spent_so_far * factor,
        spent_by={
            kind: {part: amount * factor for part, amount in parts.items()}
            for kind, parts in plan.spent_by.items()
        },
    )


_Paid = TypeVar("_Paid", "Commitment", "Engineering", "Upkeep", "BudgetStep")


def _amounts(entries: tuple[_Paid, ...], factor: Decimal) -> tuple[_Paid, ...]:
    return tuple(replace(entry, amount=entry.amount * factor) for entry in entries)
