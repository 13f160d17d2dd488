"""Budgets as documents."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated, Any

from routecost.documents.core.document_type import document
from routecost.documents.core.money import Currency, InStatedCurrency, Money
from routecost.documents.core.scalars import Context, Leaf, Name, StrategyName, fault, quoted, read_text
from routecost.model.scenario.budget import Budget, Counted, Period
from routecost.problems import did_you_mean


def _read_period(value: Any, _: Context) -> Period:
    if read_text(value) not in list(Period):
        raise fault(f"unknown period {quoted(value)}{did_you_mean(str(value), list(Period))}")
    return Period(value)


PeriodName = Annotated[Period, Leaf(_read_period, {"enum": list(Period)})]


def _read_counted(value: Any, _: Context) -> Counted:
    if read_text(value) not in list(Counted):
        hint = did_you_mean(str(value), list(Counted))
        raise fault(f"{quoted(value)} is not what a budget counts; expected calls or total{hint}")
    return Counted(value)


CountedName = Annotated[Counted, Leaf(_read_counted, {"enum": list(Counted)})]


@document
class BudgetDocument:
    """The maximum cost of a strategy per period."""

    amount: Money
    per: PeriodName
    strategy: StrategyName
    currency: Currency | None = None
    counts: CountedName = Counted.CALLS

    def build(self) -> Budget:
        """Return the budget."""
        return Budget(self.amount, self.per, self.strategy, self.currency, counts=self.counts)


@document
class OwnBudgetDocument(BudgetDocument):
    """The budget of a scenario; owners of task types may have amounts of their own."""

    owners: dict[Name, Money] = field(default_factory=dict)

    def build(self) -> Budget:
        """Return the budget."""
        return Budget(self.amount, self.per, self.strategy, self.currency, self.owners, self.counts)


OwnBudget = Annotated[OwnBudgetDocument, InStatedCurrency()]
