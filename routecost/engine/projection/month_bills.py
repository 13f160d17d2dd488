"""Bills of scheduled months: the sum of their days, then the terms on totals."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from routecost.engine.pricing.commitments import Years, begun
from routecost.engine.pricing.pieces import Piece, Pieces, Settlement
from routecost.engine.pricing.settlement import SecondStage
from routecost.errors import UsageError
from routecost.model.scenario.horizon import month_name
from routecost.model.scenario.month_plan import NO_PLAN
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.schedule import MonthSchedule, Part
from routecost.units import ZERO, exact

Daily = Callable[[Part], Pieces]
"""The pieces of the bill of a day of a part's work as stated."""


@exact
def billed(month: MonthSchedule, daily: Daily, stage: SecondStage, years: Years) -> Settlement:
    """Return the bill of a month, the next one after those that ``years`` has."""
    years.month = month.month
    commitments = [commitment for commitment in stage.commitments if commitment.holds(month.month)]
    changes = list(_changes_of_days(month, daily, stage)) if stage.has_daily else []
    return stage.month(summed(month, daily), changes, commitments, years=years)


@exact
def begun_years(scenario: Scenario, first: date) -> Years:
    """Return the contract years of yearly commitments at the first month of a projection.

    Raises UsageError if one has begun before, and what was paid of it is not stated.
    """
    plan, paid = scenario.plan or NO_PLAN, {}
    for commitment in plan.commitments:
        if not (commitment.yearly and commitment.holds(first) and commitment.month_of_year(first)):
            continue
        if commitment.spent_so_far is None or plan.start != first:
            at = "" if plan.start is None or plan.start == first else f", for a plan from {month_name(first)}"
            raise UsageError(
                f"the yearly commitment from {month_name(commitment.start)} is within a contract year in "
                f'{month_name(first)}; expected its "spent_so_far"{at}, or a plan that starts with the year'
            )
        paid[commitment] = begun(commitment, commitment.spent_so_far)
    return Years(first, dict(paid))


def summed(month: MonthSchedule, daily: Daily) -> Pieces:
    """Return the pieces of a month, before terms that depend on its total."""
    names = dict.fromkeys(name for part in month.parts for name in daily(part)) or {Piece(()): None}

    def cost(name: Piece) -> Decimal:
        if name.is_fixed:
            return _fixed(month, daily, name)
        return month.cost(lambda part: daily(part).get(name, ZERO))

    return {name: cost(name) for name in names}


def _fixed(month: MonthSchedule, daily: Daily, name: Piece) -> Decimal:
    """Return a fee that is due once on each day with work that uses it, working day or not."""
    fees = {part.begins: daily(part)[name] * part.days for part in month.parts if name in daily(part)}
    calendar = monthrange(month.month.year, month.month.month)[1]
    days = month.days if month.counted == calendar else calendar
    return sum(fees.values(), ZERO) * days / month.counted


def _changes_of_days(month: MonthSchedule, daily: Daily, stage: SecondStage) -> Iterator[Settlement]:
    """Yield the changes by allowances per day, for each stretch of equal days."""
    for days, pieces in equal_days(month, daily):
        yield stage.days(pieces, month.days * days, Decimal(month.counted))


def equal_days(month: MonthSchedule, daily: Daily) -> Iterator[tuple[int, Pieces]]:
    """Yield the stretches of equal days of a month, with the pieces of one of the days."""
    begins = attrgetter("begins")
    for _, same_days in groupby(sorted(month.parts, key=begins), key=begins):
        parts = list(same_days)
        pieces: dict[Piece, Decimal] = {}
        for part in parts:
            for name, money in daily(part).items():
                if not name.is_fixed:
                    pieces[name] = pieces.get(name, ZERO) + money * part.volume * part.factor
        yield parts[0].days, pieces
