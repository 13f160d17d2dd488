"""What logged calls used and cost, beside the costs that the logs state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from routecost.errors import UnpricedError
from routecost.model.frames import Result
from routecost.model.logs.cells import Bounds
from routecost.records import dataclass
from routecost.units import ONE, exact

if TYPE_CHECKING:
    import pandas


class Key(StrEnum):
    """What the usage of a log can be grouped by."""

    TASK_TYPE = "task_type"
    TIER = "tier"
    MODEL = "model"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    AGENT = "agent"
    OUTCOME = "outcome"


Span = tuple[Decimal | None, Decimal | None]
"""The least and the most that something can be; None for a limit that is not known."""

PERIODS = (Key.DAY, Key.WEEK, Key.MONTH)


class Unpriced(NamedTuple):
    """Calls that cannot be priced, and why; ``calls`` is 0 if a report does not count them."""

    model: str
    reason: str
    calls: int

    @property
    def text(self) -> str:
        """The number of calls, if it is known, and the reason."""
        return f"{self.calls:,} call{'s'[: self.calls - 1]}: {self.reason}" if self.calls else self.reason


class UnpricedCallsError(UnpricedError):
    """Logged calls have no price; ``calls`` lists all of them by model and reason."""

    def __init__(self, calls: Sequence[Unpriced]) -> None:
        self.calls = tuple(calls)
        super().__init__("; ".join(unpriced.text for unpriced in calls))


@dataclass(frozen=True, slots=True)
class UsageRow:
    """The usage and the cost of calls with equal ``keys``; None where the log does not have one.

    ``unpriced_calls`` are not part of the cost: it is then a lower bound. Reports that do not count calls
    have none, so ``is_partial`` says whether some units have no price, ``is_priced`` whether some have one,
    and ``is_counted`` is false if they are part of it: there are more calls.
    """

    keys: tuple[str | None, ...]
    calls: int
    units: Mapping[str, int]
    cost: Bounds
    unpriced_calls: int = 0
    is_partial: bool = False
    is_priced: bool = True
    is_counted: bool = True

    @property
    def known_calls(self) -> int | None:
        """The number of calls, or the least that it can be; None if none was counted."""
        return self.calls if self.is_counted else self.calls or None

    @property
    def least(self) -> Decimal | None:
        """The cost, or the least that it can be; None if nothing has a price."""
        return self.cost.low if self.is_priced else None

    @property
    def most(self) -> Decimal | None:
        """The most that the calls can cost; None if some have no price."""
        return None if self.is_partial else self.cost.high

    @property
    def span(self) -> Span:
        """The least and the most that the calls can cost; None for a limit that is not known."""
        return self.least, self.most

    @exact
    def share_of(self, total: UsageRow) -> Decimal | None:
        """Return the share of a total cost; None if it is not known. All calls have all of the cost."""
        if total.most and (self.calls, self.units, self.cost) == (total.calls, total.units, total.cost):
            return ONE
        is_known = total.cost.low and total.most == total.least and self.most == self.least
        return self.cost.low / total.cost.low if is_known else None


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The logged costs of a model, beside the costs of the same calls at the prices of the sheet.

    ``difference`` is computed - logged; ``hint`` says what explains it if it is large.
    """

    model: str
    calls: int
    logged: Decimal
    computed: Bounds
    hint: str | None = None

    @property
    @exact
    def difference(self) -> Decimal:
        """The least difference of the two costs: 0 if the logged cost is within bounds."""
        if self.computed.low <= self.logged <= self.computed.high:
            return self.logged - self.logged
        return (self.computed.low if self.logged < self.computed.low else self.computed.high) - self.logged

    @property
    @exact
    def fraction(self) -> Decimal | None:
        """The difference as a fraction of the logged cost; None if that is 0."""
        return self.difference / self.logged if self.logged else None


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """Calls of a task type on a tier (else a model) by outcome; the other calls have none in the log."""

    task_type: str | None
    tier: str
    calls: int
    successes: int
    failures: int

    @property
    @exact
    def failure_rate(self) -> Span | None:
        """The failure rate, from all other calls succeeding to all failing; None without any outcome."""
        if not self.successes + self.failures:
            return None
        return Decimal(self.failures) / self.calls, 1 - Decimal(self.successes) / self.calls


