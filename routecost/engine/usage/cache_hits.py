"""Hits of a shared cache that follow from the arrivals of calls and the lifetime of what they write.

A cache keeps a prefix for its lifetime W after it was last written or read, so a call misses if none
arrived in the W before it. If calls arrive independently (a Poisson process) at the rate r(t), the
probability of that is exp(-R(t)), where R(t) is the integral of r from t - W to t, and the share of
calls that miss is the mean of exp(-R(t)) over the calls of a week. For a constant rate it is
exp(-r W): the miss probability of a cache whose lifetime is reset by each request (Fofack, Nain,
Neglia and Towsley, "Analysis of TTL-based cache networks", VALUETOOLS 2012).

Rates are constant between the edges of a profile, so R is linear in pieces and the mean is exact.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from routecost.errors import UnpricedError
from routecost.model.pricing.hours import MINUTES_PER_WEEK
from routecost.model.scenario.caching import LIFETIMES, CachedPrefix
from routecost.units import ONE, ZERO, exact

if TYPE_CHECKING:
    from routecost.model.scenario.arrivals import Arrivals
    from routecost.model.scenario.workload import TaskType


class Piece(NamedTuple):
    """A share of the arrivals, during which the arrivals of the last lifetime go from ``low`` to ``high``.

    Both are shares of the arrivals of a week.
    """

    share: Decimal
    low: Decimal
    high: Decimal


@exact
def missed_share(arrivals: Arrivals, window: str, per_week: Any) -> Any:
    """Return the share of calls that find nothing in a cache.

    ``per_week`` is the mean number of calls in a week, a Decimal or what acts like one.
    """
    pieces = _pieces(arrivals, Decimal(LIFETIMES[window]) / 60)
    if not isinstance(per_week, Decimal):
        return per_week.applied(lambda calls: _missed_floats(pieces, calls))
    return sum((piece.share * _mean_decay(piece, per_week) for piece in pieces), ZERO)


def _mean_decay(piece: Piece, calls: Decimal) -> Decimal:
    """Return the mean of exp(-x) for x between the ends of a piece times ``calls``."""
    low, high = piece.low * calls, piece.high * calls
    if low == high:
        return (-low).exp()
    return ((-low).exp() - (-high).exp()) / (high - low)


def _missed_floats(pieces: tuple[Piece, ...], calls: Any) -> Any:
    import numpy as np

    missed = np.zeros_like(calls)
    for share, *ends in (map(float, piece) for piece in pieces):
        low, high = sorted(ends)
        span = np.asarray((high - low) * calls)
        flat = np.abs(span) < 1e-300
        decay = np.where(flat, 1.0, -np.expm1(-span) / np.where(flat, 1.0, span))
        missed += share * np.exp(-low * calls) * decay
    return missed


@lru_cache(maxsize=64)
def _pieces(arrivals: Arrivals, lifetime: Decimal) -> tuple[Piece, ...]:
    """Return the pieces of a week; those that are alike become one."""
    shares: dict[tuple[Decimal, Decimal], Decimal] = {}
    for piece in _cut(arrivals, lifetime):
        ends = piece.low, piece.high
        shares[ends] = shares.get(ends, ZERO) + piece.share
    return tuple(Piece(share, *ends) for ends, share in shares.items())


def _cut(arrivals: Arrivals, lifetime: Decimal) -> Iterator[Piece]:
    week, total, spans = Decimal(MINUTES_PER_WEEK), arrivals.total, arrivals.profile
    starts = [Decimal(start) for (start, _), _ in spans]
    before = [ZERO, *accumulate(weight * (end - start) for (start, end), weight in spans)]
    edges = {Decimal(edge) for span, _ in spans for edge in span}
    cuts = sorted({ZERO, week} | edges | {(edge + lifetime) % week for edge in edges})

    def until(minute: Decimal) -> Decimal:
        """Return the weight of the arrivals from the start of the week."""
        if minute < 0:
            return until(minute + week) - total
        at = bisect_left(starts, minute)
        if not at:
            return ZERO
        (_, end), weight = spans[at - 1]
        return before[at] - weight * max(ZERO, end - minute)

    for start, end in pairwise(cuts):
        arriving = until(end) - until(start)
        if arriving:
            low, high = (until(minute) - until(minute - lifetime) for minute in (start, end))
            yield Piece(arriving / total, low / total, high / total)


class Meeting(NamedTuple):
    """Calls that share a prefix on one model, per task.

    ``visits`` are those that come by themselves, and not right after another call of their task.
    """

    calls: Decimal = ZERO
    visits: Decimal = ZERO

    def plus(self, calls: Decimal, visits: Decimal) -> Meeting:
        """Return the meeting with more calls."""
        return Meeting(self.calls + calls, self.visits + visits)


def written_share(task: TaskType, meeting: Meeting) -> Decimal:
    """Return the share of a meeting's calls that write the prefix: visits that find nothing.

    Raises UnpricedError if neither the reuse of the prefix nor the arrivals of the calls are known.
    """
    cache = task.cache
    assert isinstance(cache, CachedPrefix)
    if not task.hits_follow:
        return cache.written_share(*meeting)
    if task.arrivals is None:
        message = f'the hits of the cache of "{task.name}" are unknown; expected "reuse" or "arrivals"'
        raise UnpricedError(message, (*task.path, "cache"))
    if not meeting.calls:
        return ONE
    missed: Decimal = missed_share(task.arrivals, cache.window, meeting.visits * task.tasks_per_week)
    return meeting.visits * missed / meeting.calls
