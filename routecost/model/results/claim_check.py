"""What the engine finds out about claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from routecost.model.scenario.figure_path import FigureKind
    from routecost.problems import Finding


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """A judged claim: ``status`` is ``holds``, ``fails`` or ``disputed``.

    ``kind`` says what the figures are: money, a fraction, or a bare ratio.
    """

    claim: str
    says: str | None
    published: Decimal
    computed: Decimal
    within: Decimal
    holds: bool
    status: str
    why: str | None
    kind: FigureKind


@dataclass(frozen=True, slots=True)
class Check:
    """The judged claims of a scenario, its budget among them.

    ``illustrative`` says which figures are made up, ``at_means`` which are the means of what is not
    known. ``warnings`` are about the scenario's file and do not stop anything.
    """

    scenario: str
    currency: str
    claims: tuple[ClaimResult, ...]
    illustrative: str | None = None
    at_means: tuple[str, ...] = ()
    warnings: tuple[Finding, ...] = ()

    @property
    def failed(self) -> tuple[ClaimResult, ...]:
        """The claims that make a check fail."""
        return tuple(claim for claim in self.claims if claim.status == "fails")