@dataclass(frozen=True, slots=True)
class TaskRow:
    """The tasks of a type by outcome, and what they cost, failed attempts included.

    ``escalated`` are those that were called on a higher tier after a lower one.
    """

    task_type: str | None
    tasks: int
    calls: int
    successes: int
    failures: int
    escalated: int
    total: UsageRow

    @property
    def cost_per_success(self) -> Span | None:
        """The cost of all tasks of the type per success: the least if all unknown outcomes are successes.

        As :attr:`UsageRow.span`; None if all tasks failed, no outcome is known, or calls are not counted.
        """
        return (
            self._per(self.tasks - self.failures, self.successes) if self.successes + self.failures else None
        )

    @property
    def cost_per_task(self) -> Span | None:
        """The mean cost of a task, as :attr:`UsageRow.span`; None if they are none or not counted."""
        return self._per(self.tasks, self.tasks)

    @exact
    def _per(self, most_often: int, least_often: int) -> Span | None:
        if not most_often:
            return None
        least, most = self.total.span
        if not self.total.is_counted:
            return None
        return (
            None if least is None else least / most_often,
            None if most is None or not least_often else most / least_often,
        )


@dataclass(frozen=True, slots=True)
class MonthUsage:
    """The usage of a month that is over, by tier or by model; ``tasks`` are those that began in it."""

    month: date
    tasks: int | None
    by_tier: bool
    used: Mapping[str, UsageRow]

    @property
    def grain(self) -> str:
        """What the usage is by."""
        return "tier" if self.by_tier else "model"


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """The planned cost of a task of a type (None: of all types), and per task that ends right.

    ``task_types`` are those of the plan that are of this type.
    """

    cost_per_task: Decimal | None
    cost_per_success: Decimal | None
    task_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LogFacts:
    """What was read: records by dialect, bad lines, incomplete last lines, and records that are no calls.

    ``rejects`` are the first of ``rejected`` bad lines as ``file:line:column: reason``; ``undated`` are
    calls without a time that ``since`` or ``until`` left out. ``is_last_over`` is true if the last call is in
    the last hour of its day. ``notes`` are assumptions and missing parts,
    each with how often it applies.
    """

    logs: tuple[str, ...]
    records: Mapping[str, int]
    rejected: int
    rejects: tuple[str, ...]
    torn: tuple[str, ...]
    skipped: Mapping[str, int]
    first: date | None
    last: date | None
    time_zone: str
    undated: int = 0
    notes: Mapping[str, int] = field(default_factory=dict)
    is_last_over: bool = True


@dataclass(frozen=True, slots=True)
class LogUsage(Result):
    """The calls, units and cost of logs by ``keys``; costs are in the currency of the sheet.

    If the sheet ``has_terms`` on monthly totals, costs do not include them. ``months`` are those that are
    over, if they were asked for, without those that are ``left_out``: the days of the log, or those that
    were chosen, cover them in part. ``partial`` are weeks and months of rows of which this is so.
    ``planned`` has the costs of tasks of ``plan``, a scenario and strategy.

    Rows are in the order of time if the first key is a period, else by falling cost.
    """

    facts: LogFacts
    pricing: str
    currency: str
    keys: tuple[Key, ...]
    meters: tuple[str, ...]
    rows: tuple[UsageRow, ...]
    total: UsageRow
    reconciliation: tuple[Reconciliation, ...] = ()
    outcomes: tuple[OutcomeRow, ...] = ()
    tasks: tuple[TaskRow, ...] = ()
    unpriced: tuple[Unpriced, ...] = ()
    has_terms: bool = False
    months: tuple[MonthUsage, ...] = ()
    left_out: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()
    plan: str | None = None
    planned: Mapping[str | None, PlannedTask] = field(default_factory=dict)

    def records(self) -> list[dict[str, Any]]:
        """Return a dict per row."""
        return [
            {
                **dict(zip(map(str, self.keys), row.keys, strict=True)),
                "calls": row.known_calls,
                **{meter: row.units.get(meter, 0) for meter in self.meters},
                "cost": row.least,
                "cost_high": row.most,
                "unpriced_calls": row.unpriced_calls,
                "share": row.share_of(self.total),
            }
            for row in self.rows
        ]

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with a row per group, float64 for money."""
        from routecost.model.frames import frame

        return frame(self.records())
