"""The published schemas of outputs accept every output, refuse faulty ones, and are those of the code."""

from __future__ import annotations

import json
import runpy
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from routecost.api.schemas import json_schema, schema_kinds
from routecost.errors import UnknownNameError
from tests.cli.running import ROOT, routecost
from tests.cli.test_output_files import CASES, arguments, lay_out
from tests.oracle.writing import Writer
from tests.outputs.instances import instance, mutations

KINDS = [kind for kind in schema_kinds() if kind.startswith("routecost.")]
GOLDEN = [
    path
    for path in sorted((ROOT / "tests" / "golden" / "cases").glob("*/stdout"))
    if path.read_text(encoding="utf-8").startswith('{\n  "schema"')
]


@cache
def validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(json_schema(kind)), format_checker=FormatChecker())


def faults(output: Any) -> list[str]:
    """Return what is wrong with an output, by the schema that it names."""
    errors = validator(output["schema"]).iter_errors(output)
    return [f"{error.json_path}: {error.message[:300]}" for error in errors]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.parent.name)
def test_golden_outputs_follow_their_schema(path: Path) -> None:
    output = json.loads(path.read_text(encoding="utf-8"))
    assert faults(output) == []
    assert undeclared(output, validator(output["schema"]).schema) == [], "run: make docs"


def undeclared(output: dict[str, Any], schema: Any) -> list[str]:
    """Return the members and columns that no shape of a schema declares."""
    shapes = schema.get("anyOf", [schema])
    missing: list[list[str]] = []
    for shape in shapes:
        declared, pattern = shape["properties"], tuple(shape.get("patternProperties", ()))
        names = [
            key for key in output if key not in declared and not key.startswith("by_tag_" if pattern else " ")
        ]
        for key, rows in output.items():
            row = declared.get(key, {}).get("items", {})
            if "properties" in row and "one column for each" not in row.get("description", ""):
                names += (
                    [f"{key}.{column}" for column in rows[0] if column not in row["properties"]]
                    if rows
                    else []
                )
        missing.append(names)
    return min(missing, key=len)


def test_there_are_golden_outputs_of_many_commands() -> None:
    assert len({json.loads(path.read_text(encoding="utf-8"))["schema"] for path in GOLDEN}) >= 10


LARGE = [f"routecost.{name}/1" for name in ("project", "replay", "report", "sweep", "usage")]


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=[pytest.mark.slow] if kind in LARGE else []) for kind in KINDS]
)
def test_a_faulty_output_is_refused(kind: str) -> None:
    schema = json.loads(json_schema(kind))
    Draft202012Validator.check_schema(schema)
    checked = validator(kind)
    for shape in schema.get("anyOf", [schema]):
        sound = instance(shape, schema)
        assert checked.is_valid(sound)
        assert checked.is_valid(sound | {"more": 1}), "members may be added"
        faulty = dict(mutations(shape, schema))
        step = 1 + len(faulty) // 12
        places = [place for place in [*faulty][::step] if checked.is_valid(faulty[place])]
        assert places == []


def test_money_shares_and_dates_are_stated_as_such() -> None:
    (compare, _) = json.loads(json_schema("routecost.compare/1"))["anyOf"]
    columns = compare["properties"]["strategies"]["items"]["properties"]
    assert columns["cost_per_month"]["type"] == ["number", "null"]
    assert "money in the currency of the output" in columns["cost_per_month"]["description"]
    assert "fraction" in columns["vs_baseline"]["description"]
    assert compare["properties"]["as_of"]["format"] == "date"
    required = {"strategy", "cost_per_task", "cost_per_day", "cost_per_month", "cost_per_year", "vs_baseline"}
    assert required <= set(compare["properties"]["strategies"]["items"]["required"])


def test_an_unknown_kind_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r'did you mean "routecost.compare/1".*--list'):
        json_schema("routecost.compares/1")
    assert routecost("schema", "--list").stdout.splitlines() == schema_kinds()
    assert routecost("schema").code == routecost("schema", "scenario", "--list").code == 2
    assert json.loads(routecost("schema", "routecost.sweep/1").stdout)["title"] == "routecost.sweep/1"


@pytest.mark.slow
def test_the_published_schemas_are_those_of_the_code() -> None:
    texts = runpy.run_path(str(ROOT / ".ci" / "output_schemas.py"))["texts"]()
    published = {
        path.name: path.read_text(encoding="utf-8") for path in (ROOT / "schemas" / "output").iterdir()
    }
    assert published == texts, "run: make docs"


JSON_CASES = [name for name in CASES if name not in ("init", "schema", "rules", "pricing import")]


@pytest.mark.slow
@pytest.mark.parametrize("name", JSON_CASES)
def test_every_command_writes_what_its_schema_says(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path)
    monkeypatch.chdir(tmp_path)
    done = routecost(*arguments(name), *(() if "json" in CASES[name][0] else ("--format", "json")))
    assert faults(json.loads(done.stdout)) == []


COMMANDS = (
    *(["compare"], ["compare", "--explain", "--by", "task_type", "--by", "model"], ["check"]),
    *(["project", "--months", "3"], ["sweep", "--tornado"], ["sweep", "--mix", "--step", "50%"]),
    ["sweep", "--over", "days_per_month=28,31"],
)


@pytest.mark.slow
@given(st.integers(0, 2**40), st.sampled_from(COMMANDS))
def test_outputs_of_random_scenarios_follow_their_schema(seed: int, words: list[str]) -> None:
    with TemporaryDirectory() as folder:
        scenario = Writer(seed).documents().write(Path(folder))
        done = routecost(words[0], str(scenario), *words[1:], "--format", "json")
    if done.code in (0, 1):
        assert faults(json.loads(done.stdout)) == []
