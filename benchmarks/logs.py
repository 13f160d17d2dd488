"""CPU time of grouping and pricing saved calls, against the engine's bare queries and a loop over rows."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
from genai_prices import Usage, calc_price

from routecost.api.call_log import CallLog
from routecost.api.scenarios import load_pricing
from routecost.engine.logs.pricing import CellPricer
from routecost.ingest.logs.faults import Faults
from routecost.ingest.logs.items import LogRead
from routecost.ingest.logs.saved import MARK, VERSION

CALLS = int(os.environ.get("ROUTECOST_BENCH_CALLS", "3_000_000"))
LOOPED, RUNS = 2_000, 7
LIMITS = {"sum": 5.5, "group": 1.2}
LEAST_TIMES_LOOP = 1_000
FIRST, MICROS = 1_793_491_200_000_000, 2_592_000_000_000
"""2026-11-01, and 30 days."""

METERS = ("input", "output", "cache_read", "cache_write_5m")
SUMS = ", ".join(f"sum({meter})" for meter in METERS)
KEYS = "task_type, model, mode, currency, is_sum, cost IS NULL"
BARE = {
    "sum": f"SELECT {SUMS} FROM calls",
    "group": f"SELECT {KEYS}, sum(calls), {SUMS}, sum(cost) FROM calls GROUP BY ALL",
}
NAMES = {"sum": "the sums of four columns", "group": "the sums of all, grouped by the same columns"}
GENERATED = f"""
COPY (SELECT
  'req_' || i AS id,
  {FIRST} + i * ({MICROS} // {CALLS}) AS time,
  ['claude-haiku-4-5', 'claude-sonnet-4-5', 'claude-opus-4-5'][(1 + hash(i) % 3)::BIGINT] AS model,
  'standard' AS mode,
  's' || (i // 40) AS session,
  NULL::VARCHAR AS task,
  'agent-' || (hash(i + 1) % 3) AS agent,
  'type-' || (hash(i + 2) % 20) AS task_type,
  CASE hash(i + 3) % 20 WHEN 0 THEN 'success' WHEN 1 THEN 'failure' END AS outcome,
  NULL::VARCHAR AS currency, NULL::VARCHAR AS provider, NULL::BIGINT AS context, NULL::BIGINT AS cost,
  1::BIGINT AS calls, false AS is_sum,
  (hash(i + 4) % 20000)::BIGINT AS input, (hash(i + 5) % 4000)::BIGINT AS output,
  (hash(i + 6) % 80000)::BIGINT AS cache_read, (hash(i + 7) % 3000)::BIGINT AS cache_write_5m
FROM range({CALLS}) t(i))
TO '{{file}}' (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{{{MARK}: '{VERSION}'}}}})
"""


def main() -> int:
    """Print the times and their ratios; return 1 if one is beyond its limit."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "calls.parquet")
        duckdb.execute(GENERATED.format(file=file))
        size = file.stat().st_size
        database = duckdb.connect(config={"threads": 1})
        database.execute(f"CREATE VIEW calls AS FROM read_parquet('{file}')")
        works: dict[str, Callable[[], object]] = {
            name: partial(fetched, database, query) for name, query in BARE.items()
        }
        pricer = CellPricer(load_pricing("claude-2026-02"))
        last = FIRST + MICROS
        frame = nw.from_native(database.table("calls"))
        log = CallLog(frame, LogRead(Faults()), UTC, FIRST, last, save=lambda _stream: None)
        works["ours"] = lambda: [pricer.cost(cell) for cell in log.cells(["task_type"], [pricer.sheet])]
        columns = f"SELECT task_type, model, time, {', '.join(METERS)} FROM calls LIMIT {LOOPED}"
        works["loop"] = lambda: looped(fetched(database, columns))
        seconds = {name: float("inf") for name in works}
        for _ in range(RUNS):
            for name, work in works.items():
                seconds[name] = min(seconds[name], cpu_seconds(work))
    loop = seconds["loop"] / LOOPED * CALLS / seconds["ours"]
    ratios = {name: seconds["ours"] / seconds[name] for name in BARE}
    print(f"{CALLS:,} saved calls, {size / CALLS:.1f} bytes a call, on one thread")
    print(f"  grouped by task type and priced{'':15}{seconds['ours'] / CALLS * 1e9:8.1f} ns a call")
    for name in BARE:
        print(f"  {NAMES[name]:46}{seconds[name] / CALLS * 1e9:8.1f} ns a call")
        print(f"    ratio {ratios[name]:46.2f}    limit {LIMITS[name]}")
    print(f"  a loop with genai-prices' calc_price{'':10}{seconds['loop'] / LOOPED * 1e9:8,.0f} ns a call")
    print(f"    ratio {loop:46,.0f}    at least {LEAST_TIMES_LOOP:,}")
    return int(loop < LEAST_TIMES_LOOP or any(ratios[name] > LIMITS[name] for name in BARE))


def fetched(database: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    return database.execute(query).fetchall()


def looped(rows: list[tuple[Any, ...]]) -> dict[tuple[str, str], Decimal]:
    """Return the cost by task type and model, of one call after another."""
    costs: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for task_type, model, moment, plain, output, read, written in rows:
        usage = Usage(
            input_tokens=plain + read + written,
            output_tokens=output,
            cache_read_tokens=read,
            cache_write_tokens=written,
        )
        at = datetime.fromtimestamp(moment / 1e6, UTC)
        price = calc_price(usage, model, provider_id="anthropic", genai_request_timestamp=at)
        costs[task_type, model] += price.total_price
    return costs


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the CPU seconds of a run."""
    before = time.process_time()
    work()
    return time.process_time() - before


if __name__ == "__main__":
    sys.exit(main())
