"""Dataclasses of `routecost.records` behave as those of the standard library."""

from __future__ import annotations

import dataclasses
from dataclasses import field
from typing import Any

import pytest

from routecost.records import dataclass


def pair(decorate: Any) -> tuple[Any, Any]:
    @decorate(frozen=True, slots=True)
    class Point:
        x: int
        y: int = 0
        note: object = field(default=None, compare=False, repr=False)

    @decorate(frozen=True, slots=True)
    class Empty:
        pass

    return Point, Empty


@pytest.mark.parametrize("decorate", [dataclass, dataclasses.dataclass])
def test_records_compare_hash_and_print_their_fields(decorate: Any) -> None:
    point, empty = pair(decorate)
    assert point(1, note=[]) == point(1, 0)
    assert hash(point(1, note=[])) == hash(point(1, 0))
    assert point(1) != point(2)
    assert point(1) != empty()
    assert point(1) != (1, 0, None)
    assert empty() == empty()
    assert repr(point(1)).endswith(".Point(x=1, y=0)")
    assert {point(1), point(1), point(2)} == {point(1), point(2)}


@pytest.mark.parametrize("decorate", [dataclass, dataclasses.dataclass])
def test_methods_of_the_class_itself_are_kept(decorate: Any) -> None:
    @decorate(frozen=True)
    class Loud:
        x: int

        def __repr__(self) -> str:
            return "LOUD"

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 7

    loud: Any = Loud
    assert repr(loud(1)) == "LOUD"
    assert loud(1) == 3
    assert hash(loud(1)) == 7


@pytest.mark.parametrize("decorate", [dataclass, dataclasses.dataclass])
def test_a_record_that_can_change_has_no_hash(decorate: Any) -> None:
    @decorate
    class Count:
        n: int

    count: Any = Count
    assert count(1) == count(1)
    with pytest.raises(TypeError, match="unhashable"):
        hash(count(1))


@pytest.mark.parametrize("decorate", [dataclass, dataclasses.dataclass])
def test_identity_can_be_asked_for(decorate: Any) -> None:
    @decorate(eq=False, repr=False)
    class Handle:
        n: int

    kind: Any = Handle
    handle = kind(1)
    assert handle == handle  # noqa: PLR0124
    assert handle != kind(1)
    assert "object at" in repr(handle)
