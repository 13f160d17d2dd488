"""The document type of portfolios."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Annotated

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.kinds import DocumentKind
from routecost.documents.core.money import CurrencyName
from routecost.documents.core.scalars import Amount, Name, PartName, Text, Version
from routecost.documents.month_plan.budget import CountedName, PeriodName
from routecost.documents.month_plan.commitments import CommitmentDocument, commitment_faults
from routecost.documents.month_plan.dated import Month
from routecost.documents.month_plan.seasons import MonthNumber
from routecost.documents.pricing.scope import ScopeDocument
from routecost.documents.pricing.terms import ExchangeDocument, VolumeDocument, exchange_faults
from routecost.model.results.portfolio.portfolio import SharedBudget
from routecost.model.scenario.budget import Counted, Period


@document
class MemberDocument:
    """A scenario of the portfolio; ``strategy`` is its proposal, if not the scenario's own."""

    scenario: Text
    owner: PartName | None = None
    strategy: Name | None = None
    name: Name | None = None


@document
class SharedBudgetDocument:
    """The maximum cost of the proposals of all scenarios per month or year, and of the parts of owners."""

    amount: Amount
    per: PeriodName
    owners: dict[Name, Amount] = field(default_factory=dict)
    counts: CountedName = Counted.CALLS

    def faults(self) -> Iterator[Fault]:
        """Look for a period that a portfolio is not divided into."""
        if self.per is Period.DAY:
            yield Fault("a portfolio has no budget per day; expected month or year", ("per",))

    def build(self) -> SharedBudget:
        """Return the budget."""
        return SharedBudget(self.amount, self.per, self.owners, self.counts)


@document
class SharedCommitmentDocument(CommitmentDocument):
    """The minimum payment per month of a contract of all scenarios."""

    amount: Amount

    def faults(self) -> Iterator[Fault]:
        """Look for limits that the costs of scenarios are not divided by, and for a currency."""
        yield from super().faults()
        yield from _limit_faults(self)
        if self.currency is not None:
            message = 'amounts are in the "currency" of the portfolio; expected no other here'
            yield Fault(message, ("currency",), on_key=True)


@document
class SharedVolumeDocument(VolumeDocument):
    """Discounts on the spend of all scenarios in a month."""

    def faults(self) -> Iterator[Fault]:
        """Look for limits that the costs of scenarios are not divided by."""
        yield from super().faults()
        yield from _limit_faults(self)


def _limit_faults(scope: ScopeDocument) -> Iterator[Fault]:
    if scope.meters is not None:
        message = 'a shared contract cannot be limited to meters; expected "models" or "providers"'
        yield Fault(message, ("meters",), on_key=True)


@document
class PortfolioDocument:
    """Several scenarios with shared contracts and one budget."""

    version: Version
    scenarios: tuple[MemberDocument, ...]
    currency: CurrencyName | None = None
    exchange: tuple[ExchangeDocument, ...] = ()
    start: Month | None = None
    fiscal_year_starts: MonthNumber | None = None
    commitments: tuple[Annotated[SharedCommitmentDocument, Checked()], ...] = ()
    volume_discounts: Annotated[SharedVolumeDocument, Checked()] | None = None
    budget: Annotated[SharedBudgetDocument, Checked()] | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for no scenarios, for rates without a currency, and for dates out of order."""
        if not self.scenarios:
            yield Fault("no scenarios are given; expected at least one", ("scenarios",))
        for at, rate in enumerate(self.exchange):
            if rate.currency is None:
                yield Fault(
                    '"currency" is missing: the rate is the value of one unit of it', ("exchange", at)
                )
        yield from exchange_faults(self.exchange, self.currency)
        yield from commitment_faults(self.commitments)


PORTFOLIO = DocumentKind("portfolio", PortfolioDocument)
