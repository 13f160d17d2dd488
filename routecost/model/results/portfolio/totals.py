"""The costs of a portfolio: of the defaults and of the proposals of its members, and their savings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from routecost.model.frames import Result
from routecost.model.results.breakdown.breakdown import NOT_ALLOTTED, Breakdown
from routecost.model.results.breakdown.periods import Period
from routecost.model.results.failures import Between
from routecost.model.results.portfolio.portfolio import Portfolio
from routecost.model.scenario.budget import Counted
from routecost.model.scenario.budget import Period as Per
from routecost.records import dataclass
from routecost.units import MONTHS_PER_YEAR, ZERO, exact

DEFAULT, PROPOSED = "default", "proposed"


class SharedSavings(NamedTuple):
    """The savings of the proposals; ``with_failures`` is None if failures cost nothing.

    ``assumed`` and ``unknown`` name task types as those of the savings of a scenario.
    """

    amount: Decimal
    fraction: Decimal | None
    with_failures: Between | None = None
    assumed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class BudgetLine(NamedTuple):
    """The cost of the proposals in a period, or of the part of an ``owner``, against the budget.

    ``spent`` is what the budget counts, as far as it is known. ``unallotted`` is the part of its high end
    that was spent before the plan by owners that are not stated: this owner may be one.
    """

    period: Period
    spent: Between
    amount: Decimal
    owner: str | None = None
    unallotted: Decimal = ZERO

    @property
    def cost(self) -> Decimal:
        """The cost that the budget counts, at least."""
        return self.spent.low or ZERO

    @property
    def is_over(self) -> bool:
        """True if the budget is exceeded."""
        return self.cost > self.amount

    @property
    def may_exceed(self) -> bool:
        """True if the budget may be exceeded, because failures or past spend are unknown in part."""
        return not self.is_over and (self.spent.high is None or self.spent.high > self.amount)


@dataclass(frozen=True, slots=True)
class PortfolioCosts(Result):
    """The costs of a portfolio, in a month or month by month.

    ``breakdowns`` divide those of the defaults and of the proposals, first by member; ``strategies`` has
    the default and the proposal of each member.
    """

    portfolio: Portfolio
    breakdowns: tuple[Breakdown, ...]
    savings: SharedSavings
    strategies: Mapping[str, tuple[str, str]]
    is_month: bool = False

    @property
    def members(self) -> Breakdown:
        """The costs by member."""
        return self.breakdowns[0]

    @property
    def budget(self) -> tuple[BudgetLine, ...]:
        """The periods of the budget, with the cost of the proposals."""
        budget = self.portfolio.budget
        return () if budget is None else tuple(self._lines(self.members, None, budget.amount))

    @property
    def owner_budgets(self) -> Mapping[str, tuple[BudgetLine, ...]]:
        """The periods of the budgets of owners, with the cost of their parts of the proposals."""
        budget, owners = self.portfolio.budget, self.breakdowns[1]
        stated = {} if budget is None else budget.owners
        return {owner: tuple(self._lines(owners, owner, amount)) for owner, amount in stated.items()}

    def _lines(self, costs: Breakdown, owner: str | None, amount: Decimal) -> Iterator[BudgetLine]:
        budget = self.portfolio.budget
        kind = "month" if self.is_month or budget is None else budget.per.value
        counts_failures = budget is not None and budget.counts is Counted.TOTAL
        for period in costs.periods:
            if period.kind == kind:
                cost = costs.whole(PROPOSED, owner, period)
                spent = cost.total if counts_failures else Between.exactly(cost.cost)
                is_shared = owner is not None and period == costs.first_year
                rest = costs.before.get(NOT_ALLOTTED, ZERO) if is_shared else ZERO
                yield BudgetLine(period, self._per(spent.plus(Between(ZERO, rest))), amount, owner, rest)

    @exact
    def _per(self, cost: Between) -> Between:
        """Return the cost of a budget's period; a year of equal months has 12."""
        budget = self.portfolio.budget
        is_year = self.is_month and budget is not None and budget.per is Per.YEAR
        return cost.times(Decimal(MONTHS_PER_YEAR)) if is_year else cost
