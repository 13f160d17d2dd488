"""What a projection says where something is uncertain: bands, odds, and where the variance comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from routecost.model.scenario.uncertain_field import UncertainField

INTERACTIONS = "interactions"
"""What of a variance no field explains by itself."""


@dataclass(frozen=True, slots=True)
class Band:
    """Three quantiles of an amount of money: 10%, 50% and 90% of the paths cost at most so much."""

    p10: Decimal
    p50: Decimal
    p90: Decimal


@dataclass(frozen=True, slots=True)
class VarianceShare:
    """The share of the variance of a total that ``field`` explains by itself (Sobol's first order)."""

    field: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class StrategyOutlook:
    """What a strategy may cost, by month and so far.

    ``error`` has the standard errors of the quantiles of the last cumulative band. ``variance``
    is empty where nothing that is uncertain moves the strategy.
    """

    strategy: str
    months: tuple[Band, ...]
    cumulative: tuple[Band, ...]
    error: Band
    variance: tuple[VarianceShare, ...]

    @property
    def total(self) -> Band:
        """The spend of the whole horizon."""
        return self.cumulative[-1]


@dataclass(frozen=True, slots=True)
class BudgetRisk:
    """How likely a budget is exceeded: in each month, in any of them, and by the whole horizon's sum."""

    strategy: str
    months: tuple[Decimal, ...]
    any_month: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class Outlook:
    """What ``runs`` paths say, drawn for ``fields`` from ``seed``."""

    runs: int
    seed: int
    fields: tuple[UncertainField, ...]
    strategies: tuple[StrategyOutlook, ...]
    odds: BudgetRisk | None

    def only(self, names: Sequence[str]) -> Outlook:
        """Return what is said of just these strategies, and of the budget."""
        return replace(self, strategies=tuple(each for each in self.strategies if each.strategy in names))

    def __getitem__(self, strategy: str) -> StrategyOutlook:
        """Return what is said of a strategy; KeyError if nothing is."""
        return {each.strategy: each for each in self.strategies}[strategy]
