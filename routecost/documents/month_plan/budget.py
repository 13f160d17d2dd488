"""Budgets as documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from decimal import Decimal
from typing import Annotated, Any

from routecost.documents.core.document_type import OneOf, document
from routecost.documents.core.faults import Fault
from routecost.documents.core.money import Currency, InStatedCurrency, Money
from routecost.documents.core.scalars import Context, Leaf, Name, StrategyName, fault, quoted, read_text
from routecost.model.scenario.budget import Budget, Counted, Period
from routecost.problems import did_you_mean
from routecost.units import ZERO


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
    """The maximum cost of a strategy per period; owners of task types may have amounts of their own."""

    amount: Money
    per: PeriodName
    strategy: StrategyName
    currency: Currency | None = None
    counts: CountedName = Counted.CALLS
    owners: dict[Name, Money] = field(default_factory=dict)

    def build(self) -> Budget:
        """Return the budget."""
        return Budget(self.amount, self.per, self.strategy, self.currency, self.owners, self.counts)


OwnBudget = Annotated[BudgetDocument, InStatedCurrency()]


_PARTS = ("owner", "task_type", "model", "provider", "tier")


@document
class SpentDocument:
    """The spend of a fiscal year before the plan, with the amounts of parts of it that are known."""

    amount: Money
    owner: dict[Name, Money] = field(default_factory=dict)
    task_type: dict[Name, Money] = field(default_factory=dict)
    model: dict[Name, Money] = field(default_factory=dict)
    provider: dict[Name, Money] = field(default_factory=dict)
    tier: dict[Name, Money] = field(default_factory=dict)

    @property
    def parts(self) -> dict[str, dict[str, Decimal]]:
        """The amounts of parts, by what they are parts of."""
        stated = {key: getattr(self, key) for key in _PARTS}
        return {key: amounts for key, amounts in stated.items() if amounts}

    def faults(self) -> Iterator[Fault]:
        """Look for parts that are more than the whole."""
        for key, amounts in self.parts.items():
            total = sum(amounts.values(), ZERO)
            if total > self.amount:
                message = f"the parts sum to {total:f}; expected at most the amount of {self.amount:f}"
                yield Fault(message, (key,), on_key=True)


Spent = Annotated[
    Any,
    OneOf(
        "an amount of money, or {amount, owner: {NAME: AMOUNT}} with other parts of it",
        {"amount": Money, "parts": SpentDocument},
        lambda data: "parts" if isinstance(data, dict) else "amount" if isinstance(data, str) else None,
    ),
]


def spent_by(spent: Any) -> Mapping[str, Mapping[str, Decimal]]:
    """Return the stated parts of past spend."""
    return spent.parts if isinstance(spent, SpentDocument) else {}
