"""Calls in frames of a caller are grouped and priced as those of a log are."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import pytest

import routecost
from routecost.api.logs.replay import ReplayOptions, replay
from routecost.errors import EnvironmentFailure, UsageError

SHEET = "claude-2026-11"
CALLS = """
SELECT
  ['claude-haiku-5-5', 'claude-sonnet-5-5'][(1 + i % 2)::BIGINT] AS model,
  's' || (i // 10) AS session,
  CASE WHEN i % 19 > 0 THEN 1791763200000000 + i * 3600000000 END AS time,
  100 + i AS input, 50 + i % 7 AS output, (i % 5) * 40000 AS cache_read
FROM range(1000) t(i)
"""


def relation_of(query: str) -> duckdb.DuckDBPyRelation:
    relation = duckdb.sql(query)
    assert relation is not None
    return relation


def saved(folder: Path, columns: str = "*") -> str:
    """A saved log with the calls, and all columns that saved logs have."""
    relation = relation_of(CALLS)  # noqa: F841  the query names it
    file = folder / "calls.parquet"
    names = ("id", "mode", "task", "agent", "task_type", "outcome", "currency", "provider")
    texts = ", ".join(
        f"{'NULL' if name != 'mode' else repr('standard')}::VARCHAR AS {name}" for name in names
    )
    duckdb.execute(
        f"COPY (SELECT {columns}, {texts}, NULL::BIGINT AS context, NULL::BIGINT AS cost, "
        f"1::BIGINT AS calls, false AS is_sum FROM relation) TO '{file}' "
        "(FORMAT parquet, KV_METADATA {routecost_calls: '1'})"
    )
    return str(file)


def results(source: routecost.LogSource) -> list[Any]:
    usage = routecost.log_usage(source, pricing=SHEET, by=["tier", "week"])
    options = ReplayOptions(default_tier="opus", by_session=True)
    found = replay(source, pricing=[SHEET], tables=["article"], options=options)
    return [replace(each, facts=replace(each.facts, logs=(), records={})) for each in (usage, found)]


@pytest.mark.parametrize("engine", ["duckdb", "pandas", pytest.param("pyarrow", marks=pytest.mark.slow)])
def test_a_frame_of_any_engine_gives_the_results_of_the_log(tmp_path: Path, engine: str) -> None:
    relation = relation_of(CALLS)
    frame = {
        "duckdb": relation,
        "pandas": relation.df().convert_dtypes(),
        "pyarrow": relation.to_arrow_table(),
    }
    source = routecost.LogSource(frame=frame[engine], time_zone="Europe/Berlin")
    log = routecost.LogSource([saved(tmp_path)], time_zone="Europe/Berlin")
    assert results(source) == results(log)


def test_narwhals_frames_and_only_the_columns_of_interest_are_enough() -> None:
    frame = nw.from_native(relation_of("SELECT 'claude-haiku-5-5' AS model, 1000000 AS input"))
    usage = routecost.log_usage(routecost.LogSource(frame=frame), pricing=SHEET)
    assert usage.total.calls == 1
    assert usage.facts.logs == ("calls of a frame",)
    assert usage.total.cost.low == usage.total.cost.high > 0


def test_a_cost_without_usage_has_no_price() -> None:
    query = """
        SELECT 'claude-haiku-5-5' AS model, i * 1000 AS input, 500000 AS cost, 'USD' AS currency
        FROM range(2) t(i)
    """
    usage = routecost.log_usage(routecost.LogSource(frame=relation_of(query)), pricing=SHEET)
    assert (usage.total.calls, usage.total.unpriced_calls, usage.total.most) == (2, 1, None)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT 'm' AS model, 1 AS cache_reads", 'unknown column "cache_reads"; did you mean "cache_read"'),
        ("SELECT 1 AS input, 'x' AS output", '"output" is String, expected whole numbers; no column "model"'),
        ("SELECT 'claude-haiku-5-5' AS model", 'no column of a meter, such as "input"'),
        ("SELECT 1 AS model, 1 AS input", '"model" is Int32, expected text'),
        ("SELECT 'm' AS model, 0 AS is_sum", '"is_sum" is Int32, expected true or false'),
        (
            "SELECT 'm' AS model, CASE WHEN i > 2 THEN i - 5 END AS input FROM range(9) t(i)",
            'values of the frame are missing or negative: 5 of "input"',
        ),
        ("SELECT NULL::VARCHAR AS model, 1 AS input", 'missing or negative: 1 of "model"'),
    ],
)
def test_wrong_columns_and_values_are_errors(query: str, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        routecost.log_usage(routecost.LogSource(frame=duckdb.sql(query)), pricing=SHEET)
    assert message in str(raised.value)


def test_what_is_no_frame_is_an_error() -> None:
    with pytest.raises(UsageError, match="list is no frame that Narwhals reads"):
        routecost.log_usage(routecost.LogSource(frame=[1]), pricing=SHEET)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"engine": "sparc", "paths": ["x"]}, 'no engine "sparc"; did you mean "spark"?'),
        ({"engine": "spark", "paths": ["x"]}, "--engine spark requires --master URL"),
        ({"master": "local", "paths": ["x"]}, "--master requires --engine spark"),
        ({"frame": pd.DataFrame(), "paths": ["x"]}, "a frame of calls cannot be combined with paths"),
        ({"frame": pd.DataFrame(), "task_types": "agent"}, "--task-type is for logs that are read here"),
        (
            {"engine": "spark", "master": "local", "paths": ["x"], "dialect": "otel"},
            "--dialect is for logs that are read here",
        ),
    ],
)
def test_options_that_an_engine_does_not_have_are_errors(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        routecost.log_usage(routecost.LogSource(**options), pricing=SHEET)
    assert message in str(raised.value)


def test_without_spark_the_message_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "routecost.ingest.logs.spark", raising=False)
    loaded = [name for name in sys.modules if name.partition(".")[0] in ("pyspark", "py4j")]
    for name in {"pyspark", "pyspark.sql", "py4j.protocol", *loaded}:
        monkeypatch.setitem(sys.modules, name, None)
    source = routecost.LogSource([saved(tmp_path)], engine="spark", master="local")
    with pytest.raises(EnvironmentFailure, match=r'pip install "routecost\[spark\]"'):
        routecost.log_usage(source, pricing=SHEET)
