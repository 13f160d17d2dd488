"""The expected cost of a month from the costs of its days so far.

Each of the remaining days is expected to cost the mean of the last 28 days (four of each weekday), or of as
many as the log has. Only days that are over are in the mean; a last day that is not is expected to cost the
mean, or what it cost so far if that is more.

The band is the prediction interval of the sum of m further values after n values with mean x and standard
deviation s: m x -+ t s sqrt(m + m^2 / n), where t is a quantile of Student's distribution with n - 1 degrees
of freedom (W. Q. Meeker, G. J. Hahn, L. A. Escobar, Statistical Intervals, 2nd edition, Wiley 2017, on
prediction intervals for the mean of future observations). It takes the costs of days as independent and
normal; nothing below the spend so far is expected.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from routecost.model.results.logs.pace import DayCost
from routecost.records import dataclass
from routecost.units import ZERO, exact

BASIS = 28
"""The most days that the expectation is based on."""

_T_90 = [
    *("3.0777", "1.8856", "1.6377", "1.5332", "1.4759", "1.4398", "1.4149", "1.3968", "1.3830"),
    *("1.3722", "1.3634", "1.3562", "1.3502", "1.3450", "1.3406", "1.3368", "1.3334", "1.3304"),
    *("1.3277", "1.3253", "1.3232", "1.3212", "1.3195", "1.3178", "1.3163", "1.3150", "1.3137"),
]
"""The 90% quantiles of Student's distribution with 1 to 27 degrees of freedom."""


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """The costs of a month's days so far, and the expected cost of the whole month with its P10 and P90."""

    days: tuple[DayCost, ...]
    days_left: int
    spent: Decimal
    basis: int
    expected: Decimal
    low: Decimal | None
    high: Decimal | None


@exact
def month_end(costs: Mapping[date, Decimal], first: date, until: date, *, is_over: bool = True) -> MonthEnd:
    """Return the expected end of the month of ``until``; days between ``first`` and it without calls cost 0.

    ``first`` is the first day of the log. If the day ``until`` is not over, an earlier one must be logged.
    """
    start = until.replace(day=1)
    days = tuple(DayCost(day, costs.get(day, ZERO)) for day in _days(start, until))
    last = until if is_over else until - timedelta(days=1)
    known = [costs.get(day, ZERO) for day in _days(max(first, last - timedelta(days=BASIS - 1)), last)]
    left = monthrange(until.year, until.month)[1] - until.day
    spent = sum((day.cost for day in days), ZERO)
    mean = sum(known, ZERO) / len(known)
    rest = ZERO if is_over else max(ZERO, mean - costs.get(until, ZERO))
    expected = spent + rest + left * mean
    spread = _spread(known, mean, left if is_over else left + 1)
    low, high = (None, None) if spread is None else (max(spent, expected - spread), expected + spread)
    return MonthEnd(days, left, spent, len(known), expected, low, high)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]


def _spread(known: Sequence[Decimal], mean: Decimal, left: int) -> Decimal | None:
    """Return half the width of the band; None if the variation of days is unknown."""
    if not left:
        return ZERO
    count = len(known)
    if count < 2:
        return None
    variance = sum(((cost - mean) ** 2 for cost in known), ZERO) / (count - 1)
    return Decimal(_T_90[count - 2]) * (variance * (left + Decimal(left**2) / count)).sqrt()
