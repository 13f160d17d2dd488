"""Edits leave everything else as it is: scalars, and edits together."""

from __future__ import annotations

import pytest

from routecost.problems import KeyPath, Position
from routecost.source.editing import Edit, apply, insert_key, item_edit, key_edit, replace_scalar, scalar_edit
from tests.source.reading import document_of

pytestmark = pytest.mark.usefixtures("parser")


@pytest.mark.parametrize(
    ("text", "path", "new", "expected"),
    [
        ("a: 1 # one\nb: 2\n", ("a",), "3", "a: 3 # one\nb: 2\n"),
        ("a: '1'   # one", ("a",), "3", "a: 3   # one"),
        ('{"a":"b", c: d}', ("a",), "e", '{"a": e, c: d}'),
        ("a:\n  - x\n  - 'y''s' # c", ("a", 1), "z", "a:\n  - x\n  - z # c"),
        ("a:\nb: 1", ("a",), "x", "a: x\nb: 1"),
        ("a:   # none\nb: 1", ("a",), "x", "a: x   # none\nb: 1"),
        ("-\n- b", (0,), "x", "- x\n- b"),
        ("{a: , b: 1}", ("a",), "x", "{a: x , b: 1}"),
        ("{a: # c\n , b: 1}", ("a",), "x", "{a: x # c\n , b: 1}"),
        ("a: two\n  lines # c\nb: 1", ("a",), "x", "a: x # c\nb: 1"),
        ("a: &a 1\nb: *a # c", ("b",), "2", "a: &a 1\nb: 2 # c"),
        ('a: "é\U0001f600" # ü\r\nb: 1\r\n', ("a",), "x", "a: x # ü\r\nb: 1\r\n"),
        ("a: 'x'#c", ("a",), "y", "a: y #c"),
        ("\ufeffa: 1", ("a",), "2", "\ufeffa: 2"),
    ],
)
def test_replace_scalar(text: str, path: KeyPath, new: str, expected: str) -> None:
    assert replace_scalar(document_of(text), path, new) == expected


@pytest.mark.parametrize(
    ("text", "path", "new", "message"),
    [
        ("a: |\n  x\n", ("a",), "1", '"a" has an anchor, a tag or block style; edit it by hand'),
        ("a: &b 1\nc: *b", ("a",), "1", '"a" has an anchor, a tag or block style; edit it by hand'),
        ("a: &b {c: 1}\nd: *b", ("a", "c"), "1", '"a" has an anchor, an alias or a tag; edit it by hand'),
        ("a: &b {c: 1}\nd: *b", ("d", "c"), "1", '"d" has an anchor, an alias or a tag; edit it by hand'),
        ("a: [1]", ("a",), "1", '"a" is not a scalar inside the document'),
        ("a", (), "1", "the document is not a scalar inside the document"),
        ("a: 1", ("b",), "1", '"b" is not in the text'),
        ("a: 1", ("a", "b"), "1", '"a" is not a mapping or a sequence'),
        ("{a, b: 1}", ("a",), "1", '"a" has no colon; edit it by hand'),
        ("? a-\n? b\n", ("a-",), "1", '"a-" has no colon; edit it by hand'),
        ("a: 1", ("a",), "b: c", '"b: c" is not one scalar on one line'),
        ("a: 1", ("a",), "- c", '"- c" is not one scalar on one line'),
        ("a: 1", ("a",), "[c]", '"[c]" is not one scalar on one line'),
        ("a: 1", ("a",), "b\n", '"b\\n" is not one scalar on one line'),
        ("a: 1", ("a",), "'b", '"\'b" is not one scalar on one line'),
        ("a: 1", ("a",), "|", '"|" is not one scalar on one line'),
        ("a: 1", ("a",), "*x", '"*x" is not one scalar on one line'),
        ("a: [1]", ("a", 0), "b, c", '"b, c" is not one item that fits between brackets on one line'),
        ("a: [1]", ("a", 0), "b # c", '"b # c" is not one item that fits between brackets on one line'),
        ("a: [1]", ("a", 0), "b: c", '"b: c" is not one scalar on one line'),
    ],
)
def test_replace_scalar_refuses(text: str, path: KeyPath, new: str, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        replace_scalar(document_of(text), path, new)
    assert str(caught.value) == message


def test_edits_combine() -> None:
    document = document_of("\ufeffa: 1\nb: [x]\nc: {}\n")
    edits = [
        key_edit(document, (), "d", "1"),
        item_edit(document, ("b",), "y"),
        item_edit(document, ("b",), "z"),
        key_edit(document, ("c",), "k", "v"),
        scalar_edit(document, ("a",), "2"),
        scalar_edit(document, ("b", 0), "w"),
    ]
    assert apply(document, edits) == "\ufeffa: 2\nb: [w, y, z]\nc: {k: v}\nd: 1\n"
    assert apply(document, []) == "\ufeffa: 1\nb: [x]\nc: {}\n"


def test_overlapping_edits_are_refused() -> None:
    document = document_of("a: 1\nb: abc\nc: []\n")
    with pytest.raises(ValueError, match=r"^two edits overlap on line 2$"):
        apply(document, [Edit(8, 10, "x"), Edit(9, 11, "y")])
    empty = item_edit(document, ("c",), "x")
    with pytest.raises(ValueError, match=r"^two edits overlap on line 3$"):
        apply(document, [empty, empty])
    assert apply(document, [Edit(8, 9, "x"), Edit(9, 11, "y")]) == "a: 1\nb: xy\nc: []\n"


def test_documents_with_overrides_are_not_edited() -> None:
    document = document_of("a: 1\n").override(("a",), "2", Position("--set", 1, 1))
    with pytest.raises(ValueError, match=r"^a document with overrides cannot be edited$"):
        insert_key(document, (), "b", "1")
