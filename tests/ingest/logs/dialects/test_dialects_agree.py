"""The same calls in several dialects have the same price."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from routecost.api.scenarios import load_pricing
from routecost.engine.logs.pricing import CellPricer
from routecost.ingest.logs.call import counted
from routecost.ingest.logs.dialects import claude_code as claude_code_dialect
from routecost.ingest.logs.dialects import langfuse as langfuse_dialect
from routecost.ingest.logs.dialects import otel as otel_dialect
from routecost.model.logs.cells import Bounds, Cell
from routecost.model.pricing.sheet import PricingSheet
from tests.ingest.logs.samples import chat, encoded, log_of, observation, only, otlp, span

SHEET = load_pricing("claude-2026-11")
MODELS = ("claude-haiku-5-5", "claude-haiku-5-5-20261014", "claude-sonnet-5-5", "claude-opus-5-5")
EDGE = 100_000
"""The context above which claude-haiku-5-5 is more expensive."""

counts = st.integers(0, 3_000) | st.integers(0, 150_000) | st.sampled_from([EDGE - 1, EDGE, EDGE + 1])
logged_calls = st.fixed_dictionaries(
    {
        "model": st.sampled_from(MODELS),
        "second": st.integers(1_790_000_000, 1_797_000_000),
        "input": counts,
        "read": counts,
        "written": counts,
        "output": st.integers(1, 50_000),
        "failed": st.booleans(),
    }
)
Logged = dict[str, Any]


def claude_code(number: int, call: Logged) -> dict[str, Any]:
    usage = {
        "input_tokens": call["input"],
        "output_tokens": call["output"],
        "cache_read_input_tokens": call["read"],
        "cache_creation_input_tokens": call["written"],
    }
    message = {"id": f"msg_{number}", "model": call["model"], "usage": usage}
    time = str(datetime_of(call["second"]))
    return {"type": "assistant", "timestamp": time, "sessionId": "s", "message": message}


def datetime_of(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def otel(number: int, call: Logged) -> dict[str, Any]:
    attributes = chat(
        input_tokens=call["input"] + call["read"] + call["written"],
        output_tokens=call["output"],
        cache_read__input_tokens=call["read"],
        cache_creation__input_tokens=call["written"],
    )
    status = {"code": 2} if call["failed"] else {}
    return span(
        {**attributes, "response.model": call["model"]},
        number=number + 1,
        startTimeUnixNano=f"{call['second']}000000000",
        status=status,
    )


def langfuse(number: int, call: Logged) -> dict[str, Any]:
    details = {
        "input": call["input"],
        "cache_read_input_tokens": call["read"],
        "cache_creation_input_tokens": call["written"],
        "output": call["output"],
    }
    return observation(
        {**details, "total": sum(details.values())},
        id=f"o{number}",
        provided_model_name=call["model"],
        start_time=f"{datetime_of(call['second']):%Y-%m-%d %H:%M:%S}",
    )


def priced(folder: Path, data: bytes, sheet: PricingSheet) -> dict[str, Bounds]:
    pricer = CellPricer(sheet)
    with log_of(folder, data) as log:
        assert log.read.faults.count == 0
        cells: list[Cell] = log.cells(["day"], [sheet])
    total: dict[str, Bounds] = {}
    for cell in cells:
        key = f"{cell.keys['day']} {cell.model}"
        total[key] = total.get(key, Bounds(Decimal(0), Decimal(0))).plus(pricer.cost(cell))
    return total


@given(logged_calls)
def test_a_call_is_the_same_in_all_dialects(logged: Logged) -> None:
    found = [
        only(claude_code_dialect.parse(encoded(claude_code(0, logged)))),
        only(otel_dialect.parse(otlp(otel(0, logged)))),
        only(langfuse_dialect.parse(encoded(langfuse(0, logged)))),
    ]
    meters = {"input": "input", "cache_read": "read", "cache_write_5m": "written", "output": "output"}
    for call in found:
        call.units = counted(call.units)
        assert call.units == counted({meter: logged[name] for meter, name in meters.items()})
        for name in ("model", "time", "mode", "calls", "is_sum", "context"):
            assert getattr(call, name) == getattr(found[0], name)


def test_claude_code_opentelemetry_and_langfuse_price_the_same(tmp_path: Path) -> None:
    random = Random(17)
    sizes = (0, 5, 900, 60_000, EDGE - 1, EDGE, EDGE + 1)
    logged: list[Logged] = [
        {
            "model": random.choice(MODELS),
            "second": random.randrange(1_790_000_000, 1_797_000_000),
            **{name: random.choice(sizes) for name in ("input", "read", "written")},
            "output": random.randrange(1, 5_000),
            "failed": random.random() < 0.1,
        }
        for _ in range(400)
    ]
    lines = {
        "claude_code": b"\n".join(encoded(claude_code(*call)) for call in enumerate(logged)),
        "otel": otlp(*(otel(*call) for call in enumerate(logged))),
        "langfuse": b"\n".join(encoded(langfuse(*call)) for call in enumerate(logged)),
    }
    found = {name: priced(tmp_path / name, data, SHEET) for name, data in lines.items()}
    assert found["otel"] == found["claude_code"]
    assert found["langfuse"] == found["claude_code"]
    assert all(bounds.is_exact for bounds in found["otel"].values())
    assert sum(bounds.low for bounds in found["otel"].values()) == sum(map(by_hand, logged), Decimal(0))


RATES = {"haiku": ("0.1", "0.5", "0.01"), "sonnet": ("2", "10", "0.1"), "opus": ("4", "20", "0.2")}
"""Rates of input, output and cache reads in dollars per million tokens."""


def by_hand(call: Logged) -> Decimal:
    family = call["model"].split("-")[1]
    rate, output, read = map(Decimal, RATES[family])
    writes = rate * Decimal("1.25")
    dollars = call["input"] * rate + call["output"] * output + call["read"] * read + call["written"] * writes
    is_long = family == "haiku" and call["input"] + call["read"] + call["written"] > EDGE
    return Decimal(dollars * (5 if is_long else 1) / 1_000_000)
