"""Committed spend: what a month, or a contract year so far, costs under a commitment."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.engine.pricing.pieces import EXACT, Amount, Arithmetic, Billed, Carried
from routecost.records import dataclass
from routecost.units import ZERO, exact

if TYPE_CHECKING:
    from routecost.model.scenario.month_plan import Commitment


@dataclass
class Years:
    """The contract years of yearly commitments over the months of one strategy.

    ``month`` is the first day of the present month; ``paid`` has the list spend and the payments of each
    commitment in its year so far. ``carried`` is what past months left of included usage that rolls over.
    """

    month: date
    paid: dict[Commitment, tuple[Amount, Amount]]
    carried: Carried = field(default_factory=dict)

    @exact
    def billed(self, spend: Amount, commitment: Commitment, numbers: Arithmetic) -> Billed:
        """Return the cost of a month: what the year costs so far, less what was paid before."""
        before, paid = self.paid.pop(commitment, (spend * 0, spend * 0))
        is_due = commitment.is_due(self.month)
        year = committed(before + spend, commitment, numbers, is_due=is_due)
        if not is_due:
            self.paid[commitment] = before + spend, year.cost
        return Billed(year.cost - paid, year.shortfall, paid)


def begun(commitment: Commitment, paid: Decimal) -> tuple[Decimal, Decimal]:
    """Return the list spend of which an amount was paid under a commitment, and that amount."""
    inside, above = 1 - commitment.discount, 1 - commitment.discount_above
    if paid <= commitment.amount or not above:
        return paid / inside, paid
    return commitment.amount / inside + (paid - commitment.amount) / above, paid


@exact
def committed(
    spend: Amount, commitment: Commitment, numbers: Arithmetic = EXACT, *, is_due: bool = True
) -> Billed:
    """Return the cost of a month, or a contract year, of ``spend`` under a commitment.

    If the commitment is not ``is_due`` yet, the year goes on and there is no shortfall.

    The spend that the commitment's amount pays for is discounted by ``discount``, so it covers a spend
    of amount / (1 - discount); beyond that, spend is discounted by ``discount_above``.
    """
    kept, promised = numbers.number(1 - commitment.discount), numbers.number(commitment.amount)
    used = beyond = spend * kept
    if commitment.discount_above != commitment.discount:
        beyond = promised + (spend - promised / kept) * numbers.number(1 - commitment.discount_above)
    is_short = used <= promised
    if not is_due:
        return Billed(numbers.choose(is_short, used, beyond), spend * 0)
    return Billed(
        numbers.choose(is_short, promised, beyond),
        numbers.choose(is_short, promised - used, numbers.number(ZERO)),
    )
