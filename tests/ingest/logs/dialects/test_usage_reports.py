from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from routecost.api.scenarios import load_pricing
from routecost.engine.logs.pricing import CellPricer, unpriced
from routecost.errors import UnpricedError
from routecost.ingest.logs.dialects import anthropic_usage, openai_usage
from routecost.ingest.logs.items import MISSING_PAGES
from routecost.model.logs.cells import Bounds
from routecost.model.pricing.sheet import PricingSheet
from tests.ingest.logs.samples import encoded, faults, log_of, notes, only, page, units

SECONDS = 1_795_132_800
"""2026-11-20 in UTC."""


def anthropic(**values: Any) -> dict[str, Any]:
    return {
        "uncached_input_tokens": 800_000,
        "cache_creation": {"ephemeral_5m_input_tokens": 40_000, "ephemeral_1h_input_tokens": 10_000},
        "cache_read_input_tokens": 2_000_000,
        "output_tokens": 200_000,
        "server_tool_use": {"web_search_requests": 12},
        "model": "claude-haiku-5-5",
        "api_key_id": None,
        "workspace_id": None,
        "service_tier": "standard",
        "context_window": "0-200k",
        "inference_geo": "global",
        **values,
    }


def openai(**values: Any) -> dict[str, Any]:
    return {
        "object": "organization.usage.completions.result",
        "input_tokens": 27_000,
        "input_cached_tokens": 8_000,
        "input_uncached_tokens": 18_000,
        "input_cache_write_tokens": 1_000,
        "output_tokens": 5_000,
        "num_model_requests": 50,
        "project_id": "proj_1",
        "model": "gpt-5.6-terra",
        "batch": False,
        "service_tier": "default",
        **values,
    }


def test_parts_beyond_the_whole_are_named() -> None:
    more = {"input_uncached_tokens": None, "input_cached_tokens": 28_000}
    expected = "data[0].results[0]: the parts of its input_tokens are more than its input_tokens"
    assert faults(openai_usage.parse(page(openai(**more), seconds=SECONDS))) == [expected]


def of_anthropic(**values: Any) -> Any:
    return only(anthropic_usage.parse(page(anthropic(**values))))


def of_openai(**values: Any) -> Any:
    return only(openai_usage.parse(page(openai(**values), seconds=SECONDS)))


def test_sums_of_anthropic() -> None:
    call = of_anthropic()
    assert call.units == {
        "input": 800_000,
        "cache_read": 2_000_000,
        "cache_write_5m": 40_000,
        "cache_write_1h": 10_000,
        "output": 200_000,
        "web_search": 12,
    }
    assert (call.is_sum, call.calls, call.mode, call.provider) == (True, 0, "standard", "anthropic")
    assert notes(anthropic_usage.parse(page(anthropic()))) == [anthropic_usage.NO_CALLS]


def test_sums_of_openai() -> None:
    call = of_openai()
    assert call.units == {"input": 18_000, "cache_read": 8_000, "cache_write_5m": 1_000, "output": 5_000}
    assert (call.is_sum, call.calls, call.mode, call.provider) == (True, 50, "standard", "openai")
    assert call.labels == {"project": "proj_1"}
    assert notes(openai_usage.parse(page(openai(), seconds=SECONDS))) == []


def test_modalities_of_openai_are_without_cached_tokens() -> None:
    call = of_openai(
        input_text_tokens=15_000,
        input_audio_tokens=2_000,
        input_image_tokens=1_000,
        input_cached_text_tokens=7_500,
        input_cached_audio_tokens=500,
        output_text_tokens=4_000,
        output_audio_tokens=1_000,
    )
    assert call.units == {
        "input": 15_000,
        "input_audio": 2_000,
        "input_image": 1_000,
        "cache_read": 7_500,
        "cache_read_audio": 500,
        "cache_write_5m": 1_000,
        "output": 4_000,
        "output_audio": 1_000,
    }


@pytest.mark.parametrize("read", [of_anthropic, of_openai])
def test_a_sum_is_dated_to_its_day_in_most_time_zones(read: Any) -> None:
    assert datetime.fromtimestamp(read().time / 1e6, UTC).isoformat() == "2026-11-20T12:00:00+00:00"


