"""Committed spend: a minimum cost per month, in return for discounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from routecost.engine.pricing.terms import settled
from routecost.model.scenario.month_plan import NO_PLAN, Commitment
from routecost.model.scenario.scenario import Scenario
from routecost.units import ZERO, exact


class Billed(NamedTuple):
    """The billed cost of a month, and the part of it that pays for an unused commitment."""

    cost: Decimal
    shortfall: Decimal = ZERO


@exact
def billed(spend: Decimal, month: date, scenario: Scenario) -> Billed:
    """Return the bill of a month, given by its first day, that costs ``spend`` before terms on totals.

    The volume discounts of the sheet come first, then the commitment of the plan. Neither is linear.
    """
    left = settled(spend, scenario.pricing)
    commitment = in_month((scenario.plan or NO_PLAN).commitments, month)
    return Billed(left) if commitment is None else committed(left, commitment)


def in_month(commitments: Iterable[Commitment], month: date) -> Commitment | None:
    """Return the commitment of a month; there is at most one."""
    return next((commitment for commitment in commitments if commitment.holds(month)), None)


@exact
def committed(spend: Decimal, commitment: Commitment) -> Billed:
    """Return the cost of a month of ``spend`` under a commitment.

    The spend that the commitment's amount pays for is discounted by ``discount``, so it covers a spend
    of amount / (1 - discount); beyond that, spend is discounted by ``discount_above``.
    """
    used = spend * (1 - commitment.discount)
    if used <= commitment.amount:
        return Billed(commitment.amount, commitment.amount - used)
    if commitment.discount_above == commitment.discount:
        return Billed(used)
    beyond = spend - commitment.amount / (1 - commitment.discount)
    return Billed(commitment.amount + beyond * (1 - commitment.discount_above))
