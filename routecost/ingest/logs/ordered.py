"""Calls in the order of time, streamed from the engine."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import and_
from typing import Any

import narwhals as nw

from routecost.engine.logs.moves import READS
from routecost.engine.logs.session_pass import OrderedCall
from routecost.ingest.logs.aggregate import Grid, placed
from routecost.model.logs.cells import COUNTED

_PLAIN = ("session", "agent", "task_type", "model", "mode")


def in_order(frame: nw.LazyFrame[Any], grid: Grid) -> Iterator[OrderedCall]:
    """Yield the calls with a session and a time; those of one time in the order of their columns."""
    meters = _meters(frame)
    table = placed(frame.filter(_is_ordered(frame)), meters, grid, ())
    of_hours = ["hours"] if grid.hours.weeks else []
    names = ["time", "size", *_PLAIN, *meters, *of_hours, "segment"]
    table = table.select(*names).sort(*names)
    sets = [grid.hours.of_number(number) for number in range(grid.hours.count)]
    for row in _streamed(table):
        units = {meter: int(count) for meter, count in zip(meters, row[7:], strict=False) if count}
        time, size, session, agent, task_type, model, mode = row[:7]
        (day,) = grid.segment(int(row[-1]))
        hours = sets[int(row[-2])] if of_hours else None
        yield OrderedCall(int(time), session, agent, task_type, model, mode, day, int(size), units, hours)


def without_order(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return the calls that :func:`in_order` does not yield."""
    return frame.filter(~_is_ordered(frame))


def _is_ordered(frame: nw.LazyFrame[Any]) -> nw.Expr:
    """Return whether the session and the time of a call are known, and what it cached is text."""
    single = (nw.col("calls") == 1) & ~nw.col("is_sum")
    known = ~nw.col("session").is_null() & ~nw.col("time").is_null()
    others = [meter for meter in READS if meter in _meters(frame) and meter != "cache_read"]
    return reduce(and_, (nw.col(meter) == 0 for meter in others), known & single)


def _meters(frame: nw.LazyFrame[Any]) -> list[str]:
    columns = frame.collect_schema().names()
    return [meter for meter in COUNTED if meter in columns]


def _streamed(table: nw.LazyFrame[Any]) -> Iterator[Any]:
    native: Any = table.to_native()
    if hasattr(native, "fetchall"):
        yield from native.iter_rows()
    elif table.implementation.is_spark_like():
        yield from native.toLocalIterator()
    else:
        yield from table.collect().iter_rows()
