"""Paths -> positions, findings and overrides."""

from __future__ import annotations

import pytest

from routecost.errors import UsageError
from routecost.problems import KeyPath, Position, Severity
from routecost.source import MapNode
from tests.source.reading import document_of

TEXT = """\
# prices
é: ü
tiers: &t
  - haiku
  - {name: sönnet, model: x}
  -
aliased: *t
"quoted key":   'v'
"""


@pytest.mark.parametrize(
    ("path", "key", "place"),
    [
        ((), False, "2:1"),
        (("é",), False, "2:4"),
        (("é",), True, "2:1"),
        (("tiers",), True, "3:1"),
        (("tiers", 0), False, "4:5"),
        (("tiers", 0), True, "4:5"),
        (("tiers", 1), False, "5:5"),
        (("tiers", 1, "model"), False, "5:27"),
        (("tiers", 1, "model"), True, "5:20"),
        (("tiers", 2), False, "6:4"),
        (("aliased",), False, "7:10"),
        (("aliased", 0), False, "4:5"),
        (("quoted key",), True, "8:1"),
        (("quoted key",), False, "8:17"),
    ],
)
def test_positions_count_characters_from_one(path: KeyPath, key: bool, place: str) -> None:
    assert str(document_of(TEXT).position(path, key=key)) == f"t.yaml:{place}"


@pytest.mark.parametrize(
    "path",
    [("tiers", 1, "missing"), ("tiers", 1, 0), ("tiers", 1, "missing", "deeper", 3), ("tiers", 1, "name")],
)
@pytest.mark.parametrize("key", [False, True])
def test_a_path_that_leads_out_ends_at_the_deepest_node(path: KeyPath, key: bool) -> None:
    expected = "5:6" if path[-1] == "name" and key else "5:12" if path[-1] == "name" else "5:5"
    assert str(document_of(TEXT).position(path, key=key)) == f"t.yaml:{expected}"


@pytest.mark.parametrize("path", [("tiers", 9), ("tiers", -1), ("tiers", "haiku"), ("tiers", "0")])
def test_items_that_are_not_there_give_the_sequence(path: KeyPath) -> None:
    assert str(document_of(TEXT).position(path)) == "t.yaml:3:8"


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_positions_do_not_depend_on_line_breaks_or_byte_order_marks(line_break: str, mark: str) -> None:
    document = document_of(mark + TEXT.replace("\n", line_break))
    assert str(document.position(("é",))) == "t.yaml:2:4"
    assert str(document.position(("quoted key",))) == "t.yaml:8:17"
    assert document.line(2) == "é: ü"


def test_line_separators_inside_a_line_are_no_line_breaks_for_editors() -> None:
    document = document_of('a: "x\u2028y"\nb: 1')
    assert str(document.position(("b",))) == "t.yaml:2:4"


def test_lines() -> None:
    document = document_of("a: 1\n\nb: 2\n")
    assert [document.line(number) for number in range(6)] == [None, "a: 1", "", "b: 2", None, None]


def test_findings_carry_their_source_line() -> None:
    document = document_of(TEXT)
    finding = document.finding("not so", ("tiers", 1, "name"), key=True, severity=Severity.WARNING)
    assert str(finding) == "t.yaml:5:6: not so"
    assert finding.source_line == "  - {name: sönnet, model: x}"
    assert finding.severity is Severity.WARNING
    assert document.finding("no").source_line == "é: ü"


def test_get() -> None:
    document = document_of(TEXT)
    assert document.get(("tiers", 1, "name")) == "sönnet"
    assert document.get(("tiers", 2), "default") is None
    assert document.get(()) is document.data
    paths: list[KeyPath] = [
        ("tiers", 3),
        ("tiers", -1),
        ("é", 0),
        ("nope",),
        ("tiers", "name"),
        ("é", "x"),
    ]
    for path in paths:
        assert document.get(path, "default") == "default"


def test_override_copies_along_the_path_only() -> None:
    before = document_of(TEXT)
    after = before.override(("tiers", 1, "name"), "opus", None)
    assert before.get(("tiers", 1, "name")) == "sönnet"
    assert after.get(("tiers", 1)) == {"name": "opus", "model": "x"}
    assert after.get(("aliased", 1, "name")) == "sönnet"
    assert after.get(("é",)) is before.get(("é",))
    assert str(after.position(("tiers", 1, "model"))) == "t.yaml:5:27"


def test_override_creates_mappings() -> None:
    document = document_of("a:\nb: 1").override(("a", "b", "c"), "x", None).override(("d",), {"e": "f"}, None)
    assert document.data == {"a": {"b": {"c": "x"}}, "b": "1", "d": {"e": "f"}}
    assert isinstance(document.get(("a", "b")), MapNode)
    assert document.override(("d", "e"), "g", None).get(("d", "e")) == "g"


def test_override_positions() -> None:
    at = Position("--set", 1, 1)
    document = document_of(TEXT).override(("tiers", 1), {"name": "opus"}, at)
    assert document.position(("tiers", 1)) == at
    assert document.position(("tiers", 1, "name"), key=True) == at
    assert str(document.position(("tiers", 0))) == "t.yaml:4:5"
    assert document.finding("no", ("tiers", 1)).source_line is None
    again = document.override(("tiers", 1, "name"), "haiku", Position("--set", 1, 9))
    assert again.position(("tiers", 1, "name")).column == 9
    assert again.position(("tiers", 1)) == at


def test_override_without_a_place_points_where_the_path_leads_in_the_text() -> None:
    other = document_of("x: {y: 1}")
    document = document_of(TEXT).override(("tiers", 1), other.get(("x",)), None).override(("new",), "v", None)
    assert str(document.position(("tiers", 1, "y"))) == "t.yaml:5:5"
    assert str(document.position(("new",), key=True)) == "t.yaml:2:1"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (("é", "x", "y"), 'cannot set "é.x.y": "é" is not a mapping'),
        (("tiers", 7), 'cannot set "tiers.7": "tiers" has 3 items and no item "7"'),
        (("tiers", "a"), 'cannot set "tiers.a": "tiers" has 3 items and no item "a"'),
        ((0,), 'cannot set "0": the document is not a sequence'),
    ],
)
def test_override_through_a_scalar_is_refused(path: KeyPath, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        document_of(TEXT).override(path, "v", None)
    assert str(caught.value) == message


def test_the_whole_document_can_be_overridden() -> None:
    assert document_of(TEXT).override((), {"a": "1"}, None).data == {"a": "1"}
