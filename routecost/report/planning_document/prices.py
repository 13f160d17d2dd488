"""The prices that the strategies are priced at, and how old they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from routecost.model.report.cells import Cell, Column, Shown, Unit
from routecost.model.report.report import Report, Table
from routecost.model.results.planning_document import Planning
from routecost.model.results.price_lists import PriceList
from routecost.report.pricing import show as pricing_show

_AGES = (
    Column("model", "model"),
    Column("checked", "last checked", Unit.DATE),
    Column("age_days", "days before the plan's date", Unit.COUNT),
    Column("source", "source"),
)


def report(planning: Planning) -> Report:
    """Return the rates of the models that strategies use, and when their source was last read."""
    made = pricing_show.report(planning.prices)
    ages = Table("ages", _AGES, list(_ages(planning.prices)), "Age of the prices")
    return replace(
        made,
        title=f"Prices used: {planning.prices.sheet} as of {planning.prices.as_of}, in {made.currency}",
        blocks=(*made.blocks, ages),
    )


def _ages(prices: PriceList) -> Iterator[tuple[Cell, ...]]:
    found = dict.fromkeys((row.model, row.checked, row.source) for row in prices.rows)
    for model, checked, source in found:
        yield (model, checked or Shown(None, "never"), _age(prices.as_of, checked), source)


def _age(as_of: date, checked: date | None) -> Cell:
    if checked is None:
        return None
    days = (as_of - checked).days
    return days if days >= 0 else Shown(days, f"{-days:,} days later")
