"""Saved calls on Spark, whose workers read the files."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import narwhals as nw
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from routecost.errors import EnvironmentFailure, UsageError
from routecost.ingest.logs.frames import call_frame
from routecost.ingest.logs.saved import is_saved
from routecost.model.logs.cells import COUNTED

_NEVER = 2**62


@contextmanager
def spark_frame(files: Sequence[Path], master: str) -> Iterator[nw.LazyFrame[Any]]:
    """Yield the calls of saved files, each once; all workers must see the files under the same paths.

    Raises UsageError for other files, EnvironmentFailure without Java and if Spark fails.
    """
    other = [file for file in files if not is_saved(file)]
    if other:
        raise UsageError(
            f'"{other[0]}" has no saved calls, which Spark reads; save them with: usage --save FILE'
        )
    if not shutil.which("java", path=_java_path()):
        raise EnvironmentFailure("Spark needs Java, 17 or later; install it, and set JAVA_HOME or PATH")
    try:
        with warnings.catch_warnings(action="ignore", category=FutureWarning), _session(master) as session:
            frame = _frame(session, files)
            yield frame
            frame.to_native().unpersist()
    except (Py4JError, PySparkException) as error:
        raise EnvironmentFailure(f"Spark at {master} failed: {_reason(str(error))}") from error


def _reason(text: str) -> str:
    if "stopped SparkContext" in text:
        return "it cannot be reached, or it ended the application; its log says why"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[1] if "An error occurred while calling" in text and lines[1:] else lines[0]


def _java_path() -> str:
    home = os.environ.get("JAVA_HOME")
    return os.path.join(home, "bin") if home else os.environ.get("PATH", "")


@contextmanager
def _session(master: str) -> Iterator[SparkSession]:
    """Yield the session of the process; stop it after use if there was none."""
    active = SparkSession.getActiveSession()
    if active is not None:
        yield active
        return
    builder = SparkSession.builder.master(master).appName("routecost")
    session = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    try:
        yield session
    finally:
        session.stop()


def _frame(session: SparkSession, files: Sequence[Path]) -> nw.LazyFrame[Any]:
    read = session.read.option("mergeSchema", len(files) > 1).option("__globPaths__", "false")
    frame = call_frame(read.parquet(*(f"file:///{file.resolve().as_posix().lstrip('/')}" for file in files)))
    if len(files) == 1:
        return frame
    meters = [meter for meter in COUNTED if meter in frame.collect_schema().names()]
    once = _each_once(frame.with_columns(*(nw.col(meter).fill_null(0) for meter in meters)))
    kept: nw.LazyFrame[Any] = nw.from_native(once.to_native().persist())  # several queries follow
    return kept


def _each_once(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return calls without repetitions in further files: the one with the most output, then the earliest."""
    names = frame.collect_schema().names()
    known = frame.filter(~nw.col("id").is_null())
    first = {"less_output": nw.lit(0) - nw.col("output"), "earliest": nw.coalesce("time", nw.lit(_NEVER))}
    known = known.with_columns(**first).unique("id", keep="first", order_by=[*first, *names])
    return nw.concat([frame.filter(nw.col("id").is_null()), known.select(*names)])
