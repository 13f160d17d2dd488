from __future__ import annotations

import pytest

from routecost.errors import UsageError
from routecost.model.results.sensitivity import MOST_POINTS, Axis, read_axes, read_change


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("x=1:3:1", ("1", "2", "3")),
        ("x=0.1:0.3:0.1", ("0.1", "0.2", "0.3")),
        ("x=0%:50%:25%", ("0%", "25%", "50%")),
        ("x=0:1:50%", ("0%", "50%", "100%")),
        ("x=5:5:1", ("5",)),
        ("x=-2:2:2", ("-2", "0", "2")),
        ("x=1e3:3e3:1_000", ("1000", "2000", "3000")),
        (" x = a , b ", ("a", "b")),
        ("x=7", ("7",)),
        ("pricing=./a:b.yaml,c", ("./a:b.yaml", "c")),
    ],
)
def test_values(text: str, values: tuple[str, ...]) -> None:
    assert Axis.parse(text).values == values


def test_an_end_that_no_step_reaches_is_remembered() -> None:
    axis = Axis.parse("x=1:10:4")
    assert (axis.values, axis.beyond) == (("1", "5", "9"), "10")
    assert Axis.parse("x=1:9:4").beyond is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no field"),
        ("x", "has no field"),
        ("=1,2", "has no field"),
        ("x=", "has no field"),
        ("x=1:2", "is not a range"),
        ("x=1:2:3:4", "is not a range"),
        ("x=a:b:c", "is not a range"),
        ("x=1:inf:1", "is not a range"),
        ("x=1:nan:1", "is not a range"),
        ("x=1:2:" + "1" * 30, "is not a range"),
        ("x=1:2:0", "is not above 0"),
        ("x=1:2:-1", "is not above 0"),
        ("x=2:1:1", "begins above its end"),
        ("x=1,,2", "empty value"),
        ("x=1,2,1", '"1" is given twice'),
        (f"x=1:{MOST_POINTS + 1}:1", "has 100,001 points; expected at most 100,000"),
        ("x=0:1e99:1e-99", "points; expected at most"),
    ],
)
def test_what_makes_no_sense(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Axis.parse(text)


def test_a_grid_has_one_to_three_axes_and_not_too_many_points() -> None:
    assert len(read_axes(["a=1:100:1", "b=1:100:1", "c=1:10:1"])) == 3
    with pytest.raises(UsageError, match="4 fields are swept"):
        read_axes(["a=1", "b=1", "c=1", "d=1"])
    with pytest.raises(UsageError, match=r"110,000 points \(100 x 100 x 11\); expected at most 100,000"):
        read_axes(["a=1:100:1", "b=1:100:1", "c=1:11:1"])


@pytest.mark.parametrize("text", ["0", "0%", "-5%", "101%", "2", "x", "", "nan", "inf"])
def test_a_change_is_more_than_nothing_and_not_more_than_all(text: str) -> None:
    with pytest.raises(UsageError, match="is not a change"):
        read_change(text)


def test_a_change_is_a_share() -> None:
    assert read_change("20%") == read_change("0.2")
    assert read_change("100%") == 1
