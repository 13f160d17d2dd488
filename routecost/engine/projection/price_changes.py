"""Price changes that affect a plan, found by comparing its bills."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from datetime import date
from itertools import pairwise

from routecost.engine.compare.compare import Priced
from routecost.engine.pricing.tier_models import tier_models
from routecost.model.pricing.bill import Bill
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.results.projection import PriceChange
from routecost.model.scenario.schedule import Schedule

Change = tuple[str, str | None]
"""The subject of a change, and its new model if it is a tier."""


def price_changes(
    sheet: PricingSheet, planned: Schedule, priced: Mapping[tuple[int, date], Priced]
) -> tuple[PriceChange, ...]:
    """Return the changes from each period to the next, given the bills of each work and period.

    A migration is affected as the strategy that it uses on the day of the change.
    """
    affected: dict[tuple[date, str, str | None], set[str]] = {}
    for work in range(len(planned.works)):
        for before, after in pairwise(since for since in planned.periods if (work, since) in priced):
            days = {day: priced[work, day] for day in (before, after)}
            for (subject, becomes), strategies in _affected_by_change(sheet, (before, after), days).items():
                affected.setdefault((after, subject, becomes), set()).update(strategies)
    return tuple(
        PriceChange(*change, tuple(_rows(planned, change[0], strategies)))
        for change, strategies in sorted(affected.items(), key=lambda entry: entry[0][0])
    )


def _rows(planned: Schedule, day: date, strategies: Container[str]) -> Iterator[str]:
    """Yield the strategies, and the migrations to them, that a change on a day affects."""
    for row, months in planned.rows.items():
        if any(part.since == day and part.strategy in strategies for month in months for part in month.parts):
            yield row


def _affected_by_change(
    sheet: PricingSheet, days: tuple[date, date], priced: Mapping[date, Priced]
) -> dict[Change, list[str]]:
    """Return the strategies that each change between two days affects."""
    affected: dict[Change, list[str]] = {}
    for strategy in priced[days[0]]:
        before, after = (priced[day][strategy][1] for day in days)
        for change in (*_moved_tiers(sheet, days, before), *_repriced(before, after)):
            affected.setdefault(change, []).append(strategy)
    return affected


def _moved_tiers(sheet: PricingSheet, days: tuple[date, date], bill: Bill) -> Iterator[Change]:
    before, after = (tier_models(sheet, day).models for day in days)
    used = {line.key.model for line in bill.lines}
    for tier, model in before.items():
        if model in used and after[tier] != model:
            yield tier, after[tier]


def _repriced(before: Bill, after: Bill) -> Iterator[Change]:
    old, new = ({line.key: line.rate for line in bill.lines} for bill in (before, after))
    models = {key.model for key in old.keys() & new.keys() if old[key] != new[key]}
    terms = {line.name for line in after.terms} - {line.name for line in before.terms}
    yield from ((subject, None) for subject in (*sorted(models), *sorted(terms)))
