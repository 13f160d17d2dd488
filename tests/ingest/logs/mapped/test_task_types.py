"""Task types come from labels, tags, columns, rules or one name for all calls."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.documents.logs.patterns import MAX_SEARCHED, search
from routecost.errors import DocumentError, UsageError
from routecost.ingest.logs.call import Call
from routecost.ingest.logs.task_types import default_task_type, task_types_from
from tests.ingest.logs.collected import read, write
from tests.ingest.logs.mapped.test_mapping import HEADER, MAPPING, ROWS

LABELS = {"project": "p", "name": "n", "agent": "a", "workflow": "w", "tag:Team": "t", "tag:Task": "k"}


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (LABELS, "k"),
        (LABELS | {"tag:task_type": "kk"}, "kk"),
        ({"project": "p", "name": "n", "agent": "a", "workflow": "w"}, "w"),
        ({"project": "p", "name": "n", "agent": "a"}, "a"),
        ({"project": "p", "name": "n"}, "n"),
        ({"project": "p"}, "p"),
        ({"tag:Team": "t"}, None),
        (None, None),
    ],
)
def test_the_default_is_the_first_that_a_call_has(
    labels: dict[str, str] | None, expected: str | None
) -> None:
    assert default_task_type(Call("m", labels=labels)) == expected
    assert default_task_type(Call("m", labels=labels, task_type="own")) == "own"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("workflow", "w"),
        ("name", "n"),
        ("tag:Team", "t"),
        ("tag:team", "t"),
        ("tag:none", None),
        ("=x y", "x y"),
    ],
)
def test_a_source_is_a_label_or_a_constant(source: str, expected: str | None) -> None:
    assert task_types_from(source)(Call("m", labels=LABELS)) == expected


def test_the_agent_of_a_call_counts_if_it_has_no_such_label() -> None:
    assert task_types_from("agent")(Call("m", agent="planner")) == "planner"


@pytest.mark.parametrize("source", ["agnt", "colum:x", "tag:", "=", "rules:", ""])
def test_an_unknown_source_is_an_error(source: str) -> None:
    with pytest.raises(UsageError, match=r'^no task types from ".*"; expected one of workflow, .*=NAME'):
        task_types_from(source)


def test_a_column_is_one_that_the_mapping_does_not_name(tmp_path: Path) -> None:
    mapping = write(tmp_path / "ours.yaml", MAPPING.replace("task_type: kind\n", ""))
    log = write(tmp_path / "log.csv", HEADER + "\n".join(ROWS))
    calls, _ = read(log, mapping, task_types_from("column:kind"))
    assert [call.task_type for call in calls] == ["triage", "draft"]
    with pytest.raises(UsageError, match=r'lacks columns of mapping "ours": "knd" \(nearest: "kind"\)$'):
        read(log, mapping, task_types_from("column:knd"))


def test_a_dialect_without_columns_refuses_one(tmp_path: Path) -> None:
    log = write(tmp_path / "log", '{"type": "user", "sessionId": "s"}\n')
    with pytest.raises(UsageError, match='of dialect "claude-code", which has no columns'):
        read(log, task_types=task_types_from("column:kind"))


RULES = """
version: 1
task_type_rules:
  - {label: name, matches: "^triage-[0-9]+", task_type: triage}
  - {label: "tag:team", matches: "legal|law", task_type: contracts}
  - {label: model, matches: haiku, task_type: small}
"""


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (Call("m", labels={"name": "Triage-12", "tag:team": "law"}), "triage"),
        (Call("m", labels={"name": "x-triage-12", "tag:team": "law"}), "contracts"),
        (Call("claude-haiku"), "small"),
        (Call("m", labels={"name": "x" * 300 + "triage-1"}), None),
    ],
)
def test_the_first_rule_that_matches_applies(tmp_path: Path, call: Call, expected: str | None) -> None:
    source = task_types_from(f"rules:{write(tmp_path / 'rules.yaml', RULES)}")
    assert [source(call), source(call)] == [expected, expected]


def test_rules_have_positions_in_their_faults(tmp_path: Path) -> None:
    path = write(tmp_path / "rules.yaml", RULES.replace("label: model", "lable: x").replace("haiku", '"[a"'))
    with pytest.raises(DocumentError) as error:
        task_types_from(f"rules:{path}")
    assert [(one.position.line, one.message.split(";")[0]) for one in error.value.findings] == [
        (6, '"label" is missing'),
        (6, 'unknown key "lable"'),
        (6, '"[a" is not a regular expression: unterminated character set at position 0'),
    ]


ATOMS = ("a", "b", ".", "[ab]", r"\w", "a?", "a*", "a+", ".*", "a{2,5}", "|", "(", "(?:", ")", ")?", "$")


@given(st.lists(st.sampled_from(ATOMS), min_size=1, max_size=25).map("".join))
def test_no_expression_that_is_accepted_takes_long(pattern: str) -> None:
    rules = RULES.replace("haiku", f"'{pattern}'")
    path = Path(__file__)
    from routecost.documents.core.validate import validate
    from routecost.documents.logs.rules import TASK_RULES
    from routecost.source.load import read_text

    document, _ = read_text(rules, str(path))
    assert document is not None
    found, _ = validate(document, TASK_RULES.root, {})
    if found is not None:
        began = time.process_time()
        search(found.task_type_rules[-1].matches, "a" * MAX_SEARCHED * 5 + "!")
        assert time.process_time() - began < 5
