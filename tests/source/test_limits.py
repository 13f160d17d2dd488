"""No text may exhaust memory, stack or patience."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routecost.source import Limits, read_bytes, read_file, read_text
from routecost.source import load as load_module
from routecost.source.anchors import Anchored, Anchors
from routecost.source.load import Result
from routecost.source.nodes import ListNode


@pytest.mark.parametrize("piece", ["[", "{", "- ", "? ", "{a: ", "[[a]: ", "- ? ", "&a [", "!x ["])
def test_deep_nesting_is_refused(piece: str) -> None:
    document, findings = read_text(piece * 100_000, "t.yaml")
    assert document is None
    assert findings[-1].message == "nested too deeply; the limit is 64 levels"


@pytest.mark.parametrize(
    "piece", ["a: ", '"', "&a ", "!", "%", "*", "---\n", "]", "|\n", "\t", "a:\n ", "'\n", "# "]
)
def test_long_runs_are_refused(piece: str) -> None:
    document, findings = read_text(piece * 100_000, "t.yaml")
    assert document is None
    assert findings


def test_depth_is_inclusive() -> None:
    limits = Limits(max_depth=3)
    assert read_text("[[[1]]]", "t.yaml", limits)[1] == []
    assert read_text("[[[[1]]]]", "t.yaml", limits)[1][0].position.column == 4
    assert read_text("a: &a [[1]]\nb: [*a]", "t.yaml", limits)[1][0].position.line == 2
    assert read_text("a: &a [1]\nb: [*a]", "t.yaml", limits)[1] == []


def test_chains_of_aliases_count_as_depth() -> None:
    text = "- &a0 [x]\n" + "".join(f"- &a{n + 1} [*a{n}]\n" for n in range(1_000))
    document, findings = read_text(text, "t.yaml")
    assert document is None
    assert findings[0].message.startswith("nested too deeply")
    assert findings[0].position.line == 64


def test_nodes_are_inclusive() -> None:
    limits = Limits(max_nodes=6)
    assert read_text("a: [1, 2]\nb: 3", "t.yaml", limits)[1] == []
    assert len(read_text("a: [1, 2]\nb: 3\nc: 4", "t.yaml", limits)[1]) == 1
    assert read_text("a: &x [1]\nb: [*x]", "t.yaml", Limits(max_nodes=7))[1] == []
    assert len(read_text("a: &x [1]\nb: [*x]", "t.yaml", Limits(max_nodes=6))[1]) == 1


def test_one_long_sequence_is_cut_before_it_ends() -> None:
    document, findings = read_text("[" + "1," * 1_000 + "1", "t.yaml", Limits(max_nodes=100))
    assert document is None
    assert findings[0].message == "too many keys, values and items (with aliases expanded); the limit is 100"


def test_alias_bombs_are_refused() -> None:
    text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    text += "".join(f"a{n + 1}: &a{n + 1} [{','.join([f'*a{n}'] * 10)}]\n" for n in range(30))
    document, findings = read_text(text, "t.yaml")
    assert document is None
    assert findings[0].message.startswith("too many keys, values and items")
    assert findings[0].position.line == 6


def test_problems_are_limited() -> None:
    document, findings = read_text("a: 1\n" * 1_000, "t.yaml")
    assert document is None
    assert len(findings) == 101
    assert findings[-1].message == "too many problems; the rest of the file was not read"


def test_bytes_are_inclusive(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("a: é".encode())
    exactly, less = Limits(max_bytes=5), Limits(max_bytes=4)
    reads: list[Callable[[Limits], Result]] = [
        lambda limits: read_text("a: é", "t.yaml", limits),
        lambda limits: read_bytes("a: é".encode(), "t.yaml", limits),
        lambda limits: read_file(path, limits),
    ]
    for read in reads:
        assert read(exactly)[1] == []
        document, findings = read(less)
        assert document is None
        assert [finding.message for finding in findings] == ["the file is too large; the limit is 4 bytes"]


def test_large_files_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as stream:
        stream.truncate(10_000_001)
    monkeypatch.setattr(load_module, "open", None, raising=False)
    assert read_file(path)[0] is None


def test_endless_files_are_cut() -> None:
    endless = Path("/dev/zero")
    if not endless.exists():
        pytest.skip("no endless file here")
    assert read_file(endless, Limits(max_bytes=100))[1][0].message.startswith("the file is too large")


def test_anchored_containers_are_measured_once() -> None:
    class Counted(ListNode):
        passes = 0

        def __iter__(self) -> Iterator[Any]:
            Counted.passes += 1
            return super().__iter__()

    anchors = Anchors()
    inner = Counted(["1", "2"])
    anchors.close("inner", inner)
    anchors.close("outer", ListNode([inner, inner, "3"]))
    assert anchors.get("outer") == Anchored([["1", "2"], ["1", "2"], "3"], nodes=8, height=2)
    assert Counted.passes == 1


def test_hostile_anchor_names_are_not_compared() -> None:
    anchors = Anchors()
    anchors.close("ab" * 500_000, "x")
    assert anchors.error_message("ba" * 500_000).endswith('..." has no anchor before it')


def test_findings_on_one_line_share_its_text() -> None:
    _, findings = read_text("{a: 1, a: 2, a: 3}", "t.yaml")
    assert len(findings) == 2
    assert findings[0].source_line is findings[1].source_line


YAMLISH = st.text(alphabet="ab:-?[]{},#&*!|>'\"%@` \n\r\t~<\\u0é\ufeff\u2028\x00", max_size=60)
FUZZ = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.usefixtures("parser")
@FUZZ
@given(st.binary(max_size=80))
def test_any_bytes_end_in_a_document_or_findings(data: bytes) -> None:
    document, findings = read_bytes(data, "t.yaml")
    assert document is not None or findings


@pytest.mark.usefixtures("parser")
@FUZZ
@given(YAMLISH)
def test_any_text_ends_in_a_document_or_findings(text: str) -> None:
    document, findings = read_text(text, "t.yaml")
    assert document is not None or findings
    for finding in findings:
        assert finding.position.line >= 1
        assert finding.position.column >= 1
        assert finding.message == finding.message.strip()
        assert "\n" not in finding.message
