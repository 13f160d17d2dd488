"""Prices used by the strategies, and their age."""

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
    Column("age_days", "days before the report date", Unit.COUNT),
    Column("source", "source"),
)


def report(planning: Planning) -> Report:
    """Return the rates of the models in use, and the age of each."""
    rates = pricing_show.report(planning.prices)
    ages = Table("ages", _AGES, list(_ages(planning.prices)), "Age of the prices")
    return replace(
        rates,
        title=f"Prices used: {planning.prices.sheet}{pricing_show.of_vendors(planning.prices)} as of "
        f"{planning.prices.as_of}, in {rates.currency}",
        blocks=(*rates.blocks, ages),
    )


def _ages(prices: PriceList) -> Iterator[tuple[Cell, ...]]:
    sources = dict.fromkeys((row.model, row.checked, row.source) for row in prices.rows)
    for model, checked, source in sources:
        yield (model, checked or Shown(None, "never"), _age(prices.as_of, checked), source)


def _age(as_of: date, checked: date | None) -> Cell:
    if checked is None:
        return None
    days = (as_of - checked).days
    return days if days >= 0 else Shown(days, f"{-days:,} days later")
