"""What a change of documents does to the bill of each strategy, and to the findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from routecost.model.frames import Result
from routecost.model.results.failures import Between
from routecost.problems import Finding
from routecost.records import dataclass

if TYPE_CHECKING:
    import pandas

NOTHING = Between()


class Cause(StrEnum):
    """A cause of a change of cost.

    ``terms`` are fixed fees, allowances and discounts on a month's total.
    """

    VOLUME = "volume"
    MIX = "mix"
    TOKENS = "tokens"
    PRICE = "price"
    TERMS = "terms"


class Status(StrEnum):
    """Whether something is on both sides, and differs."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Costs:
    """The cost of a month: of calls, and of failures; ``calls`` is exact unless calls are unknown."""

    cost_per_month: Decimal
    calls: Between
    failures: Between
    counts_failures: bool

    @property
    def total(self) -> Between:
        """The cost of calls and failures."""
        return self.calls.plus(self.failures)


@dataclass(frozen=True, slots=True)
class StrategyChange:
    """The cost of a month of a strategy before and after; None if it is not there.

    ``change`` is the difference of ``cost_per_month``, to which ``parts`` sum exactly. ``calls``,
    ``failures`` and ``total`` are the changes, between bounds: what is unknown in the same way on both sides
    does not widen them.
    """

    strategy: str
    before: Costs | None
    after: Costs | None
    change: Decimal | None = None
    parts: Mapping[Cause, Decimal] = field(default_factory=dict)
    calls: Between = NOTHING
    failures: Between = NOTHING
    total: Between = NOTHING

    @property
    def status(self) -> Status:
        """Whether the strategy is on both sides, and costs the same."""
        if self.before is None or self.after is None:
            return Status.NEW if self.before is None else Status.GONE
        is_same = (self.calls, self.failures, self.total) == (NOTHING,) * 3 and not any(self.parts.values())
        return Status.UNCHANGED if is_same else Status.CHANGED

    @property
    def counts_failures(self) -> bool:
        """True if failures cost something on a side, so that the total decides."""
        return any(side is not None and side.counts_failures for side in (self.before, self.after))

    @property
    def change_fraction(self) -> Decimal | None:
        """The difference as a share of the cost before."""
        if self.before is None or self.change is None or not self.before.cost_per_month:
            return None
        return self.change / self.before.cost_per_month


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A finding that is on one side only, regardless of its line; its position is on that side."""

    status: Status
    finding: Finding


class Judgement(StrEnum):
    """The result of a gate."""

    PASSES = "passes"
    FAILS = "fails"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Gate:
    """A limit on the increase of a strategy's cost of a month.

    ``strategy_before`` is the one compared with; ``role`` says why these were chosen. ``limit`` is as given.
    """

    scenario: str
    strategy: str
    strategy_before: str | None
    role: str
    limit: str
    judgement: Judgement
    before: Between | None
    after: Between | None
    change: Between | None
    counts_failures: bool
    currency: str


@dataclass(frozen=True, slots=True)
class ScenarioChange:
    """What a change does to one scenario; ``file`` names it, the strategies are those of both sides.

    With ``is_unread`` the side before has faults.
    """

    file: str
    status: Status
    currency: str
    strategies: tuple[StrategyChange, ...]
    gates: tuple[Gate, ...] = ()
    is_unread: bool = False


@dataclass(frozen=True, slots=True)
class Diff(Result):
    """What a change of documents does: to the bills of scenarios, and to the findings.

    ``before`` and ``after`` describe the sides. ``gated`` is true if increases were limited.
    """

    before: str
    after: str
    scenarios: tuple[ScenarioChange, ...]
    findings: tuple[FindingChange, ...]
    gated: bool = False
    notes: tuple[str, ...] = ()

    @property
    def gates(self) -> tuple[Gate, ...]:
        """The gates of all scenarios."""
        return tuple(gate for one in self.scenarios for gate in one.gates)

    @property
    def failed(self) -> tuple[Gate, ...]:
        """The gates that a change does not pass, or of which that is unknown."""
        return tuple(gate for gate in self.gates if gate.judgement is not Judgement.PASSES)

    @property
    def currency(self) -> str | None:
        """The currency of all scenarios; None if there are several."""
        currencies = {one.currency for one in self.scenarios}
        return currencies.pop() if len(currencies) == 1 else None

    def records(self) -> list[dict[str, Any]]:
        """Return a row per strategy of each scenario, with the columns of the JSON output."""
        return [record(one, row) for one in self.scenarios for row in one.strategies]

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with a row per strategy of each scenario."""
        from routecost.model.frames import frame

        return frame(self.records())


def record(scenario: ScenarioChange, row: StrategyChange) -> dict[str, Any]:
    """Return the figures of a strategy by the names of their columns."""
    sides = {"before": row.before, "after": row.after}
    both = row.before is not None and row.after is not None
    figures: dict[str, Any] = {
        "scenario": scenario.file,
        "strategy": row.strategy,
        "status": row.status.value,
    }
    figures |= {
        f"cost_per_month_{end}": None if side is None else side.cost_per_month for end, side in sides.items()
    }
    figures |= {"change": row.change, "change_fraction": row.change_fraction}
    figures |= {cause.value: row.parts.get(cause) if both else None for cause in Cause}
    for end, side in sides.items():
        counted = side is not None and side.counts_failures
        figures |= _ends(f"failure_cost_per_month_{end}", side.failures if side and counted else None)
        figures |= _ends(f"total_cost_per_month_{end}", side.total if side and counted else None)
    counted_change = both and row.counts_failures
    figures |= _ends("failure_change", row.failures if counted_change else None)
    figures |= _ends("total_change", row.total if counted_change else None)
    figures |= _ends("calls_change", row.calls if both else None)
    return figures | {"currency": scenario.currency}


def _ends(name: str, amount: Between | None) -> dict[str, Decimal | None]:
    """Return an amount and its ends; the amount is None if it is not known exactly."""
    if amount is None:
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"))
    return {name: amount.known, f"{name}_low": amount.low, f"{name}_high": amount.high}
