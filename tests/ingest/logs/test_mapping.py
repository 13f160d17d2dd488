"""Logs with columns of any name are read by mappings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from routecost.errors import DocumentError, UsageError
from routecost.ingest.logs.call import Call
from routecost.ingest.logs.mapping import load_mapping, ready_mappings
from routecost.ingest.logs.read import LogRead, TaskTypes, read_logs
from tests.ingest.logs.collected import Store


def read(
    path: Path, dialect: str | Path = "auto", task_types: TaskTypes | None = None
) -> tuple[list[Call], LogRead]:
    store = Store()
    log = read_logs([path], store, dialect=str(dialect), task_types=task_types)  # type: ignore[arg-type]
    return store.calls, log


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


MAPPING = """
version: 1
mapping: ours
time: {column: at, unit: s}
model: m
meters:
  input: {column: in, includes: [cache_read]}
  cache_read: cached
  output: {column: out, scale: 1000}
cost: {column: cents, scale: 0.01}
currency: {constant: EUR}
id: id
session: s
task: ticket
agent: bot
task_type: kind
outcome: {column: ok, values: {"true": success, "false": failure}}
mode: {column: tier, values: {B: batch}, default: standard}
where: {env: [prod, live]}
labels: {name: title}
"""
HEADER = "at,m,in,cached,out,cents,id,s,ticket,bot,kind,ok,tier,env,title\n"
ROWS = [
    "1795161600.5,x-1,100,40,0.02,1.5,i1,s1,T1,b,triage,true,B,prod,",
    "1795161601,x-1,7,,0,,i2,s1,T1,b,draft,false,A,live,word",
    "1795161601,x-1,7,,0,,i2,s1,T1,b,draft,false,A,test,word",
]
EXPECTED = [
    Call(
        "x-1", 1795161600500000, {"input": 60, "cache_read": 40, "output": 20}, "i1", mode="batch",
        session="s1", task="T1", agent="b", task_type="triage", outcome="success",
        cost=15_000_000, currency="EUR",
    ),
    Call(
        "x-1", 1795161601000000, {"input": 7}, "i2", session="s1", task="T1", agent="b", task_type="draft",
        outcome="failure", currency="EUR", labels={"name": "word"},
    ),
]  # fmt: skip


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    return write(tmp_path / "ours.yaml", MAPPING)


def test_csv_is_read_by_a_mapping(tmp_path: Path, mapping: Path) -> None:
    calls, log = read(write(tmp_path / "log.csv", HEADER + "\n".join(ROWS) + "\n"), mapping)
    assert calls == EXPECTED
    assert (log.calls, log.faults.count) == ({"ours": 2}, 0)


def test_parquet_and_json_lines_give_the_same_calls(tmp_path: Path, mapping: Path) -> None:
    table = write(tmp_path / "log.csv", HEADER + "\n".join(ROWS) + "\n")
    for kind, options in (("parquet", "FORMAT parquet"), ("jsonl", "FORMAT json")):
        other = tmp_path / f"log.{kind}"
        duckdb.connect().execute(f"COPY (SELECT * FROM read_csv('{table}')) TO '{other}' ({options})")
        assert read(other, mapping)[0] == EXPECTED


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("in", "many", '"in" is not a number'),
        ("in", "1e999999", '"in" is not a number'),
        ("in", "nan", '"in" is not a number'),
        ("in", "10.5", '"in" is not a whole number of units'),
        ("in", "30", "input (30) is less than what it includes: cache_read (40)"),
        ("in", "-4", "input (-4) is less than what it includes: cache_read (40)"),
        ("out", "-1", "output is -1000; expected a count from 0 to 9007199254740992"),
        ("at", "soon", '"at" is not a number'),
        ("m", "", '"m" has no model'),
        ("ok", "maybe", '"values" of the mapping do not say what "ok" means here'),
        ("bot", "x" * 201, '"bot" is longer than 200 characters'),
    ],
)
def test_a_bad_row_is_rejected_without_its_text(
    tmp_path: Path, mapping: Path, column: str, value: str, reason: str
) -> None:
    cells = dict(zip(HEADER.strip().split(","), ROWS[0].split(","), strict=True)) | {column: value}
    log = write(tmp_path / "log.csv", HEADER + ROWS[1] + "\n" + ",".join(cells.values()) + "\n")
    calls, found = read(log, mapping)
    assert calls == EXPECTED[1:]
    assert [(reject.line, reject.reason) for reject in found.faults] == [(3, reason)]


def test_rows_without_usage_are_no_calls(tmp_path: Path, mapping: Path) -> None:
    calls, log = read(write(tmp_path / "log.csv", HEADER + "1,x-1,,,,,i1,s1,T1,b,k,true,B,prod,\n"), mapping)
    assert (calls, log.faults.count) == ([], 0)


def test_a_table_without_the_columns_is_an_error_with_all_of_them(tmp_path: Path, mapping: Path) -> None:
    log = write(tmp_path / "log.csv", HEADER.replace("cents", "cent").replace("ticket", "x") + ROWS[0])
    with pytest.raises(UsageError) as error:
        read(log, mapping)
    expected = 'lacks columns of mapping "ours": "ticket" (nearest: "tier"), "cents" (nearest: "cent")'
    assert str(error.value) == f'"{log}" {expected}'


@pytest.mark.parametrize(
    ("time", "value", "expected"),
    [
        ("at", "2026-11-20T08:00:00Z", "2026-11-20T08:00:00+00:00"),
        ("at", "2026-11-20 08:00:00.25", "2026-11-20T08:00:00.250000+00:00"),
        ("at", "2026-11-20", "2026-11-20T00:00:00+00:00"),
        ("{column: at, zone: Europe/Berlin}", "2026-11-20 08:00", "2026-11-20T07:00:00+00:00"),
        ("{column: at, zone: Europe/Berlin}", "2026-11-20 08:00+01:00", "2026-11-20T07:00:00+00:00"),
        ('{column: at, format: "%d/%m/%Y %H:%M"}', "20/11/2026 08:00", "2026-11-20T08:00:00+00:00"),
        ("{column: at, unit: ms}", "1795161600000", "2026-11-20T08:00:00+00:00"),
        ("{column: at, unit: us}", "1795161600000000", "2026-11-20T08:00:00+00:00"),
        ("{column: at, unit: ns}", "1795161600000000999", "2026-11-20T08:00:00+00:00"),
        ("at", "", None),
    ],
)
def test_times(tmp_path: Path, time: str, value: str, expected: str | None) -> None:
    from datetime import UTC, datetime

    mapping = f"version: 1\nmapping: t\nmodel: m\ntime: {time}\nmeters: {{input: n}}\n"
    (call,) = read(write(tmp_path / "log", f"m,n,at\nx,1,{value}\n"), write(tmp_path / "t.yaml", mapping))[0]
    found = None if call.time is None else datetime.fromtimestamp(call.time / 1e6, UTC).isoformat()
    assert found == expected


def test_paths_reach_into_objects_key_value_lists_and_texts_of_json(tmp_path: Path) -> None:
    mapping = write(
        tmp_path / "paths.yaml",
        "version: 1\nmapping: paths\nmodel: a.model\nmeters: {input: 'a.use.in.tokens', output: dotted.out}\n"
        "task_type: tags.kind\ntags: meta\n",
    )
    row = {
        "a": {"model": "x", "use": json.dumps({"in.tokens": 5})},
        "dotted.out": 7,
        "tags": [{"key": "kind", "value": "triage"}],
        "meta": {"Team": "t", "prompt": "p" * 300, "nested": {}},
    }
    (call,) = read(write(tmp_path / "log", json.dumps(row)), mapping)[0]
    assert (call.model, call.units, call.task_type) == ("x", {"input": 5, "output": 7}, "triage")
    assert call.labels == {"tag:Team": "t"}


def test_all_faults_of_a_mapping_are_reported_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path / "bad.yaml",
        """version: 1
