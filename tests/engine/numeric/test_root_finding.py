"""Where a gap changes its sign: found at once where it is straight, by bracketing where it is not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.numeric.root_finding import SignChange, between, crossing, upwards
from routecost.units import ONE, ZERO, exact

numbers = st.integers(-1_000_000, 1_000_000).map(lambda found: Decimal(found) / 1_000)


@given(numbers.filter(bool), st.integers(1, 999).map(lambda found: Decimal(found) / 1_000))
@exact
def test_a_straight_gap_is_met_exactly(slope: Decimal, root: Decimal) -> None:
    found = between(lambda at: slope * (at - root), ZERO, ONE, bends=False)
    assert found == SignChange(root, true_first=slope < 0)


@given(numbers.filter(bool), st.integers(1, 10**9).map(Decimal))
@exact
def test_a_straight_gap_is_followed_upwards(slope: Decimal, root: Decimal) -> None:
    assert upwards(lambda at: slope * (at - root), ONE, bends=False).at == root


@given(st.integers(2, 998).map(lambda found: Decimal(found) / 1_000), st.integers(1, 9))
@exact
def test_a_bent_gap_is_bracketed(root: Decimal, power: int) -> None:
    found = between(lambda at: at**power - root**power, ZERO, ONE, bends=True)
    assert found.at is not None
    assert abs(found.at - root) <= Decimal("1e-12")
    assert not found.true_first


def test_of_several_crossings_the_first_is_found() -> None:
    crossovers = between(lambda at: (at - Decimal("0.3")) * (at - Decimal("0.7")), ZERO, ONE, bends=True)
    assert crossovers.at is not None
    assert abs(crossovers.at - Decimal("0.3")) <= Decimal("1e-12")
    assert crossovers.true_first


def test_a_jump_is_narrowed_down_to_where_it_is() -> None:
    crossovers = between(lambda at: ONE if at > Decimal("0.25") else -ONE, ZERO, ONE, bends=True)
    assert crossovers.at is not None
    assert 0 <= crossovers.at - Decimal("0.25") <= Decimal("1e-25")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((-2, -1), SignChange(None, true_first=False)),
        ((1, 2), SignChange(None, true_first=True)),
        ((0, 0), SignChange(None, true_first=False)),
        ((0, 2), SignChange(None, true_first=True)),
        ((0, -2), SignChange(None, true_first=False)),
        ((-2, 0), SignChange(ONE, true_first=False)),
        ((2, 0), SignChange(ONE, true_first=True)),
    ],
)
def test_ends(values: tuple[int, int], expected: SignChange) -> None:
    low, high = map(Decimal, values)
    assert crossing(lambda at: low + (high - low) * at, (ZERO, ONE)) == expected