@pytest.mark.parametrize(
    ("tier", "geography", "mode"),
    [
        ("standard", "global", "standard"),
        ("standard", "not_available", "standard"),
        ("standard", "us", "us"),
        ("batch", "global", "batch"),
        ("batch", "us", "batch-us"),
        ("priority_on_demand", None, "priority_on_demand"),
        ("flex_discount", "global", "flex_discount"),
        (None, None, "standard"),
    ],
)
def test_processing_modes_of_anthropic(tier: str | None, geography: str | None, mode: str) -> None:
    assert of_anthropic(service_tier=tier, inference_geo=geography).mode == mode


@pytest.mark.parametrize(
    ("batch", "tier", "mode"),
    [
        (False, "default", "standard"),
        (None, None, "standard"),
        (True, None, "batch"),
        (True, "batch", "batch"),
        (True, "flex", "batch-flex"),
        (False, "priority", "priority"),
        (None, "flex", "flex"),
    ],
)
def test_processing_modes_of_openai(batch: bool | None, tier: str | None, mode: str) -> None:
    assert of_openai(batch=batch, service_tier=tier).mode == mode


def test_what_is_not_grouped_by_is_an_assumption() -> None:
    row = anthropic(service_tier=None, inference_geo=None)
    assert set(notes(anthropic_usage.parse(page(row)))) == {
        anthropic_usage.NO_CALLS,
        anthropic_usage.NO_TIER,
        anthropic_usage.NO_GEO,
    }
    ungrouped = openai(service_tier=None, batch=None)
    assert notes(openai_usage.parse(page(ungrouped, seconds=SECONDS))) == [openai_usage.NO_TIER]


@pytest.mark.parametrize(
    "wrong",
    [
        {"uncached_input_tokens": 1.5},
        {"uncached_input_tokens": True},
        {"output_tokens": "5"},
        {"cache_creation": {"ephemeral_5m_input_tokens": None}},
        {"model": None},
        {"model": 5},
        {"context_window": "SECRET"},
    ],
)
def test_bad_rows_of_anthropic(wrong: dict[str, Any]) -> None:
    found = list(anthropic_usage.parse(page(anthropic(**wrong), anthropic())))
    (fault,) = faults(found)
    assert fault.startswith("data[0].results[0]: ")
    assert "SECRET" not in fault
    assert len([item for item in found if hasattr(item, "units")]) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"input_tokens": 27_000.0},
        {"input_uncached_tokens": 19_000},
        {"input_cached_tokens": 30_000, "input_uncached_tokens": None},
        {"input_audio_tokens": 18_001},
        {"output_audio_tokens": -1},
        {"model": None},
        {"batch": "SECRET"},
    ],
)
def test_bad_rows_of_openai(wrong: dict[str, Any]) -> None:
    found = list(openai_usage.parse(page(openai(**wrong), openai(), seconds=SECONDS)))
    (fault,) = faults(found)
    assert fault.startswith("data[0].results[0]: ")
    assert "SECRET" not in fault


def test_a_negative_count_is_rejected(tmp_path: Path) -> None:
    data = page(anthropic(output_tokens=-1), anthropic(service_tier="batch"))
    with log_of(tmp_path, data) as log:
        assert log.read.faults.count == 1
        assert units(log.cells([], []))["output"] == 200_000


@pytest.mark.parametrize(
    "bucket", [{"results": []}, {"starting_at": "2026-11-20", "ending_at": "2026-11-20"}]
)
def test_a_page_without_times_is_bad(bucket: Mapping[str, Any]) -> None:
    assert faults(read_all({"data": [{"results": [anthropic()], **bucket}], "has_more": False})) != []


def read_all(record: object) -> Any:
    yield from anthropic_usage.parse(encoded(record))


def test_pages_are_recognised() -> None:
    for module, own, other in (
        (anthropic_usage, page(anthropic()), page(openai(), seconds=SECONDS)),
        (openai_usage, page(openai(), seconds=SECONDS), page(anthropic())),
        (anthropic_usage, page(), page(seconds=SECONDS)),
        (openai_usage, page(seconds=SECONDS), page()),
    ):
        assert module.matches(json.loads(own))
        assert not module.matches(json.loads(other))
    cost = {"amount": "1", "currency": "USD"}
    assert not anthropic_usage.matches(json.loads(page(cost)))


