"""What becomes of tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from routecost.errors import UnknownNameError, UnpricedError
from routecost.problems import did_you_mean

if TYPE_CHECKING:
    from routecost.model.pricing.usage import Usage
    from routecost.model.scenario.success import Latency
    from routecost.model.scenario.workload import TaskType, Workload


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of the tasks of one type, as shares of them; None where it is not known.

    ``right`` results are accepted and right, ``wrong`` ones are accepted and nobody notices, and
    ``reworked`` ones were wrong, noticed and done again: they sum to 1. ``escalated`` tasks ran on
    a second tier, ``reviewed`` ones were seen by a reviewer. ``seconds`` is the mean from start to end,
    along the critical path. ``calls_per_task`` is the work: how many calls a tier makes for a task.
    """

    task: str
    tasks_per_day: Decimal
    right: Decimal | None
    wrong: Decimal | None
    reworked: Decimal | None
    escalated: Decimal | None = Decimal(0)
    reviewed: Decimal = Decimal(0)
    seconds: Decimal | None = None
    calls_per_task: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class TokenScaling:
    """How many tokens a model makes of a text that takes one token where it was measured.

    ``low`` and ``high`` bound the factor where the source does.
    """

    model: str
    factor: Decimal
    source: str
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TierModels:
    """The tiers, low to high, with the model that each is on a day and where its price steps.

    ``context_edges`` maps a model to the context sizes (tokens) at which its rates change;
    ``later`` holds the tiers that have no model yet on that day, with the day of their first;
    ``scaling`` the models whose tokenizer differs from the one that tokens were measured on, and
    ``unscaled`` those of which that is not known. ``latency`` says how long calls of a tier take,
    where that is known.
    """

    day: date
    tiers: tuple[str, ...]
    models: Mapping[str, str]
    context_edges: Mapping[str, tuple[int, ...]]
    later: Mapping[str, date] = field(default_factory=dict)
    scaling: Mapping[str, TokenScaling] = field(default_factory=dict)
    unscaled: tuple[str, ...] = ()
    latency: Mapping[str, Latency] = field(default_factory=dict)

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
    """What a strategy makes of a day's work: ``usage`` per day and the share of tasks per tier.

    ``mix`` is empty where a task may run on several tiers; ``mix_follows`` is true where nobody
    wrote it down: it follows from the volumes. ``roles`` splits the usage by what the calls are
    for (``executor``, ``judge``, ``planner``, ...). ``outcomes`` has a row per task type.
    """

    usage: Usage
    mix: Mapping[str, Decimal]
    mix_follows: bool = False
    roles: Mapping[str, Usage] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()


class Strategy(Protocol):
    """A kind of strategy; one file each under ``engine/strategies``."""

    def expand(self, workload: Workload, tiers: TierModels) -> Expansion:
        """Return the usage of one day of the workload."""
        ...

    def flow(self, task: TaskType, tiers: TierModels) -> tuple[Any, Outcome]:
        """Return the calls of the tasks of one type (a TaskFlow), and their outcome."""
        ...
