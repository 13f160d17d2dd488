"""Bills of scheduled months: the sum of their days, then the terms on totals."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from routecost.engine.pricing.pieces import Piece, Pieces, Settlement
from routecost.engine.pricing.settlement import SecondStage
from routecost.model.scenario.schedule import MonthSchedule, Part
from routecost.units import ZERO, exact

Daily = Callable[[Part], Pieces]
"""The pieces of the bill of a day of a part's work as stated."""


@exact
def billed(month: MonthSchedule, daily: Daily, stage: SecondStage) -> Settlement:
    """Return the bill of a month."""
    commitments = [commitment for commitment in stage.commitments if commitment.holds(month.month)]
    changes = list(_changes_of_days(month, daily, stage)) if stage.has_daily else []
    return stage.month(summed(month, daily), changes, commitments)


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
