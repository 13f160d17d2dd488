"""Real traces, read as logs: published counts, means and cache hits, and scenarios that cost the same."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

import routecost
from routecost.api.logs.calibrate import calibrate
from routecost.api.logs.source import LogSource
from routecost.api.logs.usage import log_usage
from routecost.model.results.logs.usage import UsageRow
from tests.support.shared_data import published, shared_data

SHEET = """\
version: 1
currency: USD
source: invented
tiers: {served: served}
models:
  served:
    - input: 1
      output: 4
      cache_read: 0.1
      cache_write_5m: 1.25
      above: [{tokens: 8000, input: 2, output: 8, cache_read: 0.2, cache_write_5m: 2.5}]
"""
AZURE = """\
version: 1
mapping: azure-llm-inference
time: TIMESTAMP
model: {constant: served}
task_type: {constant: code}
meters: {input: ContextTokens, output: GeneratedTokens}
"""
MOONCAKE = """\
version: 1
mapping: mooncake-with-hits
time: {column: timestamp, unit: ms, start: 2023-11-14}
model: {constant: served}
meters:
  input: {column: input_length, includes: [cache_read]}
  cache_read: hit_tokens
  output: output_length
"""
BLOCK = 512
"""The tokens that a hash of Mooncake's trace stands for."""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    (tmp_path / "served.yaml").write_text(SHEET)
    return tmp_path / "served.yaml"


def total(source: LogSource, sheet: Path) -> UsageRow:
    return log_usage(source, pricing=sheet, by=["model"]).total


def mapped(folder: Path, mapping: str, log: Path) -> LogSource:
    (folder / "mapping.yaml").write_text(mapping)
    return LogSource([log], dialect=str(folder / "mapping.yaml"))


def test_azures_code_trace_has_its_published_counts_and_means(tmp_path: Path, sheet: Path) -> None:
    source = mapped(tmp_path, AZURE, shared_data("trace_azure_llm_2023_code.csv"))
    usage = total(source, sheet)
    assert usage.calls == 8819
    assert usage.units["input"] / usage.calls == pytest.approx(2047.8, abs=0.05)
    assert usage.units["output"] / usage.calls == pytest.approx(27.9, abs=0.05)


def test_a_scenario_from_azures_trace_costs_what_the_trace_costs(tmp_path: Path, sheet: Path) -> None:
    source = mapped(tmp_path, AZURE, shared_data("trace_azure_llm_2023_code.csv"))
    found = calibrate(source, pricing=sheet, output=tmp_path / "fleet.yaml")
    (tmp_path / "fleet.yaml").write_text(found.scenario_text)
    scenario = routecost.load_scenario(tmp_path / "fleet.yaml")
    (task,) = scenario.workload.task_types
    assert (task.name, task.tasks_per_day) == ("code", Decimal(8819))
    mean = float(sum(cell.weight * cell.input for cell in task.tokens.cells))
    assert mean == pytest.approx(2047.8, abs=0.05)
    cost = routecost.compare(scenario)["as-logged"].cost_per_day
    assert float(cost) == pytest.approx(float(found.total.logged.low), rel=1e-9)
    assert "The calls span 0.954 hours of 1 day" in " ".join(found.statements)


def with_hits(trace: Path) -> Iterator[dict[str, int]]:
    """Mooncake's requests, with the tokens that an unbounded cache of blocks of prefixes holds."""
    seen: set[int] = set()
    with gzip.open(trace, "rt", encoding="utf-8") as lines:
        for line in lines:
            request = json.loads(line)
            blocks = request["hash_ids"]
            first = next((at for at, block in enumerate(blocks) if block not in seen), len(blocks))
            seen.update(blocks)
            hits = min(first * BLOCK, request["input_length"])
            yield {
                "timestamp": request["timestamp"],
                "input_length": request["input_length"],
                "output_length": request["output_length"],
                "hit_tokens": hits,
                "blocks": len(blocks),
                "hits": first,
            }


def test_mooncakes_trace_has_its_published_cache_hits(tmp_path: Path, sheet: Path) -> None:
    requests = [*with_hits(shared_data("trace_mooncake_synthetic.jsonl.gz"))]
    blocks = sum(request["blocks"] for request in requests)
    assert sum(request["hits"] for request in requests) / blocks == pytest.approx(0.6396, abs=0.00005)
    log = tmp_path / "requests.jsonl"
    log.write_text("".join(f"{json.dumps(request)}\n" for request in requests))
    usage = total(mapped(tmp_path, MOONCAKE, log), sheet)
    table = published("Mooncake", "Table2_FAST25")
    text = usage.units["input"] + usage.units["cache_read"]
    assert usage.calls == table["synthetic", "requests"]
    assert text / usage.calls == pytest.approx(table["synthetic", "avg_in"], abs=0.5)
    assert usage.units["output"] / usage.calls == pytest.approx(table["synthetic", "avg_out"], abs=0.5)
    share = usage.units["cache_read"] / text
    assert share == pytest.approx(0.651, abs=0.0005)
    assert share == pytest.approx(table["synthetic", "cache_ratio_pct"] / 100, abs=0.01)  # as they round it


def test_a_scenario_from_mooncakes_trace_has_its_cache_hits(tmp_path: Path, sheet: Path) -> None:
    log = tmp_path / "requests.jsonl"
    requests = [*with_hits(shared_data("trace_mooncake_synthetic.jsonl.gz"))]
    log.write_text("".join(f"{json.dumps(request)}\n" for request in requests))
    found = calibrate(mapped(tmp_path, MOONCAKE, log), pricing=sheet, output=tmp_path / "fleet.yaml")
    (tmp_path / "fleet.yaml").write_text(found.scenario_text)
    usage = routecost.compare(tmp_path / "fleet.yaml")["as-logged"]
    assert float(usage.cost_per_day) == pytest.approx(float(found.total.logged.low), rel=0.005)
