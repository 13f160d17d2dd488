"""Databases that tests use one after another: DuckDB takes 10 ms and more to open one."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from typing import Any


class Pool:
    """In place of the module ``duckdb``: opens a database only if none of the same settings is free."""

    def __init__(self, duckdb: Any) -> None:
        self._duckdb = duckdb
        self._free: dict[tuple[Any, ...], list[Any]] = defaultdict(list)

    def connect(self, config: Mapping[str, Any]) -> Lent:
        """Return a database with these settings and without tables."""
        settings = {name: value for name, value in config.items() if name != "temp_directory"}
        free = self._free[tuple(settings.items())]
        while free:
            database = free.pop()
            with suppress(self._duckdb.Error):  # one that has spilled to disk keeps its folder
                database.execute("SET temp_directory = ?", [config["temp_directory"]])
                return Lent(database, free, self._duckdb.Error)
        return Lent(self._duckdb.connect(config=config), free, self._duckdb.Error)


class Lent:
    """A connection to a database that goes back to its pool, without what it attached, when it is closed."""

    def __init__(self, database: Any, free: list[Any], error: type[Exception]) -> None:
        self._database, self._free, self._error = database, free, error
        self._connection = database.cursor()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def close(self) -> None:
        """Close the connection, and the database if it does not become as it was."""
        self._connection.close()
        try:
            for (name,) in self._database.execute("FROM duckdb_databases() SELECT database_name").fetchall():
                if name in {"log", "disk"}:
                    self._database.execute(f"DETACH {name}")
        except self._error:
            self._database.close()
        else:
            self._free.append(self._database)


def share_databases() -> None:
    """Let the stores of calls of this process share databases, if a test that was collected has stores."""
    stores: Any = sys.modules.get("routecost.ingest.logs.store")
    if stores is not None:
        stores.duckdb = Pool(stores.duckdb)
