"""Insertions keep to the style that they find: one case per style of YAML."""

from __future__ import annotations

import pytest

from routecost.problems import KeyPath
from routecost.source.editing import apply, comment_edit, insert_item, insert_key
from tests.source.reading import document_of

pytestmark = pytest.mark.usefixtures("parser")


@pytest.mark.parametrize(
    ("text", "path", "item", "index", "expected"),
    [
        ("- a\n- b\n", (), "c", None, "- a\n- b\n- c\n"),
        ("- a\n- b", (), "c", None, "- a\n- b\n- c"),
        ("- a\n- b\n", (), "c", 0, "- c\n- a\n- b\n"),
        ("# top\n- a # a\n# about b\n- b\n", (), "c", 1, "# top\n- a # a\n- c\n# about b\n- b\n"),
        ("x:\n    - a # a\n\n# end\ny: 1\n", ("x",), "c", None, "x:\n    - a # a\n    - c\n\n# end\ny: 1\n"),
        ("x:\n- a\ny: 1\n", ("x",), "{k: v}", None, "x:\n- a\n- {k: v}\ny: 1\n"),
        ("- - a\n  - b\n- c", (0,), "d", 0, "- - d\n  - a\n  - b\n- c"),
        ("- - a\n  - b\n- c", (0,), "d", None, "- - a\n  - b\n  - d\n- c"),
        ("- k: 1\n  l: 2\n", (), "k: 3\nl: 4\n", None, "- k: 1\n  l: 2\n- k: 3\n  l: 4\n"),
        ("- a\r\n- b\r\n", (), "k: 3\nl: 4", None, "- a\r\n- b\r\n- k: 3\r\n  l: 4\r\n"),
        ("-\n-\n", (), "c", None, "-\n-\n- c\n"),
        ("- |\n  x\n\n- y", (), "c", 1, "- |\n  x\n\n- c\n- y"),
        ("- |+\n  x\n\n", (), "c", None, "- |+\n  x\n\n- c\n"),
        ("- >-\n  x", (), "c", None, "- >-\n  x\n- c"),
        ("- a", (), "|\n  x\n\n  y\n", None, "- a\n- |\n    x\n\n    y\n"),
        ("x: [] # c", ("x",), "a", None, "x: [a] # c"),
        ("x: [ # c\n]", ("x",), "a", 0, "x: [a # c\n]"),
        ("x: [a, b] # c", ("x",), "d", None, "x: [a, b, d] # c"),
        ("x: [a, b,] # c", ("x",), "d", None, "x: [a, b, d,] # c"),
        ("x: [a, b]", ("x",), "d", 0, "x: [d, a, b]"),
        ("x: [a, b]", ("x",), "d: e", 1, "x: [a, d: e, b]"),
        ("x: [\n  a, # a\n  b # b\n]\n", ("x",), "d", None, "x: [\n  a, # a\n  b, # b\n  d\n]\n"),
        ("x: [\n  a, # a\n  b, # b\n]\n", ("x",), "d", None, "x: [\n  a, # a\n  b, # b\n  d,\n]\n"),
        ("x: [\n  a, # a\n  b\n]\n", ("x",), "d", 1, "x: [\n  a, # a\n  d,\n  b\n]\n"),
        ("x: [\r\n  a,\r\n  b\r\n]\r\n", ("x",), "d", 0, "x: [\r\n  d,\r\n  a,\r\n  b\r\n]\r\n"),
        ("x: [a,\n    b, c]\n", ("x",), "d", None, "x: [a,\n    b, c, d]\n"),
        ("[a: , b]", (), "c", 1, "[a: , c , b]"),
        ("[[a], {b: c}]", (), "d", 1, "[[a], d, {b: c}]"),
        ("[[a], {b: c}]", (), "d", 2, "[[a], {b: c}, d]"),
    ],
)
def test_insert_item(text: str, path: KeyPath, item: str, index: int | None, expected: str) -> None:
    document = document_of(text)
    after = insert_item(document, path, item, index)
    assert after == expected
    place = len(document.get(path)) if index is None else index
    data = document_of(after).get(path)
    assert [*data[:place], *data[place + 1 :]] == document.get(path)


