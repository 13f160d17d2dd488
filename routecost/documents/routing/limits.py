"""Limits of the linter, as a document: part of a routing table or of pyproject.toml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Count, Share
from routecost.model.routing.limits import Limits

_WHOLE = ("evidence_days", "trials", "retirement_days")
_INSIDE = ("confidence", "certainty", "power")


@document
class LimitsDocument:
    """Limits that override the defaults."""

    evidence_days: Count | None = None
    trials: Count | None = None
    success_rate: Share | None = None
    escalation_rate: Share | None = None
    margin: Share | None = None
    failure_gap: Share | None = None
    confidence: Share | None = None
    certainty: Share | None = None
    power: Share | None = None
    tasks_per_day: Count | None = None
    largest_share: Share | None = None
    observed_share: Share | None = None
    retirement_days: Count | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for fractions of days, probabilities outside [50%, 100%), and a margin of 0."""
        for name, value in self._given().items():
            if name in _WHOLE and value != int(value):
                yield Fault(f"{value} is not a whole number", (name,))
            if name in _INSIDE and not Decimal("0.5") <= value < 1:
                share = f"{(value * 100).normalize():f}%"
                yield Fault(f"{share} is out of range; expected 50% or more, and less than 100%", (name,))
        if self.margin == 0:
            yield Fault("a margin of 0 can never be met; expected more, such as 5%", ("margin",))

    def build(self, base: Limits) -> Limits:
        """Return ``base`` with the limits given here."""
        given = self._given()
        read: dict[str, Any] = {
            name: int(value) if name in _WHOLE else value for name, value in given.items()
        }
        return replace(base, **read)

    def _given(self) -> dict[str, Any]:
        values = {limit.name: getattr(self, limit.name) for limit in fields(Limits)}
        return {name: value for name, value in values.items() if value is not None}
