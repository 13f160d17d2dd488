"""Texts -> data and findings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from routecost.errors import UsageError
from routecost.problems import Finding
from routecost.source import ListNode, MapNode, read_bytes, read_file, read_text
from tests.source.reading import document_of

pytestmark = pytest.mark.usefixtures("parser")


def one_finding(text: str) -> Finding:
    _, findings = read_text(text, "t.yaml")
    assert len(findings) == 1, findings
    return findings[0]


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: 4", {"a": "4"}),
        (
            "a: [on, 12:30, 1e-3, 0x1F, 2026-02-01, .5, true]",
            {"a": ["on", "12:30", "1e-3", "0x1F", "2026-02-01", ".5", "true"]},
        ),
        ("[~, null, Null, NULL, nUll]", [None, None, None, None, "nUll"]),
        ("['~', \"null\", '', \"\"]", ["~", "null", "", ""]),
        ("a:\nb: # none\nc:\n- \n-", {"a": None, "b": None, "c": [None, None]}),
        ("a: {b: [1, {c: d}]}\ne: []\nf: {}", {"a": {"b": ["1", {"c": "d"}]}, "e": [], "f": {}}),
        ("a: |\n  x\n  y\nb: >-\n  x\n  y\n", {"a": "x\ny\n", "b": "x y"}),
        (
            "a: &x {b: 1}\nc: *x\nd: &y 5\ne: *y\n*y : f",
            {"a": {"b": "1"}, "c": {"b": "1"}, "d": "5", "e": "5", "5": "f"},
        ),
        ("'<<': 1", {"<<": "1"}),
        ("a: <<", {"a": "<<"}),
        ("80%: 80%", {"80%": "80%"}),
        ("just text", "just text"),
        ("%YAML 1.2\n---\na: 1\n...\n", {"a": "1"}),
        ("a: 1\r\nb:\r\n- c\r\n", {"a": "1", "b": ["c"]}),
        ("\ufeffa: 1\nb: 2\n", {"a": "1", "b": "2"}),
        ('a: "\\u00e9 \\t"', {"a": "é \t"}),
    ],
)
def test_scalars_stay_text(text: str, data: object) -> None:
    assert document_of(text).data == data


def test_containers_know_their_kind() -> None:
    data: Any = document_of("a: [{}]").data
    assert type(data) is MapNode
    assert type(data["a"]) is ListNode
    assert type(data["a"][0]) is MapNode


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a: 1\nb: 2\na: 3", "3:1", 'duplicate key "a"; first defined on line 1, column 1'),
        ("{x: 1,\n  x: 2}", "2:3", 'duplicate key "x"; first defined on line 1, column 2'),
        ("b: &b {c: 1}\na:\n  <<: *b", "3:3", 'the merge key "<<" is not supported; write the keys out'),
        ("a: 1\n[b]: 2", "2:1", "a sequence is used as a key; expected text"),
        ("a: 1\n? {b: c}\n: 2", "2:3", "a mapping is used as a key; expected text"),
        (
            "a: 1\n~: 2",
            "2:1",
            "a key is empty or null; expected text; put null in quotes to use it as a name",
        ),
        (
            "a: !!python/name:os.system x",
            "1:4",
            'the tag "!!python/name:os.system" is not supported; remove it',
        ),
        ("a: !!str 1", "1:4", 'the tag "!!str" is not supported; remove it'),
        ("a: ! 1", "1:4", 'the tag "!" is not supported; remove it'),
        ("a: !!map {b: 1}", "1:4", 'the tag "!!map" is not supported; remove it'),
        ("a: 1\n---\nb: 1", "2:1", "a second document starts here; expected one document"),
        ("---\n---\nb: 1", "2:1", "a second document starts here; expected one document"),
        ("", "1:1", "the document is empty; expected a mapping"),
        ("# only a comment\n", "1:1", "the document is empty; expected a mapping"),
        ("a: *b", "1:4", 'the alias "*b" has no anchor before it'),
        (
            "first: &base 1\na: *bsae",
            "2:4",
            'the alias "*bsae" has no anchor before it; did you mean "base"?',
        ),
        ("a: &a [1, *a]", "1:11", 'the alias "*a" is inside the value that it refers to'),
        ("a: x\x00y", "1:5", "character U+0000 is not allowed in YAML; expected printable text"),
        ("é: ü\x1b", "1:5", "character U+001B is not allowed in YAML; expected printable text"),
        ("a: \ud800", "1:4", "character U+D800 is not allowed in YAML; expected printable text"),
        ('a: "\\e[31m"', "1:4", "the value contains character U+001B; expected printable text"),
        ("a:\n\t- b", "2:1", "not valid YAML: a tab cannot indent; use spaces"),
        ("\n\t", "2:1", "not valid YAML: a tab cannot indent; use spaces"),
        ("a: @x", "1:4", "not valid YAML: '@' cannot start a value; put the value in quotes"),
    ],
)
def test_findings_say_what_and_where(text: str, place: str, message: str) -> None:
    finding = one_finding(text)
    assert str(finding) == f"t.yaml:{place}: {message}"
    line = text.split("\n")[finding.position.line - 1]
    assert (finding.source_line or "") == re.sub("[\x00\x1b\ud800]", "\ufffd", line)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: [1\nb: 2\n", 2, 2),
        ("a: [\n\n\n", 1, 5),
        ("a: b: c", 1, 5),
        ("é: 'ü", 1, 6),
        ("a: {b: 1]", 1, 9),
        ("a: 1\n b: 2", 2, 3),
    ],
)
def test_broken_syntax_ends_the_reading_at_the_right_place(text: str, line: int, column: int) -> None:
    document, findings = read_text(text, "t.yaml")
    assert document is None
    (finding,) = findings
    assert (finding.position.line, finding.position.column) == (line, column)
    assert finding.message.startswith("not valid YAML: ")
    assert finding.source_line == text.split("\n")[line - 1]


def test_context_of_broken_syntax_names_its_line() -> None:
    assert one_finding("a: 1\nb: [\n  c\nd: 1\n").message.endswith(
        "while parsing a flow sequence that starts on line 2"
    )


@pytest.mark.parametrize("escape", ["\\UFFFFFFFF", "\\U00110000"])
def test_impossible_escapes_are_findings(escape: str) -> None:
    assert one_finding(f'a: "{escape}"').message.startswith("not valid YAML: ")


def test_many_findings_at_once_and_the_rest_is_usable() -> None:
    text = "a: 1\na: 2\nb: !x 3\n[c]: 4\n<<: 5\nd: *e\nf: 6\n"
    document, findings = read_text(text, "t.yaml")
    assert [finding.position.line for finding in findings] == [2, 3, 4, 5, 6]
    assert document is not None
    assert document.data == {"a": "1", "b": "3", "d": "*e", "f": "6"}
    assert str(document.position(("f",))) == "t.yaml:7:4"


def test_findings_before_broken_syntax_stay() -> None:
    document, findings = read_text("a: 1\na: 2\nb: {c: 1, c: 2}\nd: ]\n", "t.yaml")
    assert document is None
    assert [finding.position.line for finding in findings] == [2, 3, 4]


def test_invalid_utf8_names_each_byte_and_goes_on() -> None:
    document, findings = read_bytes(b"a: \xff\nb: \xc3\xa9 \xe9\n", "t.yaml")
    assert [str(finding) for finding in findings] == [
        "t.yaml:1:4: byte 0xff is not UTF-8 text; expected a file encoded as UTF-8",
        "t.yaml:2:6: byte 0xe9 is not UTF-8 text; expected a file encoded as UTF-8",
    ]
    assert document is not None
    assert document.data == {"a": "\ufffd", "b": "é \ufffd"}


def test_binary_files_give_few_findings() -> None:
    _, findings = read_bytes(b"a: " + b"\x00\xff" * 5_000, "t.yaml")
    assert len(findings) == 11
    assert findings[-1].message == "9,990 more characters that are not allowed"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_is_named(encoding: str) -> None:
    document, findings = read_bytes("\ufeffa: 1".encode(encoding), "t.yaml")
    assert document is None
    assert [finding.message for finding in findings] == ["the file is encoded as UTF-16; expected UTF-8"]


def test_long_names_are_cut_in_messages() -> None:
    key = "k" * 500
    assert len(one_finding(f"{key}: 1\n{key}: 2").message) < 120


def test_read_file(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\n")
    document, findings = read_file(path)
    assert findings == []
    assert document is not None
    assert (document.file, document.data, document.text) == (str(path), {"a": "1"}, "a: 1\r\n")


def test_unreadable_files_are_usage_errors(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r'^cannot read ".*missing.yaml": no such file or directory$'):
        read_file(tmp_path / "missing.yaml")
    with pytest.raises(UsageError, match=r'^cannot read ".*": is a directory$'):
        read_file(tmp_path)
    with pytest.raises(UsageError, match=r'^cannot read ".*": embedded null byte$'):
        read_file(tmp_path / "a\0b")
