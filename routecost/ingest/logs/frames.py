"""Calls in frames of a caller, in any engine that Narwhals runs on: warehouses, Spark, other libraries."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import narwhals as nw

from routecost.errors import UsageError
from routecost.ingest.logs.aggregate import rows
from routecost.ingest.logs.call import check_times
from routecost.ingest.logs.store import DEFAULTS, TEXTS
from routecost.model.logs.cells import COUNTED, NO_USAGE
from routecost.problems import did_you_mean
from routecost.records import dataclass

_ADDED = ("id", "session", "task", "agent", "task_type", "outcome", "currency", "provider", "time", "context")
_FLAG = "is_sum"
KNOWN = tuple(name for name in DEFAULTS if name != "rank")
"""The columns that calls can have."""


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """The number of calls, and the times of the first and the last."""

    calls: int
    first: int | None
    last: int | None


def call_frame(native: Any) -> nw.LazyFrame[Any]:
    """Return the calls of a frame or a Narwhals frame, with the columns that it lacks.

    Raises UsageError for another object, unknown columns, and columns of another type.
    """
    try:
        frame: nw.LazyFrame[Any] | nw.DataFrame[Any] = nw.from_native(native)
    except TypeError as error:
        raise UsageError(f"{type(native).__name__} is no frame that Narwhals reads") from error
    eager = None
    if isinstance(frame, nw.DataFrame):
        eager, frame = frame, frame.lazy("duckdb")
    schema = frame.collect_schema()
    problems = [_problem(name, kind) for name, kind in schema.items()]
    problems += [] if "model" in schema else ['no column "model"']
    if not {*COUNTED, "cost"} & {*schema}:
        problems.append('no column of a meter, such as "input"')
    if any(problems):
        raise UsageError("the frame has no calls: " + "; ".join(filter(None, problems)))
    if eager is not None:
        _refuse_values(eager)
    lacking = [name for name in (*_ADDED, "mode", "calls", "cost", _FLAG) if name not in schema]
    if lacking:
        frame = frame.with_columns(*(_default(name).alias(name) for name in lacking))
    return frame.with_columns(_mode(schema).alias("mode")) if "cost" in schema else frame


def _refuse_values(frame: nw.DataFrame[Any]) -> None:
    """Raise UsageError for missing and negative values, with the first row of each, counted from 0."""
    wrong = {
        name: frame[name].is_null() | (frame[name] < 0)
        for name in frame.columns
        if name in {*COUNTED, "calls"}
    }
    wrong |= {name: frame[name].is_null() for name in ("model", "mode", _FLAG) if name in frame.columns}
    faults = [
        f'row {is_wrong.arg_true()[0]}, column "{name}": expected {_expected(name)}'
        for name, is_wrong in wrong.items()
        if is_wrong.any()
    ]
    if faults:
        raise UsageError("the frame has wrong values: " + "; ".join(faults))


def _expected(name: str) -> str:
    kinds = {"model": "the name of a model", "mode": "a mode", _FLAG: "true or false"}
    return kinds.get(name, "a whole number of at least 0")


def _mode(schema: nw.Schema) -> nw.Expr:
    """Return the modes of calls; those that cost something without usage have one that has no price."""
    used = [nw.col(name) > 0 for name in COUNTED if name in schema]
    is_used = reduce(or_, used, nw.lit(False))
    return nw.when((nw.col("cost") > 0) & ~is_used).then(nw.lit(NO_USAGE)).otherwise(nw.col("mode"))


def _problem(name: str, kind: nw.dtypes.DType) -> str:
    if name not in KNOWN:
        return f'unknown column "{name}"{did_you_mean(name, KNOWN)}'
    if name in TEXTS:
        return "" if kind == nw.String else f'"{name}" is {kind}, expected text'
    if name == _FLAG:
        return "" if kind == nw.Boolean else f'"{name}" is {kind}, expected true or false'
    return "" if kind.is_integer() else f'"{name}" is {kind}, expected whole numbers'


def _default(name: str) -> nw.Expr:
    if name == _FLAG:
        return nw.lit(False)
    value = nw.lit(DEFAULTS[name])
    return value.cast(nw.String if name in TEXTS else nw.Int64)


def facts_of(frame: nw.LazyFrame[Any]) -> FrameFacts:
    """Return facts about calls. Raises UsageError for missing models, wrong counts and wrong times."""
    names = [name for name in frame.collect_schema().names() if name in {*COUNTED, "calls"}]
    wrong = {name: nw.col(name).is_null() | (nw.col(name) < 0) for name in names}
    wrong |= {name: nw.col(name).is_null() for name in ("model", "mode", _FLAG)}
    flags = [
        nw.when(is_wrong).then(nw.lit(1)).otherwise(nw.lit(0)).alias(f"wrong_{name}")
        for name, is_wrong in wrong.items()
    ]
    checked = frame.with_columns(*flags).select(
        nw.col("calls").sum(),
        nw.col("time").min().alias("first"),
        nw.col("time").max().alias("last"),
        *(nw.col(f"wrong_{name}").sum() for name in wrong),
    )
    (row,) = rows(checked)
    counts = [f'{row[f"wrong_{name}"]:,} of "{name}"' for name in wrong if row[f"wrong_{name}"]]
    if counts:
        raise UsageError(f"values of the frame are missing or negative: {', '.join(counts)}")
    check_times(row["first"], row["last"])
    return FrameFacts(int(row["calls"] or 0), row["first"], row["last"])
