"""Uncertain fields of a scenario, each with a distribution of its mean.

The spread between calls is another distribution: ``per_call``.
"""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.model.scenario.distributions import Dirichlet, Distribution
from routecost.problems import KeyPath
from routecost.records import dataclass

if TYPE_CHECKING:
    from routecost.problems import Finding


@dataclass(frozen=True, slots=True)
class UncertainField:
    """An uncertain field of a scenario; values are within ``low`` and ``high`` (None: no bound).

    Fields with the same ``driver`` rise and fall together. A mix of which all shares are uncertain is one
    field, with a number for each share.
    ``monthly`` fields have another value in each month. ``unfit`` is the finding for fields that turn
    out to take whole numbers only.
    """

    path: KeyPath
    distribution: Distribution | Dirichlet
    low: Decimal | None = None
    high: Decimal | None = None
    monthly: bool = False
    unfit: Finding | None = field(default=None, compare=False, repr=False)
    driver: str | None = None

    @property
    def name(self) -> str:
        """The path, joined with dots."""
        return ".".join(map(str, self.path))

    @property
    def has_many(self) -> bool:
        """True if a run has several numbers: one for each month, or for each share of a mix."""
        return self.monthly or isinstance(self.distribution, Dirichlet)

    def numbers(self, months: int) -> int:
        """Return how many numbers a run has, over ``months``."""
        mixed = self.distribution
        return len(mixed.names) if isinstance(mixed, Dirichlet) else months if self.monthly else 1

    @property
    def variable(self) -> str:
        """The name of what it follows: its driver, or itself."""
        return self.name if self.driver is None else self.driver


@dataclass(frozen=True, slots=True)
class RankCorrelation:
    """The rank correlation (Spearman's) of two fields without drivers, or drivers, by name."""

    one: str
    other: str
    rank: Decimal

    @property
    def between(self) -> tuple[str, str]:
        """Both names."""
        return self.one, self.other
