"""Scores of Langfuse: the export's and the API's names. Which of them makes a success is an option."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from routecost.ingest.logs.call import BadRecordError, Item, Score, Skipped, micros
from routecost.ingest.logs.dialects.named_fields import named, picked

NAME = "langfuse-scores"
_API = {"trace_id": ("traceId",), "string_value": ("stringValue",)}


class _Row(msgspec.Struct):
    name: str
    trace_id: str | None = None
    value: float | int | str | None = None
    string_value: str | None = None
    timestamp: str | None = None


class _Page(msgspec.Struct):
    data: list[msgspec.Raw] | None = None


_decode_page = msgspec.json.Decoder(_Page).decode


def matches(sample: Any) -> bool:
    """Return whether a decoded line or page, or a row, is one of this dialect."""
    if isinstance(sample, dict) and isinstance(sample.get("data"), list):
        sample = next(iter(sample["data"]), None)
    if not isinstance(sample, Mapping) or not {"name", "value"} <= sample.keys():
        return False
    return {"trace_id", "data_type"} <= sample.keys() or {"traceId", "dataType"} <= sample.keys()


def parse(line: bytes) -> Iterable[Item]:
    """Return the score of a line, or those of a page. Raises BadRecordError and msgspec's errors."""
    try:
        return _items(named(_Row, picked(line, _Row, _API), _API))
    except msgspec.ValidationError:
        if _decode_page(line).data is None:
            raise
        return parse_document(line)


def parse_document(data: bytes) -> Iterator[Item]:
    """Yield the scores of a page of the API. Raises msgspec's errors."""
    for place, score in enumerate(_decode_page(data).data or ()):
        try:
            yield from parse(bytes(score))
        except (BadRecordError, msgspec.ValidationError) as error:
            yield BadRecordError(f"data[{place}]: {error}")


def parse_row(row: Mapping[str, Any]) -> Iterable[Item]:
    """Return the score of a row of CSV or Parquet, or of a decoded line. Raises as :func:`parse` does."""
    return _items(named(_Row, row, _API))


def _items(row: _Row) -> Iterator[Item]:
    if not row.trace_id:
        yield Skipped("scores of no trace")
        return
    number = _number(row.value)
    text = row.string_value or (row.value if isinstance(row.value, str) and number is None else None)
    time = micros(row.timestamp) if row.timestamp else None
    yield Score(row.trace_id, row.name, number, text or None, time)


def _number(value: float | str | None) -> float | None:
    """Return a value that may be a number in a text of CSV; None for the name of a category."""
    try:
        number = None if value is None else float(value)
    except ValueError:
        return None
    if number is not None and not abs(number) < float("inf"):
        raise BadRecordError("its value is no finite number")
    return number
