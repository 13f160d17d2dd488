"""Usage and replay on a real Spark cluster equal those of the embedded engine, also if a worker dies."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

import routecost
from routecost.api.logs.replay import ReplayOptions, replay
from routecost.model.results.logs.replay import Replay
from routecost.model.results.logs.usage import LogUsage

if TYPE_CHECKING:
    from tests.ingest.logs.engines.cluster import Cluster

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'routecost[spark]'")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="there is no Java"),
]
SHEET = "claude-2026-11"
CALLS = 30_000
GENERATED = f"""
COPY (SELECT
  'call-' || (i + {{start}}) AS id,
  ['claude-haiku-5-5', 'claude-sonnet-5-5', 'claude-opus-5-5'][(1 + hash(i + 1) % 3)::BIGINT] AS model,
  'standard' AS mode,
  's' || (i // 30) AS session,
  NULL::VARCHAR AS task, NULL::VARCHAR AS agent, NULL::VARCHAR AS provider,
  ['support', 'triage', 'docs'][(1 + hash(i) % 3)::BIGINT] AS task_type,
  CASE hash(i + 8) % 9 WHEN 0 THEN 'success' WHEN 1 THEN 'failure' END AS outcome,
  CASE WHEN i % 5 = 0 THEN 'USD' END AS currency,
  CASE WHEN i % 97 > 0 THEN 1791763200000000 + i * 80000000 END AS time,
  CASE WHEN i % 7 = 0 THEN (hash(i + 9) % 200000)::BIGINT END AS context,
  CASE WHEN i % 5 = 0 THEN (hash(i + 10) % 100000000)::BIGINT END AS cost,
  1::BIGINT AS calls, false AS is_sum,
  (hash(i + 2) % 4000)::BIGINT AS input, (hash(i + 3) % 1000)::BIGINT AS output,
  (hash(i + 4) % 150000)::BIGINT AS cache_read {{more}}
FROM range({CALLS}) t(i)) TO '{{file}}' (FORMAT parquet, ROW_GROUP_SIZE 2048,
  KV_METADATA {{{{routecost_calls: '1'}}}})
"""


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Two saved files, half of whose calls are the same; the second has one more meter."""
    folder = tmp_path_factory.mktemp("it's [saved]")
    files = [str(folder / f"{number}.parquet") for number in (1, 2)]
    more = ", (hash(i + 5) % 2000)::BIGINT AS cache_write_5m"
    for file, start, added in zip(files, (0, CALLS // 2), ("", more), strict=True):
        duckdb.execute(GENERATED.format(file=file.replace("'", "''"), start=start, more=added))
    return files


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    from tests.ingest.logs.engines import cluster as clusters

    (tmp_path / "spark-defaults.conf").write_text(
        "spark.sql.files.maxPartitionBytes 40000\nspark.sql.shuffle.partitions 4\nspark.executor.memory 1g\n"
    )
    monkeypatch.setenv("SPARK_CONF_DIR", str(tmp_path))
    monkeypatch.setenv("SPARK_LOCAL_IP", clusters.HOST)
    clusters.logging(tmp_path)
    with clusters.cluster(tmp_path) as started:
        yield started


def results(source: routecost.LogSource) -> tuple[LogUsage, Replay]:
    keys = ["task-type", "tier", "week"]
    usage = routecost.log_usage(source, pricing=SHEET, by=keys)
    options = ReplayOptions(default_tier="as-logged")
    tables = replay(source, pricing=[SHEET], tables=["article"], options=options)
    return usage, tables


def plain(results: tuple[LogUsage, Replay]) -> list[Any]:
    """The results without the name under which the calls are counted."""
    return [replace(each, facts=replace(each.facts, records={})) for each in results]


def test_a_cluster_gives_equal_results(logs: list[str], cluster: Cluster) -> None:
    embedded = routecost.LogSource(logs, time_zone="Europe/Berlin")
    on_spark = replace(embedded, engine="spark", master=cluster.url)
    assert plain(results(on_spark)) == plain(results(embedded))


def test_a_worker_that_dies_midway_changes_no_result(logs: list[str], cluster: Cluster) -> None:
    embedded = routecost.LogSource(logs, time_zone="Europe/Berlin")
    on_spark = replace(embedded, engine="spark", master=cluster.url)
    with ThreadPoolExecutor(1) as thread:
        killing = thread.submit(kill_midway, cluster)
        found = results(on_spark)
        assert killing.result() >= 1
    assert sum(worker.poll() is None for worker in cluster.workers) == 1
    assert plain(found) == plain(results(embedded))


def kill_midway(cluster: Cluster) -> int:
    """Kill a worker while tasks run and others are done."""
    from pyspark import SparkContext

    from tests.ingest.logs.engines.cluster import until

    def is_midway() -> bool:
        context = SparkContext._active_spark_context
        if getattr(context, "_jsc", None) is None:  # it starts, or has ended
            return False
        tracker = context.statusTracker()
        stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        return any(
            stage and stage.numTasks > 8 and stage.numCompletedTasks and stage.numActiveTasks
            for stage in stages
        )

    until(is_midway, "some tasks of a stage are done and others run")
    return cluster.kill_worker()