mapping: bad
model: {column: m, first: [n]}
tme: at
time: {column: at, zone: Europe/Berln}
meters:
  inptu: a
  output: {column: b, includes: [cache_raed]}
  input: {column: b, includes: [cache_read]}
cost: c
mode: {column: x, rules: [{matches: "(a+)+$", value: b}, {matches: "a.*b.*c.*d.*e", value: b}]}
outcome: {column: x, rules: [{matches: "(?P<one>x", value: y}, {matches: "x", value: "{two}"}]}
""",
    )
    with pytest.raises(DocumentError) as error:
        load_mapping(path)
    found = [f"{one.position.line}:{one.position.column} {one.message}" for one in error.value.findings]
    assert [line.split(";")[0] for line in found] == [
        '3:27 expected exactly one of "column", "first" and "constant"',
        '4:1 unknown key "tme"',
        '5:26 unknown time zone "Europe/Berln"',
        '7:3 unknown meter "inptu"',
        '8:34 unknown meter "cache_raed"',
        "11:37 a group is repeated, which can take too long",
        '11:68 "a.*b.*c.*d.*e" can take too long',
        '12:40 "(?P<one>x" is not a regular expression: missing ), unterminated subpattern at position 0',
        '12:86 no group "two" in "matches"',
    ]
    assert sum("did you mean" in line for line in found) == 4


def test_a_mapping_needs_usage_and_a_currency(tmp_path: Path) -> None:
    path = write(
        tmp_path / "bad.yaml",
        "version: 1\nmapping: bad\nmodel: m\ncost: c\nmeters:\n  input: {column: b, includes: [cache_read]}\n"
        "meter: x\n",
    )
    with pytest.raises(DocumentError) as error:
        load_mapping(path)
    assert [one.message for one in error.value.findings] == [
        'expected both "cost" and "currency", or none of them',
        '"cache_read" is not among the other meters',
        'expected "meters", or "meter" and "quantity"',
    ]


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
