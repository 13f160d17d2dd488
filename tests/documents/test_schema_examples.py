"""The published schemas accept what the reader accepts, and know the same keys."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from routecost.api import schemas as api
from tests.documents.examples import HERE, cases

KINDS = {
    "actuals": "actuals",
    "evidence": "evidence",
    "policies": "policy",
    "portfolios": "portfolio",
    "pricing": "pricing",
    "scenarios": "scenario",
    "tables": "table",
    "taxonomies": "taxonomy",
}


@cache
def validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(api.json_schema(kind)))


def faults(path: Path) -> list[str]:
    """Return what an editor with the schema would say."""
    data: Any = json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))
    return [fault.message for fault in validator(KINDS[path.parent.name]).iter_errors(data)]


@pytest.mark.parametrize("case", [case for case in cases("positive") if "lenient" not in case])
def test_schema_accepts(case: str) -> None:
    assert faults(HERE / "positive" / case) == []


@pytest.mark.parametrize("name", ["unknown-keys", "missing-keys", "wrong-types", "wrong-nested-types"])
@pytest.mark.parametrize("folder", KINDS)
def test_schema_refuses(folder: str, name: str) -> None:
    assert faults(HERE / "negative" / folder / f"{name}.yaml")


def test_schema_is_valid() -> None:
    for kind in KINDS.values():
        Draft202012Validator.check_schema(validator(kind).schema)
