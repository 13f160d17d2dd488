"""Whether evidence still stands: its day has come, it is recent, and of the model that its tier is now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from routecost.model.pricing.sheet import TierModel
from routecost.model.routing.table import Evidence


@dataclass(frozen=True, slots=True)
class Standing:
    """Judges evidence as of ``day``.

    ``models`` says which model each tier is then, and since when, as far as a pricing sheet does;
    evidence of other tiers is taken to be of their model.
    """

    day: date
    most_days: int
    models: Mapping[str, TierModel]

    def has_come(self, evidence: Evidence) -> bool:
        """Whether it is not of a day in the future."""
        return evidence.evaluated <= self.day

    def is_recent(self, evidence: Evidence) -> bool:
        """Whether it is not older than it may be."""
        return (self.day - evidence.evaluated).days <= self.most_days

    def is_of_the_model(self, evidence: Evidence) -> bool:
        """Whether it is of the model that its tier is; judged by its day where it names no model."""
        current = self.models.get(evidence.tier)
        if current is None:
            return True
        if evidence.model is not None:
            return evidence.model == current.model
        return current.start is None or evidence.evaluated >= current.start

    def holds(self, evidence: Evidence) -> bool:
        """Whether it stands; only then may it be held against that of another tier."""
        return self.has_come(evidence) and self.is_recent(evidence) and self.is_of_the_model(evidence)

    def rank(self, evidence: Evidence) -> tuple[bool, bool, date]:
        """Return what decides which of several measurements counts: the highest does."""
        return self.has_come(evidence), self.is_of_the_model(evidence), evidence.evaluated
