"""A scenario that was learned from logged calls."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from routecost.model.frames import Result
from routecost.model.logs.cells import Bounds
from routecost.model.results.logs.usage import LogFacts
from routecost.records import dataclass
from routecost.units import ZERO, exact


class EvidenceRow(NamedTuple):
    """Successes of trials of a task type on a tier, measured until a day."""

    task: str
    tier: str
    model: str
    successes: int
    trials: int
    escalated: int
    evaluated: date


@dataclass(frozen=True, slots=True)
class CalibratedTask:
    """A task type of the scenario, and its cost over the days of the log.

    ``logged`` is the cost of its calls at the prices of their days, ``repriced`` at those of the scenario's
    day; ``cost`` is that of the scenario. ``tasks`` is the number of tasks in the log, if known.
    """

    name: str
    task_type: str | None
    calls: int
    tasks: int | None
    tasks_per_day: Decimal
    calls_per_task: Decimal
    tiers: str
    logged: Bounds
    repriced: Decimal
    cost: Decimal

    @property
    @exact
    def difference(self) -> Decimal | None:
        """The cost of the scenario beside the log's at the prices of the same day, as a fraction."""
        return self.cost / self.repriced - 1 if self.repriced else None

    def fits(self, tolerance: Decimal) -> bool:
        """Return whether the costs differ by at most a fraction."""
        return self.cost == self.repriced if self.difference is None else abs(self.difference) <= tolerance


@dataclass(frozen=True, slots=True)
class Calibration(Result):
    """A scenario learned from ``days`` of a log, in the text of its file, and what it leaves out.

    ``evidence_text`` is that of an evidence file, None if the log has no evidence; ``pricing_text`` that of
    the scenario's own sheet, if it has one.
    """

    facts: LogFacts
    pricing: str
    currency: str
    as_of: date
    days: int
    tasks: tuple[CalibratedTask, ...]
    evidence: tuple[EvidenceRow, ...]
    statements: tuple[str, ...]
    scenario_text: str
    evidence_text: str | None
    has_terms: bool = False
    pricing_text: str | None = None

    @property
    def total(self) -> CalibratedTask:
        """The sum of all task types."""
        logged, repriced, cost = Bounds(), ZERO, ZERO
        for task in self.tasks:
            logged, repriced, cost = logged.plus(task.logged), repriced + task.repriced, cost + task.cost
        return CalibratedTask(
            "total",
            None,
            sum(task.calls for task in self.tasks),
            None,
            sum((task.tasks_per_day for task in self.tasks), ZERO),
            ZERO,
            "",
            logged,
            repriced,
            cost,
        )
