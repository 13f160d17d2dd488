"""Contributions: laws that hold of any causes, and one case that can be followed by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.numeric.shapley import as_decimals, shapley
from tests.examples import FEWER_EXAMPLES

CAUSES = ("a", "b", "c", "d")
SUBSETS = [frozenset(some) for size in range(5) for some in combinations(CAUSES, size)]
fractions = st.fractions(-1000, 1000, max_denominator=1000)
games = st.lists(fractions, min_size=16, max_size=16).map(
    lambda values: dict(zip(SUBSETS, values, strict=True))
)


@FEWER_EXAMPLES
@given(games)
def test_contributions_sum_to_the_difference(game: dict[frozenset[str], Fraction]) -> None:
    contributions = shapley(CAUSES, game.__getitem__)
    assert sum(contributions.values()) == game[frozenset(CAUSES)] - game[frozenset()]


@FEWER_EXAMPLES
@given(games, st.permutations(CAUSES))
def test_the_order_of_causes_changes_nothing(game: dict[frozenset[str], Fraction], order: list[str]) -> None:
    assert shapley(order, game.__getitem__) == shapley(CAUSES, game.__getitem__)


@FEWER_EXAMPLES
@given(games, st.permutations(CAUSES))
def test_causes_are_treated_by_what_they_do_and_not_by_their_names(
    game: dict[frozenset[str], Fraction], order: list[str]
) -> None:
    renamed = dict(zip(CAUSES, order, strict=True))
    back = {new: old for old, new in renamed.items()}
    other = shapley(CAUSES, lambda come: game[frozenset(back[cause] for cause in come)])
    assert {cause: other[renamed[cause]] for cause in CAUSES} == shapley(CAUSES, game.__getitem__)


@FEWER_EXAMPLES
@given(games, st.sampled_from(CAUSES), fractions)
def test_a_cause_that_always_adds_the_same_contributes_just_that(
    game: dict[frozenset[str], Fraction], cause: str, added: Fraction
) -> None:
    def value(come: frozenset[str]) -> Fraction:
        return game[come - {cause}] + (added if cause in come else 0)

    assert shapley(CAUSES, value)[cause] == added


def test_two_causes_share_what_only_both_bring_about() -> None:
    # 10 tasks at $2 become 15 at $3: $25 more. Volume alone $10, price alone $10, both together $5.
    volume, price = {False: 10, True: 15}, {False: 2, True: 3}
    contributions = shapley(
        ("volume", "price"), lambda come: Fraction(volume["volume" in come] * price["price" in come])
    )
    assert contributions == {"volume": Fraction("12.5"), "price": Fraction("12.5")}


@given(st.lists(fractions, min_size=1, max_size=5))
def test_decimals_sum_exactly(parts: list[Fraction]) -> None:
    # The total is what a plan and an invoice leave: some Decimal within the last digit of the sum.
    total = Decimal(f"{round(sum(parts, Fraction(0)) * 10**25)}e-25")
    decimals = as_decimals(parts, total)
    assert sum(map(Fraction, decimals)) == Fraction(total)
    assert all(
        abs(Fraction(made) - part) < Fraction(1, 10**18) for made, part in zip(decimals, parts, strict=True)
    )
    assert all(made == 0 for made, part in zip(decimals, parts, strict=True) if part == 0 and any(parts))


def test_decimals_that_end_are_kept() -> None:
    parts = [Fraction("20.1"), Fraction(0), Fraction("-11.125")]
    assert as_decimals(parts, Decimal("8.975")) == [Decimal("20.1"), 0, Decimal("-11.125")]


def test_parts_of_another_total_are_refused() -> None:
    with pytest.raises(ValueError, match="do not sum to 3"):
        as_decimals([Fraction(1), Fraction(1)], Decimal(3))
