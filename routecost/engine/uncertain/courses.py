"""The bands of months and of the spend so far, each from the paths themselves.

The band of a sum is never the sum of bands: a path that is dear in one month need not be in the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from routecost.engine.uncertain.numbers import Floats
from routecost.engine.uncertain.quantiles import Selections, Triple, errors
from routecost.engine.uncertain.vectors import Shape, Sum, Vectors
from routecost.model.outlook import Band
from routecost.model.uncertain import as_decimal


@dataclass(frozen=True, slots=True)
class Course:
    """A strategy's bands by month and so far; ``total`` is the horizon's spend.

    ``totals`` are its values, None where others have the same but for a factor and a constant.
    """

    months: tuple[Band, ...]
    cumulative: tuple[Band, ...]
    error: Band
    total: Sum
    totals: Floats | None


class Courses:
    """Makes courses; what one selects, the others share."""

    def __init__(self, vectors: Vectors, runs: int) -> None:
        self._vectors, self._runs = vectors, runs
        self._selections = Selections()
        self._errors: dict[Shape, Triple] = {(): (0.0, 0.0, 0.0)}

    def course(self, months: Sequence[Sum]) -> Course:
        """Return the course of months, given as sums."""
        bands = tuple(self._month(month) for month in months)
        running = Running(self._vectors, self._runs)
        cumulative = tuple(self._so_far(running, month) for month in months)
        totals = None if running.total.shape in self._errors else running.values
        return Course(bands, cumulative, self._error(running.total, totals), running.total, totals)

    def _error(self, total: Sum, totals: Floats | None) -> Band:
        if totals is not None:
            self._errors[total.shape] = _scaled(errors(totals), 1 / total.scale)
        return _band(_scaled(self._errors[total.shape], total.scale))

    def _month(self, month: Sum) -> Band:
        known = self._selections.known(month)
        return _band(known or self._selections.select(month, self._vectors.values(month, self._runs)))

    def _so_far(self, running: Running, month: Sum) -> Band:
        running.add(month)
        known = self._selections.known(running.total)
        return _band(known or self._selections.select(running.total, running.values))


class Running:
    """The spend so far on every path, worked out when asked for."""

    def __init__(self, vectors: Vectors, runs: int) -> None:
        self._vectors, self._runs = vectors, runs
        self._known: Floats | None = None
        self._waiting = Sum()
        self.total = Sum()

    def add(self, month: Sum) -> None:
        """Spend a month more."""
        self._waiting = self._waiting + month
        self.total = self.total + month

    @property
    def values(self) -> Floats:
        """The spend so far."""
        more = self._vectors.values(self._waiting, self._runs)
        self._known = more if self._known is None else self._known + more
        self._waiting = Sum()
        return self._known


def _scaled(triple: Triple, factor: float) -> Triple:
    low, middle, high = (value * factor for value in triple)
    return low, middle, high


def _band(triple: Triple) -> Band:
    low, middle, high = map(as_decimal, triple)
    return Band(low, middle, high)
