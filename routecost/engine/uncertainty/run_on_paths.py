"""Runs of the exact engine for all paths at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from routecost.engine.uncertainty.path_number import Forked, PathNumber
from routecost.engine.uncertainty.path_vectors import Floats, PathVectors
from routecost.errors import DocumentError, UsageError
from routecost.model.scenario.scenario import Scenario
from routecost.problems import Finding, KeyPath
from routecost.units import ZERO

K = TypeVar("K", bound=Hashable)
Number: TypeAlias = Decimal | PathNumber
Draws: TypeAlias = Mapping[KeyPath, Floats]
"""A value for each path, or for each month and path."""

Drawn: TypeAlias = Mapping[KeyPath, Any]
"""A number for each field, or one for each month."""

Run: TypeAlias = Callable[[Drawn], Mapping[K, Number]]
Resample: TypeAlias = Callable[[Drawn], Scenario]
"""Returns the scenario with one number for each uncertain field, a Decimal or what acts like one.

It is validated as its file is; DocumentError has the findings.
"""

Places: TypeAlias = NDArray[np.intp]


MOST_KINDS = 256
"""The most kinds of paths that are run separately; every price step that divides the paths adds some."""


def on_paths(draws: Draws, run: Run[K]) -> dict[K, Number]:
    """Return the results of ``run`` on every path, a number per key.

    ``run`` gets numbers that act like Decimals. If it compares one and the paths disagree, it runs
    again for each of the two groups, so that price steps, capped shares and other conditions are exact
    on every path. A key that it leaves out is 0.

    Raises DocumentError, with the share of the paths, if a draw makes an invalid scenario, UsageError
    if there are too many kinds of paths, and NotOneNumberError if ``run`` requires a whole number.
    """
    runs = paths(draws)
    with np.errstate(divide="raise", invalid="raise", over="raise"):
        kinds = list(_kinds(draws, run, runs))
    if len(kinds) == 1:
        return dict(kinds[0][1])
    space = PathVectors(runs)
    keys = dict.fromkeys(key for _, results in kinds for key in results)
    return {
        key: _assembled(space, [(places, results.get(key, ZERO)) for places, results in kinds])
        for key in keys
    }


def paths(draws: Draws) -> int:
    """Return the number of paths."""
    return int(next(iter(draws.values())).shape[-1])


def _kinds(draws: Draws, run: Run[K], runs: int) -> Iterator[tuple[Places, Mapping[K, Number]]]:
    """Yield indexes of paths that agree on every comparison, with their results."""
    pending: list[Places] = [np.arange(runs)]
    done = 0
    while pending:
        if done + len(pending) > MOST_KINDS:
            raise UsageError(
                f"the uncertain fields make more than {MOST_KINDS} kinds of simulated runs, by price steps "
                "and other conditions; expected fewer uncertain fields, or narrower ones"
            )
        places = pending.pop()
        try:
            space = PathVectors(len(places))
            results = run({path: _number(space, values, places) for path, values in draws.items()})
        except Forked as fork:
            pending += [places[~fork.mask], places[fork.mask]]
        except DocumentError as error:
            raise DocumentError(
                [_in_runs(finding, len(places) / runs) for finding in error.findings]
            ) from None
        else:
            done += 1
            yield places, results


def _number(space: PathVectors, values: Floats, places: Places) -> PathNumber | tuple[PathNumber, ...]:
    chosen = values if len(places) == values.shape[-1] else values[..., places]
    if chosen.ndim == 1:
        return PathNumber(space, space.vector(chosen))
    return tuple(PathNumber(space, space.vector(vector)) for vector in chosen)


def _assembled(space: PathVectors, parts: list[tuple[Places, Number]]) -> PathNumber:
    values = np.empty(space.paths)
    for places, part in parts:
        values[places] = part.values if isinstance(part, PathNumber) else float(part)
    return PathNumber(space, space.vector(values))


def _in_runs(finding: Finding, share: float) -> Finding:
    return replace(finding, message=f"in at least {share:.2%} of the simulated runs: {finding.message}")
