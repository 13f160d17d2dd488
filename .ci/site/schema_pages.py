"""Pages of the kinds of documents: the keys of each, from the JSON Schemas in schemas/."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from command_pages import cell

Schema = Mapping[str, Any]

INTRODUCTION = """\
# Keys of documents

These pages list all keys of each kind of document. [Documents](../../documents.md) explains them.
`routecost schema KIND` prints the JSON Schema itself, which editors use: name it in the first line of a file.

```yaml
# yaml-language-server: $schema=schemas/scenario.json
```

| kind | what it is |
|---|---|
"""
UNLIMITED = 1e12
"""Limits from here on only keep numbers finite; they are not listed."""
LIMITS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "above {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "below {}",
    "multipleOf": "a multiple of {}",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "maxLength": "at most {} characters",
}


def pages(root: Path) -> dict[str, str]:
    """Return a page for each kind, after one that lists them."""
    listed, made = INTRODUCTION, {"index": ""}
    for file in sorted((root / "schemas").glob("*.json")):
        schema = json.loads(file.read_text(encoding="utf-8"))
        made[file.stem] = "\n".join(_page(file.stem, schema))
        listed += f"| [{file.stem}]({file.stem}.md) | {cell(_purpose(schema))} |\n"
    return {**made, "index": listed}


def _purpose(schema: Schema) -> str:
    parts = [schema, *_options(schema)]
    definitions = schema.get("$defs", {})
    texts = [part.get("description") or definitions.get(_name(part), {}).get("description") for part in parts]
    return " ".join(text for text in texts if text)


def _page(kind: str, schema: Schema) -> Iterator[str]:
    yield f"# Keys of a document: {kind}\n"
    yield f"{_purpose(schema)}\n"
    yield from _keys(schema)
    for name, part in sorted(schema.get("$defs", {}).items()):
        yield f"## {title(name)}\n"
        if "description" in part:
            yield f"{part['description']}\n"
        yield from _keys(part)


def _keys(schema: Schema) -> Iterator[str]:
    properties = schema.get("properties")
    if not properties:
        yield f"{_type(schema)}\n"
        return
    required = schema.get("required", [])
    yield "| key | meaning | value |\n|---|---|---|"
    for key, value in properties.items():
        name = f"`{key}` (required)" if key in required else f"`{key}`"
        yield f"| {name} | {cell(value.get('description', ''))} | {_type(value)}{_default(value)} |"
    yield ""
    if isinstance(schema.get("additionalProperties"), Mapping):
        yield f"Further keys: {_type(schema['additionalProperties'])}\n"


def _default(value: Schema) -> str:
    default = value.get("default")
    if default in (None, [], {}):
        return ""
    return f"; default `{default if isinstance(default, str) else json.dumps(default)}`"


def _type(schema: Schema) -> str:
    """Return what a value may be, in words."""
    if name := _name(schema):
        return f"[{title(name).lower()}](#{title(name).lower().replace(' ', '-')})"
    if options := _options(schema):
        return " or ".join(dict.fromkeys(_type(option) for option in options))
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    kinds = schema.get("type", "any")
    shown = " or ".join(_simple(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds))
    limits = [
        text.format(f"{schema[key]:,.12g}")
        for key, text in LIMITS.items()
        if schema.get(key, UNLIMITED) < UNLIMITED
    ]
    return f"{shown}, {', '.join(limits)}" if limits else shown


def _simple(kind: str, schema: Schema) -> str:
    if kind == "array":
        return f"list of: {_type(schema['items'])}" if schema.get("items") else "list"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"mapping of names to: {_type(values)}" if values and values is not True else "mapping"
    if kind == "string" and "%" in schema.get("pattern", ""):
        return "percentage"
    if kind == "string":
        return "date" if schema.get("format") == "date" else "text"
    return {"integer": "whole number", "boolean": "`true` or `false`"}.get(kind, kind)


def _options(schema: Schema) -> list[Schema]:
    options = schema.get("anyOf") or schema.get("oneOf") or []
    return [option for option in options if option.get("type") != "null"]


def _name(schema: Schema) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def title(name: str) -> str:
    """Return the name of a type as words: ``TaskKindDocument`` is "Task kind"."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name.removesuffix("Document"))
    return words[:1].upper() + words[1:].lower()
