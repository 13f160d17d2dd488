"""Actual monthly spend and usage, and their comparison with the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date
from decimal import Context, Decimal, localcontext
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from routecost.model.results.outlook import Band, BudgetRisk, BudgetTracking, RebasedOutlook
from routecost.problems import Position
from routecost.records import dataclass
from routecost.units import ONE, ZERO, listed

if TYPE_CHECKING:
    import pandas

_WIDE = Context(prec=400)
"""Parts of variances have more digits than sums of prices: they are cut at the last digit of the variance."""


class Grain(StrEnum):
    """The level of detail at which a month's usage is known."""

    TIER = "tier"
    MODEL = "model"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Used:
    """The usage of a tier or a model in a month, or of the whole month; None if unknown.

    ``units`` holds counts per meter, as far as known; ``spend`` is in the sheet's currency.
    """

    tasks: Decimal | None = None
    calls: Decimal | None = None
    units: Mapping[str, Decimal] = field(default_factory=dict)
    spend: Decimal | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class ActualMonth:
    """A month that is over: its spend, its strategy and its usage.

    ``month`` is its first day. ``used`` has the usage by the name of its tier or model, as ``grain``
    says, or under ``""`` for the whole month; it is empty if only the spend is known. ``task_types`` has
    the same for each task type that ran, if it is known by task type; then ``used`` is empty.
    """

    month: date
    spend: Decimal
    strategy: str
    tasks: Decimal | None = None
    grain: Grain = Grain.MONTH
    used: Mapping[str, Used] = field(default_factory=dict)
    task_types: Mapping[str, ActualMonth] = field(default_factory=dict)

    @property
    def all_tasks(self) -> Decimal | None:
        """The tasks of the month, or of all its task types, tiers or models; None if unknown."""
        counts = [used.tasks for used in self.used.values()]
        counts += [one.all_tasks for one in self.task_types.values()]
        known = [count for count in counts if count is not None]
        if self.tasks is not None or not counts or len(known) < len(counts):
            return self.tasks
        return sum(known, ZERO)


@dataclass(frozen=True, slots=True)
class Actuals:
    """The months of a file, in rising order; ``file`` is its name.

    ``assumed`` is the strategy of months for which the file states none; None if it states all.
    """

    file: str
    months: tuple[ActualMonth, ...]
    assumed: str | None = None


class Factor(StrEnum):
    """A cause of a variance.

    Cost is tasks x calls per task and tier x units per call x price per unit.
    """

    VOLUME = "volume"
    MIX = "mix"
    TOKENS = "tokens"
    PRICE = "price"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class VariancePart:
    """The part of a month's variance due to ``factors``: several if they cannot be separated."""

    factors: tuple[Factor, ...]
    amount: Decimal

    @property
    def name(self) -> str:
        """The factors, joined: ``mix and tokens``."""
        return listed(self.factors)


@dataclass(frozen=True, slots=True)
class PriceVolumeMix:
    """A variance in parts, which sum to it exactly.

    ``lacking`` names the data that would separate the factors that are reported together.
    """

    parts: tuple[VariancePart, ...]
    lacking: tuple[str, ...] = ()

    @property
    def is_dark(self) -> bool:
        """True if there is no data to explain the variance."""
        return [part.factors for part in self.parts] == [(Factor.UNEXPLAINED,)]

    def __add__(self, other: PriceVolumeMix) -> PriceVolumeMix:
        """Return the sums of both, by their factors."""
        amounts: dict[tuple[Factor, ...], Decimal] = {}
        with localcontext(_WIDE):
            for part in (*self.parts, *other.parts):
                amounts[part.factors] = amounts.get(part.factors, ZERO) + part.amount
        parts = [VariancePart(factors, amount) for factors, amount in amounts.items()]
        parts.sort(key=lambda part: [list(Factor).index(factor) for factor in part.factors])
        return PriceVolumeMix(tuple(parts), tuple(dict.fromkeys((*self.lacking, *other.lacking))))

    def joined(self) -> PriceVolumeMix:
        """Return the parts without overlaps: those with a common factor are one."""
        groups: list[set[Factor]] = []
        for part in self.parts:
            apart = [group for group in groups if not group & {*part.factors}]
            groups = [*apart, {*part.factors}.union(*(group for group in groups if group & {*part.factors}))]
        parts = []
        for group in groups:
            amount = add_up(part.amount for part in self.parts if group & {*part.factors})
            parts.append(VariancePart(tuple(factor for factor in Factor if factor in group), amount))
        return PriceVolumeMix((), self.lacking) + PriceVolumeMix(tuple(parts))


def add_up(amounts: Iterable[Decimal]) -> Decimal:
    """Return the sum of amounts, without rounding."""
    with localcontext(_WIDE):
        return sum(amounts, ZERO)


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
    "p10",
    "p50",
    "p90",
    "cumulative_p10",
    "cumulative_p90",
)
"""The columns of a comparison of plan and actuals."""


@dataclass(frozen=True, slots=True)
class PartVariance:
    """The planned and actual cost of a task type or model in a month.

    ``task_type`` and ``model`` are None for what is not divided among them; a tier is named by the models
    that served it. Only variances of whole task types have a ``split``.
    """

    task_type: str | None
    model: str | None
    planned: Decimal
    actual: Decimal
    gap: Decimal
    split: PriceVolumeMix = PriceVolumeMix(())


