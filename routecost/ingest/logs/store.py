"""Calls in an embedded DuckDB: filled in batches, deduplicated once, kept within a memory limit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import narwhals as nw
import numpy as np
from msgspec.structs import astuple

from routecost.ingest.logs.call import Call
from routecost.ingest.logs.items import Outcome
from routecost.model.logs.cells import COUNTED

BATCH = 50_000
"""The number of calls that are added at once."""

MEMORY = "1GB"
"""The memory that the database uses before it writes to disk."""

TEXTS = ("id", "model", "mode", "session", "task", "agent", "task_type", "outcome", "currency", "provider")
_OPTIONAL = ("time", "context", "context_upto", "cost")
_NUMBERS = ("rank", "calls")
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

_MOST_OUTPUT, _LAST = 2**40 - 1, 2**43 - 1
_FIRST = f"""
(least(rank, 7)::HUGEINT << 124)
| (({_MOST_OUTPUT} - least(output, {_MOST_OUTPUT}))::HUGEINT << 84)
| (least(greatest(coalesce(time // 1000, {_LAST}), 0), {_LAST})::HUGEINT << 41)
| (hash({", ".join(f'"{name}"' for name in _COLUMNS)}) % {1 << 41})::HUGEINT
"""
"""Which line of a call is kept: the one with the lowest rank, the most output, the earliest millisecond, then
the lowest hash of its columns, as a number of 127 bits; so the order of the lines is irrelevant.
"""

_ONCE = f"""
id IS NULL OR rowid IN (SELECT arg_min(rowid, {_FIRST}) FROM read WHERE id IS NOT NULL GROUP BY id)
"""


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
        self._used = {*TEXTS, *_OPTIONAL, *_NUMBERS, "is_sum"} - {"rank", "context_upto"}

    def add(self, calls: Iterable[Call]) -> None:
        """Add calls."""
        calls = iter(calls)
        while chunk := list(islice(calls, BATCH - len(self._batch))):
            self._batch += chunk
            if len(self._batch) == BATCH:
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
            batch, constants = columns(self._batch)  # the database reads the batch by its name
            self._used |= batch.keys() - {"rank"}
            selected = ", ".join(f'"{name}"' if name in batch else "?" for name in _COLUMNS)
            values = [constants[name] for name in _COLUMNS if name in constants]
            self._database.execute(f"INSERT INTO read SELECT {selected} FROM batch", values)
            self._used |= {name for name in COUNTED if constants.get(name)}
            self._batch.clear()

    def finish(self) -> nw.LazyFrame[Any]:
        """Return the calls, each once, without the columns in which nothing was counted."""
        self._write()
        kept = ", ".join(f'"{name}"' for name in _COLUMNS if name in self._used)
        self._database.execute(f"CREATE TABLE calls AS SELECT {kept} FROM read WHERE {_ONCE}")
        self._database.execute("DROP TABLE read")
        if self._has("outcomes"):
            self._database.execute(_JOINED)
        return nw.from_native(self._database.table("calls"))

    def _has(self, rows: str) -> bool:
        return bool(self._database.execute(f"SELECT 1 FROM {rows} LIMIT 1").fetchall())

    def times(self) -> tuple[int | None, int | None]:
        """Return the times of the first and the last call."""
        ((first, last),) = self._database.execute("SELECT min(time), max(time) FROM calls").fetchall()
        return first, last

    def close(self) -> None:
        """Close the database; its files can be removed then."""
        self._database.close()


_Array: TypeAlias = np.ndarray[Any, Any]


def columns(calls: list[Call]) -> tuple[dict[str, _Array], dict[str, Any]]:
    """Return calls as arrays by column, and the values of columns that are equal in all calls."""
    fields = dict(zip(Call.__struct_fields__, zip(*map(astuple, calls), strict=True), strict=True))
    units = fields["units"]
    for meter in set().union(*units):
        fields[meter] = tuple(counts.get(meter, 0) for counts in units)
    arrays, constants = {"calls": np.array(fields["calls"], dtype=np.int64)}, {}
    for name in _COLUMNS.keys() - arrays.keys():
        values = fields.get(name, _ZERO)
        if len(set(values)) == 1:
            constants[name] = values[0]
        else:
            arrays[name] = _array(name, values)
    return arrays, constants


_ZERO = (0,)
_TYPES = {**dict.fromkeys(TEXTS, object), "is_sum": bool}


def _array(name: str, values: Sequence[Any]) -> _Array:
    if name in _OPTIONAL and None in values:
        present = [value is not None for value in values]
        return np.ma.MaskedArray([value or 0 for value in values], np.logical_not(present), dtype=np.int64)
    return np.array(values, dtype=_TYPES.get(name, np.int64))
