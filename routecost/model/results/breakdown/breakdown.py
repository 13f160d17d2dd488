"""Costs of strategies in parts, month by month, that sum to the cost of the strategy exactly."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field, replace
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from routecost.errors import UsageError
from routecost.model.results.breakdown.periods import Period
from routecost.model.results.failures import Between
from routecost.problems import did_you_mean
from routecost.records import dataclass
from routecost.units import ZERO

if TYPE_CHECKING:
    from routecost.model.scenario.month_plan import Commitment

UNUSED = "(unused commitments)"
"""The part that no calls have: the amount of a commitment in a month without calls that it covers."""


NOT_ALLOTTED = "(not allotted)"
"""The part of the spend before a plan whose parts are not stated."""

SUM_DIGITS = 200
"""Digits that keep sums of amounts exact, so that they do not depend on the order."""


class Kind(StrEnum):
    """What the costs of a strategy are divided by."""

    TASK_TYPE = "task_type"
    MODEL = "model"
    PROVIDER = "provider"
    TIER = "tier"
    STRATEGY = "strategy"
    OWNER = "owner"
    TAG = "tag"
    SCENARIO = "scenario"

    @property
    def divides_failures(self) -> bool:
        """True if each failure belongs to one part: it belongs to a task, which may run on several models."""
        return self not in (Kind.MODEL, Kind.PROVIDER, Kind.TIER)


class Dimension(NamedTuple):
    """What the costs of a strategy are divided by; ``tag`` is the name of a tag."""

    kind: Kind
    tag: str = ""

    @property
    def label(self) -> str:
        """The dimension in words."""
        return self.tag or self.kind.replace("_", " ")

    def __str__(self) -> str:
        return f"tag:{self.tag}" if self.tag else self.kind.value

    def named(self, name: str | None) -> str:
        """Return the name of a part; that of what states none if there is no name."""
        return f"(no {self.label})" if name is None else name


def names_a_part(text: str) -> bool:
    """Return whether a text is meant as a dimension, and not as a number."""
    return text.startswith(f"{Kind.TAG}:") or not any(map(str.isdigit, text))


def read_dimension(text: str, *, has_scenarios: bool = False) -> Dimension:
    """Return the dimension of a text such as ``owner`` or ``tag:product``; raises UsageError.

    Only the costs of a portfolio, which ``has_scenarios``, are divided by scenario.
    """
    kind, _, tag = text.partition(":")
    if kind == Kind.TAG and tag:
        return Dimension(Kind.TAG, tag)
    known = [one.value for one in Kind if one not in (Kind.TAG, Kind.SCENARIO)]
    known += [Kind.SCENARIO.value] if has_scenarios else []
    if text in known:
        return Dimension(Kind(text))
    raise UsageError(
        f'costs cannot be divided by "{text}"; expected {", ".join(known)} or tag:NAME'
        f"{did_you_mean(text, known)}"
    )


class PartCost(NamedTuple):
    """The cost of the calls of a part, and of its failures: None if these cost nothing or are not divided."""

    cost: Decimal = ZERO
    failures: Between | None = None

    @property
    def total(self) -> Between:
        """The cost of calls and failures, as far as it is known."""
        return (self.failures or Between()).plus(Between.exactly(self.cost))


def total_of(costs: Iterable[PartCost]) -> PartCost:
    """Return the cost of several parts or months, which is exact."""
    parts = list(costs)
    with localcontext(prec=SUM_DIGITS):
        cost = sum((part.cost for part in parts), ZERO)
    failures = [part.failures for part in parts if part.failures is not None]
    if not failures:
        return PartCost(cost)
    total = Between()
    for failure in failures:
        total = total.plus(failure)
    return PartCost(cost, total)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The costs of each strategy by part and month.

    ``costs`` maps a strategy to its parts in the order of ``parts``, each with a cost for each month. The
    parts of a month sum to the cost of the strategy exactly. ``periods`` are the months, quarters and
    years, with the places of their months; ``shares_terms`` is true if some cost is not of a call by itself,
    ``counts_failures`` if failures cost something, and ``year_is_stated`` if the plan says when years begin.
    ``allotted`` has the commitments whose amount is not divided by use. ``before`` has the parts of what was
    spent in the first year before its months.
    """

    by: Dimension
    parts: tuple[str, ...]
    costs: Mapping[str, Mapping[str, tuple[PartCost, ...]]]
    periods: tuple[Period, ...]
    shares_terms: bool = False
    counts_failures: bool = False
    year_is_stated: bool = True
    allotted: tuple[Commitment, ...] = ()
    before: Mapping[str, Decimal] = field(default_factory=dict)

    def cost(self, strategy: str, part: str, period: Period) -> PartCost:
        """Return the cost of a part in a period."""
        months = self.costs[strategy].get(part)
        return PartCost() if months is None else total_of(months[at] for at in period.months)

    def total(self, strategy: str, period: Period) -> PartCost:
        """Return the cost of all parts in a period."""
        return total_of(self.cost(strategy, part, period) for part in self.costs[strategy])

    def rows(self, strategy: str) -> tuple[str, ...]:
        """Return the parts of a strategy, and those with spend before the plan only."""
        return tuple(dict.fromkeys((*self.costs[strategy], *self.before)))

    def spent_before(self, part: str, period: Period) -> Decimal:
        """Return what was spent before the months of a period, of which only the first year counts it."""
        return self.before.get(part, ZERO) if period is self.first_year else ZERO

    def whole(self, strategy: str, part: str | None, period: Period) -> PartCost:
        """Return the cost of a part (None: of all) in a period, with what was spent before."""
        if part is not None:
            return total_of((self.cost(strategy, part, period), PartCost(self.spent_before(part, period))))
        return total_of(self.whole(strategy, one, period) for one in self.rows(strategy))

    @property
    def first_year(self) -> Period | None:
        """The first fiscal year."""
        return next((period for period in self.periods if period.kind == "year"), None)

    def only(self, names: Collection[str | None]) -> Breakdown:
        """Return the costs of just these strategies, or of all if there is none of them."""
        kept = {name: costs for name, costs in self.costs.items() if name in names} or self.costs
        present = {part for costs in kept.values() for part in costs}
        return replace(self, costs=kept, parts=tuple(part for part in self.parts if part in present))

    @property
    def has_failures(self) -> bool:
        """True if the parts have failures that cost something."""
        return self.counts_failures and self.by.kind.divides_failures
