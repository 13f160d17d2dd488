"""The rows of a routing table, with what they cost, what was measured, and where rejected work goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from routecost.model.frames import Result
from routecost.records import dataclass

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, slots=True)
class Measured:
    """Evidence for a row: ``low`` and ``high`` bound the success rate (Wilson).

    ``is_current`` is false if it is stale, dated in the future, or of another model.
    """

    successes: int
    trials: int
    rate: float
    low: float
    high: float
    evaluated: date
    model: str | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row in force. ``model`` is None without prices, ``cost_per_task`` without a scenario, too.

    ``escalation`` has the tiers that rejected work goes on to, in order, ``fallbacks`` the models that
    answer if that of the tier is not available.
    """

    task: str
    title: str | None
    tier: str
    model: str | None
    cost_per_task: Decimal | None
    measured: Measured | None
    escalation: tuple[str, ...]
    reviewer: str | None
    confidence: str | None
    fallbacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoutingRows(Result):
    """A routing table with its rows; ``confidence`` is the level of the intervals.

    ``models`` has the model of each tier, ``providers`` the provider of each model for which the sheet
    states it. ``as_of`` is the day of prices and evidence.
    """

    table: str
    taxonomy: str
    pricing: str | None
    scenario: str | None
    as_of: date
    currency: str
    confidence: float
    models: dict[str, str]
    rows: tuple[TableRow, ...]
    providers: Mapping[str, str] = field(default_factory=dict)

    def records(self) -> list[dict[str, Any]]:
        """Return a row per row of the table, with the columns of the JSON output."""
        return [record(row) for row in self.rows]

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with a row per row of the table."""
        from routecost.model.frames import frame

        return frame(self.records())


_NOT_MEASURED = ("successes", "trials", "rate", "low", "high", "evaluated", "model", "is_current")


def record(row: TableRow) -> dict[str, Any]:
    """Return the figures of a row by the names of their columns."""
    measured = dict.fromkeys(_NOT_MEASURED) if row.measured is None else asdict(row.measured)
    return {
        "task": row.task,
        "title": row.title,
        "tier": row.tier,
        "model": row.model,
        "cost_per_task": row.cost_per_task,
        "successes": measured["successes"],
        "trials": measured["trials"],
        "success_rate": measured["rate"],
        "success_rate_low": measured["low"],
        "success_rate_high": measured["high"],
        "evaluated": measured["evaluated"],
        "evaluated_model": measured["model"],
        "is_current": measured["is_current"],
        "escalation": " ".join(row.escalation) or None,
        "reviewer": row.reviewer,
        "confidence": row.confidence,
        "fallbacks": " ".join(row.fallbacks) or None,
    }
