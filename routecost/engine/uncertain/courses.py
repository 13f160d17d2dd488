"""The bands of months and of the spend so far, each from the paths themselves.

The band of a sum is never the sum of bands: a path that is dear in one month need not be in the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from routecost.engine.uncertain.quantiles import Selections, Triple, errors
from routecost.engine.uncertain.space import Shape, Space, Sum
from routecost.model.outlook import Band
from routecost.model.uncertain import as_decimal


@dataclass(frozen=True, slots=True)
class Course:
    """A strategy's bands by month and so far; ``error`` has the standard errors of the last, ``total``."""

    months: tuple[Band, ...]
    cumulative: tuple[Band, ...]
    error: Band
    total: Sum


class Courses:
    """Makes courses; what one selects, the others share."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._selections = Selections(space)
        self._errors: dict[Shape, Triple] = {(): (0.0, 0.0, 0.0)}

    def course(self, months: Sequence[Sum]) -> Course:
        """Return the course of months, given by what they cost."""
        so_far = list(accumulate(months, self._space.added))
        return Course(
            tuple(_band(self._selections.of(month)) for month in months),
            tuple(_band(self._selections.of(total)) for total in so_far),
            self._error(so_far[-1]),
            so_far[-1],
        )

    def _error(self, total: Sum) -> Band:
        if total.shape not in self._errors:
            found = errors(self._space.values(total))
            self._errors[total.shape] = _scaled(found, 1 / total.scale)
        return _band(_scaled(self._errors[total.shape], total.scale))


def _scaled(triple: Triple, factor: float) -> Triple:
    low, middle, high = (value * factor for value in triple)
    return low, middle, high


def _band(triple: Triple) -> Band:
    low, middle, high = map(as_decimal, triple)
    return Band(low, middle, high)