def test_a_row_counts_once_and_with_its_latest_counts(tmp_path: Path) -> None:
    early, late = page(anthropic(output_tokens=100)), page(anthropic(output_tokens=150))
    other_key = page(anthropic(api_key_id="key_2", output_tokens=7))
    with log_of(tmp_path, late, early, late, other_key) as log:
        assert units(log.cells([], []))["output"] == 157


def test_equal_rows_of_one_page_both_count(tmp_path: Path) -> None:
    with log_of(tmp_path, page(anthropic(output_tokens=1), anthropic(output_tokens=1))) as log:
        assert units(log.cells([], []))["output"] == 2


def test_a_missing_page_is_noted(tmp_path: Path) -> None:
    first, second, last = (page(anthropic(), day=day, more=day < 22) for day in (20, 21, 22))
    with log_of(tmp_path / "all", first, second, last) as log:
        assert MISSING_PAGES not in log.read.notes
    with log_of(tmp_path / "first", first) as log:
        assert log.read.notes[MISSING_PAGES] == 1
    with log_of(tmp_path / "other", first, page(openai(), seconds=SECONDS + 86_400)) as log:
        assert log.read.notes[MISSING_PAGES] == 1


SHEET = """
version: 1
currency: USD
source: made up
tiers: {small: m}
models:
  m:
    - input: 1
      output: 0
      above: [{tokens: 100000, input: 2, output: 0}, {tokens: 200000, input: 5, output: 0}]
      modes: {us: {input: 1.1, output: 0}}
"""


@pytest.fixture
def sheet(tmp_path: Path) -> PricingSheet:
    file = tmp_path / "sheet.yaml"
    file.write_text(SHEET, encoding="utf-8")
    return load_pricing(str(file))


@pytest.mark.parametrize(("band", "low", "high"), [("0-200k", 1, 2), ("200k-1M", 5, 5), (None, 1, 5)])
def test_the_band_of_contexts_bounds_the_price(
    tmp_path: Path, sheet: PricingSheet, band: str | None, low: int, high: int
) -> None:
    row = anthropic(model="m", context_window=band, uncached_input_tokens=1_000_000) | {
        "cache_creation": None,
        "server_tool_use": None,
        "cache_read_input_tokens": 0,
    }
    with log_of(tmp_path / "log", page(row), page({**row, "service_tier": "standard"}, day=22)) as log:
        (cell,) = log.cells([], [sheet])
    assert CellPricer(sheet).cost(cell) == Bounds(Decimal(2 * low), Decimal(2 * high))


def test_a_regional_mode_without_a_rate_is_an_error(tmp_path: Path, sheet: PricingSheet) -> None:
    row = anthropic(model="m", inference_geo="us", service_tier="batch")
    with log_of(tmp_path / "log", page(row)) as log:
        (found,) = unpriced(log.cells([], [sheet]), CellPricer(sheet))
    assert 'has no "batch-us" rates' in found.reason


MODALITIES = {
    "input_tokens": 3_000_000,
    "input_cached_tokens": 1_000_000,
    "input_uncached_tokens": None,
    "input_cache_write_tokens": 0,
    "output_tokens": 0,
    "model": "m",
}


@pytest.mark.parametrize(("rate", "cost"), [("", 11), (", input_image: 7", 17)])
def test_images_cost_as_text_where_they_have_no_rate(tmp_path: Path, rate: str, cost: int) -> None:
    row = openai(**MODALITIES, input_image_tokens=1_000_000)
    (found,) = costs(tmp_path, row, f"{{input: 1, cache_read: 9, output: 0{rate}}}")
    assert found == Bounds(Decimal(cost), Decimal(cost))


def test_audio_without_a_rate_is_an_error(tmp_path: Path) -> None:
    row = openai(**MODALITIES, input_audio_tokens=1_000_000)
    with pytest.raises(UnpricedError, match='no rate for meter "input_audio"'):
        costs(tmp_path, row, "{input: 1, cache_read: 9, output: 0}")


def costs(folder: Path, row: dict[str, Any], rates: str) -> list[Bounds]:
    file = folder / "sheet.yaml"
    file.write_text(
        f"version: 1\ncurrency: USD\nsource: made up\ntiers: {{s: m}}\nmodels: {{m: [{rates}]}}\n",
        encoding="utf-8",
    )
    sheet = load_pricing(str(file))
    with log_of(folder / "log", page(row, seconds=SECONDS)) as log:
        return [CellPricer(sheet).cost(cell) for cell in log.cells([], [sheet])]
