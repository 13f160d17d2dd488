"""Validity of evidence: not future-dated, not stale, and measured on the tier's current model."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from routecost.model.pricing.sheet import TierModel
from routecost.model.routing.table import Evidence
from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class EvidenceValidity:
    """Checks of evidence as of ``day``.

    ``models`` has the current model of each tier and its first day, from the pricing sheet.
    Evidence for a tier that is not in it counts as evidence for the current model.
    """

    day: date
    max_days: int
    models: Mapping[str, TierModel]

    def is_not_future_dated(self, evidence: Evidence) -> bool:
        """Return whether the evidence is not future-dated."""
        return evidence.evaluated <= self.day

    def is_recent(self, evidence: Evidence) -> bool:
        """Return whether the evidence is at most ``max_days`` old."""
        return (self.day - evidence.evaluated).days <= self.max_days

    def is_of_current_model(self, evidence: Evidence) -> bool:
        """Return whether the evidence is for the tier's current model, at its effort if both state one.

        It is judged by its date if it names no model.
        """
        current = self.models.get(evidence.tier)
        if current is None:
            return True
        if not self.is_of_effort(evidence):
            return False
        if evidence.model is not None:
            return evidence.model == current.model
        return current.start is None or evidence.evaluated >= current.start

    def is_of_effort(self, evidence: Evidence) -> bool:
        """Return whether the evidence is for the effort of the tier; also if it names none."""
        current = self.models.get(evidence.tier)
        return current is None or evidence.effort in (None, current.effort)

    def is_valid(self, evidence: Evidence) -> bool:
        """Return whether the evidence is current and may be compared with that of another tier."""
        return (
            self.is_not_future_dated(evidence)
            and self.is_recent(evidence)
            and self.is_of_current_model(evidence)
        )

    def are_of_one_model(self, evidence: Evidence, other: Evidence) -> bool:
        """Return whether two pieces of current evidence for a tier are for the same model."""
        return evidence.tier in self.models or evidence.model == other.model

    def rank(self, evidence: Evidence) -> tuple[bool, bool, date]:
        """Return the sort key that selects the evidence to use; the highest is used."""
        return self.is_not_future_dated(evidence), self.is_of_current_model(evidence), evidence.evaluated
