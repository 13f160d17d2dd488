"""A planner's task plan: its steps, each with its tier, and their costs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from routecost.model.frames import Result
from routecost.records import dataclass
from routecost.units import ZERO, exact

if TYPE_CHECKING:
    import pandas

    from routecost.model.scenario.workload import TokenShape
    from routecost.problems import Finding, Position


@dataclass(frozen=True, slots=True)
class Step:
    """A step: ``repeats`` calls of ``tier``; ``task`` is its task type in a routing table."""

    title: str
    tier: str
    tokens: TokenShape
    repeats: int = 1
    task: str | None = None
    because: str | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Helper:
    """The planner or the reviewer: one call, which may read what all steps wrote."""

    tier: str
    tokens: TokenShape
    reads_output: bool = False


@dataclass(frozen=True, slots=True)
class TextSource:
    """The plain text of a plan: whether its prices are the default, and the lines read as remarks."""

    is_default_pricing: bool = False
    remarks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """A planner's steps in order, after a planner call and before a reviewer call, if there are any.

    ``hand_on`` is the number of tokens that each call but the first reads from the one before it.
    """

    name: str
    title: str
    steps: tuple[Step, ...]
    planner: Helper | None = None
    reviewer: Helper | None = None
    hand_on: Decimal = ZERO
    source: TextSource | None = None


@dataclass(frozen=True, slots=True)
class PlanCall:
    """The cost of a step, the planner or the reviewer; ``share`` is of the whole plan."""

    step: str
    tier: str
    model: str
    calls: int
    cost: Decimal
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Alternative:
    """The plan on one tier: every call, or only its steps, without planner and reviewer.

    Calls have their own tokens there, and read nothing of each other. ``saved`` is the saving of the
    plan compared with every call on the tier, as a fraction of that.
    """

    tier: str
    every_call: Decimal
    steps_only: Decimal
    saved: Decimal | None


@dataclass(frozen=True, slots=True)
class Blend:
    """The plan's cost relative to all calls on ``low`` (0) and all calls on ``high`` (1)."""

    low: str
    high: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class PlanClaim:
    """A published figure about a plan: it must be ``published`` +- ``within``, in ``currency`` if money."""

    claim: str
    published: Decimal
    computed: Decimal
    within: Decimal
    says: str | None = None
    is_share: bool = False
    currency: str | None = None

    @property
    def holds(self) -> bool:
        """True if the figure is true."""
        return abs(self.computed - self.published) <= self.within


MOST_REPEATS = 1_000_000
"""The most calls that a step may repeat."""

PLAN_COLUMNS = ("step", "tier", "model", "calls", "cost", "share")


@dataclass(frozen=True, slots=True)
class PlanCost(Result):
    """A priced plan; ``blends`` has every two neighbouring tiers, ``findings`` those of a routing table."""

    plan: TaskPlan
    pricing: str
    currency: str
    as_of: date
    calls: tuple[PlanCall, ...]
    total: Decimal
    overhead: Mapping[str, Decimal]
    alternatives: tuple[Alternative, ...]
    blends: tuple[Blend, ...]
    claims: tuple[PlanClaim, ...] = ()
    findings: tuple[Finding, ...] = ()
    table: str | None = None

    @property
    @exact
    def per_thousand(self) -> Decimal:
        """The cost of a thousand runs of the plan."""
        return self.total * 1000

    @property
    def fails(self) -> bool:
        """True if a claim no longer holds, or the plan contradicts a routing table."""
        return bool(self.findings) or not all(claim.holds for claim in self.claims)

    def records(self) -> list[dict[str, Any]]:
        """Return a dict per step, planner and reviewer."""
        return [{key: getattr(call, key) for key in PLAN_COLUMNS} for call in self.calls]

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with a row per step, planner and reviewer."""
        from routecost.model.frames import frame

        return frame(self.records())
