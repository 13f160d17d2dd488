"""Strategies that a portfolio refuses: of whose cost it would add an end of a range, or undone tasks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from routecost.engine.pricing.subscriptions.payers import has_range, may_stop
from routecost.errors import DocumentError, UsageError
from routecost.model.results.portfolio.portfolio import Member, Portfolio
from routecost.model.scenario.month_plan import NO_PLAN


def refuse_parts(portfolio: Portfolio, chosen: Mapping[str, Iterable[str]]) -> None:
    """Raise for strategies that are ``chosen`` and whose subscription serves a range, or may stop."""
    refused = [
        (member.scenario, name, why)
        for member in portfolio.members
        for name, why in _reasons(member, chosen[member.name])
    ]
    texts = [f"{why}; a portfolio adds costs of all tasks without ranges" for _, _, why in refused]
    places = [
        scenario.place(text, ("strategies", name, "paid_by"))
        for (scenario, name, _), text in zip(refused, texts, strict=True)
        if scenario.place is not None
    ]
    if places:
        raise DocumentError(list(dict.fromkeys(places)))
    if texts:
        raise UsageError(texts[0])


def _reasons(member: Member, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    migrations = (member.scenario.plan or NO_PLAN).migrations
    for name in dict.fromkeys(names):
        for strategy in [phase.strategy for phase in migrations.get(name, ())] or [name]:
            if has_range(member.scenario, strategy):
                yield strategy, f'the cost of "{strategy}" is a range: state "usage" and "windows" of it'
            elif may_stop(member.scenario, strategy):
                yield strategy, f'the subscription of "{strategy}" may leave tasks undone'
