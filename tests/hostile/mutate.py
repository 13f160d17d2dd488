"""Mutations of documents that know their grammar: keys of the JSON Schema, values of wrong kinds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
POSITIVE = ROOT / "tests" / "documents" / "positive"
SOURCES = {
    "scenario": [*(ROOT / "scenarios").glob("*.yaml"), *(POSITIVE / "scenarios").glob("*.yaml")],
    "pricing": [*(ROOT / "pricing").glob("*.yaml"), *(POSITIVE / "pricing").glob("*.yaml")],
    "table": [path for path in (ROOT / "tables").glob("*.yaml") if "\nroutes:" in path.read_text("utf-8")],
    "taxonomy": [
        path for path in (ROOT / "tables").glob("*.yaml") if "\ntask_types:" in path.read_text("utf-8")
    ],
    "evidence": [*(ROOT / "tests" / "lint" / "evidence").glob("*.yaml")],
    "plan": [*(ROOT / "plans").glob("*.yaml")],
    "actuals": [*(POSITIVE / "actuals").glob("*.yaml")],
}

NAMES = (
    *("", " ", "\n", "::error file=a,line=1::forged", "##[error]forged", "##vso[task.complete]", "a\u200bb"),
    *(
        "\u202egnp.exe",
        "\x1b[31mred",
        "=cmd|'/c calc'!A0",
        "@SUM(1)",
        "x" * 201,
        "x" * 5000,
        "日本",
        "e\u0301",
    ),
    *(
        "../../../etc/passwd",
        "/dev/null",
        "~",
        "null",
        "true",
        "1e3",
        "*",
        "a.b",
        "a,b",
        "a=b",
        "$(id)",
        "{}",
    ),
    *(
        "%s%n",
        "\\",
        "'",
        '"',
        "<script>",
        "&amp;",
        "\u2028",
        "\x85",
        "\U000e0041",
        "all",
        "haiku",
        "NaN",
        "-",
    ),
)
NUMBERS = (
    *(
        0,
        -1,
        1,
        2,
        1.5,
        10**15,
        10**16,
        10**30,
        10**31,
        -(10**15),
        "1e400",
        "-1e-400",
        "1e-30",
        "1" * 60,
        "100%",
    ),
    *(
        "0%",
        "101%",
        "-5%",
        "1e999999999",
        "0x10",
        "1_000",
        ".5",
        "5.",
        "0.1",
        "1e15",
        "99.99999999999999999999%",
    ),
)
DAYS = ("2026-02-30", "0001-01-01", "9999-12-31", "2026-13-01", "2026", "26-01-01", "2026-01-01T00:00:00")
SHAPES: tuple[Any, ...] = ([], {}, None, [[]], [{}], {"a": {"b": 1}}, [1, "a", None], True, False, {"a": []})

values = st.sampled_from(NAMES) | st.sampled_from(NUMBERS) | st.sampled_from(DAYS) | st.sampled_from(SHAPES)


@cache
def keys_of(kind: str) -> tuple[str, ...]:
    """Return every key that the JSON Schema of a kind names."""
    schema = json.loads((ROOT / "schemas" / f"{kind}.json").read_text(encoding="utf-8"))
    return tuple(sorted(set(_keys(schema))))


def _keys(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for child in schema.values():
            yield from _keys(child)
    elif isinstance(schema, list):
        for child in schema:
            yield from _keys(child)


_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the former reads alike, and far faster


@cache
def trees(kind: str) -> tuple[Any, ...]:
    """Return the sound documents of a kind, numbers and dates as text."""
    return tuple(yaml.load(path.read_text("utf-8"), _Loader) for path in sorted(SOURCES[kind]))


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, child in children:
        yield node, step
        yield from _places(child)


@st.composite
def documents(draw: st.DrawFn, kind: str) -> str:
    """Draw the text of a sound document with a few changes."""
    tree = deepcopy(trees(kind)[draw(st.integers(0, len(trees(kind)) - 1))])
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(tree))
        if places:
            container, step = places[draw(st.integers(0, len(places) - 1))]
            _change(draw, container, step, kind)
    text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=10**6)
    return text if draw(st.integers(0, 9)) else json.dumps(tree)


def _change(draw: st.DrawFn, container: Any, step: Any, kind: str) -> None:
    action = draw(st.sampled_from(("value", "value", "key", "insert", "drop", "twin")))
    if action == "value" or isinstance(container, list):
        container[step] = deepcopy(draw(values))
    elif action == "key":
        container[draw(st.sampled_from(NAMES))] = container.pop(step)
    elif action == "insert":
        container[draw(st.sampled_from(keys_of(kind)))] = deepcopy(draw(values))
    elif action == "drop":
        del container[step]
    else:
        container[f"{step}\u200b"] = deepcopy(container[step])
