"""Workloads: task types with their volume and the tokens per task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.model.scenario.caching import NO_CACHE, Caching
from routecost.units import ZERO, exact

if TYPE_CHECKING:
    from routecost.model.scenario.success import Rework, SuccessRate

ONE_TASK_TYPE = "tasks"
"""The name of the only task type of a workload that is given as one aggregate line."""


@dataclass(frozen=True, slots=True)
class TokenCell:
    """A share of calls: input spread evenly over ``[input_low, input_high]`` tokens, mean output.

    ``input`` is the whole prompt, cached tokens included; ``fresh`` of it comes from another call
    and is in no cache. A point has equal bounds.
    """

    weight: Decimal
    input_low: Decimal
    input_high: Decimal
    output: Decimal
    fresh: Decimal = ZERO

    @property
    @exact
    def input(self) -> Decimal:
        """Mean input tokens of the cell."""
        return (self.input_low + self.input_high) / 2

    def scaled(self, factor: Decimal) -> TokenCell:
        """Return the cell with all token counts times ``factor``."""
        low, high = self.input_low * factor, self.input_high * factor
        return TokenCell(self.weight, low, high, self.output * factor, self.fresh * factor)

    @exact
    def reading(self, tokens: Decimal) -> TokenCell:
        """Return the cell with additional fresh input tokens."""
        low, high = self.input_low + tokens, self.input_high + tokens
        return TokenCell(self.weight, low, high, self.output, self.fresh + tokens)


@dataclass(frozen=True, slots=True)
class TokenShape:
    """The token counts of a call: cells whose weights sum to 1.

    Price steps depend on each call's context, so the input keeps its distribution; cost is linear in
    output, so the mean output of each cell is enough.
    """

    cells: tuple[TokenCell, ...]

    @classmethod
    def mean(cls, input_tokens: Decimal, output_tokens: Decimal) -> TokenShape:
        """Return the shape of identical calls."""
        return cls((TokenCell(Decimal(1), input_tokens, input_tokens, output_tokens),))

    def scaled(self, factor: Decimal) -> TokenShape:
        """Return the shape with all token counts times ``factor``."""
        return TokenShape(tuple(cell.scaled(factor) for cell in self.cells))

    def reading(self, tokens: Decimal) -> TokenShape:
        """Return the shape of calls that also read this many tokens of another call's output."""
        return TokenShape(tuple(cell.reading(tokens) for cell in self.cells)) if tokens else self

    def writing(self, tokens: Decimal) -> TokenShape:
        """Return the shape of calls that also write this many tokens."""
        return TokenShape(tuple(replace(cell, output=cell.output + tokens) for cell in self.cells))

    @property
    @exact
    def mean_input(self) -> Decimal:
        """Mean input tokens per call, cached tokens included."""
        return sum((cell.weight * cell.input for cell in self.cells), ZERO)

    @property
    @exact
    def mean_output(self) -> Decimal:
        """Mean output tokens per call."""
        return sum((cell.weight * cell.output for cell in self.cells), ZERO)


@dataclass(frozen=True, slots=True)
class TaskType:
    """A kind of task: volume, tokens per call, cache and batch shares.

    ``meters`` counts further billable units per call (``web_search``); ``kind`` is its task type in a
    taxonomy, for routing tables (default: its own name). ``success`` has the known rates, by tier;
    ``failure_cost`` is the cost of an undetected wrong result, in the sheet's currency.
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
