"""The one group-by over a log: integer sums per cell, in any engine that Narwhals runs on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import reduce
from operator import add
from typing import Any

import narwhals as nw

from routecost.ingest.logs.call import EPOCH
from routecost.ingest.logs.counts.week import HourSets, Steps, added, local_time
from routecost.model.logs.cells import COUNTED, Cell
from routecost.records import dataclass
from routecost.units import CONTEXT_METERS

DAY, WEEK = "day", "week"
PLAIN_KEYS = ("task_type", "agent", "outcome", "session", "task", "provider")
"""The columns that cells can be grouped by as they are."""

_READ = ("model", "mode", "currency", "calls", "cost", "time", "context", "context_upto", "is_sum")
"""The columns that cells depend on beside their keys and meters."""

_FIRST_DAY = EPOCH.date()
_MICROS_PER_DAY = 86_400_000_000
_UNDATED = _UNKNOWN = -1
_MONDAY = 3
"""The day 0 is a Thursday: three days after a Monday."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Where prices change: the days on which prices begin, context sizes above which they step, and hours.

    Prices begin at midnight in UTC; no call is outside of ``span``. ``zone`` has the offsets from UTC in
    seconds, each with the time in microseconds from which it holds (the first: from the beginning); days of
    ``DAY`` begin at midnight there.
    """

    starts: tuple[date, ...] = ()
    edges: tuple[int, ...] = ()
    zone: Steps = ((0, 0),)
    span: tuple[int, int] = (-(2**63), 2**63)
    hours: HourSets = HourSets()

    @property
    def midnights(self) -> list[int]:
        """The times within the span at which prices begin; the others are the same for all calls."""
        begin, end = self.span
        times = (day_number(start) * _MICROS_PER_DAY for start in self.starts)
        return [time for time in times if begin < time <= end]

    def segment(self, number: int) -> tuple[date, ...]:
        """Return a day of the segment with a number; a day of each segment if it is not known."""
        first = self.starts[0] - timedelta(days=1) if self.starts else _FIRST_DAY
        days = (first, *self.starts)
        return days if number == _UNDATED else (days[number],)


def day_number(day: date) -> int:
    """Return the number of days since 1970."""
    return (day - _FIRST_DAY).days


def day_of(number: int) -> date:
    """Return the day with a number."""
    return _FIRST_DAY + timedelta(days=number)


def _day(time: int | None) -> date | None:
    return None if time is None else day_of(int(time) // _MICROS_PER_DAY)


def first_days(frame: nw.LazyFrame[Any], models: Sequence[str]) -> dict[tuple[str, str], date | None]:
    """Return the day of the first call of some models, in UTC, by model and mode."""
    calls = frame.filter(nw.col("model").is_in(models)).group_by("model", "mode")
    return {(row["model"], row["mode"]): _day(row["time"]) for row in rows(calls.agg(nw.col("time").min()))}


def aggregate(frame: nw.LazyFrame[Any], keys: Sequence[str], grid: Grid) -> list[Cell]:
    """Return the cells of the calls of a log, by ``keys`` (``PLAIN_KEYS``, ``DAY``, ``WEEK``).

    One pass over the log. Sums are integers, so they are equal in every engine and every order of rows; so is
    the order of the cells.
    ``DAY`` is the number of days since 1970, ``WEEK`` that of the Monday of the week.
    """
    names = frame.collect_schema().names()
    meters = [meter for meter in COUNTED if meter in names]
    read = {*keys, *meters, *_READ}  # with few columns, engines plan each step in less time
    grouped = placed(frame.select(name for name in names if name in read), meters, grid, keys)
    by = dict.fromkeys((*keys, "model", "mode", "currency", "code"))
    sums = [nw.col(meter).sum() for meter in ("calls", *meters, "cost")]
    if grid.midnights:
        sums.append(nw.col("time").min())
    table = grouped.with_columns(_code(grouped, grid).alias("code")).group_by(*by).agg(*sums)
    in_order = sorted(rows(table), key=lambda row: [(row[key] is not None, row[key]) for key in by])
    return [_cell(row, keys, meters, grid) for row in in_order]


def _code(frame: nw.LazyFrame[Any], grid: Grid) -> nw.Expr:
    """Return what else calls are grouped by as one number, because engines are faster with one key."""
    buckets, lasts = len(grid.edges) + 1, len(grid.edges) + 2
    places = 4 * lasts * buckets
    parts = [
        (nw.col("segment") + 1) * (places * grid.hours.count),
        nw.col("bucket") * (4 * lasts),
        nw.when(nw.col("is_sum")).then(nw.lit(2)).otherwise(nw.lit(0)),
        nw.when(nw.col("cost").is_null()).then(nw.lit(0)).otherwise(nw.lit(1)),
    ]
    if "last" in frame.collect_schema().names():
        parts.append((nw.col("last") + 1) * 4)
    if grid.hours.weeks:
        parts.append(nw.col("hours") * places)
    return added(parts)


def placed(
    frame: nw.LazyFrame[Any], meters: Sequence[str], grid: Grid, keys: Sequence[str]
) -> nw.LazyFrame[Any]:
    """Add the day, the segment of prices, the hours and the bucket of contexts of each call, as integers."""
    contexts = [nw.col(meter) for meter in meters if meter in CONTEXT_METERS]
    size = reduce(add, contexts) if contexts else nw.lit(0)
    frame = frame.with_columns(nw.coalesce(nw.col("context"), size).alias("size"))
    if "context_upto" in frame.collect_schema().names():
        last = _count("context_upto", grid.edges, at_least=False)
        known = ~nw.col("context_upto").is_null()
        frame = frame.with_columns(nw.when(known).then(last).otherwise(nw.lit(_UNKNOWN)).alias("last"))
    if DAY in keys or WEEK in keys:
        frame = frame.with_columns((local_time(grid.zone) // _MICROS_PER_DAY).alias(DAY))
    if WEEK in keys:
        week = (nw.col(DAY) + _MONDAY) // 7 * 7 - _MONDAY
        frame = frame.with_columns(week.alias(WEEK))
    passed = sum(day_number(start) * _MICROS_PER_DAY <= grid.span[0] for start in grid.starts)
    segment = _count("time", grid.midnights, at_least=True, below=passed)
    if grid.starts:
        segment = nw.when(nw.col("time").is_null()).then(nw.lit(_UNDATED)).otherwise(segment)
    bucket = _count("size", grid.edges, at_least=False)
    return grid.hours.add(frame).with_columns(segment.alias("segment"), bucket.alias("bucket"))


def _count(column: str, limits: Iterable[int], *, at_least: bool, below: int = 0) -> nw.Expr:
    """Return how many limits a column reaches, and ``below`` further ones that all reach."""
    reached = [nw.col(column) >= limit if at_least else nw.col(column) > limit for limit in limits]
    return added([nw.lit(below), *(nw.when(each).then(nw.lit(1)).otherwise(nw.lit(0)) for each in reached)])


def between(frame: nw.LazyFrame[Any], start: int | None, end: int | None) -> tuple[nw.LazyFrame[Any], int]:
    """Return the calls from ``start`` to before ``end``, in microseconds, and the number without a time."""
    (undated,) = rows(frame.filter(nw.col("time").is_null()).select(nw.col("calls").sum()))
    if start is not None:
        frame = frame.filter(nw.col("time") >= start)
    if end is not None:
        frame = frame.filter(nw.col("time") < end)
    return frame, int(undated["calls"] or 0)


def rows(table: nw.LazyFrame[Any]) -> list[dict[str, Any]]:
    """Return the rows of a small result, from any engine."""
    names = table.collect_schema().names()
    native: Any = table.to_native()
    if hasattr(native, "fetchall"):
        fetched = native.fetchall()
    else:
        fetched = native.collect() if table.implementation.is_spark_like() else table.collect().rows()
    return [dict(zip(names, row, strict=True)) for row in fetched]


def _cell(row: dict[str, Any], keys: Sequence[str], meters: Sequence[str], grid: Grid) -> Cell:
    code, flags = divmod(int(row["code"]), 4)
    code, last = divmod(code, len(grid.edges) + 2)
    code, bucket = divmod(code, len(grid.edges) + 1)
    segment, hours = divmod(code, grid.hours.count)
    is_sum, is_costed = divmod(flags, 2)
    last = last - 1 if is_sum else bucket
    edges = (0, *grid.edges, None)
    return Cell(
        keys={key: row[key] for key in keys},
        model=row["model"],
        mode=row["mode"],
        days=grid.segment(segment - 1),
        above=edges[bucket] or 0,
        upto=None if last == _UNKNOWN else edges[last + 1],
        is_sum=bool(is_sum),
        calls=int(row["calls"]),
        units={meter: int(row[meter]) for meter in meters if row[meter]},
        is_costed=bool(is_costed),
        cost_nanos=int(row["cost"] or 0),
        currency=row["currency"],
        first=_day(row.get("time")),
        hours=grid.hours.of_number(hours),
    )
