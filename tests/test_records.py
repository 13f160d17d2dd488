"""Dataclasses of `routecost.records` behave as those of the standard library."""

from __future__ import annotations

import copy
import dataclasses
import pickle
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


@pytest.mark.parametrize("decorate", [dataclass, dataclasses.dataclass])
def test_instances_are_made_from_fields(decorate: Any) -> None:
    @decorate(frozen=True, slots=True)
    class Order:
        item: str
        count: int = 1
        tags: list[str] = field(default_factory=list)
        total: int = field(init=False, default=0)
        note: str = field(default="", kw_only=True)

        def __post_init__(self) -> None:
            object.__setattr__(self, "total", self.count * 2)

    for order in (Order("a", 3, note="n"), Order(item="a", count=3, note="n")):  # type: ignore[call-arg]
        assert (order.item, order.count, order.tags, order.total, order.note) == ("a", 3, [], 6, "n")
    assert Order("a").tags is not Order("a").tags  # type: ignore[call-arg]
    assert dataclasses.replace(Order("a"), count=5).total == 10  # type: ignore[call-arg, type-var]
    unlike: tuple[Any, ...]
    for unlike in ((), ("a", 1, [], "n"), ("a", 1, [], 7, "n")):
        with pytest.raises(TypeError, match=r"Order\.__init__\(\)"):
            Order(*unlike)
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        Order("a", colour="red")  # type: ignore[call-arg]


@pytest.mark.parametrize("decorate", [dataclass, dataclasses.dataclass])
def test_frozen_records_do_not_change(decorate: Any) -> None:
    point = pair(decorate)[0](1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.x = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del point.x


@pytest.mark.parametrize("first", [dataclass, dataclasses.dataclass])
@pytest.mark.parametrize("second", [dataclass, dataclasses.dataclass])
def test_records_derive_from_records(first: Any, second: Any) -> None:
    base: Any = pair(first)[0]

    @second(frozen=True, slots=True)
    class Named(base):  # type: ignore[misc]
        name: str = "n"

    named: Any = Named(1, 2, name="m")
    assert (named.x, named.y, named.note, named.name) == (1, 2, None, "m")
    assert base(1).x == 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        named.x = 2
    with pytest.raises(TypeError, match="cannot inherit non-frozen"):
        second(type("Changing", (base,), {}))


@dataclass(frozen=True, slots=True)
class Kept:
    x: int
    y: list[int] = field(default_factory=list)


def test_records_are_pickled_and_copied() -> None:
    kept = Kept(1, [2])
    assert pickle.loads(pickle.dumps(kept)) == copy.deepcopy(kept) == copy.copy(kept) == kept