@pytest.mark.parametrize(
    ("text", "path", "item", "index", "message"),
    [
        ("a: 1", (), "x", None, "the document is not a sequence"),
        ("- a", (), "x", 2, "the document has 1 items; there is no index 2"),
        ("- a", (), "x", -1, "the document has 1 items; there is no index -1"),
        ("- a", (), "'x", None, '"\'x" is not one item of a sequence'),
        ("- a", (), "x: 1\ny", None, '"x: 1\\ny" is not one item of a sequence'),
        ("- a", (), "|+\n  x\n\n", None, '"|+\\n  x\\n\\n" is not one item of a sequence'),
        ("[a]", (), "- x", None, '"- x" is not one item that fits between brackets on one line'),
        ("- |\n  a", (), "x", None, "the text ends in a block scalar without a line break; add one by hand"),
        ("- &a [x]\n- *a", (1,), "y", None, '"1" has an anchor, an alias or a tag; edit it by hand'),
        ("&a [x]", (), "y", None, "the document has an anchor, an alias or a tag; edit it by hand"),
    ],
)
def test_insert_item_refuses(text: str, path: KeyPath, item: str, index: int | None, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        insert_item(document_of(text), path, item, index)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "path", "key", "value", "expected"),
    [
        ("a: 1\n", (), "b", "2", "a: 1\nb: 2\n"),
        ("a: 1", (), "b c", "2", 'a: 1\n"b c": 2'),
        ("a: 1 # one\n\n# tail\n", (), "b", "2", "a: 1 # one\nb: 2\n\n# tail\n"),
        (
            "x:\n  a:\n    k: 1\n# about y\ny: 1\n",
            ("x",),
            "b",
            "2",
            "x:\n  a:\n    k: 1\n  b: 2\n# about y\ny: 1\n",
        ),
        ("- a: 1\n- c: 1\n", (0,), "b", "2", "- a: 1\n  b: 2\n- c: 1\n"),
        ("a:\n", (), "b", "2", "a:\nb: 2\n"),
        ("a: 1\n", (), "b", "c: 1\nd: 2", "a: 1\nb:\n  c: 1\n  d: 2\n"),
        ("a: 1\n", (), "b", "- c", "a: 1\nb:\n  - c\n"),
        ("a: 1\n", (), "b", "|\n  c\n", "a: 1\nb: |\n    c\n"),
        ("a: 1\r\n", (), "b", "- c\n- d", "a: 1\r\nb:\r\n  - c\r\n  - d\r\n"),
        ("? a\n: 1\n? b\n", (), "c", "2", "? a\n: 1\n? b\nc: 2\n"),
        ("? a\n? b # b\n\n# tail\n", (), "c", "2", "? a\n? b # b\nc: 2\n\n# tail\n"),
        ("x: {} # c", ("x",), "a", "1", "x: {a: 1} # c"),
        ("x: {a: 1} # c", ("x",), "b", "[2, 3]", "x: {a: 1, b: [2, 3]} # c"),
        ("x: {\n  a: 1 # one\n}", ("x",), "b", "2", "x: {\n  a: 1, # one\n  b: 2\n}"),
        ("{a: }", (), "b", "2", "{a: , b: 2 }"),
        ("{a}", (), "b", "2", "{a, b: 2}"),
        ("{\n  a:\n}", (), "b", "2", "{\n  a: ,\n  b: 2\n}"),
        ("{'a':1}", (), "b", "2", "{'a':1, b: 2}"),
        ("a: &x 1\nb: *x\n", (), "c", "2", "a: &x 1\nb: *x\nc: 2\n"),
        ("a: &x {k: 1}\nb: *x # c\n", (), "c", "2", "a: &x {k: 1}\nb: *x # c\nc: 2\n"),
        ("%YAML 1.2\n---\na: 1\n...\n", (), "b", "2", "%YAML 1.2\n---\na: 1\nb: 2\n...\n"),
    ],
)
def test_insert_key(text: str, path: KeyPath, key: str, value: str, expected: str) -> None:
    document = document_of(text)
    after = insert_key(document, path, key, value)
    assert after == expected
    data = document_of(after).get(path)
    assert list(data)[-1] == key
    assert {name: data[name] for name in data if name != key} == document.get(path)


@pytest.mark.parametrize(
    ("text", "path", "key", "value", "message"),
    [
        ("- a", (), "b", "1", "the document is not a mapping"),
        ("a: 1", (), "a", "1", '"a" already exists'),
        ("a: 1", (), "b", "'x", '"\'x" is not one value of a mapping'),
        ("a: 1", (), "b", "1\nc: 2", '"1\\nc: 2" is not one value of a mapping'),
        ("{a: 1}", (), "b", "1, c: 2", '"1, c: 2" is not one value that fits between braces on one line'),
        ("[a: 1]", (0,), "b", "2", '"0" has no braces; edit it by hand'),
        ("a: |\n  x", (), "b", "2", "the text ends in a block scalar without a line break; add one by hand"),
    ],
)
def test_insert_key_refuses(text: str, path: KeyPath, key: str, value: str, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        insert_key(document_of(text), path, key, value)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "index", "expected"),
    [
        ("x: {a: 1, b: 2} # c\n", 0, "x: {k: 3, a: 1, b: 2} # c\n"),
        ("x: {a: 1, b: 2} # c\n", 1, "x: {a: 1, k: 3, b: 2} # c\n"),
        ("x:\n  a: 1 # a\n  b: 2\ny: 4\n", 0, "x:\n  k: 3\n  a: 1 # a\n  b: 2\ny: 4\n"),
        ("x:\n  a: 1 # a\n  b: 2\ny: 4\n", 1, "x:\n  a: 1 # a\n  k: 3\n  b: 2\ny: 4\n"),
        ("x:\n  a: 1\n  b: 2\ny: 4\n", 2, "x:\n  a: 1\n  b: 2\n  k: 3\ny: 4\n"),
    ],
)
def test_insert_key_at_its_place(text: str, index: int, expected: str) -> None:
    after = insert_key(document_of(text), ("x",), "k", "3", index)
    assert after == expected
    assert list(document_of(after).get(("x",)))[index] == "k"


def test_comments_above_the_first_key() -> None:
    document = document_of("# top\n\na: 1\nb: 2\n")
    assert apply(document, [comment_edit(document, ["# x", "# y"])]) == "# top\n\n# x\n# y\na: 1\nb: 2\n"
    for text in ("{a: 1}\n", "# top\n{a: 1}\n"):
        with pytest.raises(ValueError, match="not in block style"):
            comment_edit(document_of(text), ["# x"])
