"""Records of logs in the shape of each dialect, and what is read from them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from routecost.api.call_log import CallLog, open_log
from routecost.ingest.logs.call import BadRecordError, Call, Item, Note, Skipped
from routecost.ingest.logs.items import SuccessRule
from routecost.model.logs.cells import Cell

TRACE = "5b8efff798038103d269b633813fc60c"


def attribute(key: str, value: object) -> dict[str, Any]:
    kinds: dict[type, str] = {int: "intValue", str: "stringValue", float: "doubleValue", bool: "boolValue"}
    written = str(value) if type(value) is int else value
    return {"key": key, "value": {kinds[type(value)]: written}}


def span(
    attributes: Mapping[str, object],
    /,
    *,
    trace: str = TRACE,
    number: int = 1,
    parent: int | None = None,
    **more: Any,
) -> dict[str, Any]:
    return {
        "traceId": trace,
        "spanId": f"{number:016x}",
        "parentSpanId": "" if parent is None else f"{parent:016x}",
        "name": "chat",
        "startTimeUnixNano": "1795219200000000000",
        "attributes": [
            attribute(f"gen_ai.{key}" if key[0] != "." else key[1:], attributes[key]) for key in attributes
        ],
        "status": {},
        **more,
    }


def otlp(*spans: Mapping[str, Any], service: str | None = None) -> bytes:
    resource = {} if service is None else {"attributes": [attribute("service.name", service)]}
    return json.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]}).encode()


def chat(**counts: object) -> dict[str, object]:
    """Return the attributes of a call; ``a__b`` is the name ``a.b``."""
    usage = {f"usage.{name.replace('__', '.')}": count for name, count in counts.items()}
    return {"operation.name": "chat", "request.model": "claude-haiku-5-5", **usage}


def observation(usage: Mapping[str, object], **more: Any) -> dict[str, Any]:
    return {
        "id": "o1",
        "trace_id": "t1",
        "type": "GENERATION",
        "start_time": "2026-11-20 08:00:00.000000",
        "name": "triage",
        "level": "DEFAULT",
        "provided_model_name": "claude-haiku-5-5-20261014",
        "usage_details": usage,
        "cost_details": {},
        "total_cost": None,
        "model_id": "",
        **more,
    }


def page(
    *results: Mapping[str, Any], seconds: int | None = None, day: int = 20, more: bool | None = False
) -> bytes:
    """Return a page with one bucket: in seconds as OpenAI's, else of a day as Anthropic's."""
    times: dict[str, Any] = {
        "starting_at": f"2026-11-{day}T00:00:00Z",
        "ending_at": f"2026-11-{day + 1}T00:00:00Z",
    }
    if seconds is not None:
        times = {"object": "bucket", "start_time": seconds, "end_time": seconds + 86_400}
    return json.dumps({"data": [{**times, "results": results}], "has_more": more, "next_page": None}).encode()


def encoded(record: object) -> bytes:
    return json.dumps(record).encode()


def only(items: Iterable[Item]) -> Call:
    """Return the only call among items, none of which is bad."""
    (call,) = calls(items)
    return call


def calls(items: Iterable[Item]) -> list[Call]:
    found = list(items)
    assert [str(item) for item in found if isinstance(item, BadRecordError)] == []
    return [item for item in found if isinstance(item, Call)]


def skipped(items: Iterable[Item]) -> list[str]:
    return [item.kind for item in items if isinstance(item, Skipped)]


def notes(items: Iterable[Item]) -> list[str]:
    return [item.text for item in items if isinstance(item, Note)]


def faults(items: Iterable[Item]) -> list[str]:
    """Return what is wrong with records, whether raised or yielded."""
    try:
        return [str(item) for item in items if isinstance(item, BadRecordError)]
    except ValueError as error:
        return [str(error)]


def fault(parse: Callable[[bytes], object], record: object) -> str:
    """Return what is wrong with a record."""
    with pytest.raises(BadRecordError) as error:
        parse(encoded(record))
    return str(error.value)


@contextmanager
def log_of(folder: Path, *files: bytes, success: SuccessRule | None = None) -> Iterator[CallLog]:
    folder.mkdir(exist_ok=True)
    for number, data in enumerate(files):
        (folder / f"{number:04}.jsonl").write_bytes(data + b"\n")
    with open_log([folder], success=success) as log:
        yield log


def units(cells: Iterable[Cell]) -> dict[str, int]:
    total: dict[str, int] = {}
    for cell in cells:
        for meter, count in cell.units.items():
            total[meter] = total.get(meter, 0) + count
    return total
