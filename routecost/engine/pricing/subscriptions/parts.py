"""The work of a day that a subscription pays for, by owner, and what it takes of included usage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.engine.pricing.price import price
from routecost.errors import UnpricedError
from routecost.model.pricing.bill import Bill, PaidPart
from routecost.model.pricing.subscription import Beyond, CountedIn, PaidBy, PlanTerms
from routecost.model.pricing.usage import CALLS, Usage
from routecost.model.scenario.workload import Workload
from routecost.units import METERS, TOKEN_METERS, ZERO, amount

if TYPE_CHECKING:
    from routecost.model.scenario.scenario import Scenario
    from routecost.model.scenario.strategy import Expansion, Strategy, TierModels


def with_parts(
    bill: Bill, scenario: Scenario, strategy: Strategy, expansion: Expansion, tiers: TierModels
) -> Bill:
    """Return a day's bill with the parts of its work that a subscription pays for, by owner.

    Raises UnpricedError for a day before the first terms of the subscription.
    """
    paid = scenario.subscriptions[strategy.fees_of or ""]
    if paid.subscription.at(tiers.day) is None:
        first = paid.subscription.terms[0].start
        raise UnpricedError(
            f'subscription "{paid.subscription.name}" has no fee on {tiers.day} in pricing sheet '
            f'"{scenario.pricing.name}"; its first terms begin on {first}'
        )
    owners = dict.fromkeys(owner for seats in paid.seats for owner in seats.by_owner)
    parts = []
    for owner in owners:
        work, used = scenario.workload, expansion.usage
        if owner is not None:
            work = _of_owner(work, owner)
            used = strategy.expand(work, tiers).usage
        own = bill if owner is None else price(used, scenario.pricing, tiers.day)
        parts.append(PaidPart(owner, own, work.tasks_per_day, _calls(used)))
    return replace(bill, paid=tuple(parts))


def _of_owner(work: Workload, owner: str) -> Workload:
    """Return the workload in which the task types of others have no volume."""
    return Workload(
        tuple(task if task.owner == owner else replace(task, tasks_per_day=ZERO) for task in work.task_types)
    )


def _calls(usage: Usage) -> Mapping[str, Decimal]:
    calls: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for key, count in usage.counts.items():
        if key.meter == CALLS:
            calls[key.model] += count
    return dict(calls)


def terms_on(paid: PaidBy, bill: Bill) -> tuple[int, PlanTerms]:
    """Return the terms in force on the day of a bill, and their number."""
    at = paid.subscription.at(bill.day or date.max) or 0
    return at, paid.subscription.terms[at]


def needs(terms: PlanTerms, part: PaidPart) -> Iterator[tuple[CountedIn, Decimal]]:
    """Yield what a part takes of each unit that matters: of all that is included, tasks, money and credits.

    Raises UnpricedError for a model that takes an unknown number of credits.
    """
    units = {one.unit for one in terms.included} | {CountedIn.TASKS, CountedIn.MONEY}
    if terms.beyond is Beyond.CREDITS:
        units.add(CountedIn.CREDITS)
    for unit in CountedIn:
        if unit in units:
            yield unit, _need(unit, terms, part)


def _need(unit: CountedIn, terms: PlanTerms, part: PaidPart) -> Decimal:
    lines = part.bill.lines
    if unit is CountedIn.MONEY:
        return sum((line.amount * line.factor for line in lines), ZERO)
    if unit is CountedIn.TASKS:
        return part.tasks
    if unit is CountedIn.REQUESTS:
        return sum(part.calls.values(), ZERO)
    if unit is CountedIn.TOKENS:
        return sum((line.quantity for line in lines if line.key.meter in TOKEN_METERS), ZERO)
    if terms.credit_value is not None:
        return _need(CountedIn.MONEY, terms, part) / terms.credit_value
    return sum(_credits(terms, part), ZERO)


def _credits(terms: PlanTerms, part: PaidPart) -> Iterator[Decimal]:
    """Yield the credits that calls and meters take; a model without any rate is an error."""
    for model, calls in part.calls.items():
        rates = terms.credit_rates.get(model)
        if rates is None and calls:
            known = ", ".join(f'"{name}"' for name in terms.credit_rates)
            raise UnpricedError(
                f'model "{model}" takes an unknown number of credits; expected it in "credit_rates", '
                f"which has {known}"
            )
        if rates and CALLS in rates:
            yield amount(calls, rates[CALLS], METERS[CALLS])
    for line in part.bill.lines:
        rates, meter = terms.credit_rates.get(line.key.model, {}), line.key.meter
        if meter == CALLS:
            continue
        if meter in rates:
            yield amount(line.quantity, rates[meter], METERS[meter])
        elif line.quantity and not rates.keys() <= {CALLS}:
            raise UnpricedError(
                f'"{meter}" of model "{line.key.model}" takes an unknown number of credits; expected it in '
                f'"credit_rates", which has {", ".join(rates)} (0 if it takes none)'
            )
