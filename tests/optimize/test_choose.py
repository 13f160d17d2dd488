"""The cheapest choice is never costlier than any other: brute force on small cases, chance on large ones."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.errors import UsageError
from routecost.optimize.candidates import Cost
from routecost.optimize.knapsack import choose
from routecost.optimize.mixes import Shares, best_mix, best_priced_mix

Groups = dict[str, dict[str, Cost]]


def amounts() -> st.SearchStrategy[Decimal]:
    return st.integers(0, 10_000).map(lambda cents: Decimal(cents).scaleb(-2))


def groups(most: int) -> st.SearchStrategy[Groups]:
    costs = st.builds(lambda calls, failures: Cost(calls, calls + failures), amounts(), amounts())
    options = st.dictionaries(st.sampled_from("abc"), costs, min_size=1)
    return st.dictionaries(st.sampled_from("uvwxyz"), options, min_size=1, max_size=most)


def sums(made: Groups, choice: dict[str, str]) -> tuple[Decimal, Decimal]:
    chosen = [made[group][option] for group, option in choice.items()]
    return sum((one.calls for one in chosen), Decimal(0)), sum((one.total for one in chosen), Decimal(0))


def every(made: Groups) -> list[dict[str, str]]:
    return [dict(zip(made, options, strict=True)) for options in product(*made.values())]


@given(groups(4))
def test_without_a_budget_it_is_what_brute_force_finds(made: Groups) -> None:
    assert sums(made, choose(made))[1] == min(sums(made, choice)[1] for choice in every(made))


@given(groups(4), st.integers(0, 100))
def test_with_a_budget_it_is_what_brute_force_finds(made: Groups, percent: int) -> None:
    calls = [sums(made, choice)[0] for choice in every(made)]
    budget = min(calls) + (max(calls) - min(calls)) * percent / 100
    totals = sums(made, choose(made, budget))
    affordable = [sums(made, choice) for choice in every(made)]
    assert totals[0] <= budget
    assert totals[1] == min(total for spent, total in affordable if spent <= budget)


def test_no_random_choice_of_ten_thousand_is_better() -> None:
    chance = random.Random(17)

    def cost() -> Cost:
        calls = Decimal(chance.randint(1, 10_000))
        return Cost(calls, calls + chance.randint(0, 100_000))

    made = {f"task-{at}": {f"option-{option}": cost() for option in range(6)} for at in range(40)}
    budget = sums(made, choose(made))[0] * Decimal("0.8")
    free, bound = sums(made, choose(made))[1], sums(made, choose(made, budget))
    assert bound[0] <= budget
    for _ in range(10_000):
        spent, total = sums(made, {group: chance.choice(list(options)) for group, options in made.items()})
        assert total >= free
        assert spent > budget or total >= bound[1]


def test_too_small_a_budget_names_the_least_that_would_do() -> None:
    made = {"a": {"x": Cost(Decimal(5), Decimal(9)), "y": Cost(Decimal(7), Decimal(7))}}
    with pytest.raises(UsageError, match=r"4 per month is too small; the cheapest calls cost 5\.00"):
        choose(made, Decimal(4))


def test_what_states_nothing_is_named() -> None:
    with pytest.raises(UsageError, match='"a" lacks success rates'):
        choose({"a": {}})


@given(
    st.dictionaries(st.sampled_from("abcd"), st.tuples(amounts(), amounts()), min_size=1),
    amounts(),
    st.integers(0, 1000),
)
def test_no_mix_of_two_tiers_is_better(
    drawn: dict[str, tuple[Decimal, Decimal]], budget: Decimal, thousandths: int
) -> None:
    tiers = {name: Cost(calls, calls + failures) for name, (calls, failures) in drawn.items()}
    mix = best_mix(tiers, budget)
    affordable = [
        (one, other, share)
        for one, other in product(tiers, repeat=2)
        for share in [Decimal(thousandths) / 1000]
        if tiers[one].calls * share + tiers[other].calls * (1 - share) <= budget
    ]
    assert mix is not None or not affordable
    if mix is not None:
        assert sum(mix.values()) == 1
        assert sum((tiers[name].calls * share for name, share in mix.items()), Decimal(0)) <= budget
        best = sum((tiers[name].total * share for name, share in mix.items()), Decimal(0))
        for one, other, share in affordable:
            # shares are in steps of 0.01%, so that a mix may stay that much below the budget
            slack = abs(tiers[one].total - tiers[other].total) * Decimal("0.0001")
            most = max(abs(cost.total) for cost in tiers.values()) * Decimal("0.0001")
            assert best <= tiers[one].total * share + tiers[other].total * (1 - share) + slack + most


@pytest.mark.parametrize("bend", [1, 2, 3])
@pytest.mark.parametrize("jump", [0, 7])
@pytest.mark.parametrize("budget", ["3", "40", "77.7", "99.99"])
def test_the_mix_of_two_tiers_that_uses_up_a_budget_is_found_exactly(
    bend: int, jump: int, budget: str
) -> None:
    def price(mix: Shares) -> Cost:
        share = mix.get("high", Decimal(0))
        calls = 2 + 98 * share**bend + (jump if share > Decimal("0.3") else 0)
        return Cost(calls, 1000 - 500 * share)  # the more of the second tier, the better

    chosen = best_priced_mix(["low", "high"], price, Decimal(budget))
    assert chosen is not None
    more = chosen["high"] + Decimal("1e-12")
    assert price(chosen).calls <= Decimal(budget) < price({"high": more}).calls
