"""Choice of one option per group with the lowest total cost, optionally within a budget."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from routecost.errors import EnvironmentFailure, UsageError
from routecost.optimize.candidates import Cost
from routecost.optimize.settled_choice import Choice, Groups, Settle, choose_settled
from routecost.units import ZERO, exact

_TIGHTEN = 1 - 1e-12
_ATTEMPTS = 8


@exact
def choose(groups: Groups, budget: Decimal | None = None, settle: Settle | None = None) -> Choice:
    """Return the choice with the lowest cost including failures, whose calls cost at most ``budget``.

    Without a budget, each group is independent. With one, this is a small integer program
    (multiple-choice knapsack), solved by HiGHS through scipy; the solution is checked with exact
    arithmetic. ``settle`` applies terms on totals, if there are any.

    Raises UsageError for a group without options and for a budget that is too small,
    EnvironmentFailure if scipy is not installed.
    """
    for name, options in groups.items():
        if not options:
            raise UsageError(
                f'"{name}" lacks success rates or a failure cost; set both to choose a policy for it, '
                "or a default strategy that runs it on one tier, to keep it there"
            )
    if settle is not None:
        return choose_settled(groups, budget, settle)
    unconstrained = {name: _cheapest(options) for name, options in groups.items()}
    if budget is None or _calls(groups, unconstrained) <= budget:
        return unconstrained
    least = {name: min(options, key=lambda option: options[option].calls) for name, options in groups.items()}
    if _calls(groups, least) > budget:
        raise UsageError(
            f"a budget of {budget} per month is too small; "
            f"the cheapest calls cost {_calls(groups, least):.2f}"
        )
    return _within(groups, budget, least)


def _cheapest(options: Mapping[str, Cost]) -> str:
    return min(options, key=lambda name: (options[name].total, options[name].calls))


def _calls(groups: Groups, choice: Choice) -> Decimal:
    return sum((groups[name][option].calls for name, option in choice.items()), ZERO)


def _within(groups: Groups, budget: Decimal, least: Choice) -> Choice:
    """Solve with a budget; tighten it slightly if rounding makes the solution exceed it."""
    limit = float(budget)
    for _ in range(_ATTEMPTS):
        choice = _solve(groups, limit)
        if choice is not None and _calls(groups, choice) <= budget:
            return choice
        limit *= _TIGHTEN
    return least


def _solve(groups: Groups, limit: float) -> Choice | None:
    try:
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array
    except ImportError as error:
        raise EnvironmentFailure("a budget needs scipy; install routecost[optimize]") from error
    names = [(group, option) for group, options in groups.items() for option in options]
    costs = [groups[group][option] for group, option in names]
    calls = np.array([float(cost.calls) for cost in costs])
    ends = np.cumsum([0, *map(len, groups.values())])
    one_each = csr_array((np.ones(len(names)), np.arange(len(names)), ends), (len(groups), len(names)))
    solution = milp(
        np.array([float(cost.total) for cost in costs]),
        integrality=np.ones(len(names)),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(one_each, 1, 1), LinearConstraint(calls[np.newaxis, :], ub=limit)],
        options={"mip_rel_gap": 0.0},
    )
    if solution.x is None:
        return None
    return {group: option for (group, option), share in zip(names, solution.x, strict=True) if share > 0.5}
