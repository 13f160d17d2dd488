"""Differences between two pricing sheets, or two days of one, and their effect on each strategy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from routecost.engine.compare.compare import compare
from routecost.engine.pricing.price import entry_on
from routecost.engine.pricing.price_list import offers
from routecost.engine.pricing.rate_changes import rate_pairs
from routecost.errors import UnpricedError, UsageError
from routecost.model.pricing.sheet import PriceEntry, PricingSheet
from routecost.model.results.comparison import Comparison
from routecost.model.results.price_lists import (
    PriceDifference,
    PricingDiff,
    ScenarioChanges,
    StrategyDifference,
)
from routecost.model.results.verdicts.worst_of import REPEATED
from routecost.model.scenario.scenario import Scenario
from routecost.units import METERS, exact


@exact
def pricing_diff(
    before: PricingSheet,
    after: PricingSheet,
    day: date,
    scenarios: tuple[Scenario, Scenario] | None = None,
    since: date | None = None,
) -> PricingDiff:
    """Return the differences in rates of two sheets on a day, or of the first on the day ``since``.

    ``scenarios`` is one scenario at the prices of each sheet, to compare the costs of each strategy.
    Raises UsageError for sheets in different currencies.
    """
    sides = Side(before, since or day), Side(after, day)
    if (before.currency, before.list_currency) != (after.currency, after.list_currency):
        raise UsageError(
            f'"{before.name}" is in {_currencies(before)} and "{after.name}" in {_currencies(after)}; '
            "expected sheets in one currency"
        )
    pairs = [pair for tier_pairs in _pairs(*sides) for pair in tier_pairs]
    changed = tuple(pair for pair in pairs if pair.before != pair.after)
    compared = _compared(*scenarios, *(side.day for side in sides)) if scenarios else None
    return PricingDiff(
        before=before.name,
        after=after.name,
        currency=before.list_currency,
        as_of=day,
        since=since,
        prices=changed,
        unchanged=len(pairs) - len(changed),
        scenario=scenarios[0].name if scenarios else None,
        changes=tuple(_changes(*compared)) if compared else (),
        escalates_unknown=tuple(compared[0].if_all_escalate) if compared else (),
        unpriced_reviews=compared[0].unpriced_reviews if compared else (),
        worst_of=compared[0].worst_of if compared else REPEATED,
        has_other_terms=(before.terms, before.subscriptions) != (after.terms, after.subscriptions),
        hours=tuple(_hours(*sides)),
    )


@exact
def scenario_changes(before: Scenario, after: Scenario) -> ScenarioChanges:
    """Return the change of the cost of each strategy of a scenario at other prices, each on its day."""
    assert before.as_of is not None
    assert after.as_of is not None
    old, new = compare(before, before.as_of), compare(after, after.as_of)
    return ScenarioChanges(
        before.name,
        before.pricing.name,
        before.pricing.currency,
        tuple(_changes(old, new)),
        tuple(old.if_all_escalate),
        old.unpriced_reviews,
    )


class Side(NamedTuple):
    """A sheet on a day."""

    sheet: PricingSheet
    day: date

    def models(self) -> dict[tuple[str | None, str | None], str]:
        """Return the models by their tier, or by their own name if they serve none."""
        return {(tier, None if tier else model): model for tier, model in offers(self.sheet, self.day)}

    def entry(self, model: str | None) -> PriceEntry | None:
        """Return the price of a model, if it has one."""
        try:
            return None if model is None else entry_on(self.sheet, model, self.day)
        except UnpricedError:
            return None


def _hours(before: Side, after: Side) -> Iterator[str]:
    """Yield a text for each mode whose hours differ."""
    old, new = before.models(), after.models()
    for role in {**old, **new}:
        left, right = (
            {} if entry is None else entry.hours
            for entry in (before.entry(old.get(role)), after.entry(new.get(role)))
        )
        for mode in {**left, **right}:
            if left.get(mode) != right.get(mode):
                texts = (" and ".join(map(str, hours.get(mode, ()))) for hours in (left, right))
                change = " becomes ".join(text or "no hours" for text in texts)
                yield f"Mode {mode} of {role[0] or role[1]}: {change}."


def _currencies(sheet: PricingSheet) -> str:
    is_exchanged = sheet.currency != sheet.list_currency
    return f"{sheet.currency} (exchanged from {sheet.list_currency})" if is_exchanged else sheet.currency


def _pairs(before: Side, after: Side) -> Iterator[Iterator[PriceDifference]]:
    old, new = before.models(), after.models()
    for role in {**old, **new}:
        models = old.get(role), new.get(role)
        entries = before.entry(models[0]), after.entry(models[1])
        yield (
            PriceDifference(
                role[0],
                models[0],
                models[1],
                pair.mode,
                pair.above_tokens,
                pair.meter,
                METERS[pair.meter].per,
                pair.before,
                pair.after,
            )
            for pair in rate_pairs(*entries)
        )


def _compared(before: Scenario, after: Scenario, since: date, day: date) -> tuple[Comparison, Comparison]:
    return compare(before, before.as_of or since), compare(after, after.as_of or day)


def _changes(old: Comparison, new: Comparison) -> Iterator[StrategyDifference]:
    for cost in old.strategies:
        then = new[cost.strategy]
        yield StrategyDifference(
            cost.strategy,
            cost.cost_per_month,
            then.cost_per_month,
            cost.cost_per_month_high,
            then.cost_per_month_high,
            cost.leaves_tasks or then.leaves_tasks,
        )
