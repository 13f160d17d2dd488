"""CPU time of replaying a log under 1,000 routing tables, against one table, in the same run."""

from __future__ import annotations

import random
import sys
import time
from datetime import UTC

import duckdb
import narwhals as nw

from routecost.api.call_log import CallLog
from routecost.api.logs.replay import ReplayOptions, replayed
from routecost.api.logs.source import LogSource
from routecost.api.scenarios import load_pricing
from routecost.engine.logs.pricing import CellPricer
from routecost.engine.logs.targets import Part, Target
from routecost.ingest.logs.faults import Faults
from routecost.ingest.logs.items import LogRead
from routecost.units import ONE

CALLS, TYPES, TABLES, RUNS = 10_000_000, 20, 1_000, 9
LIMIT = 1.05
FIRST = 1_793_491_200_000_000
"""2026-11-01 in microseconds."""

GENERATED = f"""
CREATE TABLE calls AS SELECT
  'type-' || (hash(i) % {TYPES})::VARCHAR AS task_type,
  ['claude-haiku-5-5', 'claude-sonnet-5-5', 'claude-opus-5-5'][(1 + hash(i + 1) % 3)::BIGINT] AS model,
  'standard' AS mode,
  {FIRST} + (i * 216000)::BIGINT AS time,
  1::BIGINT AS calls,
  false AS is_sum,
  NULL::BIGINT AS context,
  NULL::BIGINT AS cost,
  NULL::VARCHAR AS currency,
  (hash(i + 2) % 4000)::BIGINT AS input,
  (hash(i + 3) % 1000)::BIGINT AS output,
  (hash(i + 4) % 120000)::BIGINT AS cache_read,
  (hash(i + 5) % 2000)::BIGINT AS cache_write_5m
FROM range({CALLS}) t(i)
"""


def main() -> int:
    """Print the times and their ratio; return 1 if it is above the limit."""
    database = duckdb.connect()
    database.execute("SET threads = 1")
    database.execute(GENERATED)
    log = CallLog(
        frame=nw.from_native(database.table("calls")),
        read=LogRead(Faults()),
        zone=UTC,
        first=FIRST,
        last=FIRST + CALLS * 216_000,
        save=lambda _file: None,
    )
    draw = random.Random(7)
    tables = [_table(draw, at) for at in range(TABLES)]
    times: dict[int, list[float]] = {1: [], TABLES: []}
    for _ in range(RUNS):
        for count, found in times.items():
            found.append(_seconds(log, tables[:count]))
    one, many = min(times[1]), min(times[TABLES])
    print(f"replay of {CALLS:,} calls under one table      {one:7.3f} s, fastest of {RUNS}")
    print(f"replay of {CALLS:,} calls under {TABLES:,} tables  {many:7.3f} s")
    print(f"ratio                                       {many / one:7.3f}    limit {LIMIT}")
    return int(many / one > LIMIT)


def _table(draw: random.Random, at: int) -> Target:
    tiers = {f"type-{number}": draw.choice(["haiku", "sonnet", "opus"]) for number in range(TYPES)}
    return Target(f"table-{at}", "table", (Part(ONE, tiers),))


def _seconds(log: CallLog, tables: list[Target]) -> float:
    before = time.process_time()
    pricers = [CellPricer(load_pricing("claude-2026-11"))]
    found = replayed(log, LogSource(["generated"]), pricers, tables, ReplayOptions())
    assert len({table.cost for table in found.tables}) == len(tables)
    return time.process_time() - before


if __name__ == "__main__":
    sys.exit(main())
