"""What months really cost and took, and how that compares with the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal, localcontext
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from routecost.model.results.budget_tracking import BudgetTracking
from routecost.problems import Position

if TYPE_CHECKING:
    import pandas

_WIDE = Context(prec=400)
"""Parts of gaps have more digits than sums of prices: they are cut where the gap itself ends."""


class Grain(StrEnum):
    """What the usage of a month is told by."""

    TIER = "tier"
    MODEL = "model"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Used:
    """What ran on a tier or a model in a month, or in the whole month; None is not known.

    ``units`` holds counts per meter, those that are known; ``spend`` is in the sheet's currency.
    """

    tasks: Decimal | None = None
    calls: Decimal | None = None
    units: Mapping[str, Decimal] = field(default_factory=dict)
    spend: Decimal | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class ActualMonth:
    """A month that is over: what was spent, under which strategy, and what ran.

    ``month`` is its first day. ``used`` has what ran by the name of its tier or model, as ``grain``
    says, or under ``""`` for the whole month; it is empty where nothing is known but the spend.
    """

    month: date
    spend: Decimal
    strategy: str
    tasks: Decimal | None = None
    grain: Grain = Grain.MONTH
    used: Mapping[str, Used] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Actuals:
    """The months of a file, rising; ``file`` is its name."""

    file: str
    months: tuple[ActualMonth, ...]


class Factor(StrEnum):
    """What can make a month cost something else than planned.

    Cost is tasks x calls per task and tier x units per call x price per unit.
    """

    VOLUME = "volume"
    MIX = "mix"
    TOKENS = "tokens"
    PRICE = "price"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class VariancePart:
    """The part of a month's gap that is due to ``factors``: several that cannot be told apart."""

    factors: tuple[Factor, ...]
    amount: Decimal

    @property
    def name(self) -> str:
        """The factors as people name them: ``mix and tokens``."""
        *first, last = self.factors
        return f"{', '.join(first)} and {last}" if first else str(last)


@dataclass(frozen=True, slots=True)
class PriceVolumeMix:
    """A gap in parts, which sum to it exactly.

    ``lacking`` names what would have to be known to tell apart the factors that go together.
    """

    parts: tuple[VariancePart, ...]
    lacking: tuple[str, ...] = ()

    @property
    def is_dark(self) -> bool:
        """Whether nothing is known that could explain the gap."""
        return [part.factors for part in self.parts] == [(Factor.UNEXPLAINED,)]

    def __add__(self, other: PriceVolumeMix) -> PriceVolumeMix:
        """Return the parts of both, by their factors."""
        amounts: dict[tuple[Factor, ...], Decimal] = {}
        with localcontext(_WIDE):
            for part in (*self.parts, *other.parts):
                amounts[part.factors] = amounts.get(part.factors, Decimal(0)) + part.amount
        parts = [VariancePart(factors, amount) for factors, amount in amounts.items()]
        parts.sort(key=lambda part: [list(Factor).index(factor) for factor in part.factors])
        return PriceVolumeMix(tuple(parts), tuple(dict.fromkeys((*self.lacking, *other.lacking))))


def add_up(amounts: Iterable[Decimal]) -> Decimal:
    """Return the sum of amounts, with all its digits."""
    with localcontext(_WIDE):
        return sum(amounts, Decimal(0))


ACTUAL_COLUMNS = (
    "month",
    "strategy",
    "planned",
    "actual",
    "gap",
    "gap_fraction",
    "cumulative_planned",
    "cumulative_actual",
    "cumulative_gap",
    "cumulative_gap_fraction",
    "rebased",
    "cumulative_rebased",
)
"""The columns of plan against actual."""


@dataclass(frozen=True, slots=True)
class MonthVariance:
    """What a month cost beside what it was planned to; money in the sheet's currency.

    ``gap`` is actual - planned, ``gap_fraction`` that over planned, None where that was nothing.
    The cumulative ones count the months with actuals so far.
    """

    actual: Decimal
    gap: Decimal
    gap_fraction: Decimal | None
    cumulative_actual: Decimal
    cumulative_gap: Decimal
    cumulative_gap_fraction: Decimal | None
    split: PriceVolumeMix


@dataclass(frozen=True, slots=True)
class PlanVsActualMonth:
    """A month (``YYYY-MM``) of a plan, under the strategy that it ran or will run under.

    ``rebased`` is what it cost, where that is known, else the forecast: None where a plan of
    nothing leaves nothing to forecast from. The cumulative ones count from the first month.
    """

    month: str
    strategy: str
    planned: Decimal
    cumulative_planned: Decimal
    rebased: Decimal | None
    cumulative_rebased: Decimal | None
    held: MonthVariance | None = None

    def record(self) -> dict[str, Any]:
        """Return the month keyed by ``ACTUAL_COLUMNS``."""
        return {key: getattr(self if hasattr(self, key) else self.held, key, None) for key in ACTUAL_COLUMNS}


@dataclass(frozen=True, slots=True)
class PlanVsActual:
    """A plan beside what its months cost, and where it is going from there.

    ``ratio`` is what months with actuals cost over what they were planned to, None where that was
    nothing; months to come are forecast at it. ``budget`` is how the scenario's budget fares on
    that course. ``has_terms_on_totals`` says that discounts or commitments depend on a month's total.
    """

    file: str
    months: tuple[PlanVsActualMonth, ...]
    ratio: Decimal | None
    budget: BudgetTracking | None
    has_terms_on_totals: bool = False

    @property
    def known(self) -> tuple[tuple[PlanVsActualMonth, MonthVariance], ...]:
        """The months with actuals, and how they compare."""
        return tuple((month, month.held) for month in self.months if month.held is not None)

    @property
    def planned_total(self) -> Decimal:
        """What the whole horizon was planned to cost."""
        return self.months[-1].cumulative_planned

    @property
    def expected_total(self) -> Decimal | None:
        """What the whole horizon will cost: what it has, and the forecast of the rest."""
        return self.months[-1].cumulative_rebased

    @property
    def split(self) -> PriceVolumeMix:
        """The gaps of all months with actuals together, in parts."""
        return sum((held.split for _, held in self.known), PriceVolumeMix(()))

    def records(self) -> list[dict[str, Any]]:
        """Return a dict per month, keyed by ``ACTUAL_COLUMNS``."""
        return [month.record() for month in self.months]

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with a row per month, float64 for money."""
        from routecost.model.results.frames import frame

        return frame(self.records()).astype(dict.fromkeys(ACTUAL_COLUMNS[2:], "float64"))
