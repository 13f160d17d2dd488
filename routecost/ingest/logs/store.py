"""Calls in an embedded DuckDB: filled in batches, deduplicated once, kept within a memory limit."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import duckdb
import narwhals as nw
import numpy as np

from routecost.file_access import reading
from routecost.ingest.logs import saved
from routecost.ingest.logs.call import Call, check_times
from routecost.ingest.logs.items import Outcome, SpillError
from routecost.model.logs.cells import COUNTED
from routecost.model.pricing.sheet import STANDARD

BATCH = 50_000
"""The number of calls that are added at once."""

MOST_IN_MEMORY = 4_000_000
"""The number of calls from which they are kept in a file, so that memory is free for queries."""

FAILED = (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException, SpillError)
"""The errors of a database whose folder is full or cannot be written."""

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

DEFAULTS: dict[str, Any] = {**dict.fromkeys(_COLUMNS), **dict.fromkeys(COUNTED, 0)}
DEFAULTS |= {"mode": STANDARD, "rank": 0, "calls": 1, "is_sum": False}
_OPTIONAL_TEXTS = {*TEXTS} - {"id", "model", "mode"}
_ALWAYS = ("id", "model", "time", "rank", "output")
"""The columns that are always stored; others are once they have a value besides their default."""

_LEFT_OUT = {"context_upto", *COUNTED}
"""The columns that calls do not have unless they have a value besides their default."""

_MOST_OUTPUT, _LAST = 2**40 - 1, 2**43 - 1
_FIRST = f"""
(least(rank, 7)::HUGEINT << 124)
| (({_MOST_OUTPUT} - least(output, {_MOST_OUTPUT}))::HUGEINT << 84)
| (least(greatest(coalesce(time // 1000, {_LAST}), 0), {_LAST})::HUGEINT << 41)
| (hash({{columns}}) % {1 << 41})::HUGEINT
"""
"""Which line of a call is kept: the one with the lowest rank, the most output, the earliest millisecond, then
the lowest hash of all columns, stored or not, as a number of 127 bits; so the order of lines is irrelevant.
"""


class CallStore:
    """A database of calls in a folder of its own; close it after use.

    Calls have the task types that ``task_types`` returns, if it is set.
    """

    def __init__(self, folder: Path, *, threads: int | None = None, memory: str = MEMORY) -> None:
        config: dict[str, Any] = {"memory_limit": memory, "temp_directory": str(folder / "spill")}
        if threads is not None:
            config["threads"] = threads
        self._database = duckdb.connect(config=config)
        self._database.execute("SET autoinstall_known_extensions = false; SET enable_progress_bar = false")
        self._database.execute("ATTACH ':memory:' AS log (COMPRESS); USE log")
        self._stored = list(_ALWAYS)
        self._create_tables("log")
        self._batch: list[Call] = []
        self.task_types: Callable[[Call], str | None] | None = None
        self._lines = 0
        self.folder = folder
        self._saved: list[Path] = []

    def add(self, calls: Iterable[Call]) -> None:
        """Add calls; of lines in a row that repeat a call, one is kept at once, by ``_FIRST``."""
        batch, last = self._batch, None
        for call in calls:
            if last is not None and call.id == last.id and call.id is not None and batch:
                if call != last:
                    batch[-1:] = _kept(last, call)
                    last = batch[-1]
                continue
            batch.append(call)
            last = call
            if len(batch) >= BATCH:
                self._write()
                last = None

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

    def add_saved(self, path: Path) -> int:
        """Add the calls of a file that :meth:`save` wrote; returns their number."""
        self._saved.append(path)
        ((calls,),) = self._database.execute(f"SELECT sum(calls) FROM {saved.scan(path)}").fetchall()
        return int(calls or 0)

    def save(self, stream: BinaryIO) -> None:
        """Write the calls as Parquet, with hashes of ids; :meth:`finish` must have been called."""
        path = self.folder / "saved.parquet"
        saved.save(self._database, path, are_hashed=bool(self._saved))
        with reading(path) as source:
            shutil.copyfileobj(source, stream)
        path.unlink()

    def _add_saved(self) -> None:
        if self._saved:  # their ids are hashes, which those of other calls and outcomes are compared with
            names = [name for name in saved.IDS if name in self._stored]
            for table, ids in (("read", names), ("outcomes", ["task"])):
                hashed = ", ".join(f"{name} = {saved.hashed(name)}" for name in ids)
                self._database.execute(f"UPDATE {table} SET {hashed}")
        for path in self._saved:
            names = saved.columns(self._database, path)
            for name in names:
                if name not in self._stored:
                    self._store(name)
            listed = ", ".join(f'"{name}"' for name in names)
            self._database.execute(
                f"INSERT INTO read (rank, {listed}) SELECT 0, {listed} FROM {saved.scan(path)}"
            )

    def _write(self) -> None:
        if self._batch:
            if self.task_types is not None:
                for call in self._batch:
                    call.task_type = self.task_types(call)
            batch, constants = columns(self._batch)  # the database reads the batch by its name
            for name in _COLUMNS:
                if name not in self._stored and (name in batch or constants[name] != DEFAULTS[name]):
                    self._store(name)
            selected = ", ".join(f'"{name}"' if name in batch else "?" for name in self._stored)
            values = [constants[name] for name in self._stored if name in constants]
            self._database.execute(f"INSERT INTO read SELECT {selected} FROM batch", values)
            before, self._lines = self._lines, self._lines + len(self._batch)
            if before < MOST_IN_MEMORY <= self._lines:
                self._move_to_disk()
            self._batch.clear()

    def _move_to_disk(self) -> None:
        file = str(self.folder / "calls.duckdb").replace("'", "''")
        self._database.execute(f"ATTACH '{file}' AS disk")
        self._create_tables("disk")
        for table in ("read", "outcomes"):
            self._database.execute(f"INSERT INTO disk.{table} FROM log.{table}; DROP TABLE log.{table}")
        self._database.execute("USE disk")

    def _create_tables(self, catalog: str) -> None:
        columns = ", ".join(map(_column, self._stored))
        self._database.execute(f"CREATE TABLE {catalog}.read ({columns})")
        self._database.execute(
            f"CREATE TABLE {catalog}.outcomes (task VARCHAR, outcome VARCHAR, time BIGINT)"
        )

    def _store(self, name: str) -> None:
        self._database.execute(f"ALTER TABLE read ADD COLUMN {_column(name)}")
        self._stored.append(name)

    def finish(self) -> nw.LazyFrame[Any]:
        """Return the calls, each once, without the columns in which nothing was counted."""
        self._write()
        if len(self._saved) == 1 and not self._has("read") and not self._has("outcomes"):
            self._database.execute(f"CREATE VIEW calls AS {saved.scan(self._saved[0])}")
            return nw.from_native(self._database.table("calls"))
        self._add_saved()
        values = {name: self._value(name) for name in _COLUMNS}
        left_out = (_LEFT_OUT - {*self._stored}) | {"rank"}
        kept = ", ".join(f'{values[name]} AS "{name}"' for name in _COLUMNS if name not in left_out)
        self._database.execute(
            "CREATE TEMP TABLE repeated AS "
            "SELECT id FROM read WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1"
        )
        selected = f"SELECT {kept} FROM read"
        if self._has("repeated") or self._has("outcomes"):
            first = _FIRST.format(columns=", ".join(values.values()))
            self._database.execute(
                f"CREATE TABLE calls AS {selected} WHERE id IS NULL OR id NOT IN (FROM repeated) OR rowid IN "
                f"(SELECT arg_min(rowid, {first}) FROM read WHERE id IN (FROM repeated) GROUP BY id)"
            )
            self._database.execute(f"DROP TABLE read; {_JOINED}")
        else:
            self._database.execute(f"CREATE VIEW calls AS {selected}")
        self._database.execute("DROP TABLE repeated")
        return nw.from_native(self._database.table("calls"))

    def _value(self, name: str) -> str:
        return (
            f'"{name}"' if name in self._stored else f"CAST({_literal(DEFAULTS[name])} AS {_COLUMNS[name]})"
        )

    def _has(self, rows: str) -> bool:
        return bool(self._database.execute(f"SELECT 1 FROM {rows} LIMIT 1").fetchall())

    def times(self) -> tuple[int | None, int | None]:
        """Return the times of the first and the last call. Raises UsageError for impossible ones."""
        ((first, last),) = self._database.execute("SELECT min(time), max(time) FROM calls").fetchall()
        check_times(first, last)
        return first, last

    def close(self) -> None:
        """Close the database; its files can be removed then."""
        self._database.close()


def _column(name: str) -> str:
    return f'"{name}" {_COLUMNS[name]} DEFAULT {_literal(DEFAULTS[name])}'


def _literal(value: str | int | bool | None) -> str:
    return "NULL" if value is None else f"'{value}'"


def _kept(one: Call, other: Call) -> tuple[Call, ...]:
    """Return the line of a call that ``_FIRST`` keeps; both if only their hashes tell."""
    order, others = _order(one), _order(other)
    if order == others:
        return one, other
    return (one if order < others else other,)


def _order(call: Call) -> tuple[int, int, int]:
    output = min(call.units.get("output", 0), _MOST_OUTPUT)
    time = _LAST if call.time is None else min(max(call.time // 1000, 0), _LAST)
    return min(call.rank, 7), -output, time


_Array: TypeAlias = np.ndarray[Any, Any]


def columns(calls: list[Call]) -> tuple[dict[str, _Array], dict[str, Any]]:
    """Return calls as arrays by column, and the values of columns that are equal in all calls."""
    units = [call.units for call in calls]
    meters = set().union(*units)
    arrays = {"output": _array("output", [counts.get("output", 0) for counts in units])}
    constants: dict[str, Any] = {}
    for name in _COLUMNS.keys() - arrays.keys():
        if name not in COUNTED:
            values = [*map(attrgetter(name), calls)]
            if name in _OPTIONAL_TEXTS and "" in values:  # an empty text states nothing
                values = [None if value == "" else value for value in values]
        elif name in meters:
            values = [counts.get(name, 0) for counts in units]
        else:
            values = [0]
        if values[0] == values[-1] and values.count(values[0]) == len(values):
            constants[name] = values[0]
        else:
            arrays[name] = _array(name, values)
    return arrays, constants


_TYPES = {**dict.fromkeys(TEXTS, object), "is_sum": bool}


def _array(name: str, values: list[Any]) -> _Array:
    if name in _OPTIONAL and None in values:
        unknown = [value is None for value in values]
        return np.ma.MaskedArray([value or 0 for value in values], unknown, dtype=np.int64)
    return np.array(values, dtype=_TYPES.get(name, np.int64))
