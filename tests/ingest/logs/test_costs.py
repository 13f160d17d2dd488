from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from routecost.errors import DocumentError, UsageError
from routecost.ingest.logs.costs.read import read_costs
from routecost.ingest.logs.items import MISSING_PAGES
from routecost.model.logs.costs import CostLine
from tests.ingest.logs.samples import page

SECONDS = 1_795_132_800
DAY = date(2026, 11, 20)


def anthropic(**values: Any) -> dict[str, Any]:
    return {
        "amount": "123.45",
        "currency": "USD",
        "cost_type": "tokens",
        "description": "Claude Haiku 5.5 Usage - Input Tokens",
        "token_type": "uncached_input_tokens",
        "model": "claude-haiku-5-5",
        "service_tier": "standard",
        "context_window": "0-200k",
        "inference_geo": "global",
        "workspace_id": None,
        **values,
    }


def openai(
    value: object = 0.0123, item: str | None = "gpt-5.6-terra, cached input", currency: str = "usd"
) -> dict[str, Any]:
    return {
        "object": "organization.costs.result",
        "amount": {"value": value, "currency": currency},
        "line_item": item,
        "project_id": "proj_1",
        "quantity": 8000,
    }


def costs_of(folder: Path, *rows: Mapping[str, Any], seconds: int | None = None) -> list[CostLine]:
    (folder / "costs.json").write_bytes(page(*rows, seconds=seconds))
    return read_costs([folder / "costs.json"]).lines


def faults_of(file: Path) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        read_costs([file])
    return [str(finding).removeprefix(f"{file.parent}/") for finding in caught.value.findings]


def test_amounts_of_anthropic_are_in_cents(tmp_path: Path) -> None:
    assert costs_of(tmp_path, anthropic()) == [
        CostLine(
            DAY,
            Decimal("1.2345"),
            "USD",
            "Claude Haiku 5.5 Usage - Input Tokens",
            "claude-haiku-5-5",
            "input",
            "standard",
        )
    ]


@pytest.mark.parametrize(
    ("values", "meter", "mode"),
    [
        ({"token_type": "output_tokens"}, "output", "standard"),
        ({"token_type": "cache_read_input_tokens"}, "cache_read", "standard"),
        ({"token_type": "cache_creation.ephemeral_5m_input_tokens"}, "cache_write_5m", "standard"),
        ({"token_type": "cache_creation.ephemeral_1h_input_tokens"}, "cache_write_1h", "standard"),
        ({"token_type": None, "cost_type": "web_search"}, "web_search", "standard"),
        ({"token_type": None, "cost_type": "code_execution"}, None, "standard"),
        ({"service_tier": "batch", "inference_geo": "us"}, "input", "batch-us"),
        ({"service_tier": None}, "input", None),
    ],
)
def test_meters_and_modes_of_anthropic(
    tmp_path: Path, values: dict[str, Any], meter: str | None, mode: str | None
) -> None:
    (line,) = costs_of(tmp_path, anthropic(**values))
    assert (line.meter, line.mode) == (meter, mode)


def test_costs_that_are_not_grouped(tmp_path: Path) -> None:
    nothing = dict.fromkeys(("cost_type", "description", "token_type", "model", "service_tier"))
    assert costs_of(tmp_path, anthropic(**nothing)) == [CostLine(DAY, Decimal("1.2345"), "USD", "all costs")]
    assert costs_of(tmp_path, openai(item=None), seconds=SECONDS) == [
        CostLine(DAY, Decimal("0.0123"), "USD", "all costs")
    ]


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (0.0123, "0.0123"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e-7, "1E-7"),
        (3, "3"),
        ("0.0600", "0.0600"),
        (-2, "-2"),
    ],
)
def test_amounts_of_openai_are_in_dollars(tmp_path: Path, value: object, amount: str) -> None:
    (line,) = costs_of(tmp_path, openai(value), seconds=SECONDS)
    assert (str(line.amount), line.currency) == (amount, "USD")


