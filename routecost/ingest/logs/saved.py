"""Calls that were read once and saved as Parquet: they are read again without parsing."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from routecost.errors import UsageError
from routecost.ingest.logs.files import DAMAGED, opened

MARK, VERSION = "routecost_calls", "1"
"""The key and the value in the metadata of a Parquet file that say that it has saved calls."""

IDS = ("id", "session", "task")
"""The columns of which hashes are saved: what they hold is up to who logged the calls."""

_MAGIC = b"PAR1"


def hashed(column: str) -> str:
    """Return the SQL of the hash of a column, which is equal for equal values everywhere."""
    return f"md5({column})"


def save(database: Any, path: Path, *, are_hashed: bool) -> None:
    """Write the table of calls to a file; their ids may have been hashed before."""
    kept = {name for name, *_ in database.execute("DESCRIBE calls").fetchall()}
    ids = [f"{hashed(name)} AS {name}" for name in IDS if name in kept]
    replaced = f" REPLACE ({', '.join(ids)})" if ids and not are_hashed else ""
    options = f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{MARK}: '{VERSION}'}}"
    database.execute(f"COPY (SELECT *{replaced} FROM calls) TO {_quoted(path)} ({options})")


@cache
def _database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"memory_limit": "1GB"})


def reader() -> duckdb.DuckDBPyConnection:
    """Return a connection that reads files; all have one database, which takes 10 ms and more to open."""
    return _database().cursor()


def is_saved(path: Path) -> bool:
    """Return whether a file has saved calls. Raises UsageError if another version of routecost saved them."""
    try:
        with opened(path) as stream:
            if stream.read(len(_MAGIC)) != _MAGIC:
                return False
        query = "SELECT decode(value) FROM parquet_kv_metadata(?) WHERE decode(key) = ?"
        marks = reader().execute(query, [str(path), MARK]).fetchone()
    except (duckdb.Error, *DAMAGED):
        return False
    if marks is not None and marks[0] != VERSION:
        raise UsageError(
            f'"{path}" has calls in version {marks[0]}, which this version of routecost does not read; '
            "save them again from the log"
        )
    return marks is not None


def scan(path: Path) -> str:
    """Return the SQL of the calls in a file."""
    return f"(FROM read_parquet({_quoted(path)}))"


def columns(database: Any, path: Path) -> list[str]:
    """Return the columns of the calls in a file."""
    return [name for name, *_ in database.execute(f"DESCRIBE {scan(path)}").fetchall()]


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
