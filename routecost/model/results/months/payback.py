"""Payback: the savings of a proposal, less its engineering and upkeep, by month."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from routecost.model.results.failures import Between
from routecost.records import dataclass
from routecost.units import ZERO

PAYBACK_COLUMNS = ("month", "savings", "engineering", "upkeep", "cumulative", "present_value")


@dataclass(frozen=True, slots=True)
class PaybackMonth:
    """The savings, engineering and upkeep of a month (``YYYY-MM``).

    ``cumulative`` are savings less costs so far, ``present_value`` the same discounted to the first month;
    None without a rate.
    """

    month: str
    savings: Between
    engineering: Decimal
    upkeep: Decimal
    cumulative: Between
    present_value: Between | None = None


@dataclass(frozen=True, slots=True)
class PaybackOdds:
    """The probability that the costs are repaid within the months, from ``low`` to ``high``.

    10%, 50% and 90% of the simulated runs have repaid them by the month ``p10``, ``p50`` and ``p90``; None
    if that is later, or unknown.
    """

    low: Decimal
    high: Decimal
    p10: str | None
    p50: str | None
    p90: str | None

    @property
    def value(self) -> Decimal | None:
        """The probability, if it is known."""
        return self.low if self.low == self.high else None


@dataclass(frozen=True, slots=True)
class Payback:
    """The savings of ``strategy`` over ``against`` by month, less what the proposal costs beside calls.

    ``rate`` is the discount rate per year, None if not given. ``before`` is the engineering before the
    first month, which is part of that month. ``counts_failures`` says whether failures cost something.
    ``odds`` and ``discounted_odds`` are those of simulated runs, None if nothing that matters is uncertain.
    """

    strategy: str
    against: str
    months: tuple[PaybackMonth, ...]
    rate: Decimal | None = None
    before: Decimal = ZERO
    counts_failures: bool = False
    odds: PaybackOdds | None = None
    discounted_odds: PaybackOdds | None = None

    @property
    def engineering(self) -> Decimal:
        """The engineering of all months."""
        return sum((month.engineering for month in self.months), ZERO)

    @property
    def upkeep(self) -> Decimal:
        """The upkeep of all months."""
        return sum((month.upkeep for month in self.months), ZERO)

    @property
    def net(self) -> Between:
        """The savings less the costs of all months."""
        return self.months[-1].cumulative

    @property
    def present_value(self) -> Between | None:
        """The net present value; None without a rate."""
        return self.months[-1].present_value

    @property
    def earliest(self) -> str | None:
        """The month from which on the costs may be repaid; None if they are not within these months."""
        return self._repaid([month.cumulative.high for month in self.months], unknown=True)

    @property
    def latest(self) -> str | None:
        """The month from which on the costs are certainly repaid; None if there is none."""
        return self._repaid([month.cumulative.low for month in self.months], unknown=False)

    @property
    def discounted(self) -> str | None:
        """The month from which on the present value is certainly 0 or more; None if there is none."""
        values = [month.present_value for month in self.months]
        return self._repaid([None if value is None else value.low for value in values], unknown=False)

    @property
    def pays_back(self) -> bool | None:
        """Whether the costs are repaid at the end of these months; None if that is unknown."""
        low, high = self.net
        if low is not None and low >= 0:
            return True
        return False if high is not None and high < 0 else None

    def _repaid(self, so_far: Sequence[Decimal | None], *, unknown: bool) -> str | None:
        """Return the first month from which on the amount stays at 0 or above."""
        month = None
        for at, amount in zip(reversed(self.months), reversed(so_far), strict=True):
            if not (unknown if amount is None else amount >= 0):
                break
            month = at.month
        return month

    @property
    def is_known(self) -> bool:
        """True if the savings of all months are known."""
        return all(month.savings.known is not None for month in self.months)

    def records(self) -> list[dict[str, Any]]:
        """Return a dict per month; unknown amounts are None, beside columns with their bounds."""
        return [self._record(month) for month in self.months]

    def _record(self, month: PaybackMonth) -> dict[str, Any]:
        figures = {key: getattr(month, key) for key in PAYBACK_COLUMNS}
        record: dict[str, Any] = {
            key: value.known if isinstance(value, Between) else value for key, value in figures.items()
        }
        if not self.is_known:
            for key, value in figures.items():
                if isinstance(value, Between):
                    record |= {f"{key}_low": value.low, f"{key}_high": value.high}
        return record
