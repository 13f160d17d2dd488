"""Results of a search for policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from routecost.model.frames import Result
from routecost.records import dataclass

if TYPE_CHECKING:
    from routecost.model.results.comparison import Comparison


@dataclass(frozen=True, slots=True)
class Policy:
    """The best policy of a kind; ``choices`` describes the choice for each task type (or for all).

    ``name`` is that of its strategy in the comparison.
    """

    kind: str
    name: str
    choices: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Search(Result):
    """The cheapest policy of each kind, failures counted, within a ``budget`` per month for calls if given.

    ``best`` names the cheapest of all; it is the ``winner`` unless strategies do different work, whose
    costs do not compare. ``strategies`` holds each policy as the data of a strategy in a
    scenario; ``table`` is that of a routing table, None unless a taxonomy was given.
    ``approximate`` names the policies that need not be optimal: terms depend on the total of a month,
    and there are too many combinations to try all. ``worst`` is the search in the worst case of
    repeated work, if the best policy depends on it. ``launched`` names the task types that only launches
    of a plan add: written strategies assign them, but no cost here includes them. With ``min_success``,
    each task type succeeds at least as often; ``short`` has the strategies of which one succeeds less
    often, at least in the worst case: its rate, and that in the worst case (None if unknown). ``unpriced``
    has the tiers that are in no policy because they have no price, with the reason. ``kept`` has the task
    types whose failures are unknown, with the tier on which they stay.
    """

    comparison: Comparison
    policies: tuple[Policy, ...]
    best: str
    budget: Decimal | None
    strategies: Mapping[str, Any]
    table: Mapping[str, Any] | None = None
    approximate: tuple[str, ...] = ()
    worst: Search | None = None
    launched: tuple[str, ...] = ()
    min_success: Decimal | None = None
    short: Mapping[str, tuple[Decimal | None, Decimal | None]] = field(default_factory=dict)
    unpriced: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)

    @property
    def winner(self) -> str | None:
        """The cheapest of all; None if their work differs."""
        return None if self.comparison.calls_per_task else self.best
