"""Serialization of data as new YAML text."""

from __future__ import annotations

from typing import Any

from routecost.source.editing.fragments import scalar_yaml, text_yaml

WIDTH = 100
_INDENT = "  "


def flow_yaml(data: Any) -> str:
    """Return data (mappings, sequences, texts) as YAML on one line."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{text_yaml(key)}: {flow_yaml(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(flow_yaml, data)) + "]"
    return scalar_yaml(data)


def block_yaml(data: Any) -> str:
    """Return data as YAML with a line per entry; inner containers are on one line if they fit."""
    return "\n".join(_lines(data)) + "\n"


def _lines(data: Any) -> list[str]:
    if isinstance(data, dict) and data:
        return [line for key, value in data.items() for line in _entry(f"{text_yaml(key)}:", value)]
    if isinstance(data, list) and data:
        return [line for item in data for line in _item(item)]
    return [flow_yaml(data)]


def _entry(key: str, value: Any) -> list[str]:
    beside = f"{key} {flow_yaml(value)}"
    if not value or isinstance(value, str) or (_is_flat(value) and len(beside) <= WIDTH):
        return [beside]
    return [key, *(_INDENT + line for line in _lines(value))]


def _item(item: Any) -> list[str]:
    first, *rest = _lines(item)
    return [f"- {first}", *(_INDENT + line for line in rest)]


def _is_flat(value: Any) -> bool:
    return all(isinstance(child, str) for child in (value.values() if isinstance(value, dict) else value))
