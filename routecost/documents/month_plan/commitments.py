"""Committed spend and its budget steps, as documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.money import Currency, Money
from routecost.documents.core.scalars import Share, Text
from routecost.documents.month_plan.budget import BudgetDocument
from routecost.documents.month_plan.dated import Month, month_faults, until_faults
from routecost.documents.month_plan.migrations import RowName
from routecost.documents.pricing.scope import ScopeDocument
from routecost.model.pricing.terms import EVERYTHING
from routecost.model.scenario.horizon import month_name
from routecost.model.scenario.month_plan import BudgetStep, Commitment
from routecost.units import ZERO


@document
class CommitmentDocument(ScopeDocument):
    """The minimum payment per month of a contract, and its discounts."""

    amount: Money
    start: Annotated[Month, Field(alias="from")]
    until: Month | None = None
    discount: Share = ZERO
    discount_above: Share | None = None
    currency: Currency | None = None
    source: Text | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for an end before the beginning, for work that would cost nothing, and for an empty scope."""
        yield from super().faults()
        yield from until_faults(self.start, self.until)
        if self.discount == 1:
            yield Fault("a discount of 100% makes all usage free; expected less", ("discount",))

    def build(self) -> Commitment:
        """Return the commitment."""
        above: Decimal = self.discount if self.discount_above is None else self.discount_above
        return Commitment(self.amount, self.start, self.until, self.discount, above, self.scope)


def commitment_faults(commitments: Sequence[CommitmentDocument]) -> Iterator[Fault]:
    """Look for commitments out of order, and for two on the same spend in one month."""
    limited = any(commitment.scope != EVERYTHING for commitment in commitments)
    if commitments and not limited:
        yield from month_faults(("commitments",), [commitment.start for commitment in commitments])
    for at, commitment in enumerate(commitments):
        rivals = (before for before in reversed(commitments[:at]) if _overlap(before, commitment))
        before = next(rivals, None)
        if before is not None and (limited or before.start < commitment.start):
            end = "has no end" if before.until is None else f"ends in {month_name(before.until)}"
            start = month_name(commitment.start)
            message = f'"from: {start}" overlaps the previous commitment, which {end}'
            yield Fault(message, ("commitments", at, "from"))


def _overlap(one: CommitmentDocument, other: CommitmentDocument) -> bool:
    """Return whether some spend of a month is in both."""
    months = (one.until is None or other.start <= one.until) and (
        other.until is None or one.start <= other.until
    )
    return months and not one.scope.is_apart_from(other.scope)


@document
class BudgetStepDocument:
    """A new amount of a budget, from a month on."""

    start: Annotated[Month, Field(alias="from")]
    amount: Money


@document
class PlanBudgetDocument(BudgetDocument):
    """A budget for a strategy or a migration; its amount may change by month."""

    strategy: RowName
    steps: tuple[BudgetStepDocument, ...] = ()

    def faults(self) -> Iterator[Fault]:
        """Look for steps out of order."""
        if self.steps:
            yield from month_faults(("steps",), [step.start for step in self.steps])

    def build_steps(self) -> tuple[BudgetStep, ...]:
        """Return the changes of the amount."""
        return tuple(BudgetStep(step.start, step.amount) for step in self.steps)
