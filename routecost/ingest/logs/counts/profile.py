"""Profiles of a log beside its cells: hours, trials of tiers, and contexts by place in a task."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from operator import add
from typing import Any

import narwhals as nw

from routecost.ingest.logs.aggregate import Grid, rows
from routecost.ingest.logs.counts.escalations import steps
from routecost.ingest.logs.counts.week import local_time
from routecost.model.logs.profile import LENGTHS, LogProfile, Place, TaskLength, Trial
from routecost.units import CONTEXT_METERS

_MICROS_PER_HOUR = 3_600_000_000
_TASK = ("whole", "task_type")
_READ = {"calls", "id", "model", "outcome", "session", "task", "task_type", "time", *CONTEXT_METERS}
"""The columns that a profile depends on; with few columns, engines plan each step in less time."""

MOST_PLACES = 1_000
"""The last place in a task of which contexts are summed."""


def profile(frame: nw.LazyFrame[Any], grid: Grid, ranks: Mapping[str, int]) -> LogProfile:
    """Return the hours and the tasks of calls; ``ranks`` has the rank of the tier of each model."""
    frame = frame.select(name for name in frame.collect_schema().names() if name in _READ)
    return LogProfile(
        hour_counts(frame, grid),
        trials(frame, ranks),
        task_lengths(frame, ranks),
        places(frame, ranks),
        steps(frame, ranks),
    )


def hour_counts(frame: nw.LazyFrame[Any], grid: Grid) -> dict[int, int]:
    """Return the calls of each hour, by its number since 1970 in the time zone of the grid."""
    frame = frame.filter(~nw.col("time").is_null())
    hours = frame.with_columns((local_time(grid.zone) // _MICROS_PER_HOUR).alias("hour"))
    table = hours.group_by("hour").agg(nw.col("calls").sum())
    return {int(row["hour"]): int(row["calls"]) for row in rows(table)}


def trials(frame: nw.LazyFrame[Any], ranks: Mapping[str, int]) -> tuple[Trial, ...]:
    """Return how often each model was tried for tasks of each type, and how that ended.

    A trial is all calls of a task on a model. ``ranks`` has the rank of the tier of each model: a trial is
    escalated if a higher tier was called after its first call.
    """
    frame = _ranked(frame, ranks)
    outcome = nw.col("outcome")
    frame = frame.with_columns(
        _flag(outcome == "success").alias("succeeded"), _flag(outcome == "failure").alias("failed")
    )
    levels = sorted(set(ranks.values()))
    several = (
        frame.filter(~nw.col("whole").is_null())
        .group_by(*_TASK, "model", "rank")
        .agg(
            nw.col("time").min().alias("first"),
            nw.col("time").max().alias("last"),
            nw.col("succeeded").max(),
            nw.col("failed").max(),
        )
    )
    reached = {f"reached {level}": nw.when(nw.col("rank") >= level).then(nw.col("last")) for level in levels}
    several = several.with_columns(**reached)
    several = several.with_columns(*(nw.col(name).max().over(*_TASK) for name in reached))
    escalated = nw.lit(0)
    for level in levels:
        later = (nw.col("rank") < level) & (nw.col(f"reached {level}") > nw.col("first"))
        escalated = nw.when(later).then(nw.lit(1)).otherwise(escalated)
    several = several.with_columns(escalated.alias("escalated"), nw.lit(1).alias("trials"))
    alone = frame.filter(nw.col("whole").is_null()).with_columns(
        nw.lit(0).alias("escalated"), nw.col("time").alias("last"), nw.col("calls").alias("trials")
    )
    return (*_ended(several), *_ended(alone))


def _ended(frame: nw.LazyFrame[Any]) -> Iterator[Trial]:
    keys = ("task_type", "model", "succeeded", "failed", "escalated")
    for row in rows(frame.group_by(*keys).agg(nw.col("trials").sum(), nw.col("last").max())):
        succeeded, failed, escalated = (bool(row[name]) for name in keys[2:])
        yield Trial(
            row["task_type"], row["model"], int(row["trials"]), succeeded, failed, escalated, row["last"]
        )


def task_lengths(frame: nw.LazyFrame[Any], ranks: Mapping[str, int]) -> tuple[TaskLength, ...]:
    """Return numbers of tasks by type, tier (its rank; None if there are several) and number of calls."""
    frame = _ranked(frame, ranks).filter(~nw.col("whole").is_null())
    tasks = frame.group_by(*_TASK).agg(
        nw.col("calls").sum(), nw.col("rank").min().alias("low"), nw.col("rank").max().alias("high")
    )
    rank = nw.when(nw.col("low") == nw.col("high")).then(nw.col("low"))
    tasks = tasks.with_columns(rank.alias("rank"), nw.lit(1).alias("tasks"))
    groups = rows(tasks.group_by("task_type", "rank", "calls").agg(nw.col("tasks").sum()))
    return tuple(
        TaskLength(row["task_type"], row["rank"], int(row["calls"]), int(row["tasks"])) for row in groups
    )


def places(frame: nw.LazyFrame[Any], ranks: Mapping[str, int]) -> tuple[Place, ...]:
    """Return contexts by place in a task; only calls of tasks with one tier are counted."""
    names = frame.collect_schema().names()
    frame = _ranked(frame, ranks).filter(~nw.col("whole").is_null())
    meters = [nw.col(meter) for meter in CONTEXT_METERS if meter in names]
    frame = frame.with_columns(
        reduce(add, meters, nw.lit(0)).alias("tokens"),
        nw.col("calls").cum_sum().over(*_TASK, order_by=("time", "id")).alias("place"),
        nw.col("rank").min().over(*_TASK).alias("low"),
        nw.col("rank").max().over(*_TASK).alias("high"),
    )
    before = nw.col("tokens").shift(1).over(*_TASK, order_by=("time", "id"))
    frame = frame.with_columns(_flag(nw.col("tokens") > before).alias("grown"))
    frame = frame.filter((nw.col("low") == nw.col("high")) & (nw.col("place") <= MOST_PLACES))
    groups = with_lengths(frame).group_by("task_type", "rank", "length", "place")
    sums = groups.agg(nw.col("calls").sum(), nw.col("tokens").sum(), nw.col("grown").sum())
    keys = ("rank", "length", "place", "calls", "tokens", "grown")
    return tuple(Place(row["task_type"], *(int(row[key]) for key in keys)) for row in rows(sums))


def with_lengths(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Add the class of the number of calls of each call's task; 0 if the task is unknown."""
    frame = frame.with_columns(nw.coalesce(nw.col("task"), nw.col("session")).alias("whole"))
    frame = frame.with_columns(nw.col("calls").sum().over(*_TASK).alias("in_task"))
    length = reduce(add, (_flag(nw.col("in_task") >= limit) for limit in LENGTHS))
    known = nw.when(nw.col("whole").is_null()).then(nw.lit(0)).otherwise(length)
    return frame.with_columns(known.alias("length"))


def _ranked(frame: nw.LazyFrame[Any], ranks: Mapping[str, int]) -> nw.LazyFrame[Any]:
    rank = nw.lit(-1)
    for model, number in ranks.items():
        rank = nw.when(nw.col("model") == model).then(nw.lit(number)).otherwise(rank)
    whole = nw.coalesce(nw.col("task"), nw.col("session"))
    return frame.with_columns(whole.alias("whole"), rank.alias("rank"))


def _flag(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))
