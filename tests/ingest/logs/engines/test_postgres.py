"""Calls in a table of a real Postgres server are grouped there, and cost what they do in a saved log."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from glob import glob
from pathlib import Path
from typing import Any

import pytest

import routecost
from tests.ingest.logs.engines.cluster import HOST, free_port, until
from tests.ingest.logs.engines.test_frames import results, saved

ibis = pytest.importorskip("ibis", reason="ibis is not installed: make test-all installs it")
BINARIES = next(iter(sorted(glob("/usr/lib/postgresql/*/bin"), reverse=True)), "")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not BINARIES, reason="there is no Postgres server in /usr/lib/postgresql"),
]
TABLE = """
CREATE TABLE calls AS SELECT
  (array['claude-haiku-5-5', 'claude-sonnet-5-5'])[1 + i % 2] AS model,
  's' || (i / 10) AS session,
  CASE WHEN i % 19 > 0 THEN 1791763200000000 + i * 3600000000 END AS time,
  100 + i AS input, 50 + i % 7 AS output, (i % 5) * 40000 AS cache_read
FROM generate_series(0::bigint, 999::bigint) AS t(i)
"""


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a server, which runs as another user if root starts it, as Postgres demands."""
    user = "nobody" if os.getuid() == 0 else None
    folder, chosen = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp")), free_port()
    if user:
        shutil.chown(folder, user)
    options: dict[str, Any] = {"user": user, "cwd": folder, "stdout": subprocess.DEVNULL}
    data = str(folder / "data")
    init = [f"{BINARIES}/initdb", "-D", data, "-A", "trust", "-U", "routecost"]
    subprocess.run(init, check=True, stderr=subprocess.DEVNULL, **options)
    listen = ["-p", str(chosen), "-k", str(folder), "-c", f"listen_addresses={HOST}"]
    server = subprocess.Popen(
        [f"{BINARIES}/postgres", "-D", data, *listen], stderr=subprocess.DEVNULL, **options
    )
    try:
        ready = [f"{BINARIES}/pg_isready", "-q", "-h", HOST, "-p", str(chosen)]
        until(lambda: subprocess.run(ready, check=False).returncode == 0, "Postgres is ready")
        yield chosen
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


def test_a_table_of_postgres_gives_the_results_of_the_log(tmp_path: Path, port: int) -> None:
    connection = ibis.postgres.connect(host=HOST, port=port, user="routecost", database="postgres")
    connection.raw_sql(TABLE).close()
    connection.con.commit()
    try:
        source = routecost.LogSource(frame=connection.table("calls"), time_zone="Europe/Berlin")
        log = routecost.LogSource([saved(tmp_path)], time_zone="Europe/Berlin")
        assert results(source) == results(log)
    finally:
        connection.disconnect()
