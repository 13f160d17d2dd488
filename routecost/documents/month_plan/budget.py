"""Budgets and their currency, as documents."""

from __future__ import annotations

from typing import Annotated, Any

from routecost.documents.core.document_type import document
from routecost.documents.core.scalars import Amount, Context, Leaf, StrategyName, fault, quoted, read_text
from routecost.model.scenario.budget import Budget, Period
from routecost.problems import did_you_mean


def _read_period(value: Any, _: Context) -> Period:
    if read_text(value) not in list(Period):
        raise fault(f"unknown period {quoted(value)}{did_you_mean(str(value), list(Period))}")
    return Period(value)


def _read_currency(value: Any, context: Context) -> str:
    """Read a currency; it must be that of the pricing sheet, because there are no exchange rates."""
    name = read_text(value)
    known = context.get("currency")
    if known is not None and name != known:
        raise fault(
            f'currency "{name}", but the prices are in {known}; expected {known}, or a sheet in {name}'
        )
    return name


PeriodName = Annotated[Period, Leaf(_read_period, {"enum": list(Period)})]
Currency = Annotated[str, Leaf(_read_currency, {"type": "string", "minLength": 1})]


@document
class BudgetDocument:
    """The maximum cost of a strategy per period."""

    amount: Amount
    per: PeriodName
    strategy: StrategyName
    currency: Currency | None = None

    def build(self) -> Budget:
        """Return the budget."""
        return Budget(self.amount, self.per, self.strategy, self.currency)
