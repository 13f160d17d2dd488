"""Strategies: what they expand to, and the outcomes of tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from routecost.errors import UnknownNameError, UnpricedError
from routecost.problems import did_you_mean
from routecost.records import dataclass
from routecost.units import ONE, ZERO

if TYPE_CHECKING:
    from routecost.model.pricing.hours import Hours
    from routecost.model.pricing.usage import Usage
    from routecost.model.scenario.success import Latency
    from routecost.model.scenario.workload import TaskType, Workload


class Cold(StrEnum):
    """What comes back to a model after its cache has expired."""

    REWORK = "rework"
    CALLS = "calls"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcome shares for one task type; None if unknown.

    ``right`` results are accepted and right, ``wrong`` ones are accepted and undetected failures, and
    ``reworked`` ones were wrong, detected and done again: they sum to 1. ``escalated`` tasks ran on a
    second tier, ``reviewed`` ones were seen by a reviewer. ``seconds`` is the mean duration along the
    critical path. ``calls_per_task`` is the work: the calls that a tier makes for a task.
    ``rework_failed`` is the part of ``reworked`` that is wrong again. ``is_assumed`` is true if the
    success of work that was done again is not stated, so that shares may differ in the worst case.
    ``escalates_unknown`` is true if an unknown share of the tasks goes on to higher tiers, whose calls
    are not counted, ``reviews_unknown`` if a reviewer sees outputs whose calls are not counted.
    ``cold`` has the causes of calls that come back to a model whose cache has expired. ``tiers`` has the
    share of the tasks that each tier does, if each task runs on one tier.
    """

    task: str
    tasks_per_day: Decimal
    right: Decimal | None
    wrong: Decimal | None
    reworked: Decimal | None
    escalated: Decimal | None = ZERO
    reviewed: Decimal = ZERO
    seconds: Decimal | None = None
    calls_per_task: Decimal = ONE
    rework_failed: Decimal = ZERO
    is_assumed: bool = False
    escalates_unknown: bool = False
    reviews_unknown: bool = False
    cold: frozenset[Cold] = frozenset()
    tiers: Mapping[str, Decimal] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class TokenScaling:
    """The number of tokens on a model for a text that takes one token on the measured model.

    ``low`` and ``high`` bound the factor if the source gives bounds.
    """

    model: str
    factor: Decimal
    source: str
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TierModels:
    """The tiers, low to high, with their models on a day and the context sizes of price steps.

    ``context_edges`` maps a model to the context sizes (tokens) at which its rates change; ``later``
    holds the tiers that have no model yet on that day, with the day of their first; ``scaling`` the
    models whose tokenizer differs from the one that tokens were measured on, and ``unscaled`` those
    whose ratio is unknown. ``latency`` has the duration of calls by tier, if known; ``hours``
    those of the modes of each model that apply at certain times. ``worst_case`` is true if work that
    is done again is as hard as the success rates allow. With ``all_escalate``, all tasks escalate of
    which the share that does is unknown. ``efforts`` has the effort of the tiers that ask their model for
    one, and ``reasoning_apart`` the models that have a price of their own for reasoning.
    """

    day: date
    tiers: tuple[str, ...]
    models: Mapping[str, str]
    context_edges: Mapping[str, tuple[int, ...]]
    later: Mapping[str, date] = field(default_factory=dict)
    scaling: Mapping[str, TokenScaling] = field(default_factory=dict)
    unscaled: tuple[str, ...] = ()
    latency: Mapping[str, Latency] = field(default_factory=dict)
    hours: Mapping[str, Mapping[str, tuple[Hours, ...]]] = field(default_factory=dict)
    worst_case: bool = False
    all_escalate: bool = False
    efforts: Mapping[str, str] = field(default_factory=dict)
    reasoning_apart: frozenset[str] = frozenset()

    def cache(self, tier: str) -> tuple[str, str | None]:
        """Return the cache that calls on a tier use: one per model and effort."""
        return self.model(tier), self.efforts.get(tier)

    def model(self, tier: str) -> str:
        """Return the model that serves as ``tier``.

        Raises UnpricedError if it has none yet on that day, UnknownNameError if there is no such tier.
        """
        if tier in self.later:
            first = self.later[tier]
            raise UnpricedError(f'tier "{tier}" has no model on {self.day}; its first begins on {first}')
        if tier not in self.models:
            raise UnknownNameError(f'no tier "{tier}" in the pricing sheet{did_you_mean(tier, self.tiers)}')
        return self.models[tier]


@dataclass(frozen=True, slots=True)
class Expansion:
    """The result of a strategy for a day's work: ``usage`` per day and the share of tasks per tier.

    ``mix`` is empty if a task may run on several tiers; ``mix_follows`` is true if the mix is not
    stated but follows from the volumes. ``roles`` splits the usage by the purpose of the calls
    (``executor``, ``judge``, ``planner``, ...). ``outcomes`` has a row per task type.
    """

    usage: Usage
    mix: Mapping[str, Decimal]
    mix_follows: bool = False
    roles: Mapping[str, Usage] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Payer:
    """Base of all kinds of strategies. ``fees_of`` names the strategy of a scenario that it is.

    The fees of that strategy alone are in its bill, under whatever name and with whatever changes it is
    priced. It is None for strategies without such fees, and for those that are none of the scenario's.
    """

    fees_of: str | None = field(default=None, kw_only=True)


class Strategy(Protocol):
    """A kind of strategy; one file each under ``engine/strategies``."""

    @property
    def fees_of(self) -> str | None:
        """The strategy of the scenario whose own fees it pays; see Payer."""
        ...

    def expand(self, workload: Workload, tier_models: TierModels) -> Expansion:
        """Return the usage of one day of the workload."""
        ...

    def flow(self, task: TaskType, tier_models: TierModels) -> tuple[Any, Outcome]:
        """Return the calls of the tasks of one type (a TaskFlow), and their outcome."""
        ...
