"""Profiles of logged calls beside their cells: hours, trials of tiers, and calls of tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from routecost.records import dataclass


class Trial(NamedTuple):
    """How often a model was tried for tasks of a type, and how that ended.

    A trial is all calls of a task on a model. ``escalated``: a higher tier was called later; ``last`` is the
    time of the last call in microseconds since 1970, None if unknown.
    """

    task_type: str | None
    model: str
    trials: int
    succeeded: bool
    failed: bool
    escalated: bool
    last: int | None


LENGTHS = tuple(2**power for power in range(1, 10))
"""The numbers of calls at which the next class of task lengths begins: 1, 2 to 3, 4 to 7 and so on."""


def length_class(calls: int) -> int:
    """Return the class of a task with a number of calls."""
    return sum(calls >= limit for limit in LENGTHS)


class TaskLength(NamedTuple):
    """A number of tasks of a type with ``calls`` each, all on the tier of a ``rank`` (None: on several)."""

    task_type: str | None
    rank: int | None
    calls: int
    tasks: int


class Place(NamedTuple):
    """Calls at a place in their tasks, from 1, and the sum of their contexts.

    ``length`` is the class of the tasks; ``grown`` calls have more context than the call before them.
    """

    task_type: str | None
    rank: int
    length: int
    place: int
    calls: int
    context: int
    grown: int


class Step(NamedTuple):
    """Tasks that a tier was tried for, and how that ended; ``calls`` are those that the tier made.

    ``start`` is the rank of the tier of their first call, None if a call was followed by one of a lower tier.
    ``escalated``: a higher tier was called later.
    """

    task_type: str | None
    start: int | None
    rank: int
    succeeded: bool
    failed: bool
    escalated: bool
    tasks: int
    calls: int


@dataclass(frozen=True, slots=True)
class LogProfile:
    """The calls of each hour by its number since 1970 in local time, and the tasks."""

    hours: Mapping[int, int]
    trials: tuple[Trial, ...]
    lengths: tuple[TaskLength, ...]
    places: tuple[Place, ...]
    steps: tuple[Step, ...] = ()

    def renamed(self, name: Callable[[str | None], str | None]) -> LogProfile:
        """Return the profile with other names of task types."""
        return LogProfile(
            self.hours,
            tuple(trial._replace(task_type=name(trial.task_type)) for trial in self.trials),
            tuple(one._replace(task_type=name(one.task_type)) for one in self.lengths),
            tuple(one._replace(task_type=name(one.task_type)) for one in self.places),
            tuple(one._replace(task_type=name(one.task_type)) for one in self.steps),
        )
