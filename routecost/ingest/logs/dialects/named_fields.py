"""Fields of records that have several names: those of an export, of an API, and of rows of CSV or Parquet."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from routecost.ingest.logs.call import BadRecordError
from routecost.ingest.logs.contents import decoded

T = TypeVar("T", bound=msgspec.Struct)
Names = Mapping[str, tuple[str, ...]]
"""Other names of fields."""

_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def picked(line: bytes, kind: type[msgspec.Struct], names: Names) -> dict[str, Any]:
    """Return the decoded values of the fields of a type; all else, such as prompts, is not decoded."""
    read = {name for field in kind.__struct_fields__ for name in (field, *names.get(field, ()))}
    return {name: msgspec.json.decode(raw) for name, raw in _members(line).items() if name in read}


def named(kind: type[T], record: Mapping[str, Any], names: Names, nested: Container[str] = ()) -> T:
    """Return a record as a type. ``nested`` fields may be JSON in a text, times may be datetimes.

    Raises BadRecordError and msgspec's errors.
    """
    fields: dict[str, Any] = {}
    for field in kind.__struct_fields__:
        value = next(
            (record[name] for name in (field, *names.get(field, ())) if record.get(name) is not None), None
        )
        if isinstance(value, datetime):
            value = value.isoformat()
        if field in nested and isinstance(value, str):
            try:
                value = decoded(msgspec.json.decode, value.encode()) if value else None
            except msgspec.DecodeError:
                raise BadRecordError(f"{field} is not valid JSON") from None
        if value is not None:
            fields[field] = value
    return msgspec.convert(fields, kind, strict=True)
