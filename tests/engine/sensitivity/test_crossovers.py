"""Crossings are solved, not read off the grid."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from routecost.engine.sensitivity.crossovers import crossovers
from routecost.model.results.sensitivity import Crossover

Curve = Callable[[Decimal], Decimal]

numbers = st.integers(-1_000, 1_000).map(Decimal)


def crossovers_of(grid: list[int], **curves: Curve) -> tuple[Crossover, ...]:
    def at(value: Decimal) -> dict[str, Decimal]:
        return {name: curve(value) for name, curve in curves.items()}

    return crossovers("x", [(Decimal(value), at(Decimal(value))) for value in grid], at)


def line(slope: Decimal | int, start: Decimal | int = 0) -> Curve:
    return lambda value: start + slope * value


def test_two_lines_cross_where_their_equation_says() -> None:
    assert crossovers_of([0, 10], a=line(3, 1), b=line(1, 8)) == (
        Crossover("x", Decimal("3.5"), ("a", "b"), Decimal("11.5")),
    )


def test_the_cheaper_one_below_is_named_first() -> None:
    assert crossovers_of([0, 10], a=line(1, 8), b=line(3, 1))[0].strategies == ("b", "a")


@given(numbers, numbers, numbers, numbers)
def test_lines_that_cross_inside_the_grid_cross_once(a: Decimal, b: Decimal, c: Decimal, d: Decimal) -> None:
    assume(a != c)
    where = (d - b) / (a - c)
    crossed = crossovers_of([-7, 3, 20], one=line(a, b), other=line(c, d))
    if -7 < where < 20:
        (crossing,) = crossed
        assert abs(crossing.value - where) <= Decimal("1e-15") * max(Decimal(1), abs(where))
        assert crossing.cost is not None
        assert abs(crossing.cost - (a * where + b)) <= Decimal("1e-9")
    else:
        assert crossed == ()


def test_bends_between_grid_points_are_followed() -> None:
    def bent(value: Decimal) -> Decimal:
        return value / 10 if value < 7 else Decimal("0.7") + 20 * (value - 7)

    (crossing,) = crossovers_of([0, 10], bent=bent, flat=line(0, 20))
    assert crossing.value == Decimal("7.965")
    assert crossing.cost == 20


def test_a_curve_is_solved_to_the_digits_that_documents_hold() -> None:
    (crossing,) = crossovers_of([0, 100], root=lambda value: value * value, flat=line(0, 2))
    assert abs(crossing.value - Decimal(2).sqrt()) < Decimal("1e-14")


def test_a_jump_is_found_where_it_is_and_has_no_cost() -> None:
    def stepped(value: Decimal) -> Decimal:
        return Decimal(1) if value <= 100_000 else Decimal(5)

    assert crossovers_of([0, 30_000, 170_000], step=stepped, flat=line(0, 3)) == (
        Crossover("x", Decimal(100_000), ("step", "flat"), None),
    )


def test_a_crossing_on_a_grid_point_is_told_once() -> None:
    (crossing,) = crossovers_of([0, 5, 10], a=line(1), b=line(0, 5))
    assert (crossing.value, crossing.cost) == (Decimal(5), Decimal(5))


def test_costs_that_only_touch_or_start_equal_do_not_change_places() -> None:
    assert crossovers_of([-5, 0, 5], a=lambda value: value * value, b=line(0)) == ()
    assert crossovers_of([0, 5, 10], a=line(1), b=line(2)) == ()
    assert crossovers_of([0, 5, 10], a=line(1), b=line(1)) == ()


def test_equal_for_a_while_they_change_places_where_that_begins() -> None:
    def kinked(value: Decimal) -> Decimal:
        return min(Decimal(0), value) + max(Decimal(0), value - 10)

    (crossing,) = crossovers_of([-5, 0, 5, 10, 15], kinked=kinked, flat=line(0))
    assert (crossing.value, crossing.cost) == (Decimal(0), Decimal(0))


def test_the_order_of_the_grid_does_not_matter() -> None:
    curves = {"a": line(3, 1), "b": line(1, 8), "c": line(0, 9)}
    assert crossovers_of([10, 0, 2], **curves) == crossovers_of([0, 2, 10], **curves)
    assert crossovers_of([4], **curves) == () == crossovers_of([], **curves)


def test_a_mix_crosses_both_where_they_cross() -> None:
    crossed = crossovers_of(
        [0, 10], a=line(3, 1), b=line(1, 8), mix=lambda x: (line(3, 1)(x) + line(1, 8)(x)) / 2
    )
    assert {crossing.value for crossing in crossed} == {Decimal("3.5")}
    assert len(crossed) == 3
