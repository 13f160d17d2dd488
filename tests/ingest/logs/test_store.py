"""Each call is counted once: the order of lines, files and repeated lines change nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.ingest.logs import store as stores
from routecost.ingest.logs.aggregate import rows
from routecost.ingest.logs.call import Call
from routecost.ingest.logs.store import CallStore
from routecost.model.logs.cells import COUNTED
from tests.examples import FEWER_EXAMPLES

HOUR = 3_600_000_000


def stored(parts: Iterable[Iterable[Call]], memory: str = stores.MEMORY) -> list[dict[str, Any]]:
    """Return the rows of calls that are added in parts, sorted, without unknown values and zeros."""
    with TemporaryDirectory() as folder:
        store = CallStore(Path(folder), threads=1, memory=memory)
        try:
            for part in parts:
                store.add(part)
            found = rows(store.finish())
        finally:
            store.close()
    plain = [{name: row[name] for name in row if row[name] not in (None, 0)} for row in found]
    return sorted(plain, key=repr)


def total(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Return the sums of the meters of rows."""
    sums: dict[str, int] = {}
    for row in rows:
        for meter in COUNTED:
            if meter in row:
                sums[meter] = sums.get(meter, 0) + row[meter]
    return sums


counts = st.integers(0, 2**53)
units = st.dictionaries(st.sampled_from(["input", "output", "cache_write_1h", "web_search"]), counts)
calls = st.builds(
    Call,
    model=st.sampled_from(["claude-haiku-5-5", "claude-sonnet-5-5"]),
    time=st.none() | st.sampled_from([0, 1, HOUR]) | st.integers(-HOUR, 2**52),
    units=units | st.just({"output": 5}),
    id=st.none() | st.sampled_from(["a", "b", "c"]),
    rank=st.integers(0, 1),
    mode=st.sampled_from(["standard", "fast"]),
    context=st.none() | counts,
    session=st.none() | st.sampled_from(["s1", "s2"]),
    outcome=st.sampled_from([None, "failure"]),
    cost=st.none() | counts,
    provider=st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=3),
)


@FEWER_EXAMPLES
@given(st.lists(calls, max_size=12), st.data())
def test_order_files_batches_and_repeated_lines_change_nothing(
    lines: list[Call], data: st.DataObject
) -> None:
    whole = stored([lines])
    named = [call for call in lines if call.id is not None]
    repeated = data.draw(st.lists(st.sampled_from(named), max_size=6)) if named else []
    other = data.draw(st.permutations([*lines, *repeated]))
    cut = data.draw(st.integers(0, len(other)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stores, "BATCH", data.draw(st.integers(1, 20)))
        assert stored([other[:cut], other[cut:]]) == whole
    assert sorted(row["id"] for row in whole if "id" in row) == sorted({str(call.id) for call in named})
    assert sum("id" not in row for row in whole) == len(lines) - len(named)


def test_many_calls_are_moved_to_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [*many(40)]
    whole = stored([lines])
    monkeypatch.setattr(stores, "BATCH", 7)
    monkeypatch.setattr(stores, "MOST_IN_MEMORY", 20)
    assert stored([lines]) == whole


def with_ids_of(part: str, lines: Sequence[Call]) -> list[Call]:
    for call in lines:
        call.id = None if call.id is None else f"{part}/{call.id}"
    return list(lines)


@FEWER_EXAMPLES
@given(st.lists(calls, max_size=8), st.lists(calls, max_size=8))
def test_usage_of_a_whole_is_the_sum_of_that_of_its_parts(one: list[Call], other: list[Call]) -> None:
    first, second = with_ids_of("1", one), with_ids_of("2", other)
    assert stored([first, second]) == sorted([*stored([first]), *stored([second])], key=repr)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (Call("m", id="a", units={"output": 1}), Call("m", id="a", units={"output": 900}, rank=1)),
        (Call("m", id="a", units={"output": 2}, time=9), Call("m", id="a", units={"output": 1}, time=1)),
        (Call("m", id="a", time=1000, session="s1"), Call("m", id="a", time=2000, session="s0")),
        (Call("m", id="a", time=HOUR), Call("m", id="a", time=None)),
        (Call("m", id="a", units={"output": 2**53}), Call("m", id="a", units={"output": 2**39})),
    ],
)
def test_which_line_of_a_call_is_kept(better: Call, worse: Call) -> None:
    assert stored([[worse, better, worse]]) == stored([[better]])


@pytest.mark.parametrize("meter", ["output", "web_search"])
def test_columns_of_lines_that_are_not_kept_change_nothing(meter: str) -> None:
    worse = Call("m", id="a", units={meter: 7, "output": 0}, rank=1, session="s1", context=5)
    equal = [Call("m", id="a", time=time) for time in range(4)]
    assert stored([[*equal], [worse]]) == stored([[*equal, worse]]) == stored([equal])


def test_calls_without_an_id_are_never_one() -> None:
    same = Call("m", units={"input": 3}, time=5)
    assert total(stored([[same, same], [same]])) == {"input": 9}


def test_texts_are_stored_as_they_are() -> None:
    name = 'O\'Brien "x" 概要 \\'
    (row,) = stored([[Call(name, mode="it's", session=name)]])
    assert (row["model"], row["mode"], row["session"]) == (name, "it's", name)


def many(count: int) -> Iterable[Call]:
    """Yield lines of calls, two of each, with the repeated ones far from the first."""
    for number in range(count):
        place = number * 7919 % (count // 2)
        usage = {"input": 1, "output": number // (count // 2) + 1}
        yield Call("m", number, usage, id=f"msg_{place:030}", session=f"session-{place // 50:030}")


@pytest.mark.parametrize(
    ("count", "memory"), [(20_000, "1GB"), pytest.param(200_000, "60MB", marks=pytest.mark.slow)]
)
def test_many_calls_within_a_limit_of_memory(count: int, memory: str) -> None:
    assert total(stored([many(count)], memory)) == {"input": count // 2, "output": count}
