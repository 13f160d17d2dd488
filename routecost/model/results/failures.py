"""Quality of a strategy, and the cost of its wrong results: exact where known, else between bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple, Self

from routecost.records import dataclass
from routecost.units import ZERO, exact


class Between(NamedTuple):
    """An amount that lies between two, which are equal if it is known; None is no bound on that side."""

    low: Decimal | None = ZERO
    high: Decimal | None = ZERO

    @classmethod
    def exactly(cls, amount: Decimal) -> Self:
        """Return an amount that is known."""
        return cls(amount, amount)

    @property
    def known(self) -> Decimal | None:
        """The amount; None if it is not known."""
        return self.low if self.low == self.high else None

    @exact
    def plus(self, other: Between) -> Between:
        """Return the sum of two amounts."""
        return Between(
            None if self.low is None or other.low is None else self.low + other.low,
            None if self.high is None or other.high is None else self.high + other.high,
        )

    @exact
    def times(self, factor: Decimal) -> Between:
        """Return the amount times a factor of 0 or more."""
        if not factor:
            return Between()
        ends = (None if end is None else end * factor for end in self)
        return Between(*ends)

    @property
    def negative(self) -> Between:
        """The amount with the other sign."""
        low, high = (None if end is None else -end for end in self)
        return Between(high, low)

    def within(self, low: Decimal | None, high: Decimal | None) -> Between:
        """Return the amount, of which other bounds are known too."""
        lows = [end for end in (self.low, low) if end is not None]
        highs = [end for end in (self.high, high) if end is not None]
        return Between(max(lows, default=None), min(highs, default=None))


def widest(amounts: Iterable[Between]) -> Between:
    """Return the bounds of an amount that is one of several."""
    spans = list(amounts)
    lows = [span.low for span in spans if span.low is not None]
    highs = [span.high for span in spans if span.high is not None]
    return Between(
        min(lows) if len(lows) == len(spans) else None, max(highs) if len(highs) == len(spans) else None
    )


@dataclass(frozen=True, slots=True)
class TypeFailures:
    """The wrong results of the tasks of one type in a period, and what they cost beside calls.

    ``wrong`` is the share of the tasks that end wrong and undetected, None if unknown; ``failure_cost``
    is that of one of them, None if unknown. ``rework`` is the cost of rework of a task as far as known,
    ``most_rework`` that of a task that is reworked. ``tiers`` has the share of the tasks that each tier
    does, if each task runs on one tier.
    """

    task: str
    tasks: Decimal
    wrong: Decimal | None
    failure_cost: Decimal | None
    rework: Decimal = ZERO
    most_rework: Decimal = ZERO
    tiers: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    @exact
    def cost(self) -> Between:
        """The cost of the wrong results."""
        if not self.tasks:
            return Between()
        if self.wrong is None:
            if self.failure_cost is None:
                return Between(ZERO, None)
            return Between(ZERO, self.tasks * (self.failure_cost + self.most_rework))
        rework = self.tasks * self.rework
        if self.wrong and self.failure_cost is None:
            return Between(rework, None)
        return Between.exactly(rework + self.tasks * self.wrong * (self.failure_cost or ZERO))

    @exact
    def times(self, factor: Decimal) -> TypeFailures:
        """Return the failures of ``factor`` times the tasks."""
        return replace(self, tasks=self.tasks * factor)

    def towards(self, usual: TypeFailures, share: Decimal) -> TypeFailures:
        """Return the failures that are a share of the way to those of the usual case."""
        if self.wrong is None or usual.wrong is None:
            return replace(self, wrong=None)
        return replace(
            self,
            wrong=self.wrong * (1 - share) + usual.wrong * share,
            rework=self.rework * (1 - share) + usual.rework * share,
        )


Failures = tuple[TypeFailures, ...]
"""The failures of each task type."""


class Excess(NamedTuple):
    """The excess cost of failures of one strategy over another.

    ``assumed`` names the task types for which a bound assumes that a tier fails no less often than a
    higher one, ``unknown`` those whose failures are not known.
    """

    cost: Between
    assumed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def cost_of(failures: Iterable[TypeFailures]) -> Between:
    """Return the cost of all failures."""
    cost = Between()
    for failure in failures:
        cost = cost.plus(failure.cost)
    return cost


def excess(failures: Failures, than: Failures, tiers: Sequence[str]) -> Excess:
    """Return how much more failures cost than others of the same tasks; ``tiers`` are low to high."""
    cost, assumed, unknown = Between(), [], []
    for one, other in zip(failures, than, strict=True):
        free = _excess(one, other)
        bound = _by_tiers(free, one, other, tiers)
        cost = cost.plus(bound)
        if bound != free:
            assumed.append(one.task)
        if bound.known is None:
            unknown.append(one.task)
    return Excess(cost, tuple(assumed), tuple(unknown))


def _excess(one: TypeFailures, other: TypeFailures) -> Between:
    """Return the excess cost of failures of a task type, without assumptions."""
    cost, than = one.cost, other.cost
    if one.wrong is not None and other.wrong is not None and None in (cost.known, than.known):
        rework, more = one.tasks * (one.rework - other.rework), one.wrong - other.wrong
        return Between(rework if more >= 0 else None, rework if more <= 0 else None)
    if (one.wrong, other.wrong) == (None, None) and one.tiers and one.tiers == other.tiers:
        return Between()
    return cost.plus(than.negative)


def _by_tiers(free: Between, one: TypeFailures, other: TypeFailures, tiers: Sequence[str]) -> Between:
    """Return the excess cost if a tier fails no less often than a higher one."""
    if free.known is not None or not one.tiers or not other.tiers:
        return free
    if one.wrong is not None and other.wrong is not None:
        return free  # both are known
    below, above = (_reached(failures, tiers) for failures in (one, other))
    if all(lower >= higher for lower, higher in zip(below, above, strict=True)):
        return free.within(ZERO, None)
    if all(lower <= higher for lower, higher in zip(below, above, strict=True)):
        return free.within(None, ZERO)
    return free


def _reached(failures: TypeFailures, tiers: Sequence[str]) -> list[Decimal]:
    """Return the shares of tasks on a tier or a lower one, for each tier."""
    return list(accumulate(failures.tiers.get(tier, ZERO) for tier in tiers))


@dataclass(frozen=True, slots=True)
class Quality:
    """The quality of a strategy over all task types.

    ``failure_cost_per_month`` is None if a type has failures of unknown cost; ``cost_per_success`` is
    None if no task ends right.
    """

    success_rate: Decimal
    cost_per_success: Decimal | None
    failure_cost_per_month: Decimal | None


@dataclass(frozen=True, slots=True)
class WorstCase:
    """The figures of a strategy if repeated work is as hard as the success rates allow.

    Repeated work is escalated, redone or reworked. ``between`` has cases between the usual and the worst
    one, in which a term on totals makes the cost jump. ``tasks_per_budget`` is None if it is not another.
    """

    cost_per_month: Decimal
    quality: Quality | None
    failures: Failures = ()
    between: tuple[WorstCase, ...] = ()
    tasks_per_budget: Decimal | None = None

    def towards(self, usual: Quality | None, failures: Failures, share: Decimal, cost: Decimal) -> WorstCase:
        """Return the case that is a share of the way to the usual case, with its cost of a month.

        ``usual`` and ``failures`` are those of the usual case.
        """
        wrong = tuple(one.towards(other, share) for one, other in zip(self.failures, failures, strict=True))
        if self.quality is None or usual is None:
            return WorstCase(cost, None, wrong)
        rate = self.quality.success_rate * (1 - share) + usual.success_rate * share
        right = rate * sum((failure.tasks for failure in wrong), ZERO)
        return WorstCase(cost, Quality(rate, cost / right if right else None, cost_of(wrong).known), wrong)
