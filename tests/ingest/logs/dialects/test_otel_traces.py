"""Traces whose spans are split over lines and files."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.api.call_log import open_log
from routecost.errors import EnvironmentFailure
from routecost.ingest.logs import items
from routecost.ingest.logs.dialects import otel, otel_traces
from routecost.ingest.logs.dialects.otel_traces import NESTED, TOO_MANY, Traces
from routecost.ingest.logs.read import TaskTypes
from routecost.ingest.logs.task_types import task_types_from
from tests.ingest.logs.samples import chat, otlp, span

AGENT = {"operation.name": "invoke_agent", "agent.name": "coder", "workflow.name": "fix"}
SPANS = [
    span({**chat(input_tokens=100), "response.id": "r1"}, number=1, parent=3),
    span({**chat(input_tokens=100), "response.id": "r1"}, number=2, parent=1),
    span({}, number=3, parent=4),
    span({**AGENT, "conversation.id": "c"}, number=4),
    span(chat(input_tokens=7, output_tokens=1), number=5, parent=9),
]


def read(folder: Path, *files: bytes, task_types: TaskTypes | None = None) -> tuple[Any, dict[str, int]]:
    """Return the calls of files by task type, agent, session and tokens, and the notes."""
    for number, content in enumerate(files):
        (folder / f"{number}.jsonl").write_bytes(content)
    with open_log([folder], task_types=task_types) as log:
        cells = log.cells(["task_type", "agent", "session"], [])
        found = sorted((str(one.keys), one.calls, sorted(one.units.items())) for one in cells)
        assert log.read.faults.count == 0
        return found, log.read.notes


WHOLE = [
    (str({"task_type": "fix", "agent": "coder", "session": "c"}), 1, [("input", 100)]),
    (str({"task_type": None, "agent": None, "session": None}), 1, [("input", 7), ("output", 1)]),
]


@pytest.mark.parametrize(
    "order",
    [
        order if at % 51 == 17 else pytest.param(order, marks=pytest.mark.slow)
        for at, order in [*enumerate(permutations(range(5)))][::17]
    ],
)
def test_lines_and_files_of_a_trace_change_nothing(tmp_path: Path, order: tuple[int, ...]) -> None:
    spans = [SPANS[number] for number in order]
    lines = [otlp(one) + b"\n" for one in spans]
    for name, files in (
        ("line", [otlp(*spans)]),
        ("lines", [b"".join(lines)]),
        ("files", lines),
        ("both", [b"".join(lines[:2]), otlp(*spans[2:])]),
    ):
        (tmp_path / name).mkdir()
        assert read(tmp_path / name, *files) == (WHOLE, {})


def test_each_span_is_decoded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[Any] = []
    decode = otel._decode_span

    def counted(raw: Any) -> Any:
        decoded.append(raw)
        return decode(raw)

    monkeypatch.setattr(otel, "_decode_span", counted)
    assert read(tmp_path, *(otlp(one) for one in SPANS)) == (WHOLE, {})
    assert len(decoded) == len(SPANS)


def test_a_full_temporary_folder_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "_MOST_HELD", 1)
    assert read(tmp_path, otlp(*SPANS)) == (WHOLE, {})

    def full(*_: object) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(SpooledTemporaryFile, "write", full)
    with pytest.raises(EnvironmentFailure, match="is full or cannot be written"):
        read(tmp_path, otlp(*SPANS))


def test_task_types_come_from_spans_in_other_files(tmp_path: Path) -> None:
    lines = [otlp(one) for one in SPANS[:4]]
    ((keys, *_),), _ = read(tmp_path, *lines, task_types=task_types_from("agent"))
    assert keys.startswith("{'task_type': 'coder'")


@pytest.mark.parametrize(("inner", "expected"), [({}, 1), ({"response.id": "r2"}, 2)])
def test_a_call_that_is_recorded_side_by_side_counts_once(
    tmp_path: Path, inner: dict[str, str], expected: int
) -> None:
    one = {**chat(input_tokens=90, output_tokens=4), "response.id": "r1", "provider.name": "anthropic"}
    full = {**one, **inner, "usage.cache_read.input_tokens": 40}
    found, notes = read(tmp_path, otlp(span(one, number=1)), otlp(span(full, number=2)))
    assert sum(calls for _, calls, _ in found) == expected
    assert found[0][2][0] == ("cache_read", 40) or expected == 2
    assert notes == {}


@pytest.mark.parametrize(
    ("outer", "inner", "noted"), [("", "", 1), ("r1", "", 1), ("", "r1", 1), ("r1", "r2", 0)]
)
def test_nested_calls_that_used_as_much_are_noted(tmp_path: Path, outer: str, inner: str, noted: int) -> None:
    spans = [
        span(
            chat(input_tokens=9) | ({"response.id": response} if response else {}),
            number=number,
            parent=above,
        )
        for response, number, above in ((outer, 1, None), (inner, 2, 1))
    ]
    found, notes = read(tmp_path, *map(otlp, spans))
    assert sum(calls for _, calls, _ in found) == 2
    assert notes == ({NESTED: 1} if noted else {})


def test_too_many_spans_are_read_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(otel_traces, "MOST_SPANS", 2)
    found, notes = read(tmp_path, otlp(*SPANS))
    assert (found, notes) == (WHOLE, {TOO_MANY: 1})


names = st.tuples(*(st.sampled_from([None, "x", "y"]) for _ in range(3)))


@given(st.dictionaries(st.integers(1, 9), st.tuples(st.integers(0, 9), names)))
def test_names_above_a_span_are_found(spans: dict[int, tuple[int, tuple[str | None, ...]]]) -> None:
    traces = Traces()
    for number, (above, texts) in spans.items():
        traces.add(("t", str(number)), ("t", str(above)) if above else None, texts)
    traces.sort()
    for number in spans:
        expected: list[tuple[str | None, ...]] = []
        at = number
        while at in spans and (spans[at][0] or any(spans[at][1])) and len(expected) < 10:
            expected.append(spans[at][1])
            at = spans[at][0]
        found = list(traces.from_span(("t", str(number))))
        assert found == expected[: len(found)]
        assert len(found) == len(expected) or len(expected) == 10
