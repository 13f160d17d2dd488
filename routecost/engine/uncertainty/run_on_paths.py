"""The exact engine, run for all paths at once."""

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

K = TypeVar("K", bound=Hashable)
Number: TypeAlias = Decimal | PathNumber
Draws: TypeAlias = Mapping[KeyPath, Floats]
"""A value for each path, or for each month and path."""

Drawn: TypeAlias = Mapping[KeyPath, Any]
"""A number for each field, or one for each month."""

Run: TypeAlias = Callable[[Drawn], Mapping[K, Number]]
Resample: TypeAlias = Callable[[Drawn], Scenario]
"""Returns the scenario with one number for each uncertain field, a Decimal or what acts like one.

It is checked as its file is; DocumentError tells what is wrong with it.
"""

Places: TypeAlias = NDArray[np.intp]

_NOTHING = Decimal(0)

MOST_KINDS = 256
"""How many kinds of paths are run apart; every price step that paths may lie on both sides of adds some."""


def on_paths(draws: Draws, run: Run[K]) -> dict[K, Number]:
    """Return what ``run`` makes of every path, a number per key.

    ``run`` gets numbers that act like Decimals. Where it compares one and the paths disagree, it
    runs again for those on either side alone, so that price steps, capped shares and whatever else
    depends on a condition are met exactly, path by path. A key that it leaves out is 0.

    Raises DocumentError, which tells on how many paths, where a draw makes no valid scenario,
    UsageError where paths differ in kind too often, and NotOneNumberError where ``run`` takes a
    number for a whole one.
    """
    runs = paths(draws)
    with np.errstate(divide="raise", invalid="raise", over="raise"):
        kinds = list(_kinds(draws, run, runs))
    if len(kinds) == 1:
        return dict(kinds[0][1])
    space = PathVectors(runs)
    keys = dict.fromkeys(key for _, made in kinds for key in made)
    return {
        key: _assembled(space, [(places, made.get(key, _NOTHING)) for places, made in kinds]) for key in keys
    }


def paths(draws: Draws) -> int:
    """Return how many paths there are."""
    return int(next(iter(draws.values())).shape[-1])


def _kinds(draws: Draws, run: Run[K], runs: int) -> Iterator[tuple[Places, Mapping[K, Number]]]:
    """Yield places of paths that agree on everything, with what was made of them."""
    pending: list[Places] = [np.arange(runs)]
    done = 0
    while pending:
        if done + len(pending) > MOST_KINDS:
            raise UsageError(
                f"the uncertain fields make more than {MOST_KINDS} kinds of paths, by price steps and other "
                "conditions; expected fewer uncertain fields, or narrower ones"
            )
        places = pending.pop()
        try:
            space = PathVectors(len(places))
            made = run({path: _number(space, values, places) for path, values in draws.items()})
        except Forked as fork:
            pending += [places[~fork.mask], places[fork.mask]]
        except DocumentError as error:
            raise DocumentError([_told(finding, len(places) / runs) for finding in error.findings]) from None
        else:
            done += 1
            yield places, made


def _number(space: PathVectors, values: Floats, places: Places) -> PathNumber | tuple[PathNumber, ...]:
    chosen = values if len(places) == values.shape[-1] else values[..., places]
    if chosen.ndim == 1:
        return PathNumber(space, space.vector(chosen))
    return tuple(PathNumber(space, space.vector(each)) for each in chosen)


def _assembled(space: PathVectors, parts: list[tuple[Places, Number]]) -> PathNumber:
    values = np.empty(space.paths)
    for places, part in parts:
        values[places] = part.values if isinstance(part, PathNumber) else float(part)
    return PathNumber(space, space.vector(values))


def _told(finding: Finding, share: float) -> Finding:
    return replace(finding, message=f"on {share:.2%} of the paths or more: {finding.message}")
