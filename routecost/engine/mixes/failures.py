"""Wrong results of mixes: what they cost, and what mixes save with them, exactly or between bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from math import inf

import numpy as np
import numpy.typing as npt

from routecost.engine.mixes.chunked_columns import ROUNDING
from routecost.model.results.comparison import StrategyCost
from routecost.model.results.failures import Between, TypeFailures, cost_of
from routecost.model.results.mix_sweep import ROWS_PER_CHUNK, MixesBelow, Values
from routecost.records import dataclass

Floats = npt.NDArray[np.float64]
Ends = tuple[Floats, Floats]
"""The least and the most of an amount, infinite where it has no bound."""


@dataclass(frozen=True, eq=False)
class MixFailures:
    """Calls and failures of a month on each tier that some mix uses, and with the default.

    ``tiers`` are low to high.
    """

    by_tier: Mapping[str, StrategyCost]
    default: StrategyCost | None
    tiers: Sequence[str]

    @property
    def counts(self) -> bool:
        """True if failures cost something."""
        return any(cost.counts_failures for cost in self.by_tier.values())

    @property
    def costs(self) -> dict[str, Between]:
        """The cost of failures of a month if all tasks go to a tier."""
        return {tier: cost_of(cost.failures) for tier, cost in self.by_tier.items()}

    @property
    def is_known(self) -> bool:
        """True if all failures are known: of every tier, and of the default."""
        own = [] if self.default is None else [cost_of(self.default.failures)]
        return all(cost.known is not None for cost in (*self.costs.values(), *own))

    def total(self, shares: Mapping[str, Floats], calls: Floats) -> Ends:
        """Return the cost of calls and failures of mixes; ``calls`` have that of calls."""
        low, high = _sums(shares, self.costs)
        return calls + low, calls + high

    def savings(self, shares: Mapping[str, Floats], calls: Floats) -> Ends:
        """Return the savings compared with the default, including failures."""
        assert self.default is not None
        low, high = np.zeros(len(calls)), np.zeros(len(calls))
        for _, _, (least, most) in self._excesses(shares):
            low, high = low + least, high + most
        saved = float(self.default.cost_per_month) - calls
        return _without_noise(saved - high, calls), _without_noise(saved - low, calls)

    def below(self, shares: Mapping[str, Values], calls: Values, count: int) -> MixesBelow:
        """Count the mixes that surely cost less than the default, and those that surely do not."""
        less, others = 0, 0
        unknown, assumed = dict[str, None](), dict[str, None]()
        for start in range(0, count, ROWS_PER_CHUNK):
            part = slice(start, min(start + ROWS_PER_CHUNK, count))
            own = {tier: np.asarray(shares[tier][part]) for tier in self.by_tier}
            low, high = self.savings(own, np.asarray(calls[part]))
            less, others = less + int((low > 0).sum()), others + int((high <= 0).sum())
            for task, is_assumed, (least, most) in self._excesses(own):
                if task is not None and (least != most).any():
                    unknown[task] = None
                if task is not None and is_assumed:
                    assumed[task] = None
        return MixesBelow(less, others, tuple(unknown), tuple(assumed))

    def _excesses(self, shares: Mapping[str, Floats]) -> Iterator[tuple[str | None, bool, Ends]]:
        """Yield the excess cost of failures over the default: of all types that are known, then of each.

        The flag is true if a bound assumes that a tier fails no less often than a higher one.
        """
        assert self.default is not None
        settled: list[int] = []
        for at, than in enumerate(self.default.failures):
            own = {tier: cost.failures[at] for tier, cost in self.by_tier.items()}
            if all(failures.cost.known is not None for failures in (than, *own.values())):
                settled.append(at)
                continue
            yield than.task, *self._open(own, than, shares)
        known = {tier: _cost_of(cost, settled) for tier, cost in self.by_tier.items()}
        less = _float(_cost_of(self.default, settled).low, 0.0)
        low, high = _sums(shares, known)
        yield None, False, (low - less, high - less)

    def _open(
        self, own: Mapping[str, TypeFailures], than: TypeFailures, shares: Mapping[str, Floats]
    ) -> tuple[bool, Ends]:
        """Return the excess of a type that is not known on all tiers, as ``failures.excess`` does for one."""
        low, high = _sums(shares, {tier: failures.cost for tier, failures in own.items()})
        low, high = low - _float(than.cost.high, inf), high - _float(than.cost.low, 0.0)
        unrated = sum((shares[tier] for tier, one in own.items() if one.wrong is None), np.zeros(len(low)))
        is_rated = (unrated == 0) & (than.wrong is not None)
        if than.failure_cost is None and is_rated.any():
            more, rework = (
                sum((shares[tier] * _float(getattr(one, key), 0.0) for tier, one in own.items()), 0.0)
                - _float(getattr(than, key), 0.0)
                for key in ("wrong", "rework")
            )
            rework = rework * float(than.tasks)
            low = np.where(is_rated, np.where(more >= -ROUNDING, rework, -inf), low)
            high = np.where(is_rated, np.where(more <= ROUNDING, rework, inf), high)
        if not than.tiers:
            return False, (low, high)
        below, above = self._dominance(shares, than)
        least, most = (
            np.where(~is_rated & below, np.maximum(low, 0.0), low),
            np.where(~is_rated & above, np.minimum(high, 0.0), high),
        )
        is_assumed = ~(below & above) & ((least != low) | (most != high))
        return bool(is_assumed.any()), (least, most)

    def _dominance(
        self, shares: Mapping[str, Floats], than: TypeFailures
    ) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Return which mixes do no task on a higher tier than the default, and which none on a lower."""
        one, other = np.zeros(len(next(iter(shares.values())))), 0.0
        below, above = np.full(len(one), True), np.full(len(one), True)
        for tier in self.tiers:
            one = one + shares.get(tier, 0.0)
            other += float(than.tiers.get(tier, 0))
            below &= one >= other - ROUNDING
            above &= one <= other + ROUNDING
        return below, above


