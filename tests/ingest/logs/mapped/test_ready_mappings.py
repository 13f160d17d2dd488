"""Ready mappings read the logs of OpenRouter and Helicone, and the bills of clouds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.errors import UsageError
from routecost.ingest.logs.call import BadRecordError, Call, check
from routecost.ingest.logs.mapping import ready_mappings
from routecost.ingest.logs.store import columns as columns_of
from tests.examples import FEWER_EXAMPLES
from tests.ingest.logs.collected import read, write


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    header = list(dict.fromkeys(name for row in rows for name in row))
    return "\n".join(
        [",".join(header), *(",".join(f'"{row.get(name, "")}"' for name in header) for row in rows)]
    )


OPENROUTER = {
    "generation_id": "gen-1", "created_at": "2026-11-20 08:00:00.713", "cost_total": "0.00024",
    "byok_usage_inference": "0", "tokens_prompt": "3000", "tokens_completion": "120",
    "tokens_reasoning": "40", "tokens_cached": "2400",
    "model_permaslug": "anthropic/claude-haiku-5.5-20261014",
    "provider_name": "Anthropic", "variant": "standard", "app_name": "support, EU", "cost_cache": "-0.1",
}  # fmt: skip
BYOK = OPENROUTER | {"generation_id": "gen-2", "cost_total": "0", "byok_usage_inference": "0.0074"}
FREE = OPENROUTER | {"generation_id": "gen-3", "variant": "free"}


def test_openrouter(tmp_path: Path) -> None:
    calls, log = read(write(tmp_path / "log", _csv([OPENROUTER, BYOK, FREE])))
    assert log.calls == {"openrouter": 3}
    assert [call.units for call in calls] == [{"input": 600, "cache_read": 2400, "output": 120}] * 3
    assert [call.cost for call in calls] == [240_000, 7_400_000, 240_000]
    assert [call.model.rsplit("-", 1)[1] for call in calls] == ["20261014", "20261014", "20261014:free"]
    assert {call.task_type for call in calls} == {"support, EU"}


HELICONE = {
    "request_id": "r1", "request_created_at": "2026-11-20T08:00:00.000Z", "response_status": 200,
    "request_model": "claude-haiku-5-5", "response_model": "claude-haiku-5-5-20261014",
    "model_override": None, "provider": "ANTHROPIC", "prompt_tokens": 300, "prompt_cache_write_tokens": 300,
    "prompt_cache_read_tokens": 2400, "completion_tokens": 120, "total_tokens": 420, "cost": 0.0001395,
    "request_properties": {"Task": "triage", "Helicone-Session-Id": "s1"}, "scores": {"correct": 1},
}  # fmt: skip


def test_helicone(tmp_path: Path) -> None:
    rows = [HELICONE, HELICONE | {"cost": None, "response_status": 429, "model_override": "own"}]
    calls, log = read(write(tmp_path / "log", "\n".join(map(json.dumps, rows))))
    assert log.calls == {"helicone": 2}
    assert calls[0].units == {"input": 300, "cache_read": 2400, "cache_write_5m": 300, "output": 120}
    assert [(call.cost, call.outcome, call.model) for call in calls] == [
        (139_500, None, "claude-haiku-5-5-20261014"),
        (None, "failure", "own"),
    ]
    assert (calls[0].session, calls[0].task_type) == ("s1", "triage")
    assert calls[0].scores == {"correct": 1}


AWS = {
    "line_item_usage_account_id": "2", "line_item_line_item_type": "Usage",
    "line_item_usage_start_date": "2026-11-20T08:00:00Z", "line_item_product_code": "AmazonBedrockService",
    "line_item_usage_amount": "150", "pricing_unit": "1K tokens", "line_item_unblended_cost": "0.45",
    "line_item_currency_code": "USD", "resource_tags": "{}",
}  # fmt: skip


@pytest.mark.parametrize(
    ("usage_type", "model", "meter", "mode"),
    [
        ("USE1-Claude4.6Sonnet-input-tokens-cross-region-global", "claude-sonnet-4.6", "input", "standard"),
        ("Claude4.6Sonnet-output-tokens", "claude-sonnet-4.6", "output", "standard"),
        ("EUW1-Claude4.6Sonnet-cache-read-input-token-count", "claude-sonnet-4.6", "cache_read", "standard"),
        ("USE1-Claude3Haiku-cache-write-input-token-count", "claude-3-haiku", "cache_write_5m", "standard"),
        ("USE1-Claude4.6Sonnet-input-tokens-batch", "claude-sonnet-4.6", "input", "batch"),
        (
            "USE1-anthropic.claude-opus-4-8-mantle-cache-write-tokens-global-standard",
            "anthropic.claude-opus-4-8",
            "cache_write_5m",
            "standard",
        ),
        (
            "USE1-anthropic.claude-opus-4-8-mantle-output-tokens-global-flex",
            "anthropic.claude-opus-4-8",
            "output",
            "flex",
        ),
        ("USW2-NovaLite-input-tokens", "novalite", "input", "standard"),
    ],
)
def test_bedrock_on_an_aws_bill(tmp_path: Path, usage_type: str, model: str, meter: str, mode: str) -> None:
    rows = [AWS | {"line_item_usage_type": usage_type}, AWS | {"line_item_line_item_type": "Tax"}]
    (call,), log = read(write(tmp_path / "log", _csv(rows)))
    assert log.faults.count == 0
    assert (call.model, call.units, call.mode, call.cost) == (model, {meter: 150_000}, mode, 450_000_000)
    assert (call.is_sum, call.calls) == (True, 0)


def test_a_usage_type_of_another_grammar_is_rejected(tmp_path: Path) -> None:
    rows = [AWS | {"line_item_usage_type": "USE1-Guardrail-TextUnits"}]
    calls, log = read(write(tmp_path / "log", _csv(rows)))
    assert (calls, log.faults.count) == ([], 1)


GCP = {
    "billing_account_id": "01", "service": {"description": "Gemini API"}, "cost_type": "regular",
    "usage_start_time": "2026-11-20T08:00:00Z", "project": {"id": "fleet"}, "cost": 1.25, "currency": "EUR",
    "labels": [{"key": "task", "value": "triage"}], "credits": [{"amount": -0.25}],
    "usage": {"amount": 833333.0, "amount_in_pricing_units": 0.833333},
}  # fmt: skip


@pytest.mark.parametrize(
    ("sku", "meter", "mode"),
    [
        ("Generate content input token count gemini 3.6 flash text", "input", "standard"),
        ("Generate content cached input token count gemini 3.6 flash text", "cache_read", "standard"),
        ("Generate content output token count gemini 3.6 flash text flex", "output", "flex"),
        ("Generate content input token count gemini 3.6 flash image batch", "input_image", "batch"),
        ("Generate content input token count gemini 3.6 flash text long", "input", "standard"),
    ],
)
def test_gemini_on_a_google_bill(tmp_path: Path, sku: str, meter: str, mode: str) -> None:
    row = GCP | {"sku": {"description": sku}}
    (call,), log = read(write(tmp_path / "log", json.dumps(row)))
    assert log.faults.count == 0
    assert (call.model, call.units, call.mode) == ("gemini-3.6-flash", {meter: 833_333}, mode)
    assert (call.cost, call.currency, call.task_type) == (1_250_000_000, "EUR", "triage")


def test_focus(tmp_path: Path) -> None:
    text = (
        "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ConsumedQuantity,ConsumedUnit,ProviderName,"
        "ServiceSubcategory,SkuMeter,SkuPriceDetails,SubAccountId,Tags,x_TaskType\n"
        "0.08,USD,Usage,2026-11-20T00:00:00Z,0.8,Million Tokens,Anthropic,Generative AI,Input Tokens,"
        '"{""ModelVersion"":""claude-haiku-5-5""}",w,"{""task"":""triage""}",draft\n'
    )
    (call,), log = read(write(tmp_path / "log", text))
    assert log.faults.count == 0
    assert (call.model, call.units, call.cost) == ("claude-haiku-5-5", {"input": 800_000}, 80_000_000)
    assert call.task_type == "triage"


def test_no_log_is_recognised_by_two_ready_mappings() -> None:
    ready = ready_mappings()
    assert sorted(ready) == ["aws-cur-bedrock", "focus", "gcp-billing", "helicone", "openrouter"]
    assert [name for name, one in ready.items() if name != one.NAME] == []
    for sample in (
        OPENROUTER,
        HELICONE,
        AWS | {"line_item_usage_type": "x"},
        GCP | {"sku": {"description": "x"}},
    ):
        assert sum(one.matches(sample) for one in ready.values()) == 1


SECRET = "sk-secret"


@pytest.mark.parametrize("row", [OPENROUTER, HELICONE, AWS | {"line_item_usage_type": "x"}, GCP | {"sku": 1}])
def test_no_fault_or_call_has_the_text_of_another_column(tmp_path: Path, row: dict[str, Any]) -> None:
    for column in (*row, "prompt"):
        text = json.dumps({**row, column: f"{SECRET} {'x' * 300}"})
        assert SECRET not in _all_that_is_said(write(tmp_path / "log", text))


def _all_that_is_said(path: Path) -> str:
    try:
        return repr(read(path))
    except UsageError as error:
        return str(error)


LEAVES = (
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text() | st.sampled_from(["[", '{"a": 1}'])
)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5
)


@FEWER_EXAMPLES
@given(st.sampled_from([OPENROUTER, HELICONE, AWS | {"line_item_usage_type": "x"}, GCP]), st.data())
def test_a_row_with_anything_in_it_is_read_or_rejected(row: dict[str, Any], data: st.DataObject) -> None:
    columns = data.draw(st.lists(st.sampled_from([*row]), max_size=3))
    changed = row | {column: data.draw(ANYTHING) for column in columns}
    for dialect in READY:
        with suppress(BadRecordError):
            for call in dialect.parse_row(changed):
                if isinstance(call, Call):
                    check(call)
                    columns_of([call])


READY = tuple(ready_mappings().values())
