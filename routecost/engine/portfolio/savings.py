"""Savings of the proposals of a portfolio compared with the defaults."""

from __future__ import annotations

from collections.abc import Mapping

from routecost.engine.breakdown.cells import tasks_of
from routecost.engine.breakdown.divide import Month, Months, counts_failures
from routecost.model.results.failures import Between, Failures, excess
from routecost.model.results.portfolio.portfolio import Member, Portfolio
from routecost.model.results.portfolio.totals import DEFAULT, PROPOSED, SharedSavings
from routecost.units import ZERO


def savings_of(portfolio: Portfolio, months: Months, chosen: Mapping[str, tuple[str, str]]) -> SharedSavings:
    """Return the savings over months of the proposals, with failures where these cost something."""
    default, proposed = (
        sum((sum(month.costs.values(), ZERO) for month in months[choice]), ZERO)
        for choice in (DEFAULT, PROPOSED)
    )
    saved = default - proposed
    savings = SharedSavings(saved, saved / default if default else None)
    if not any(counts_failures(tasks_of(member.scenario).values()) for member in portfolio.members):
        return savings
    total, assumed, unknown = Between.exactly(saved), list[str](), list[str]()
    for member in portfolio.members:
        tiers = member.scenario.pricing.tier_names
        if chosen[member.name][0] == chosen[member.name][1]:
            continue
        for one, other in zip(months[PROPOSED], months[DEFAULT], strict=True):
            more = excess(_failures(one, member), _failures(other, member), tiers)
            total = total.plus(more.cost.negative)
            assumed += more.assumed
            unknown += more.unknown
    return savings._replace(
        with_failures=total, assumed=tuple(dict.fromkeys(assumed)), unknown=tuple(dict.fromkeys(unknown))
    )


def _failures(month: Month, member: Member) -> Failures:
    """Return the failures of a member in a month; those of all its strategies are in the same order."""
    return tuple(failure for cell, failure in month.failures if cell.member == member.name)
