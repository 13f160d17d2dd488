"""Results of checking claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from routecost.model.frames import Result
from routecost.records import dataclass

if TYPE_CHECKING:
    from decimal import Decimal

    from routecost.model.results.breakdown.breakdown import Breakdown
    from routecost.model.scenario.figure_path import FigureKind
    from routecost.problems import Finding


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """A checked claim: ``status`` is ``holds``, ``fails`` or ``disputed``.

    ``computed`` is None if the figure cannot be computed: the claim fails, and ``why`` is the reason.

    ``kind`` is the kind of the figures: money in ``currency``, a fraction, or a bare ratio. ``is_budget``
    is true for the scenario's budget, which is checked like a claim, for that of its plan (``is_plan``), and
    for that of an ``owner``; ``is_limit`` for a rate limit, of which ``computed`` is the peak.
    """

    claim: str
    says: str | None
    published: Decimal
    computed: Decimal | None
    within: Decimal
    holds: bool
    status: str
    why: str | None
    kind: FigureKind
    currency: str | None = None
    is_budget: bool = False
    owner: str | None = None
    is_plan: bool = False
    is_limit: bool = False


@dataclass(frozen=True, slots=True)
class Check(Result):
    """The checked claims of a scenario, including its budget.

    ``illustrative`` names the figures that are made up, ``at_means`` the uncertain inputs held at their
    means. ``warnings`` are about the scenario's file and stop nothing. ``breakdowns`` divide the
    costs of a month.
    """

    scenario: str
    currency: str
    claims: tuple[ClaimResult, ...]
    illustrative: str | None = None
    at_means: tuple[str, ...] = ()
    warnings: tuple[Finding, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()

    @property
    def failed(self) -> tuple[ClaimResult, ...]:
        """The claims that make a check fail."""
        return tuple(claim for claim in self.claims if claim.status == "fails")
