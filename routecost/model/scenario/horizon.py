"""The months of a projection, and the growth of work over them."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal
from itertools import accumulate
from operator import mul

from routecost.errors import UsageError
from routecost.records import dataclass
from routecost.units import MAX_COUNT, MONTHS_PER_YEAR, ONE, ZERO, exact, percent, read_number

DEFAULT_MONTHS = 12
MAX_MONTHS = 600

CALENDAR_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
"""The months of a year, from the first."""

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class GrowthStep:
    """A growth rate per month, as a share, for the month of ``start`` and those after it."""

    rate: Decimal
    start: date | None = None


@dataclass(frozen=True, slots=True)
class Horizon:
    """``months`` months from ``start`` on, which is the first day of a month.

    ``growth`` is a share per month and compounds from the second month on: the first month is the
    scenario unchanged. ``steps`` give other rates from later months on, in rising order. ``pinned`` is
    the day whose prices apply throughout; None means the prices in force in each month.

    Raises UsageError for months that cannot be planned, and for growth that is out of range.
    """

    start: date
    months: int
    growth: Decimal = ZERO
    pinned: date | None = None
    steps: tuple[GrowthStep, ...] = ()

    def __post_init__(self) -> None:
        checked_months(self.months)
        if _number(self.start) + self.months - 1 > _number(date.max):
            raise UsageError(
                f"{self.months} months from {month_name(self.start)} on end after {month_name(date.max)}; "
                "expected fewer months or an earlier start"
            )
        if any(factor > MAX_COUNT for factor in self.factors()):
            raise UsageError(
                f'growth of "{percent(self._steepest)}" a month over {self.months} months multiplies the '
                f"work by more than {MAX_COUNT:.0e}; expected less growth or fewer months"
            )

    @exact
    def factors(self, since: int = 0) -> tuple[Decimal, ...]:
        """Return the factors of the work of month ``since`` (from 0) in that month and those after."""
        if not self.steps:
            return tuple((1 + self.growth) ** at if at else ONE for at in range(self.months - since))
        later = (1 + self.rate(month) for month in self.first_days[since + 1 :])
        return tuple(accumulate(later, mul, initial=ONE))

    @property
    def _steepest(self) -> Decimal:
        return max((self.growth, *(step.rate for step in self.steps)))

    def rate(self, month: date) -> Decimal:
        """Return the growth rate to a month, given by its first day, from the one before."""
        begun = [step.rate for step in self.steps if step.start is None or step.start <= month]
        return begun[-1] if begun else self.growth

    @property
    def first_days(self) -> tuple[date, ...]:
        """The first day of each month."""
        first = _number(self.start)
        return tuple(
            date(number // MONTHS_PER_YEAR, number % MONTHS_PER_YEAR + 1, 1)
            for number in range(first, first + self.months)
        )

    @property
    def last_day(self) -> date:
        """The last day of the last month."""
        last = self.first_days[-1]
        return last.replace(day=monthrange(last.year, last.month)[1])


def month_name(day: date) -> str:
    """Return the month of a day as ``YYYY-MM``."""
    return day.isoformat()[:7]


def checked_months(months: int) -> int:
    """Return a number of months; raises UsageError if they are too few or too many."""
    if not 1 <= months <= MAX_MONTHS:
        raise UsageError(f'cannot plan "{months}" months; expected 1 to {MAX_MONTHS}')
    return months


def read_month(text: str) -> date:
    """Return the first day of the month in a text such as ``2026-02``; raises UsageError."""
    if not _MONTH.fullmatch(text) or text.startswith("0000"):
        raise UsageError(f'"{text}" is not a month; expected YYYY-MM, such as 2026-02')
    return date.fromisoformat(f"{text}-01")


@exact
def read_growth(text: str) -> Decimal:
    """Return the growth per month of a text such as ``5%`` or ``0.05``; raises UsageError."""
    number = read_number(text)
    if number is None or "_" in text:
        raise UsageError(f'"{text}" is not a growth per month; expected one such as 5%, 0.05 or -2%')
    growth = number.value
    if not number.is_percent and abs(growth) >= 1:
        meant = f'expected "{text.strip()}%" or, if you mean it, "{percent(growth)}"'
        raise UsageError(f'growth "{text}" is a share of {percent(growth)} a month; {meant}')
    if growth < -1:
        raise UsageError(f'growth "{text}" is below -100%; expected -100% or more')
    return growth


def _number(day: date) -> int:
    """Return the months from the beginning of the calendar to a day's month."""
    return day.year * MONTHS_PER_YEAR + day.month - 1
