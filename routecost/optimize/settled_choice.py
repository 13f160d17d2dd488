"""Choice of one option per group where terms depend on the total of a month, such as volume discounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import product
from math import prod

from routecost.errors import UsageError
from routecost.optimize.candidates import Cost, summed_choice

MOST_COMBINATIONS = 2_000
"""The most combinations of options that are all tried."""

MOST_SUMMANDS = 500_000
"""The most costs that are summed to improve a choice."""

_WEIGHTS = 32
Groups = Mapping[str, Mapping[str, Cost]]
Choice = dict[str, str]
Settle = Callable[[Cost], Cost]
"""A function that applies the terms on totals to the sum of the options."""


def tries_all(groups: Groups) -> bool:
    """Return whether there are few enough combinations to try all."""
    return prod(map(len, groups.values())) <= MOST_COMBINATIONS


def choose_settled(groups: Groups, budget: Decimal | None, settle: Settle) -> Choice:
    """Return the choice with the lowest settled cost, whose settled calls cost at most ``budget``.

    Tries all combinations if there are few. Otherwise tries those that are optimal for some marginal
    price of calls, and improves the best of them by changing one group at a time, as long as there are
    not too many costs to sum. Raises UsageError for a budget that is too small.
    """
    seen: dict[tuple[str, ...], Cost] = {}

    def cost(choice: Choice) -> Cost:
        key = tuple(choice.values())
        if key not in seen:
            seen[key] = settle(summed_choice(groups, choice))
        return seen[key]

    def rank(choice: Choice) -> tuple[bool, Decimal, Decimal]:
        settled = cost(choice)
        is_over = budget is not None and settled.calls > budget
        return is_over, settled.calls if is_over else settled.total, settled.calls

    best = min(_all(groups) if tries_all(groups) else _by_weight(groups), key=rank)
    summands = len(groups) * sum(map(len, groups.values()))
    rounds = 0 if tries_all(groups) else MOST_SUMMANDS // summands
    for _ in range(rounds):
        better = min(_neighbours(groups, best), key=rank)
        if rank(better) >= rank(best):
            break
        best = better
    if budget is not None and cost(best).calls > budget:
        raise UsageError(
            f"a budget of {budget} per month is too small; the cheapest calls cost {cost(best).calls:.2f}"
        )
    return best


def _all(groups: Groups) -> Iterator[Choice]:
    for options in product(*groups.values()):
        yield dict(zip(groups, options, strict=True))


def _by_weight(groups: Groups) -> Iterable[Choice]:
    """Yield the best choices if calls cost a share of their list price: 0%, ..., 100%."""
    for part in range(_WEIGHTS + 1):
        weight = Decimal(part) / _WEIGHTS
        yield {
            name: min(options, key=lambda option: _weighted(options[option], weight))
            for name, options in groups.items()
        }
    yield {name: min(options, key=lambda option: options[option].calls) for name, options in groups.items()}


def _weighted(cost: Cost, weight: Decimal) -> tuple[Decimal, Decimal]:
    return cost.total - (1 - weight) * cost.calls, cost.calls


def _neighbours(groups: Groups, choice: Choice) -> Iterator[Choice]:
    yield choice
    for name, options in groups.items():
        yield from ({**choice, name: option} for option in options if option != choice[name])
