"""Report of the bills of a usage on models of a sheet."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.report.cells import Cell, Column, Quantity, Unit
from routecost.model.report.report import Block, Note, Report, Table
from routecost.model.results.price_lists import PricedModel, PricedUsage

_COSTS = (
    Column("tier", "tier"),
    Column("model", "model"),
    Column("cost_per_call", "per call", Unit.MONEY),
    Column("cost", "cost", Unit.MONEY),
)
_LINES = (
    Column("model", "model"),
    Column("meter", "meter"),
    Column("mode", "mode"),
    Column("quantity", "quantity", Unit.NUMBER),
    Column("price", "price", Unit.MONEY),
    Column("per", "per", Unit.COUNT),
    Column("amount", "amount", Unit.MONEY),
    Column("above_tokens", "context above", Unit.COUNT),
    Column("source", "source"),
)


def report(priced: PricedUsage) -> Report:
    """Return the report of priced usage: the cost on each model, then the lines of the bills."""
    usage = "summed usage" if priced.calls is None else f"{priced.calls:,f} call{'s' * (priced.calls != 1)}"
    return Report(
        command="pricing price",
        title=f"{priced.sheet}: cost of {usage} at prices as of {priced.as_of}, in {priced.currency}",
        meta={
            "sheet": priced.sheet,
            "currency": priced.currency,
            "as_of": priced.as_of,
            "calls": priced.calls,
            "unpriced": priced.unpriced,
        },
        blocks=tuple(_blocks(priced)),
        currency=priced.currency,
    )


def _blocks(priced: PricedUsage) -> Iterator[Block]:
    costs = [(one.tier, one.model, priced.per_call(one), one.bill.total) for one in priced.models]
    yield Table("costs", _COSTS, costs)
    yield Table("lines", _LINES, [cells for one in priced.models for cells in _lines(one)], title="bills")
    if any(one.bill.terms for one in priced.models):
        yield Note.of("Costs include the contract terms of the sheet; the lines are at list prices.")
    if priced.has_terms_on_totals:
        yield Note.of("Terms on the total of a month are not included.")
    for text in priced.unpriced:
        yield Note.of(text, warning=True)


def _lines(one: PricedModel) -> Iterator[tuple[Cell, ...]]:
    for line in one.bill.lines:
        key = line.key
        rate, amount = (
            Quantity(money, Unit.MONEY, one.bill.list_currency) for money in (line.rate, line.amount)
        )
        above = key.above or None
        yield one.model, key.meter, key.mode, line.quantity, rate, line.per, amount, above, line.source
