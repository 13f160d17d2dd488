"""One ordered pass over calls per replay: which cached tokens the replaced models still have.

Rules, for each call in the order of time:

- The cache of a model belongs to a conversation: the calls of one session and one agent.
- A call that stays on its model reads what it read in the log. What earlier calls of its conversation
  had cached for it, it reads only if calls that run on the model in the replay have, too.
- A call that moves reads again what it read in the log, as far as the new model has it in its cache: from
  earlier calls of its conversation, or, if the log shows that it read what other conversations had
  cached, from other calls of its task type on the new model.
- What it cannot read, it writes with the lifetime that it had in the log; what other conversations had
  cached, with that of the last write of its own conversation (else 5 minutes).
- What the log wrote is written again, but for what its conversation has in the cache of the model of the
  replay, and had not in that of the logged one: calls of several models that run on one read what the
  others wrote. A call that left out a part of what its conversation had cached has another beginning:
  it writes all.
- A prefix is kept for 5 minutes or an hour after its last use on that model.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import field, replace
from datetime import date
from typing import NamedTuple

from routecost.engine.logs.cache_state import Cache, Prefix, Tokens
from routecost.engine.logs.moves import Bucket, Counts, Move, Mover, Place, scaled
from routecost.engine.logs.pricing import CellPricer, When
from routecost.engine.logs.targets import Part
from routecost.errors import UnknownNameError, UnpricedError
from routecost.model.logs.cells import Bounds
from routecost.model.pricing.hours import Hours
from routecost.model.pricing.usage import CALLS
from routecost.model.results.logs.replay import TableReplay
from routecost.records import dataclass
from routecost.units import ONE, exact

READ, SHORT, LONG = "cache_read", "cache_write_5m", "cache_write_1h"
_PRUNED = 50_000
"""The number of calls after which caches that have expired are forgotten."""


class OrderedCall(NamedTuple):
    """A call at a known time (in microseconds) in a session; ``size`` is that of its context in tokens."""

    time: int
    session: str
    agent: str | None
    task_type: str | None
    model: str
    mode: str
    day: date
    size: int
    units: Mapping[str, int]
    hours: frozenset[Hours] | None = None


class _Key(NamedTuple):
    """What the price of a unit depends on; units and contexts are those on the model of the move."""

    task_type: str | None
    move: Move
    place: Place


@dataclass
class SessionPass:
    """Counts the units that calls take on the models of one part of a replay."""

    part: Part
    mover: Mover
    counts: dict[_Key, dict[str, Tokens]] = field(default_factory=dict)
    _logged: dict[tuple[object, ...], Cache] = field(default_factory=dict)
    _replayed: dict[tuple[object, ...], Cache] = field(default_factory=dict)
    _shared: dict[tuple[object, ...], Cache] = field(default_factory=dict)
    _hourly: set[tuple[object, ...]] = field(default_factory=set)
    _edges: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _seen: int = 0

    def add(self, call: OrderedCall) -> None:
        """Add the next call in the order of time."""
        move = self.mover.move(call.model, self.part.tier(call.task_type) or "", call.day)
        units: Counts = call.units
        if not move.is_kept:
            units = scaled(units, move)
        if READ in units or SHORT in units or LONG in units:
            units = self._cached(call, move, units)
        place = Place(call.mode, call.day, self._bucket(call, move), call.hours)
        key = _Key(call.task_type, move._replace(factor=ONE), place)
        sums = self.counts.setdefault(key, {})
        for meter, count in (*units.items(), (CALLS, 1)):
            sums[meter] = sums.get(meter, 0) + count
        self._seen += 1
        if self._seen % _PRUNED == 0:
            self._forget(call.time)

    def _cached(self, call: OrderedCall, move: Move, units: Mapping[str, Tokens]) -> Mapping[str, Tokens]:
        """Return the units of a call with its reads and writes on the model of the replay."""
        talk = (call.session, call.agent)
        read, short, long = (units.get(meter, 0) for meter in (READ, SHORT, LONG))
        if short or long:
            (self._hourly.add if long >= short else self._hourly.discard)(talk)
        hourly = talk in self._hourly
        logged = self._logged.setdefault((*talk, *self.mover.logged(call.model)), Cache())
        before = logged.longest(call.time)
        was_read = call.units.get(READ, 0)
        is_shared = was_read > before.warm(call.time)  # other conversations had cached it
        kept = (was_read if hourly else 0) if is_shared else min(was_read, before.hour)
        logged.use(_prefix(call.units, kept, call.time))
        own = self._replayed.setdefault((*talk, *move.cache), Cache())
        pool = self._shared.setdefault((call.task_type, *move.cache), Cache())
        source = own.longest(call.time)
        if is_shared and not move.is_kept:
            source = max(source, pool.longest(call.time), key=lambda prefix: prefix.warm(call.time))
        again = read if is_shared and move.is_kept else min(read, source.warm(call.time))
        lost_hour = max(0, (kept if move.factor == ONE else kept * move.factor) - again)
        warm_hour, warm_short = (
            (0, 0) if was_read < before.warm(call.time) else _warm_writes(own, call.time, units)
        )
        changed = {
            **units,
            READ: again + warm_hour + warm_short,
            SHORT: short + read - again - lost_hour - warm_short,
            LONG: long + lost_hour - warm_hour,
        }
        hour = (again if hourly else 0) if is_shared else min(again, source.hour)
        new = _prefix(changed, hour + warm_hour, call.time)
        own.use(new)
        pool.use(new)
        return changed

    def _bucket(self, call: OrderedCall, move: Move) -> Bucket:
        """Return the bucket of a context between the price steps of its model."""
        edges = self._edges.get(move.model)
        if edges is None:
            edges = self._edges[move.model] = self.mover.target.sheet.context_edges(move.model)
        at = bisect_left(edges, call.size if move.factor == ONE else call.size * move.factor)
        return (edges[at - 1] if at else 0, edges[at] if at < len(edges) else None)

    def _forget(self, time: int) -> None:
        for caches in (self._logged, self._replayed, self._shared):
            for key in [key for key, cache in caches.items() if cache.is_cold(time)]:
                del caches[key]

    def costs(self) -> dict[str | None, Bounds]:
        """Return the cost of the calls by task type."""
        costs: dict[str | None, Bounds] = {}
        for (task_type, move, place), counts in self.counts.items():
            cost = self.mover.cost(counts, move, place)
            costs[task_type] = costs.get(task_type, Bounds()).plus(cost)
        return costs


def _warm_writes(own: Cache, time: int, units: Mapping[str, Tokens]) -> tuple[Tokens, Tokens]:
    """Return how much of what a call writes, for an hour and for 5 minutes, its conversation has cached."""
    read, short, long = (units.get(meter, 0) for meter in (READ, SHORT, LONG))
    prefix = own.longest(time)
    warm_hour = min(long, max(0, min(prefix.warm(time), prefix.hour) - read))
    if warm_hour < long:
        return warm_hour, 0
    return warm_hour, min(short, max(0, prefix.warm(time) - read - long))


def _prefix(units: Mapping[str, Tokens], hour: Tokens, time: int) -> Prefix:
    long = units.get(LONG, 0)
    return Prefix(units.get(READ, 0) + units.get(SHORT, 0) + long, hour + long, time)


@exact
def run_passes(calls: Iterable[OrderedCall], passes: Iterable[SessionPass]) -> None:
    """Run calls in the order of time through the passes of all replays."""
    every = list(passes)
    for call in calls:
        for one in every:
            one.add(call)


@exact
def part_costs(passes: Iterable[SessionPass]) -> list[tuple[str | None, Bounds]]:
    """Return the costs by task type of the parts of one replay, each for its share of the sessions."""
    return [
        (task_type, Bounds(cost.low * one.part.share, cost.high * one.part.share))
        for one in passes
        for task_type, cost in one.costs().items()
    ]


def with_costs(table: TableReplay, costs: Iterable[tuple[str | None, Bounds]]) -> TableReplay:
    """Return a replay with other final costs: for each task type, the sum of those that are given."""
    sums: dict[str | None, Bounds] = {}
    for task_type, cost in costs:
        sums[task_type] = sums.get(task_type, Bounds()).plus(cost)
    rows = (replace(row, stages=row.stages._replace(cost=sums[row.task_type])) for row in table.rows)
    return replace(table, rows=tuple(rows))


def with_price(calls: Iterable[OrderedCall], pricer: CellPricer) -> Iterator[OrderedCall]:
    """Yield the calls that a sheet can price."""
    known: dict[tuple[object, ...], bool] = {}
    for call in calls:
        edges = pricer.sheet.context_edges(pricer.model(call.model)) if _is_known(call.model, pricer) else ()
        at = bisect_left(edges, call.size)
        key = (call.model, call.mode, call.day, call.hours, at, *call.units)
        if key not in known:
            bucket = (edges[at - 1] if at else 0, edges[at] if at < len(edges) else None)
            known[key] = _has_price(call, bucket, pricer)
        if known[key]:
            yield call


def _is_known(model: str, pricer: CellPricer) -> bool:
    with suppress(UnknownNameError):
        return bool(pricer.model(model))
    return False


def _has_price(call: OrderedCall, bucket: Bucket, pricer: CellPricer) -> bool:
    with suppress(UnknownNameError, UnpricedError):
        when = When((call.day,), call.hours)
        pricer.priced(pricer.model(call.model), call.mode, call.units, when, [bucket])
        return True
    return False
