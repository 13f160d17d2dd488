"""Numbers with a value per path compute as Decimals do, path by path, and fork where paths disagree."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.uncertainty import run_on_paths
from routecost.engine.uncertainty.binning import binned
from routecost.engine.uncertainty.linear_combination import LinearCombination
from routecost.engine.uncertainty.path_number import Forked, NotOneNumberError, PathNumber
from routecost.engine.uncertainty.path_vectors import PathVectors
from routecost.engine.uncertainty.quantiles import errors, quantiles
from routecost.engine.uncertainty.run_on_paths import on_paths
from routecost.errors import UsageError

PATHS = 5
OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "reversed -": lambda one, other: Decimal("1.5") - one if one is not other else other - one,
    "/": lambda one, other: one / (other * other + 1),
    "scaleb": lambda one, _: one.scaleb(-2),
    "square": lambda one, _: one**2,
    "negated": lambda one, _: -one,
}


@st.composite
def formulas(draw: st.DrawFn) -> list[tuple[str, int, int]]:
    """Draw steps, each an operation on two of the numbers before."""
    count = draw(st.integers(1, 14))
    return [
        (
            draw(st.sampled_from(sorted(OPERATIONS))),
            draw(st.integers(0, at + 3)),
            draw(st.integers(0, at + 3)),
        )
        for at in range(count)
    ]


def evaluated(formula: list[tuple[str, int, int]], start: list[Any]) -> Any:
    numbers = list(start)
    for name, one, other in formula:
        numbers.append(OPERATIONS[name](numbers[one], numbers[other]))
    return numbers[-1]


@given(formulas(), st.lists(st.tuples(*[st.integers(-9, 9)] * 3), min_size=PATHS, max_size=PATHS))
def test_formulas_give_on_paths_what_they_give_alone(
    formula: list[tuple[str, int, int]], rows: list[tuple[int, ...]]
) -> None:
    space = PathVectors(PATHS)
    columns = [np.array([row[at] for row in rows], dtype=np.float64) for at in range(3)]
    start = [PathNumber(space, space.vector(column)) for column in columns]
    evaluation = evaluated(formula, [*start, Decimal("0.3")])
    alone = [float(evaluated(formula, [*map(Decimal, row), Decimal("0.3")])) for row in rows]
    values = evaluation.values if isinstance(evaluation, PathNumber) else np.full(PATHS, float(evaluation))
    largest = max(1.0, *(abs(each) for each in alone))
    assert values == pytest.approx(alone, rel=1e-9, abs=1e-9 * largest)


def test_products_are_worked_out_once_and_again_after_they_are_forgotten() -> None:
    space = PathVectors(3)
    one, other = space.vector(np.array([1.0, 2, 3])), space.vector(np.array([4.0, 5, 7]))
    product = space.multiplied(one, other)
    assert space.multiplied(other, one).terms.keys() == product.terms.keys()
    before = space.values(product).copy()
    space.forget(product)
    assert (space.values(space.multiplied(one, one)) == [1, 4, 9]).all()
    assert (space.values(product) == before).all()
    space.keep([product])
    assert (space.values(one) == [1, 2, 3]).all()


def test_a_sum_of_thousands_of_numbers_is_no_deep_recursion() -> None:
    space = PathVectors(2)
    total: Any = Decimal(0)
    for at in range(20_000):
        total += PathNumber(space, space.vector(np.array([at, 1.0])))
    assert total.values.tolist() == [sum(range(20_000)), 20_000]


def test_sums_in_one_proportion_are_of_one_shape() -> None:
    space = PathVectors(2)
    x, y = space.vector(np.array([1.0, 2])), space.vector(np.array([5.0, 3]))
    sums = [space.added(x.times(0.8 * each), y.times(4 * each)) for each in (1.0, 3.75, 18.75)]
    assert len({each.shape for each in sums}) == 1
    assert space.added(x, y).shape not in {each.shape for each in sums}
    assert space.divided(sums[2], sums[0]) == LinearCombination(18.75)


def test_paths_that_disagree_fork() -> None:
    space = PathVectors(3)
    number = PathNumber(space, space.vector(np.array([1.0, 0, 3])))
    with pytest.raises(Forked) as raised:
        bool(number)
    assert raised.value.mask.tolist() == [True, False, True]
    assert number >= 0
    assert not number > 3
    assert Decimal(4) > number
    assert max(Decimal(4), number) == 4


def test_numbers_that_differ_by_rounding_are_equal_but_for_zero() -> None:
    space = PathVectors(2)
    shares = (
        PathNumber(space, space.vector(np.array([0.1, 0.7])))
        + 0.2
        + PathNumber(space, space.vector(np.array([0.7, 0.1])))
    )
    assert shares == 1
    assert shares - Decimal(1) + PathNumber(space, space.vector(np.array([1e-15, 2e-15]))) != 0


def test_no_number_on_paths_is_a_whole_one() -> None:
    space = PathVectors(2)
    with pytest.raises(NotOneNumberError):
        int(PathNumber(space, space.vector(np.array([1.0, 2]))))


def test_both_kinds_of_paths_are_run_and_put_together() -> None:
    values = np.array([1.0, 8, 3, 9, 2])

    def run(drawn: Any) -> dict[str, Any]:
        number = drawn["x",]
        return {"costly": number * 10} if number > 5 else {"cheap": number}

    results = on_paths({("x",): values}, run)
    assert results["costly"].values.tolist() == [0, 80, 0, 90, 0]  # type: ignore[union-attr]
    assert results["cheap"].values.tolist() == [1, 0, 3, 0, 2]  # type: ignore[union-attr]


def test_paths_of_too_many_kinds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_on_paths, "MOST_KINDS", 30)

    def run(drawn: Any) -> dict[str, Any]:
        number = drawn["x",]
        while number > 1:
            number -= 1
        return {"left": number}

    with pytest.raises(UsageError, match="more than 30 kinds"):
        on_paths({("x",): np.arange(1.0, 2000.0)}, run)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=300), st.floats(-9, 9))
def test_quantiles_are_the_values_at_their_ranks(values: list[float], outlier: float) -> None:
    numbers = np.array([*values, outlier * 1e12])
    ranked = sorted(numbers.tolist())
    count = len(ranked)
    assert quantiles(numbers) == tuple(ranked[-(-share * count // 10) - 1] for share in (1, 5, 9))


@given(st.lists(st.floats(-1e6, 1e6), min_size=400, max_size=400))
def test_standard_errors_are_half_the_distance_of_values_a_deviation_apart(values: list[float]) -> None:
    ranked = sorted(values)
    halves = [(ranked[at + by] - ranked[at - by]) / 2 for at, by in ((39, 6), (199, 10), (359, 6))]
    assert errors(np.array(values)) == tuple(halves)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=300))
def test_a_greater_value_is_in_no_lower_bin(values: list[float]) -> None:
    numbers = binned(np.array(values)).numbers
    order = np.argsort(values, kind="stable")
    assert (np.diff(numbers[order]) >= 0).all()
