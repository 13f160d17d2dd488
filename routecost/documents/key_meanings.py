"""What keys of documents mean, for the descriptions in the JSON Schemas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from routecost.file_access import read_utf8
from routecost.units import METERS

_COUNTED = {"Month", "Part", "Used"}
"""The types in which the keys of meters are counts; elsewhere they are rates."""


def described(schema: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a kind of documents with a description of each key."""
    known = meanings()
    for name, part in {kind: schema, **schema.get("$defs", {})}.items():
        own = type_name(name)
        for key, value in part.get("properties", {}).items():
            meaning = known.get(f"{own}.{key}") or _of_meter(own, key) or known.get(key)
            if meaning:
                value["description"] = "; ".join(dict.fromkeys([meaning, *_stated(value)]))
    return schema


def type_name(definition: str) -> str:
    """Return the name of a type in the table of meanings, from that of its definition in a schema."""
    return definition.removesuffix("Document").removesuffix("Form").removeprefix("Payable")


def _stated(value: dict[str, Any]) -> list[str]:
    return [value["description"]] if "description" in value else []


def _of_meter(name: str, key: str) -> str | None:
    if key not in METERS:
        return None
    meter = METERS[key]
    if name in _COUNTED:
        return meter.label
    return f"rate of {meter.label}" + (f", per {meter.per:,}" if meter.per > 1 else "")


def meanings() -> dict[str, str]:
    """Return the meanings by key, or by type and key."""
    text = read_utf8(Path(__file__).with_suffix(".txt"))
    lines = (line.partition(": ") for line in text.splitlines() if not line.startswith("#"))
    return {key: meaning for key, _, meaning in lines}
