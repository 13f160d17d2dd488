"""Results of a tornado: the effect of each assumption on the cost of a strategy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from routecost.model.frames import Result
from routecost.records import dataclass
from routecost.units import ZERO, exact

if TYPE_CHECKING:
    import pandas

    from routecost.model.results.comparison import StrategyCost
    from routecost.problems import Finding


class CostPerMonth(NamedTuple):
    """The cost of a strategy, in the usual and in the worst case of repeated work.

    Totals include failures, those of task types with unknown success at their least; None if failures cost
    nothing.
    """

    calls: Decimal
    calls_high: Decimal
    total: Decimal | None = None
    total_high: Decimal | None = None

    @classmethod
    def of(cls, cost: StrategyCost) -> Self:
        """Return the cost of a strategy of a comparison."""
        total, high = cost.total_cost_per_month_low, cost.total_cost_per_month_high
        return cls(cost.cost_per_month, cost.cost_per_month_high, total, total if high is None else high)

    @property
    def decisive(self) -> tuple[Decimal, Decimal]:
        """The cost that decides: with failures where these cost something."""
        if self.total is None or self.total_high is None:
            return self.calls, self.calls_high
        return self.total, self.total_high


@dataclass(frozen=True, slots=True)
class Side:
    """An assumption moved one way: its value (None: several at once) and the cost.

    ``costs`` is None if the moved value is invalid, and ``why`` gives the reason. ``is_whole`` says that
    the value is the nearest whole number, because the field takes no other, and ``is_limited`` that it is
    the largest share, 100%.
    """

    value: Decimal | None
    costs: CostPerMonth | None
    why: str | None = None
    is_whole: bool = False
    is_limited: bool = False

    @property
    def cost(self) -> Decimal | None:
        """The cost of calls."""
        return None if self.costs is None else self.costs.calls

    @property
    def cost_high(self) -> Decimal | None:
        """The cost of calls in the worst case of repeated work."""
        return None if self.costs is None else self.costs.calls_high


@dataclass(frozen=True, slots=True)
class Assumption:
    """An assumption of a scenario, moved down and up; ``value`` is None if it is several figures."""

    name: str
    value: Decimal | None
    down: Side
    up: Side
    is_share: bool = False

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both sides."""
        return self.down, self.up

    def swing(self, base: CostPerMonth, *, worst: bool = False) -> Decimal:
        """Return the larger change that either move makes to the cost that decides."""
        costs = [side.costs.decisive[worst] for side in self.sides if side.costs is not None]
        return max((abs(cost - base.decisive[worst]) for cost in costs), default=ZERO)


ASSUMPTION_COLUMNS = (
    "assumption",
    "value",
    "value_down",
    "value_up",
    "cost_per_month_down",
    "cost_per_month_up",
    "change_down",
    "change_up",
    "swing",
)
"""The columns of a tornado, on calls; changes are fractions of the cost per month."""

TOTAL_COLUMNS = (
    "total_cost_per_month_down",
    "total_cost_per_month_up",
    "total_change_down",
    "total_change_up",
    "total_swing",
)
"""The columns that follow if failures cost something: these decide the order."""

WORST_COLUMNS = ("cost_per_month_down_high", "cost_per_month_up_high", "worst_change_down", "worst_change_up")
"""The columns that follow if costs differ in the worst case of repeated work."""


def _changes(base: Decimal, costs: Sequence[Decimal | None]) -> Iterator[Decimal | None]:
    return (None if cost is None or not base else cost / base - 1 for cost in costs)


def _swing(base: Decimal, costs: Sequence[Decimal | None]) -> Decimal:
    return max((abs(cost - base) for cost in costs if cost is not None), default=ZERO)


@dataclass(frozen=True, slots=True)
class Tornado(Result):
    """The assumptions ranked by their effect on a strategy's cost per month, each moved alone by ``by``.

    ``assumptions`` fall by their swing. ``at_means`` names the uncertain fields, whose means were
    moved. ``escalates_unknown`` and ``unpriced_reviews`` are as in a sweep. ``unknown`` names the task
    types whose success or failure cost is unknown, so that totals are lower bounds. ``left_out`` names the
    assumptions that were not moved, because there are too many: those of what costs the least.
    """

    scenario: str
    pricing: str
    as_of: date
    currency: str
    strategy: str
    by: Decimal
    costs: CostPerMonth
    assumptions: tuple[Assumption, ...]
    warnings: tuple[Finding, ...] = ()
    at_means: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    escalates_unknown: tuple[str, ...] = ()
    unpriced_reviews: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def cost_per_month(self) -> Decimal:
        """The cost of calls."""
        return self.costs.calls

    @property
    def cost_per_month_high(self) -> Decimal:
        """The cost of calls in the worst case of repeated work."""
        return self.costs.calls_high

    @property
    def counts_failures(self) -> bool:
        """True if failures cost something, so that the total decides."""
        return self.costs.total is not None

    def ends(self, costs: CostPerMonth) -> tuple[Decimal, Decimal | None]:
        """Return the cost that decides and its high end; None without one, if failures are unknown."""
        low, high = costs.decisive
        return low, None if self.unknown and self.counts_failures else high

    @property
    def is_ranged(self) -> bool:
        """True if a cost differs in the worst case of repeated work."""
        costs = [side.costs for assumption in self.assumptions for side in assumption.sides]
        known = [self.costs, *(cost for cost in costs if cost is not None)]
        return any((cost.calls, cost.total) != (cost.calls_high, cost.total_high) for cost in known)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns of ``records``."""
        worst = WORST_COLUMNS if self.is_ranged else ()
        return ASSUMPTION_COLUMNS + worst + (TOTAL_COLUMNS if self.counts_failures else ())

    @exact
    def records(self) -> Sequence[dict[str, Any]]:
        """Return a dict per assumption, keyed by ``columns``."""
        columns = self.columns
        return [dict(zip(columns, self._row(assumption), strict=True)) for assumption in self.assumptions]

    def _row(self, assumption: Assumption) -> Iterator[Any]:
        costs = [side.costs for side in assumption.sides]
        calls = [None if cost is None else cost.calls for cost in costs]
        worst = [None if cost is None else cost.calls_high for cost in costs]
        totals = [None if cost is None else cost.total for cost in costs]
        yield from (assumption.name, assumption.value, assumption.down.value, assumption.up.value)
        yield from (*calls, *_changes(self.costs.calls, calls), _swing(self.costs.calls, calls))
        if self.is_ranged:
            yield from (*worst, *_changes(self.costs.calls_high, worst))
        if self.costs.total is not None:
            yield from (*totals, *_changes(self.costs.total, totals), _swing(self.costs.total, totals))

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with a row per assumption."""
        from routecost.model.frames import frame

        return frame(self.records(), index="assumption")
