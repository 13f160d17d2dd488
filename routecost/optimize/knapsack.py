"""One option for each group, so that all together cost least, within a budget if there is one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from routecost.errors import EnvironmentFailure, UsageError
from routecost.optimize.candidates import Cost
from routecost.units import exact

Groups = Mapping[str, Mapping[str, Cost]]
Choice = dict[str, str]
"""Group -> the option chosen for it."""

_TIGHTER = 1 - 1e-12
_TRIES = 8


@exact
def choose(groups: Groups, budget: Decimal | None = None) -> Choice:
    """Return the cheapest choice, failures counted, whose calls cost at most ``budget``.

    Without a budget each group chooses for itself. With one it is a small integer program
    (multiple-choice knapsack), solved by HiGHS through scipy; what it finds is checked in exact
    numbers. Raises UsageError for a group without options and for a budget that is too small,
    EnvironmentFailure where scipy is not installed.
    """
    for name, options in groups.items():
        if not options:
            raise UsageError(
                f'"{name}" states no success rates, or no cost of a failure; nothing can be chosen for it'
            )
    freely = {name: _cheapest(options) for name, options in groups.items()}
    if budget is None or _calls(groups, freely) <= budget:
        return freely
    least = {name: min(options, key=lambda one: options[one].calls) for name, options in groups.items()}
    if _calls(groups, least) > budget:
        raise UsageError(
            f"a budget of {budget} a month is too small; the cheapest calls cost {_calls(groups, least):.2f}"
        )
    return _within(groups, budget, least)


def _cheapest(options: Mapping[str, Cost]) -> str:
    return min(options, key=lambda name: (options[name].total, options[name].calls))


def _calls(groups: Groups, choice: Choice) -> Decimal:
    return sum((groups[name][option].calls for name, option in choice.items()), Decimal(0))


def _within(groups: Groups, budget: Decimal, least: Choice) -> Choice:
    """Solve with a budget; one that floats overshoot by a hair is made tighter by a hair."""
    limit = float(budget)
    for _ in range(_TRIES):
        found = _solved(groups, limit)
        if found is not None and _calls(groups, found) <= budget:
            return found
        limit *= _TIGHTER
    return least


def _solved(groups: Groups, limit: float) -> Choice | None:
    try:
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp
    except ImportError as error:
        message = "a budget needs scipy; install routecost[optimize]"
        raise EnvironmentFailure(message) from error
    names = [(group, option) for group, options in groups.items() for option in options]
    found = [groups[group][option] for group, option in names]
    calls = np.array([float(cost.calls) for cost in found])
    one_each = np.array([[float(group == name) for group, _ in names] for name in groups])
    answer = milp(
        np.array([float(cost.total) for cost in found]),
        integrality=np.ones(len(names)),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(one_each, 1, 1), LinearConstraint(calls[np.newaxis, :], ub=limit)],
        options={"mip_rel_gap": 0.0},
    )
    if answer.x is None:
        return None
    return {group: option for (group, option), taken in zip(names, answer.x, strict=True) if taken > 0.5}