def _cost_of(cost: StrategyCost, types: Sequence[int]) -> Between:
    return cost_of(cost.failures[at] for at in types)


def _float(amount: Decimal | None, unknown: float) -> float:
    return unknown if amount is None else float(amount)


def _sums(shares: Mapping[str, Floats], by_tier: Mapping[str, Between]) -> Ends:
    """Return the sums of shares times the amounts of tiers; a tier without a share counts for nothing."""
    count = len(next(iter(shares.values())))
    low, high = np.zeros(count), np.zeros(count)
    for tier, (least, most) in by_tier.items():
        low = low + shares[tier] * _float(least, 0.0)
        high = high + (np.where(shares[tier] > 0, inf, 0.0) if most is None else shares[tier] * float(most))
    return low, high


def _without_noise(values: Floats, scale: Floats) -> Floats:
    """Return values of which those within the rounding of their terms are 0."""
    return np.where(np.abs(values) <= ROUNDING * np.abs(scale), 0.0, values)


@dataclass(frozen=True, slots=True)
class FailureColumn:
    """One column of the totals or the savings of mixes: an end, or the amount where the ends are equal."""

    failures: MixFailures
    shares: Mapping[str, Values]
    calls: Values
    is_savings: bool
    end: int | None = None

    def __getitem__(self, part: slice) -> npt.NDArray[np.generic]:
        """Return a slice as float64, or as objects if a value is None."""
        shares = {tier: np.asarray(self.shares[tier][part]) for tier in self.failures.by_tier}
        calls = np.asarray(self.calls[part])
        amount = self.failures.savings if self.is_savings else self.failures.total
        ends = amount(shares, calls)
        values = ends[self.end or 0]
        is_known = np.isfinite(values) & (True if self.end is not None else ends[0] == ends[1])
        if is_known.all():
            return values
        some = values.astype(np.object_)
        some[~is_known] = None
        return some


def failure_columns(failures: MixFailures, shares: Mapping[str, Values], calls: Values) -> dict[str, Values]:
    """Return the columns of totals and of savings with failures; with their ends if these differ."""
    ends = {"": None} if failures.is_known else {"": None, "_low": 0, "_high": 1}
    amounts = {"total_cost_per_month": False}
    if failures.default is not None:
        amounts["total_savings_per_month"] = True
    return {
        key + suffix: FailureColumn(failures, shares, calls, is_savings, end)
        for key, is_savings in amounts.items()
        for suffix, end in ends.items()
    }
