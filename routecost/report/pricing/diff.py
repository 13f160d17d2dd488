"""Report of the differences between two pricing sheets, or two days of one."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from operator import attrgetter

from routecost.documents.pricing.sheet_text import rate_text
from routecost.model.pricing.sheet import STANDARD
from routecost.model.report.cells import Cell, Column, Range, Shown, Unit
from routecost.model.report.report import Audience, Block, Note, Report, Table
from routecost.model.results.price_lists import PriceDifference, PricingDiff
from routecost.report.caveats import not_counted, unpriced_reviews

_COLUMNS = (
    Column("status", "status"),
    Column("tier", "tier"),
    Column("model_before", "model before"),
    Column("model_after", "model after"),
    Column("mode", "mode"),
    Column("above_tokens", "above tokens", Unit.COUNT),
    Column("meter", "meter"),
    Column("per", "per", Unit.COUNT),
    Column("before", "before", Unit.MONEY),
    Column("after", "after", Unit.MONEY),
    Column("change", "difference", Unit.MONEY),
    Column("change_fraction", "change", Unit.CHANGE),
)
_FOR_PEOPLE = (
    Column("tier", "tier or model"),
    Column("meter", "meter"),
    Column("before", "before", Unit.NUMBER),
    Column("after", "after", Unit.NUMBER),
    Column("change_fraction", "change", Unit.CHANGE),
)
_STRATEGIES = (
    Column("strategy", "strategy"),
    Column("cost_per_month_before", "per month before", Unit.MONEY),
    Column("cost_per_month_after", "after", Unit.MONEY),
    Column("change", "difference", Unit.MONEY),
    Column("change_fraction", "change", Unit.CHANGE),
)
_WORST = {
    "cost_per_month_before": "cost_per_month_before_high",
    "cost_per_month_after": "cost_per_month_after_high",
    "change": "worst_change",
    "change_fraction": "worst_change_fraction",
}


def report(diff: PricingDiff) -> Report:
    """Return the report of a diff: a row per rate, and a row per strategy of the scenario."""
    compared = (
        f"{diff.before} and {diff.after}: prices as of {diff.as_of}"
        if diff.since is None
        else f"{diff.before}: prices as of {diff.since} and {diff.as_of}"
    )
    return Report(
        command="pricing diff",
        title=f"{compared}, in {diff.currency}",
        meta={
            "before": diff.before,
            "after": diff.after,
            "currency": diff.currency,
            "as_of": diff.as_of,
            **({} if diff.since is None else {"from": diff.since, "to": diff.as_of}),
            "unchanged": diff.unchanged,
            "scenario": diff.scenario,
        },
        blocks=tuple(_blocks(diff)),
        currency=diff.currency,
    )


def _blocks(diff: PricingDiff) -> Iterator[Block]:
    yield from differences(diff)
    if diff.has_other_terms:
        yield Note.of("The commercial terms of the sheets differ; list prices do not include them.")
    if diff.scenario is not None:
        yield _changes(diff)
        yield from _flips(diff)
        yield from not_counted(diff.escalates_unknown)
        yield from unpriced_reviews(diff.unpriced_reviews)


def differences(diff: PricingDiff) -> Iterator[Block]:
    """Yield the rates that differ, and changes of models and hours."""
    yield Table("prices", _COLUMNS, [_cells(row) for row in diff.prices], audience=Audience.MACHINES)
    if diff.prices:
        yield Table("rates", _FOR_PEOPLE, [_line(row) for row in diff.prices], audience=Audience.PEOPLE)
    yield Note.of(f"{len(diff.prices)} rates differ, {diff.unchanged} are unchanged.")
    yield from (Note.of(text) for text in _moves(diff))
    yield from (Note.of(text) for text in diff.hours)


def _changes(diff: PricingDiff) -> Table:
    """Return a row per strategy; with ranges, if its repeated work may be harder than usual."""
    is_ranged = any(row != row.in_worst_case for row in diff.changes)
    more = tuple(
        Column(worst, worst.replace("_", " "), column.unit, machine_only=True)
        for column in _STRATEGIES
        for worst in [_WORST.get(column.key)]
        if worst is not None and is_ranged
    )
    rows = [
        [
            Range(getattr(row, column.key), getattr(row, _WORST[column.key]))
            if column.key in _WORST and is_ranged
            else getattr(row, column.key)
            for column in _STRATEGIES
        ]
        + [getattr(row, column.key) for column in more]
        for row in diff.changes
    ]
    return Table("changes", (*_STRATEGIES, *more), rows, title=f"{diff.scenario}, per month")


def _flips(diff: PricingDiff) -> Iterator[Note]:
    """Yield what changes if repeated work is harder than usual."""
    if all(row == row.in_worst_case for row in diff.changes):
        return
    yield Note.of(f"Ranges: {diff.worst_of.ends}. Failure costs are not included.")
    for row in diff.changes:
        usual, worst = (_direction(change) for change in (row.change, row.worst_change))
        if usual != worst:
            yield Note.of(
                f"If {diff.worst_of.condition}, {row.strategy} costs {worst}, and not {usual}.",
                warning=True,
            )
    compared = [row for row in diff.changes if not row.leaves_tasks]
    for side, end in zip(diff.sides if compared else (), ("before", "after"), strict=False):
        usual, worst = (
            min(compared, key=attrgetter(key)).strategy
            for key in (f"cost_per_month_{end}", f"cost_per_month_{end}_high")
        )
        if usual != worst:
            yield Note.of(
                f"If {diff.worst_of.condition}, {worst} has the cheapest calls {side}, and not {usual}.",
                warning=True,
            )


def _direction(change: Decimal) -> str:
    return "less" if change < 0 else "more" if change > 0 else "the same"


def _cells(row: PriceDifference) -> tuple[Cell, ...]:
    return (
        row.status,
        row.tier,
        row.model_before,
        row.model_after,
        row.mode,
        row.above_tokens or None,
        row.meter,
        row.per,
        row.before,
        row.after,
        row.change,
        row.change_fraction,
    )


def _line(row: PriceDifference) -> tuple[Cell, ...]:
    mode = "" if row.mode == STANDARD else f" {row.mode}"
    above = f" above {row.above_tokens:,}" if row.above_tokens else ""
    return (
        row.tier or row.model_before or row.model_after,
        f"{row.meter}{mode}{above}",
        _rate(row.before),
        _rate(row.after),
        Shown(None, row.status) if row.change_fraction is None else row.change_fraction,
    )


def _rate(rate: Decimal | None) -> Cell:
    return None if rate is None else Shown(rate, rate_text(rate))


def _moves(diff: PricingDiff) -> list[str]:
    """Return a sentence for each tier whose model differs."""
    moved = {(row.tier, row.model_before, row.model_after): None for row in diff.prices if row.tier}
    old, new = diff.sides
    return [
        f"{tier} is {before} {old} and {after} {new}."
        for tier, before, after in moved
        if None not in (before, after) and before != after
    ]
