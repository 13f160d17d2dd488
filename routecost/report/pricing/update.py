"""Report of an update of a pricing sheet: what changes, and what that does to scenarios."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.report.cells import Column, Unit
from routecost.model.report.report import Block, Note, Report, Table
from routecost.model.results.price_lists import PricingUpdate
from routecost.report.caveats import not_counted, unpriced_reviews
from routecost.report.pricing.diff import differences
from routecost.units import listed

_CHANGES = (
    Column("scenario", "scenario"),
    Column("strategy", "strategy"),
    Column("cost_per_month_before", "per month before", Unit.MONEY),
    Column("cost_per_month_after", "after", Unit.MONEY),
    Column("change", "difference", Unit.MONEY),
    Column("change_fraction", "change", Unit.CHANGE),
    Column("currency", "currency", machine_only=True),
)


def report(update: PricingUpdate) -> Report:
    """Return the report of an update: a row per rate, and a row per strategy of each scenario."""
    diff = update.diff
    return Report(
        command="pricing update",
        title=f"{diff.after}: prices before and after the update, as of {diff.as_of}, in {diff.currency}",
        meta={
            "sheet": diff.after,
            "currency": diff.currency,
            "as_of": diff.as_of,
            "is_changed": bool(update.text),
            "new_prices": sum(imported.entries for imported in update.imports),
            "confirmed": sum(imported.confirmed for imported in update.imports),
            "models_with_losses": update.lossy,
            "models_with_unstated_rates": update.incomplete,
            "unchanged": diff.unchanged,
        },
        blocks=tuple(_blocks(update)),
        currency=diff.currency,
    )


def _blocks(update: PricingUpdate) -> Iterator[Block]:
    yield from differences(update.diff)
    for model, day in update.later:
        yield Note.of(f"{model} has a new price from {day} on.")
    if update.unknown:
        yield Note.of(f"Not compared, in none of the sources: {listed(update.unknown)}.")
    rows = [
        [effect.scenario, *(getattr(row, column.key) for column in _CHANGES[1:-1]), effect.currency]
        for effect in update.scenarios
        for row in effect.changes
    ]
    if rows:
        yield Table("changes", _CHANGES, rows, title="Costs per month")
    for effect in update.scenarios:
        yield from not_counted(effect.escalates_unknown)
        yield from unpriced_reviews(effect.unpriced_reviews)
        if not any(row.change for row in effect.changes):
            yield Note.of(f"Nothing changes for {effect.scenario} on {effect.pricing}.")
