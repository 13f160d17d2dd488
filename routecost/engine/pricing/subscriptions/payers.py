"""Strategies of a comparison that subscriptions pay for; few scenarios have any."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from routecost.model.pricing.bill import Bill
    from routecost.model.results.subscriptions.seat_groups import SubscribedMonth
    from routecost.model.scenario.scenario import Scenario
    from routecost.model.scenario.strategy import Expansion

    Priced = Mapping[str, tuple[Expansion, Bill]]


def subscribed_months(scenario: Scenario, priced: Priced) -> dict[str, SubscribedMonth]:
    """Return the months of strategies that subscriptions pay for."""
    if not scenario.subscriptions:
        return {}
    from routecost.engine.pricing.subscriptions.month import subscribed_month

    months = {name: subscribed_month(scenario, name, bill) for name, (_, bill) in priced.items()}
    return {name: month for name, month in months.items() if month is not None}


def served_part(
    expansion: Expansion, scenario: Scenario, month: SubscribedMonth | None, *, worst: bool
) -> Expansion:
    """Return the expansion with the outcomes of the tasks that are served."""
    if month is None or not month.leaves_tasks:
        return expansion
    from routecost.engine.pricing.subscriptions.month import with_served

    return with_served(expansion, scenario, month, worst=worst)


def has_range(scenario: Scenario, name: str) -> bool:
    """Return whether what a subscription serves of a strategy depends on what is not known."""
    paid = scenario.subscriptions.get(scenario.strategies[name].fees_of or "")
    if paid is None:
        return False
    from routecost.engine.pricing.subscriptions.fractions import is_ranged

    return is_ranged(paid)


def may_stop(scenario: Scenario, name: str) -> bool:
    """Return whether a subscription may leave tasks of a strategy undone, at some volume."""
    paid = scenario.subscriptions.get(name)
    return paid is not None and any(terms.beyond == "stop" for terms in paid.subscription.terms)


def calls_per_task(expansion: Expansion, month: SubscribedMonth | None = None) -> tuple[Decimal, ...]:
    """Return the work that a strategy does for sure: calls per task, by task type."""
    calls = tuple(outcome.calls_per_task for outcome in expansion.outcomes)
    return calls if month is None else month.served_of(calls)


def changes_payment_only(priced: Priced, months: Mapping[str, object], *names: str | None) -> bool:
    """Return whether strategies make the same calls, and a subscription pays for one of them."""
    if not any(name in months for name in names):
        return False
    usages = [priced[name][0].usage for name in names if name is not None]
    return all(usage == usages[0] for usage in usages)
