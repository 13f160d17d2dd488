"""Tasks of a log: the calls of one task are its attempts, whatever their model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw

from routecost.ingest.logs.aggregate import rows
from routecost.ingest.logs.counts.week import added

_RANKS = 1024
"""More than a sheet has tiers: a time and a rank are one number, time x 1024 + rank."""


def task_counts(frame: nw.LazyFrame[Any], ranks: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return numbers of tasks by type, outcome and escalation, in one pass over the log.

    A task is the calls with one task id, else with one session id, else one call. ``ranks`` has the rank
    of the tier of each model: a task is escalated if a tier above that of its first call was called. It
    failed if no call succeeded and its last call failed.
    """
    of_models = [
        nw.when(nw.col("model") == model).then(nw.lit(number + 1)).otherwise(nw.lit(0))
        for model, number in ranks.items()
    ]
    rank = added([nw.lit(-1), *of_models])
    whole = nw.coalesce(nw.col("task"), nw.col("session"))
    frame = frame.with_columns(whole.alias("whole"), rank.alias("rank"))
    frame = frame.with_columns(
        _flag(nw.col("outcome") == "success").alias("is_success"),
        _flag(nw.col("outcome") == "failure").alias("is_failure"),
    )
    counted = rows(_of_several(frame.filter(~nw.col("whole").is_null())))
    single = frame.filter(nw.col("whole").is_null()).group_by("task_type", "is_success", "is_failure")
    alone = rows(single.agg(nw.col("calls").sum()))
    return counted + [{**row, "tasks": row["calls"], "is_escalated": 0} for row in alone]


def task_starts(frame: nw.LazyFrame[Any], edges: Sequence[int]) -> list[int]:
    """Return the numbers of tasks whose first call is between two of the times ``edges``."""
    whole = nw.coalesce(nw.col("task"), nw.col("session"))
    frame = frame.with_columns(whole.alias("whole"), nw.lit(1).alias("tasks"))
    grouped = frame.filter(~nw.col("whole").is_null()).group_by("whole")
    several = grouped.agg(nw.col("time").min(), nw.col("tasks").max())
    alone = frame.filter(nw.col("whole").is_null()).with_columns(nw.col("calls").alias("tasks"))
    counts = [0] * (len(edges) - 1)
    for part in (several, alone):
        place = added([nw.lit(-1), *(_flag(nw.col("time") >= edge) for edge in edges)])
        started = part.with_columns(place.alias("place")).group_by("place").agg(nw.col("tasks").sum())
        for row in rows(started):
            if 0 <= int(row["place"]) < len(counts):
                counts[int(row["place"])] += int(row["tasks"])
    return counts


def _of_several(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    is_ranked = nw.col("rank") >= 0
    code = nw.when(is_ranked).then(nw.col("time") * _RANKS + nw.col("rank"))
    ended = nw.col("time") * 2 + nw.col("is_failure")
    frame = frame.with_columns(code.alias("code"), ended.alias("ended"))
    tasks = frame.group_by("whole", "task_type").agg(
        nw.col("code").min().alias("first"),
        nw.col("rank").max().alias("top"),
        nw.col("is_success").max(),
        nw.coalesce(nw.col("ended").max() % 2, nw.col("is_failure").max()).alias("is_failure"),
        nw.col("calls").sum(),
    )
    escalated = _flag(nw.col("top") > nw.col("first") % _RANKS)
    keys = ("task_type", "is_success", "is_failure", "is_escalated")
    tasks = tasks.with_columns(escalated.alias("is_escalated"), nw.lit(1).alias("tasks"))
    return tasks.group_by(*keys).agg(nw.col("tasks").sum(), nw.col("calls").sum())


def _flag(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))
