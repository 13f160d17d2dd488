"""Observations of Langfuse: the ``observations_v2`` export, and pages of the API with its names.

Only generations and embeddings are calls. Their ``usage_details`` have free keys: whether input includes
cached tokens, and output reasoning, is decided by their total.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from routecost.ingest.logs.call import (
    FAILURE,
    NO_USAGE,
    UNKNOWN_FAILED,
    BadRecordError,
    Call,
    Item,
    Note,
    Skipped,
    count,
    counted,
    micros,
    nanos,
)
from routecost.ingest.logs.dialects.langfuse_usage import units_of
from routecost.ingest.logs.dialects.named_fields import named, picked

NAME = "langfuse"
KINDS = {"GENERATION", "EMBEDDING"}

_API = {
    "trace_id": ("traceId",),
    "start_time": ("startTime",),
    "provided_model_name": ("model", "providedModelName"),
    "usage_details": ("usageDetails",),
    "cost_details": ("costDetails",),
    "total_cost": ("calculatedTotalCost", "totalCost"),
    "session_id": ("sessionId",),
    "trace_name": ("traceName",),
    "model_id": ("modelId",),
}


class _Row(msgspec.Struct):
    id: str
    type: str
    trace_id: str | None = None
    start_time: str | None = None
    name: str | None = None
    level: str | None = None
    provided_model_name: str | None = None
    usage_details: dict[str, int | str | None] | None = None
    cost_details: dict[str, Decimal | None] | None = None
    total_cost: Decimal | None = None
    model_id: str | None = None
    session_id: str | None = None
    trace_name: str | None = None
    environment: str | None = None
    tags: list[str] | None = None


class _Page(msgspec.Struct):
    data: list[msgspec.Raw] | None = None
    meta: msgspec.Raw = msgspec.Raw(b"")


class _Meta(msgspec.Struct, rename="camel"):
    page: int | None = None
    total_pages: int | None = None
    cursor: str | None = None


_decode = msgspec.json.Decoder(_Row).decode
_decode_page = msgspec.json.Decoder(_Page).decode
_decode_meta = msgspec.json.Decoder(_Meta).decode
MORE_PAGES = "Pages of Langfuse's API of which further ones follow; all must be among the files"


def matches(sample: Any) -> bool:
    """Return whether a decoded line or page, or a row, is one of this dialect."""
    if isinstance(sample, dict) and isinstance(sample.get("data"), list):
        sample = next(iter(sample["data"]), None)
    if not isinstance(sample, Mapping) or not {"id", "type"} <= sample.keys():
        return False
    return {"trace_id", "usage_details"} <= sample.keys() or {"traceId", "usageDetails"} <= sample.keys()


def parse(line: bytes) -> Iterable[Item]:
    """Return the call of a line, or those of a page. Raises BadRecordError and msgspec's errors."""
    try:
        row = _decode(line)
    except msgspec.ValidationError:
        if _decode_page(line).data is None:
            raise
        return parse_document(line)
    if row.trace_id is None and row.provided_model_name is None:
        row = named(_Row, picked(line, _Row, _API), _API)
    return _items(row)


def parse_document(data: bytes) -> Iterator[Item]:
    """Yield the calls of a page of the API. Raises msgspec's errors."""
    page = _decode_page(data)
    meta = _decode_meta(page.meta) if page.meta else _Meta()
    if meta.cursor or (meta.page is not None and meta.page < (meta.total_pages or 0)):
        yield Note(MORE_PAGES)
    for place, observation in enumerate(page.data or ()):
        try:
            yield from parse(bytes(observation))
        except (BadRecordError, msgspec.ValidationError) as error:
            yield BadRecordError(f"data[{place}]: {error}")


def parse_row(row: Mapping[str, Any]) -> Iterable[Item]:
    """Return the call of a row of CSV or Parquet, or of a decoded line. Raises as :func:`parse` does."""
    return _items(named(_Row, row, _API, nested=("usage_details", "cost_details", "tags")))


parse_record = parse_row


def _items(row: _Row) -> Iterator[Item]:
    if row.type not in KINDS:
        yield Skipped("observations that are no calls")
        return
    usage = {
        name: count(value, "a count of usage_details") for name, value in (row.usage_details or {}).items()
    }
    failed, is_used = row.level == "ERROR", any(usage.values())
    if not is_used and not row.total_cost and not (failed and row.provided_model_name):
        yield Skipped(UNKNOWN_FAILED if failed else NO_USAGE)
        return
    if not row.provided_model_name:
        raise BadRecordError("a call with usage has no model")
    units, notes = units_of(usage, row.cost_details or {}) if is_used else ({}, ())
    yield from notes
    cost = row.total_cost if row.total_cost or row.model_id else None
    yield Call(
        model=row.provided_model_name,
        time=micros(row.start_time) if row.start_time else None,
        units=counted(units),
        id=row.id or None,
        session=row.session_id or None,
        task=row.trace_id or None,
        outcome=FAILURE if failed else None,
        cost=None if cost is None else nanos(cost),
        currency=None if cost is None else "USD",
        labels=_labels(row),
        has_total_only=is_used,  # unless there are units
    )


def _labels(row: _Row) -> dict[str, str] | None:
    """Return the short names of a row; a tag ``key:value`` is the label ``tag:key``."""
    labels = {"name": row.name, "workflow": row.trace_name, "environment": row.environment}
    for tag in row.tags or ():
        key, _, value = tag.partition(":")
        labels[f"tag:{key}"] = value or key
    return {name: label for name, label in labels.items() if label} or None