@pytest.mark.parametrize(
    ("item", "model", "meter"),
    [
        ("gpt-5.6-terra, cached input", "gpt-5.6-terra", "cache_read"),
        ("gpt-5.6-terra, cache writes", "gpt-5.6-terra", "cache_write_5m"),
        ("gpt-5.6-terra, input", "gpt-5.6-terra", "input"),
        ("gpt-realtime audio, output", "gpt-realtime", "output_audio"),
        ("gpt-realtime text, cached input", "gpt-realtime", "cache_read"),
        ("gpt-realtime audio, cached input", "gpt-realtime", "cache_read_audio"),
        ("web search tool calls", None, None),
        ("assistants api | file search", None, None),
    ],
)
def test_line_items_of_openai(tmp_path: Path, item: str, model: str | None, meter: str | None) -> None:
    (line,) = costs_of(tmp_path, openai(item=item), seconds=SECONDS)
    assert (line.line, line.model, line.meter) == (item, model, meter)


def test_a_row_of_two_files_counts_once(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(page(anthropic(amount="1"), more=True))
    (tmp_path / "b.json").write_bytes(page(anthropic(amount="2"), anthropic(workspace_id="w")))
    (tmp_path / "c.jsonl").write_bytes(page(anthropic(amount="1"), day=21) + b"\n")
    found = read_costs([tmp_path])
    assert sorted(line.amount for line in found.lines) == [
        Decimal("0.01"),
        Decimal("0.02"),
        Decimal("1.2345"),
    ]
    assert found.notes == {}


def test_a_missing_page_is_noted(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(page(anthropic(), more=True))
    assert read_costs([tmp_path]).notes == {MISSING_PAGES: 1}


def test_all_faults_of_pages_are_reported(tmp_path: Path) -> None:
    bad = [
        anthropic(amount=123.45),
        anthropic(amount="SECRET"),
        anthropic(amount="12%"),
        anthropic(currency="SECRET"),
        anthropic(model=4),
        anthropic(),
    ]
    file = tmp_path / "costs.json"
    file.write_bytes(json.dumps(json.loads(page(*bad)), indent=1).encode())
    faults = faults_of(file)
    assert [fault.split(": ")[:2] for fault in faults] == [
        ["costs.json:1:1", f"data[0].results[{number}]"] for number in range(5)
    ]
    assert "SECRET" not in "".join(faults)
    file.write_bytes(page(openai(True), openai("1e999"), openai(None), seconds=SECONDS))
    assert len(faults_of(file)) == 3


def test_costs_in_csv(tmp_path: Path) -> None:
    file = tmp_path / "costs.csv"
    file.write_text(
        "amount, Day,model,line,meter,currency,mode\n"
        '"1,5",2026-11-20,,,,,\n'
        "1.50,2026-11-20,m,,,,\n\n"
        '-2,2026-11-21,,"credit, from May",input,eur,batch\n',
        encoding="utf-8-sig",
    )
    assert faults_of(file) == ["costs.csv:2:1: its amount is not a decimal number of at most 20 digits"]
    file.write_text(file.read_text(encoding="utf-8-sig").replace('"1,5"', "15"), encoding="utf-8")
    assert read_costs([file]).lines == [
        CostLine(DAY, Decimal(15), "USD", "all costs"),
        CostLine(DAY, Decimal("1.50"), "USD", "m", "m"),
        CostLine(date(2026, 11, 21), Decimal(-2), "EUR", "credit, from May", None, "input", "batch"),
    ]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("day,cost\n", ['1:2: column "cost" is unknown', '1:1: no column "amount"']),
        ("day,amount,day\n", ['1:3: column "day" is repeated']),
        (
            "day,amount\n2026-13-01,1\n2026-11-20\nx,y\n",
            ["2:1: its day", "3:1: it has 1 columns", "4:1: its day"],
        ),
        ("day,amount,meter\n2026-11-20,1,inputs\n", ['2:1: unknown meter "inputs"; did you mean "input"?']),
    ],
)
def test_all_faults_of_csv_are_reported(tmp_path: Path, text: str, faults: list[str]) -> None:
    file = tmp_path / "costs.csv"
    file.write_text(text, encoding="utf-8")
    found = faults_of(file)
    assert len(found) == len(faults)
    for fault in faults:
        assert any(one.startswith(f"costs.csv:{fault}") for one in found), found


@pytest.mark.parametrize(
    "data", [b'{"a": 1}', b'{"data": [{"results": [{"uncached_input_tokens": 1}]}]}', b"[1]"]
)
def test_other_files_are_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "costs.json"
    file.write_bytes(data)
    with pytest.raises((UsageError, DocumentError), match="expected"):
        read_costs([file])
