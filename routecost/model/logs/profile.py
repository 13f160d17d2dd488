"""Profiles of logged calls beside their cells: hours, trials of tiers, and calls of tasks."""

from __future__ import annotations

from collections.abc import Mapping
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


class TaskLength(NamedTuple):
    """A number of tasks of a type with ``calls`` each, all on the tier of a ``rank`` (None: on several)."""

    task_type: str | None
    rank: int | None
    calls: int
    tasks: int


class Place(NamedTuple):
    """Sums over the calls at a place in their tasks, from 1; ``pause`` is the time since the call before."""

    task_type: str | None
    rank: int
    place: int
    calls: int
    context: int
    output: int
    read: int
    pause: int


@dataclass(frozen=True, slots=True)
class LogProfile:
    """The calls of each hour by its number since 1970 in local time, and the tasks."""

    hours: Mapping[int, int]
    trials: tuple[Trial, ...]
    lengths: tuple[TaskLength, ...]
    places: tuple[Place, ...]
