"""Itemized bills, one line per billed item."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from routecost.documents.pricing.sheet_text import rate_text
from routecost.model.pricing.sheet import STANDARD
from routecost.model.report.cells import Cell, Column, Quantity, Shown, Unit
from routecost.model.report.report import Audience, Table
from routecost.units import TOKENS_PER_MTOK

if TYPE_CHECKING:
    from routecost.model.pricing.bill import Bill, BillLine
    from routecost.model.results.comparison import Comparison, StrategyCost

_COLUMNS = (
    Column("strategy", "strategy"),
    Column("kind", "kind"),
    Column("item", "item"),
    Column("mode", "mode"),
    Column("above_tokens", "above tokens", Unit.COUNT),
    Column("quantity", "quantity", Unit.COUNT),
    Column("rate", "rate", Unit.MONEY),
    Column("per", "per", Unit.COUNT),
    Column("model", "model"),
    Column("from", "from", Unit.DATE),
    Column("amount", "amount", Unit.MONEY),
    Column("source", "source"),
)
_PEOPLE = (
    Column("item", "item"),
    Column("quantity", "quantity", Unit.COUNT),
    Column("rate", "rate", Unit.MONEY),
    Column("from", "from"),
    Column("amount", "amount", Unit.MONEY),
    Column("source", "source"),
)


def tables(comparison: Comparison) -> Iterator[Table]:
    """Yield one table of all bills for machines, and one table per strategy for people."""
    rows = [row for cost in comparison.strategies for row in _machine_rows(cost)]
    yield Table("bill", _COLUMNS, rows, audience=Audience.MACHINES)
    for cost in comparison.strategies:
        title = f"{cost.strategy}: monthly bill, rates in {cost.bill.list_currency}"
        yield Table(cost.strategy, _PEOPLE, list(_people_rows(cost.bill)), title, Audience.PEOPLE)


def _machine_rows(cost: StrategyCost) -> Iterator[tuple[Cell, ...]]:
    for line in cost.bill.lines:
        key = line.key
        rate, amount = (
            Quantity(money, Unit.MONEY, cost.bill.list_currency) for money in (line.rate, line.amount)
        )
        fields = (key.mode, key.above, line.quantity, rate, line.per, key.model, line.price_start)
        yield (cost.strategy, "usage", key.meter, *fields, amount, line.source)
    for term in cost.bill.terms:
        base, amount = (Quantity(money, Unit.MONEY, term.currency) for money in (term.base, term.amount))
        blank = (None, None, base, Quantity(term.factor, Unit.CHANGE), 1, None, None)
        yield (cost.strategy, "term", term.name, *blank, amount, term.source)


def _people_rows(bill: Bill) -> Iterator[tuple[Cell, ...]]:
    for line in bill.lines:
        since = "unknown" if line.price_start is None else line.price_start.isoformat()
        rate = Shown(line.rate, rate_text(line.rate))  # in full, so that the amount can be checked
        amount = Quantity(line.amount, Unit.MONEY, bill.list_currency)
        yield (_item(line), line.quantity, rate, since, amount, line.source)
    for term in bill.terms:
        base, amount = (Quantity(money, Unit.MONEY, term.currency) for money in (term.base, term.amount))
        yield (term.name, base, Quantity(term.factor, Unit.CHANGE), "", amount, term.source)
    yield ("total", Shown(None, ""), Shown(None, ""), "", bill.total, "")


def _item(line: BillLine) -> str:
    key = line.key
    mode = "" if key.mode == STANDARD else f", {key.mode}"
    above = f", context above {key.above:,} tokens" if key.above else ""
    per = "MTok" if line.per == TOKENS_PER_MTOK else f"{line.per:,}"
    return f"{key.model} {key.meter}{mode}{above} (per {per})"
