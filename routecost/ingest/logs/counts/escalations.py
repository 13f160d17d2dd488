"""Tasks that tiers did one after another, from low to high."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from routecost.ingest.logs.aggregate import rows
from routecost.model.logs.profile import Step

_RANKS = 1024
"""More than a sheet has tiers: a time and a rank are one number, time x 1024 + rank."""


def with_starts(frame: nw.LazyFrame[Any], ranks: Mapping[str, int]) -> nw.LazyFrame[Any]:
    """Add the rank of the tier of the first call of each call's task, as ``start``.

    It is unknown if the task, a time or a tier is, and if a call is followed by one of a lower tier.
    ``ranks`` has the rank of the tier of each model.
    """
    rank = nw.lit(-1)
    for model, number in ranks.items():
        rank = nw.when(nw.col("model") == model).then(nw.lit(number)).otherwise(rank)
    whole = nw.coalesce(nw.col("task"), nw.col("session"))
    frame = frame.with_columns(whole.alias("whole"), rank.alias("rank"))
    task = ("whole", "task_type")
    code = (nw.col("time") * _RANKS + nw.col("rank")).alias("code")
    before = nw.col("rank").shift(1).over(*task, order_by=("time", "rank"))
    is_bad = (nw.col("rank") < before) | nw.col("time").is_null() | (nw.col("rank") < 0)
    bad = nw.when(is_bad).then(nw.lit(1)).otherwise(nw.lit(0))
    frame = frame.with_columns(code, bad.alias("bad"))
    frame = frame.with_columns(nw.col("code").min().over(*task), nw.col("bad").max().over(*task))
    is_known = ~nw.col("whole").is_null() & (nw.col("bad") == 0)
    return frame.with_columns(nw.when(is_known).then(nw.col("code") % _RANKS).alias("start"))


def steps(frame: nw.LazyFrame[Any], ranks: Mapping[str, int]) -> tuple[Step, ...]:
    """Return the tasks that each tier was tried for, by the tier of their first call."""
    frame = with_starts(frame, ranks).filter(~nw.col("whole").is_null())
    frame = frame.with_columns(
        *(
            nw.when(nw.col("outcome") == outcome).then(nw.lit(1)).otherwise(nw.lit(0)).alias(name)
            for outcome, name in (("success", "succeeded"), ("failure", "failed"))
        )
    )
    tries = frame.group_by("whole", "task_type", "start", "rank").agg(
        nw.col("calls").sum(), nw.col("succeeded").max(), nw.col("failed").max()
    )
    top = nw.col("rank").max().over("whole", "task_type")
    escalated = nw.when(nw.col("rank") < top).then(nw.lit(1)).otherwise(nw.lit(0))
    tries = tries.with_columns(escalated.alias("escalated"), nw.lit(1).alias("tasks"))
    keys = ("task_type", "start", "rank", "succeeded", "failed", "escalated")
    return tuple(
        Step(
            row["task_type"],
            None if row["start"] is None else int(row["start"]),
            int(row["rank"]),
            bool(row["succeeded"]),
            bool(row["failed"]),
            bool(row["escalated"]),
            int(row["tasks"]),
            int(row["calls"]),
        )
        for row in rows(tries.group_by(*keys).agg(nw.col("tasks").sum(), nw.col("calls").sum()))
    )
