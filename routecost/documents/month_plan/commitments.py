"""Committed spend and its budget steps, as documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from routecost.documents.core.document_type import OneOf, document
from routecost.documents.core.faults import Fault
from routecost.documents.core.money import Currency, Money
from routecost.documents.core.scalars import Context, Leaf, Name, Share, Text, fault, quoted, read_text
from routecost.documents.month_plan.budget import BudgetDocument
from routecost.documents.month_plan.dated import Month, month_faults, until_faults
from routecost.documents.month_plan.migrations import RowName
from routecost.documents.pricing.scope import ScopeDocument
from routecost.documents.workload.tokens import share_faults
from routecost.model.pricing.terms import EVERYTHING
from routecost.model.scenario.budget import Period
from routecost.model.scenario.horizon import month_name
from routecost.model.scenario.month_plan import Allot, BudgetStep, Commitment
from routecost.problems import did_you_mean
from routecost.units import MONTHS_PER_YEAR, ZERO


def _read_commitment_period(value: Any, _: Context) -> Period:
    if read_text(value) not in _PERIODS:
        raise fault(f"unknown period {quoted(value)}{did_you_mean(str(value), _PERIODS)}")
    return Period(value)


_PERIODS = (Period.MONTH.value, Period.YEAR.value)
CommitmentPeriod = Annotated[Period, Leaf(_read_commitment_period, {"enum": list(_PERIODS)})]


_RULES = (Allot.USE.value, Allot.EQUAL.value)


def _read_rule(value: Any, _: Context) -> Allot:
    if read_text(value) not in _RULES:
        hint = did_you_mean(str(value), _RULES)
        raise fault(f"unknown rule {quoted(value)}; expected use, equal, or shares of owners{hint}")
    return Allot(value)


Rule = Annotated[Allot, Leaf(_read_rule, {"enum": list(_RULES)})]
AllotForm = Annotated[
    Any,
    OneOf(
        "use, equal, or shares of owners such as {support: 60%, platform: 40%}",
        {"rule": Rule, "shares": dict[Name, Share]},
        lambda data: "shares" if isinstance(data, dict) else "rule" if isinstance(data, str) else None,
    ),
]
"""How the amount of a commitment is divided among owners."""


@document
class CommitmentDocument(ScopeDocument):
    """The minimum payment per month or contract year of a contract, and its discounts."""

    amount: Money
    start: Annotated[Month, Field(alias="from")]
    until: Month | None = None
    discount: Share = ZERO
    discount_above: Share | None = None
    currency: Currency | None = None
    source: Text | None = None
    per: CommitmentPeriod = Period.MONTH
    spent_so_far: Money | None = None
    allot: AllotForm = Allot.USE

    def faults(self) -> Iterator[Fault]:
        """Look for an end before the beginning, for work that would cost nothing, and for an empty scope."""
        yield from super().faults()
        yield from until_faults(self.start, self.until)
        yield from self._year_faults()
        if self.discount == 1:
            yield Fault("a discount of 100% makes all usage free; expected less", ("discount",))
        if self.shares:
            yield from share_faults([*self.shares.values()], "the shares of the owners", ("allot",))

    @property
    def shares(self) -> dict[str, Decimal]:
        """The stated shares of owners."""
        return self.allot if isinstance(self.allot, dict) else {}

    def _year_faults(self) -> Iterator[Fault]:
        """Look for a last year that is cut short, and for spend before the plan in a contract of months."""
        if self.per is Period.MONTH:
            if self.spent_so_far is not None:
                message = '"spent_so_far" is the spend of a contract year; expected "per: year"'
                yield Fault(message, ("spent_so_far",), on_key=True)
        elif self.until is not None and self.until >= self.start and not self.build().is_due(self.until):
            before = self.start.month - 1  # the last month of each year; 0 for December of the year before
            year = self.until.year + (before > 0 and self.until.month > before)
            last = f"{year:04}-{before or MONTHS_PER_YEAR:02}"
            message = f'"until: {month_name(self.until)}" is within a contract year; expected its end, {last}'
            yield Fault(message, ("until",))

    def build(self) -> Commitment:
        """Return the commitment."""
        above: Decimal = self.discount if self.discount_above is None else self.discount_above
        return Commitment(
            self.amount,
            self.start,
            self.until,
            self.discount,
            above,
            self.scope,
            self.per is Period.YEAR,
            self.spent_so_far,
            Allot.SHARES if isinstance(self.allot, dict) else self.allot,
            tuple(self.shares.items()),
        )


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