@dataclass(frozen=True, slots=True)
class MonthVariance:
    """A month's actual and planned cost; money in the sheet's currency.

    ``gap`` is actual - planned, ``gap_fraction`` that over planned, None if the planned cost is 0. The
    cumulative fields count the months with actuals so far. ``task_types`` and ``models`` have the parts
    of the month by task type, and by task type and model, as far as known; both sum to it exactly.
    ``with_cached_input`` names the tiers, models and task types (the whole month: "") whose input seems to
    include cached tokens.
    """

    actual: Decimal
    gap: Decimal
    gap_fraction: Decimal | None
    cumulative_actual: Decimal
    cumulative_gap: Decimal
    cumulative_gap_fraction: Decimal | None
    split: PriceVolumeMix
    task_types: tuple[PartVariance, ...] = ()
    models: tuple[PartVariance, ...] = ()
    with_cached_input: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanVsActualMonth:
    """A month (``YYYY-MM``) of a plan, with its actual or planned strategy.

    ``rebased`` is the actual cost if known, else the forecast: None if a planned cost of 0 leaves
    nothing to forecast from. The cumulative fields count from the first month. ``band`` is that of a
    forecast with uncertain inputs, None for a month with actuals.
    """

    month: str
    strategy: str
    planned: Decimal
    cumulative_planned: Decimal
    rebased: Decimal | None
    cumulative_rebased: Decimal | None
    variance: MonthVariance | None = None
    band: Band | None = None
    cumulative_band: Band | None = None

    def record(self) -> dict[str, Any]:
        """Return the month keyed by ``ACTUAL_COLUMNS``."""
        variance, band, so_far = self.variance, self.band, self.cumulative_band
        return {
            "month": self.month,
            "strategy": self.strategy,
            "planned": self.planned,
            "actual": variance and variance.actual,
            "gap": variance and variance.gap,
            "gap_fraction": variance and variance.gap_fraction,
            "cumulative_planned": self.cumulative_planned,
            "cumulative_actual": variance and variance.cumulative_actual,
            "cumulative_gap": variance and variance.cumulative_gap,
            "cumulative_gap_fraction": variance and variance.cumulative_gap_fraction,
            "rebased": self.rebased,
            "cumulative_rebased": self.cumulative_rebased,
            "p10": band and band.p10,
            "p50": band and band.p50,
            "p90": band and band.p90,
            "cumulative_p10": so_far and so_far.p10,
            "cumulative_p90": so_far and so_far.p90,
        }


@dataclass(frozen=True, slots=True)
class WorkScale:
    """The scale of the planned work at which the months with actuals cost what was spent.

    All scales from ``low`` to ``high`` (None: without limit) cost the same; ``value`` is that of the
    forecast: that nearest to ``wanted``. ``fits`` is false if no scale costs exactly what was spent.
    """

    value: Decimal
    low: Decimal
    high: Decimal | None
    fits: bool = True
    wanted: Decimal = field(default=ONE, compare=False)


@dataclass(frozen=True, slots=True)
class PlanVsActual:
    """A plan compared with the actual costs of its months, and the forecast.

    ``ratio`` is the cost of months with actuals over their planned cost, None if that is 0. The
    forecast of the remaining months is the cost of their work times ``scale``, with all terms; None if
    nothing can be forecast. ``budget`` tracks the scenario's budget over actuals and forecast.
    ``has_terms_on_totals`` is true if fees, discounts or commitments depend on a month's total.
    ``assumed`` is as in :class:`Actuals`. ``budget_risk`` is that of actuals and forecast together, if
    inputs are uncertain.
    """

    file: str
    months: tuple[PlanVsActualMonth, ...]
    ratio: Decimal | None
    budget: BudgetTracking | None
    has_terms_on_totals: bool = False
    scale: WorkScale | None = None
    assumed: str | None = None
    budget_risk: BudgetRisk | None = None

    def banded(self, outlook: RebasedOutlook | None) -> PlanVsActual:
        """Return the comparison with the bands of its forecast."""
        if outlook is None:
            return self
        bands = zip(self.months, outlook.months, outlook.cumulative, strict=True)
        months = tuple(replace(month, band=band, cumulative_band=so_far) for month, band, so_far in bands)
        return replace(self, months=months, budget_risk=outlook.budget_risk)

    @property
    def expected_band(self) -> Band | None:
        """The band of the cost of the whole horizon; None without uncertain inputs or a forecast."""
        return self.months[-1].cumulative_band

    @property
    def known(self) -> tuple[tuple[PlanVsActualMonth, MonthVariance], ...]:
        """The comparisons of the months with actuals."""
        return tuple((month, month.variance) for month in self.months if month.variance is not None)

    @property
    def planned_total(self) -> Decimal:
        """The planned cost of the whole horizon."""
        return self.months[-1].cumulative_planned

    @property
    def expected_total(self) -> Decimal | None:
        """The expected cost of the whole horizon: actuals, and the forecast of the rest."""
        return self.months[-1].cumulative_rebased

    @property
    def split(self) -> PriceVolumeMix:
        """The variances of all months with actuals together, in parts."""
        return sum((variance.split for _, variance in self.known), PriceVolumeMix(()))

    def records(self) -> list[dict[str, Any]]:
        """Return a dict per month, keyed by ``ACTUAL_COLUMNS``."""
        return [month.record() for month in self.months]

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with a row per month, float64 for money."""
        from routecost.model.frames import frame

        return frame(self.records()).astype(dict.fromkeys(ACTUAL_COLUMNS[2:], "float64"))
