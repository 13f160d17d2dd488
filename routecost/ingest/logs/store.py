"""Calls in an embedded DuckDB: filled in batches, deduplicated once, kept within a memory limit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import numpy as np

from routecost.ingest.logs.call import Call
from routecost.ingest.logs.items import Outcome
from routecost.model.logs.cells import COUNTED
from routecost.records import dataclass

BATCH = 50_000
"""The number of calls that are added at once."""

MEMORY = "1GB"
"""The memory that the database uses before it writes to disk."""

TEXTS = ("id", "model", "mode", "session", "task", "agent", "task_type", "outcome", "currency", "provider")
_OPTIONAL = ("time", "context", "context_upto", "cost")
_NUMBERS = {"rank": 0, "calls": 1}
_UNKNOWN = -1
_COLUMNS = {
    **dict.fromkeys(TEXTS, "VARCHAR"),
    **dict.fromkeys(_OPTIONAL, "BIGINT"),
    **dict.fromkeys(_NUMBERS, "BIGINT"),
    "is_sum": "BOOLEAN",
    **dict.fromkeys(COUNTED, "BIGINT"),
}
_JOINED = """
UPDATE calls SET outcome = judged.outcome FROM (
    SELECT task, min_by(outcome, (-time, outcome)) AS outcome FROM outcomes GROUP BY task
) AS judged WHERE calls.outcome IS NULL AND calls.task = judged.task
"""
"""Of scores at one time, "failure" is before "success"."""

ORDER = ("rank", "output DESC", *(name for name in _COLUMNS if name not in {"rank", "output"}))
"""The order in which the first of several lines of one call is kept; it has no ties that matter."""


class CallStore:
    """A database of calls in a folder of its own; close it after use."""

    def __init__(self, folder: Path, *, threads: int | None = None, memory: str = MEMORY) -> None:
        config: dict[str, Any] = {"memory_limit": memory, "temp_directory": str(folder / "spill")}
        if threads is not None:
            config["threads"] = threads
        self._database = duckdb.connect(str(folder / "calls.duckdb"), config=config)
        self._database.execute("SET autoinstall_known_extensions = false; SET enable_progress_bar = false")
        columns = ", ".join(f'"{name}" {kind}' for name, kind in _COLUMNS.items())
        self._database.execute(f"CREATE TABLE read ({columns})")
        self._database.execute("CREATE TABLE outcomes (task VARCHAR, outcome VARCHAR, time BIGINT)")
        self._batch: list[Call] = []

    def add(self, calls: Iterable[Call]) -> None:
        """Add calls."""
        self._batch += calls
        if len(self._batch) >= BATCH:
            self._write()

    def add_outcomes(self, outcomes: Sequence[Outcome]) -> None:
        """Add outcomes of tasks: the last one of a task is that of its calls that have none of their own."""
        for start in range(0, len(outcomes), BATCH):
            tasks, results, times = zip(*outcomes[start : start + BATCH], strict=True)
            batch = {  # noqa: F841  the database reads it by its name
                "task": np.array(tasks, dtype=object),
                "outcome": np.array(results, dtype=object),
                "time": np.array([-1 if time is None else time for time in times], dtype=np.int64),
            }
            self._database.execute("INSERT INTO outcomes SELECT task, outcome, time FROM batch")

    def _write(self) -> None:
        if self._batch:
            batch = columns(self._batch)  # noqa: F841  the database reads it by its name
            names = ", ".join(f'"{name}"' for name in _COLUMNS)
            self._database.execute(f"INSERT INTO read SELECT {names} FROM batch")
            self._batch.clear()

    def finish(self) -> nw.LazyFrame[Any]:
        """Return the calls, each once, without the columns in which nothing was counted."""
        self._write()
        database = self._database
        sums = ", ".join(f'coalesce(sum("{meter}"), 0)' for meter in COUNTED)
        (found,) = database.execute(f"SELECT {sums} FROM read").fetchall()
        dropped = ["rank", *(meter for meter, count in zip(COUNTED, found, strict=False) if not count)]
        dropped += [] if self._has("read WHERE context_upto IS NOT NULL") else ["context_upto"]
        kept = ", ".join(f'"{name}"' for name in _COLUMNS if name not in dropped)
        order = ", ".join(ORDER)
        database.execute(
            f"CREATE TABLE calls AS SELECT {kept} FROM read WHERE id IS NULL "
            f"UNION ALL SELECT {kept} FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY {order}) "
            "AS place FROM read WHERE id IS NOT NULL) WHERE place = 1"
        )
        database.execute("DROP TABLE read")
        if self._has("outcomes"):
            database.execute(_JOINED)
        return nw.from_native(database.table("calls"))

    def _has(self, rows: str) -> bool:
        return bool(self._database.execute(f"SELECT 1 FROM {rows} LIMIT 1").fetchall())

    def times(self) -> tuple[int | None, int | None]:
        """Return the times of the first and the last call."""
        ((first, last),) = self._database.execute("SELECT min(time), max(time) FROM calls").fetchall()
        return first, last

    def close(self) -> None:
        """Close the database; its files can be removed then."""
        self._database.close()


@dataclass(frozen=True, slots=True)
class _Units:
    calls: list[Call]

    def column(self, meter: str) -> np.ndarray[Any, Any]:
        return np.array([call.units.get(meter, 0) for call in self.calls], dtype=np.int64)


def columns(calls: list[Call]) -> dict[str, np.ndarray[Any, Any]]:
    """Return calls as arrays by column."""
    units = _Units(calls)
    used = {meter for call in calls for meter in call.units}
    zeros = np.zeros(len(calls), dtype=np.int64)
    arrays: dict[str, Any] = {
        name: np.array([getattr(call, name) for call in calls], dtype=object) for name in TEXTS
    }
    for name in _OPTIONAL:
        arrays[name] = np.ma.MaskedArray(
            [getattr(call, name) or 0 for call in calls], [getattr(call, name) is None for call in calls]
        )
    for name in _NUMBERS:
        arrays[name] = np.array([getattr(call, name) for call in calls], dtype=np.int64)
    arrays["is_sum"] = np.array([call.is_sum for call in calls], dtype=bool)
    return {**arrays, **{meter: units.column(meter) if meter in used else zeros for meter in COUNTED}}
