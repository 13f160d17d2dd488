"""The published JSON Schemas are those of the types that check documents, and accept the built-ins."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from routecost.api.schemas import json_schema
from routecost.documents.json_schema import KINDS
from routecost.documents.key_meanings import meanings, type_name
from routecost.units import METERS

ROOT = Path(__file__).resolve().parents[2]
MEANINGS = "routecost/documents/key_meanings.txt"
FOLDERS = {"scenarios": "scenario", "pricing": "pricing", "plans": "plan", "mappings": "mapping"}
BUILT_INS = [
    *((kind, path) for folder, kind in FOLDERS.items() for path in sorted((ROOT / folder).glob("*.yaml"))),
    *(
        ("taxonomy" if path.stem == "agent-fleet" else "table", path)
        for path in sorted((ROOT / "tables").glob("*.yaml"))
    ),
]


@cache
def validator(kind: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(json_schema(kind)))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_published_schema_is_up_to_date(kind: str) -> None:
    text = (ROOT / "schemas" / f"{kind}.json").read_text(encoding="utf-8")
    assert text == json_schema(kind), f"run: routecost schema {kind} -o schemas/{kind}.json"


@pytest.mark.parametrize(("kind", "path"), BUILT_INS, ids=lambda value: getattr(value, "stem", value))
def test_built_ins_follow_their_schema(kind: str, path: Path) -> None:
    assert [error.message for error in validator(kind).iter_errors(_plain(path))] == []
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    assert first == f"# yaml-language-server: $schema=../schemas/{kind}.json"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_schema_refuses_what_is_no_document(kind: str) -> None:
    path = next((path for known, path in BUILT_INS if known == kind), None)
    document = {"version": 1} if path is None else _plain(path)
    for faulty in ({**document, "verson": 1}, {**document, "version": "one"}, {}, [document]):
        assert not validator(kind).is_valid(faulty)


def test_every_key_has_a_meaning_and_every_meaning_a_key() -> None:
    named = set()
    for kind in KINDS:
        schema = published(kind)
        for name, part in {kind: schema, **schema["$defs"]}.items():
            for key, value in part.get("properties", {}).items():
                own = f"{type_name(name)}.{key}"
                assert own in meanings() or key in meanings() or key in METERS, f"{MEANINGS}: add {own}"
                assert value["description"]
                named.add(own if own in meanings() else key)
    assert set(meanings()) - named == set(), f"{MEANINGS}: remove what no document has"


def test_meanings_differ_by_type_and_keep_the_form_of_values() -> None:
    defined = published("actuals")["$defs"]
    assert defined["MonthDocument"]["properties"]["input"]["description"] == "input tokens, uncached"
    defined = published("scenario")["$defs"]
    assert defined["CacheDocument"]["properties"]["read"]["description"] == (
        "share of the input that is read from a cache; a share: 80% or 0.8"
    )


def test_a_misspelled_key_breaks_the_schema() -> None:
    document = _plain(ROOT / "scenarios" / "article-fleet.yaml") | {"baselin": "all-opus"}
    assert "baselin" in " ".join(error.message for error in validator("scenario").iter_errors(document))


def published(kind: str) -> Any:
    return json.loads((ROOT / "schemas" / f"{kind}.json").read_text(encoding="utf-8"))


def _plain(path: Path) -> Any:
    """Read YAML as an editor does: numbers as numbers, dates as text."""
    return json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))
