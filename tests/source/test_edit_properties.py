"""After any edit, the text reads as the data with just that change, and no comment is lost."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from routecost.problems import KeyPath
from routecost.source.characters import FORBIDDEN
from routecost.source.editing import insert_item, insert_key, replace_scalar, scalar_yaml, text_yaml
from tests.source.reading import document_of
from tests.source.written import WORDS, comments, documents, paths

pytestmark = pytest.mark.usefixtures("parser")
ONE_PARSER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
REASONS = re.compile("fits between|block scalar without|or block style")
PIECES = st.sampled_from(["new", "'new'", "[new, {new: 1}]", '"new # one"', "{}"])
BLOCKS = PIECES | st.sampled_from(
    ["new: 1\nmore:\n- 2\n- 3", "- new\n-\n  - newer", "|\n  new\n\n  er\n", "? new\n: 1"]
)


def at(data: Any, path: KeyPath) -> Any:
    for step in path:
        data = data[step]
    return data


def unless_refused(edit: Callable[[], str]) -> str:
    """Pass over the edits that are refused for good reason; each reason has a test of its own."""
    try:
        return edit()
    except ValueError as error:
        assume(not REASONS.search(str(error)))
        raise


def assert_reads(text: str, data: object, before: str) -> None:
    assert document_of(text).data == data
    assert comments(text) == comments(before)
    assert ("\r" in text) == ("\r" in before)


@ONE_PARSER
@given(documents())
def test_written_documents_read_as_meant(written: tuple[str, Any]) -> None:
    text, data = written
    assert document_of(text).data == data


@ONE_PARSER
@given(documents(), WORDS, st.data())
def test_replace_scalar_changes_just_that(written: tuple[str, Any], new: str, draw: st.DataObject) -> None:
    text, data = written
    scalars = [path for path, node in paths(data) if not isinstance(node, (dict, list))]
    assume(scalars)
    path = draw.draw(st.sampled_from(scalars))
    expected = copy.deepcopy(data)
    at(expected, path[:-1])[path[-1]] = new
    after = unless_refused(lambda: replace_scalar(document_of(text), path, scalar_yaml(new)))
    assert_reads(after, expected, text)


@ONE_PARSER
@given(documents(), BLOCKS, st.data())
def test_insert_item_changes_just_that(written: tuple[str, Any], piece: str, draw: st.DataObject) -> None:
    text, data = written
    sequences = [path for path, node in paths(data) if isinstance(node, list)]
    assume(sequences)
    path = draw.draw(st.sampled_from(sequences))
    index = draw.draw(st.integers(0, len(at(data, path))))
    expected = copy.deepcopy(data)
    at(expected, path).insert(index, document_of(piece).data)
    after = unless_refused(lambda: insert_item(document_of(text), path, piece, index))
    assert_reads(after, expected, text)


@ONE_PARSER
@given(documents(), BLOCKS, st.data())
def test_insert_key_changes_just_that(written: tuple[str, Any], piece: str, draw: st.DataObject) -> None:
    text, data = written
    mappings = [path for path, node in paths(data) if isinstance(node, dict)]
    assume(mappings)
    path = draw.draw(st.sampled_from(mappings))
    expected = copy.deepcopy(data)
    at(expected, path)["new key"] = document_of(piece).data
    after = unless_refused(lambda: insert_key(document_of(text), path, "new key", piece))
    assert_reads(after, expected, text)


@ONE_PARSER
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_printable_text_can_be_written_anywhere(value: str) -> None:
    assume(not FORBIDDEN.search(value))
    written = scalar_yaml(value)
    assert document_of(f"{written}: {written}").data == {value: value}
    assert document_of(f"[{written}, {{{written}: {written}}}]").data == [value, {value: value}]


@pytest.mark.parametrize(
    "value", ["a\x85b", "a\u2028b", "\ufeff", "null", "~", "", "<<", "- a", "a: b", "a #b", "'", '"', "%"]
)
def test_awkward_text_can_be_written(value: str) -> None:
    assert document_of(f"k: {scalar_yaml(value)}").data == {"k": value}
    assert document_of(f"{scalar_yaml(value)}: v").data == {value: "v"}


@given(st.text(alphabet="0123456789abcdefxoyn_.+-E:~", max_size=8))
@example("no")
@example("Off")
@example("y")
@example("1_000")
@example("0x1f")
@example("2026-11-22")
@example("TRUE")
def test_other_readers_take_keys_as_text(value: str) -> None:
    written = text_yaml(value)
    assert yaml.safe_load(f"{written}: {written}") == {value: value}


@pytest.mark.parametrize("value", ["yes", "On", "n", "false", "Null", "010", "1_000", "0x1f"])
def test_other_readers_take_values_as_text_but_numbers_and_dates_in_their_usual_form(value: str) -> None:
    assert yaml.safe_load(scalar_yaml(value)) == value
    assert [scalar_yaml(text) for text in ("0.5", "12", "1e6", "2026-11-22")] == [
        "0.5",
        "12",
        "1e6",
        "2026-11-22",
    ]
