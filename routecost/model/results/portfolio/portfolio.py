"""A portfolio: several scenarios with shared contracts, one currency and one budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.errors import CurrencyError
from routecost.model.scenario.budget import Counted, Period
from routecost.records import dataclass
from routecost.units import ONE

if TYPE_CHECKING:
    from routecost.model.pricing.terms import ExchangeRate, VolumeDiscount
    from routecost.model.scenario.month_plan import Commitment
    from routecost.model.scenario.scenario import Scenario
    from routecost.problems import Finding


@dataclass(frozen=True, slots=True)
class Member:
    """A scenario of a portfolio: its strategies, and the owner of task types that state none."""

    name: str
    scenario: Scenario
    default: str
    proposed: str
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class SharedBudget:
    """An amount of money per month or year for the proposals of all members; ``owners`` have parts of it."""

    amount: Decimal
    per: Period
    owners: Mapping[str, Decimal] = field(default_factory=dict)
    counts: Counted = Counted.CALLS


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Several scenarios; money in ``currency``.

    ``exchange`` has the values of other currencies, ``commitments`` and ``volume`` are contracts on the sum
    of all members. ``start`` is the first month of projections and ``year_starts`` the calendar month in
    which years begin, None for the members' own and for the first month.
    """

    name: str
    members: tuple[Member, ...]
    currency: str
    exchange: tuple[ExchangeRate, ...] = ()
    start: date | None = None
    year_starts: int | None = None
    commitments: tuple[Commitment, ...] = ()
    volume: VolumeDiscount | None = None
    budget: SharedBudget | None = None
    warnings: tuple[Finding, ...] = field(default=(), compare=False)

    def counting_spent(self, first: date) -> tuple[Member, ...]:
        """Return the members whose spend before a first month is known, of a year of the portfolio."""
        plans = [(member, member.scenario.plan) for member in self.members]
        return tuple(
            member
            for member, plan in plans
            if plan is not None and plan.spent_before(first) and plan.year_starts == self.year_starts
        )

    def rate(self, currency: str, day: date) -> Decimal:
        """Return the value of one unit of a currency on a day; raises CurrencyError if it is unknown."""
        if currency == self.currency:
            return ONE
        begun = [
            rate
            for rate in self.exchange
            if rate.currency == currency and (rate.start is None or rate.start <= day)
        ]
        if not begun:
            raise CurrencyError(
                f'no rate for {currency} in {self.currency} on {day}; state it in "exchange" of the portfolio'
            )
        return begun[-1].rate
