"""Workloads: task types with their volume and the tokens per task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from routecost.model.pricing.sheet import BATCH, STANDARD
from routecost.model.scenario.caching import NO_CACHE, CachedPrefix, Caching
from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact

if TYPE_CHECKING:
    from routecost.model.scenario.arrivals import Arrivals
    from routecost.model.scenario.success import Rework, SuccessRate
    from routecost.problems import KeyPath

WORKING_DAYS_PER_WEEK = 5

ONE_TASK_TYPE = "tasks"
"""The name of the only task type of a workload that is given as one aggregate line."""


@dataclass(frozen=True, slots=True)
class TokenCell:
    """A share of tasks: input spread evenly over ``[input_low, input_high]`` tokens, output likewise.

    ``input`` is the whole prompt of a call, cached tokens included; ``output`` is the mean, and
    ``output_span`` how far its range extends in all. ``meters`` has the ranges of other billable units.
    Within a cell all of these are independent.
    """

    weight: Decimal
    input_low: Decimal
    input_high: Decimal
    output: Decimal
    output_span: Decimal = ZERO
    meters: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)

    @property
    @exact
    def input(self) -> Decimal:
        """Mean input tokens of the cell."""
        return (self.input_low + self.input_high) / 2

    @property
    @exact
    def output_low(self) -> Decimal:
        """The least output tokens of the cell."""
        return self.output - self.output_span / 2 if self.output_span else self.output

    @property
    @exact
    def output_high(self) -> Decimal:
        """The most output tokens of the cell."""
        return self.output + self.output_span / 2 if self.output_span else self.output


@dataclass(frozen=True, slots=True)
class TokenShape:
    """Tokens of a call, as stated: cells whose weights sum to 1. A task draws one cell.

    ``reasoning`` is the share of the output that is reasoning, which other calls do not read.
    """

    cells: tuple[TokenCell, ...]
    reasoning: Decimal = ZERO

    @classmethod
    def mean(cls, input_tokens: Decimal, output_tokens: Decimal, reasoning: Decimal = ZERO) -> TokenShape:
        """Return the shape of identical calls."""
        return cls((TokenCell(ONE, input_tokens, input_tokens, output_tokens),), reasoning)

    @property
    def meters(self) -> tuple[str, ...]:
        """The meters that a cell states, beside input and output."""
        return tuple(dict.fromkeys(meter for cell in self.cells for meter in cell.meters))


@dataclass(frozen=True, slots=True)
class TierTokens:
    """Tokens of a call on one tier: those of ``shape`` with ``factor`` times its output.

    ``reasoning`` is the share of that output that is reasoning. ``effort`` is that of the tier for which
    they hold, if it is stated.
    """

    shape: TokenShape
    factor: Decimal = ONE
    reasoning: Decimal = ZERO
    effort: str | None = None


class Carry(StrEnum):
    """The part of earlier calls that a call of a task has in its context."""

    ALL = "all"
    NONE = "none"


class Drawn(StrEnum):
    """The unit that draws a row of ``per_call``: a task, for all of its calls, or each call by itself."""

    PER_TASK = "per_task"
    PER_CALL = "per_call"


@dataclass(frozen=True, slots=True)
class TaskCalls:
    """The calls that a task takes: ``per_task`` of them, each after ``system`` tokens of prompt.

    With ``carry`` all, a call's context holds the inputs and outputs of all calls before it.
    ``cached`` is the share of the context that a cache serves where it is warm, and stores where
    it is not; ``pause`` is the time between two calls in seconds (None: within the cache's
    lifetime for the same model, beyond it for a model that others were called between), ``window``
    the lifetime of the cache. ``drawn`` says whether the calls of a task share a row of ``per_call``.
    """

    per_task: int = 1
    system: Decimal = ZERO
    carry: Carry = Carry.NONE
    cached: Decimal = ZERO
    pause: Decimal | None = None
    window: str = "5m"
    drawn: Drawn = Drawn.PER_TASK
    is_stated: bool = True


ONE_CALL = TaskCalls(is_stated=False)
"""One call per task, unless a strategy states more."""


@dataclass(frozen=True, slots=True)
class TaskType:
    """A kind of task: volume, calls per task, tokens per call, cache and mode shares.

    ``meters`` counts further billable units per call (``web_search``), unless the cells of ``tokens``
    state them; ``kind`` is its task type in a
    taxonomy, for routing tables (default: its own name). ``success`` has the known rates, by tier;
    ``modes`` the shares of calls in processing modes other than batch;
    ``failure_cost`` is the cost of an undetected wrong result, in the sheet's currency; ``arrivals``
    has the times at which calls arrive, if known. ``tasks_per_working_day`` is the volume where only
    working days count, if that differs; ``days_per_week`` is how many days of a week have the stated
    volume; ``owner`` pays for it, and ``tags`` are texts by name; ``path`` is the place in the document,
    if there is one. ``tier_tokens`` has the tokens of tiers that differ from ``tokens``, and
    ``carry_reasoning`` whether the calls of a task have the reasoning of earlier ones in their context.
    """

    name: str
    tasks_per_day: Decimal
    tokens: TokenShape
    cache: Caching = NO_CACHE
    batch_share: Decimal = ZERO
    meters: Mapping[str, Decimal] = field(default_factory=dict)
    kind: str | None = None
    success: Mapping[str, SuccessRate] = field(default_factory=dict)
    failure_cost: Decimal | None = None
    rework: Rework | None = None
    calls: TaskCalls = ONE_CALL
    modes: Mapping[str, Decimal] = field(default_factory=dict)
    arrivals: Arrivals | None = None
    days_per_week: Decimal = Decimal(7)
    tasks_per_working_day: Decimal | None = None
    owner: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    tier_tokens: Mapping[str, TierTokens] = field(default_factory=dict)
    carry_reasoning: bool | None = None
    path: KeyPath = field(default=(), compare=False)

    def success_rate(self, tier: str) -> Decimal | None:
        """Return the success rate of a tier, or None if it is unknown."""
        known = self.success.get(tier)
        return None if known is None else known.rate

    @property
    def mode_shares(self) -> dict[str, Decimal]:
        """The share of calls per processing mode; they sum to 1 and none is 0."""
        shares = {BATCH: self.batch_share, **self.modes}
        shares = {STANDARD: 1 - sum(shares.values(), ZERO), **shares}
        return {mode: share for mode, share in shares.items() if share}

    @property
    def hits_follow(self) -> bool:
        """True if the hits of its cache follow from the arrivals of its calls, and so from its volume."""
        return isinstance(self.cache, CachedPrefix) and self.cache.reuse is None

    @property
    def of_working_days(self) -> TaskType:
        """The task type with the volume of a working day."""
        tasks = self.tasks_per_day if self.tasks_per_working_day is None else self.tasks_per_working_day
        return replace(self, tasks_per_day=tasks, days_per_week=Decimal(WORKING_DAYS_PER_WEEK))

    @property
    def tasks_per_week(self) -> Decimal:
        """The tasks of a week of mean days."""
        return self.tasks_per_day * self.days_per_week

    @property
    def routed_as(self) -> str:
        """The task type under which routing tables route it."""
        return self.kind or self.name


@dataclass(frozen=True, slots=True)
class Workload:
    """All the work of a fleet, one entry per task type."""

    task_types: tuple[TaskType, ...]

    @property
    @exact
    def tasks_per_day(self) -> Decimal:
        """Tasks of all types per day."""
        return sum((task.tasks_per_day for task in self.task_types), ZERO)

    @property
    def follows_volume(self) -> bool:
        """True if the cost of a task depends on how many there are, through the hits of a cache."""
        return any(task.hits_follow for task in self.task_types)

    @exact
    def times(self, factor: Decimal) -> Workload:
        """Return the work with volumes times ``factor``."""
        tasks = (replace(task, tasks_per_day=task.tasks_per_day * factor) for task in self.task_types)
        return Workload(tuple(tasks))

    @property
    def of_working_days(self) -> Workload:
        """The work of a day where only working days count."""
        return Workload(tuple(task.of_working_days for task in self.task_types))
