"""Evidence, as documents: separate files, and rows of routing tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.kinds import DocumentKind
from routecost.documents.core.scalars import Day, Name, Text, Trials, Version, Whole
from routecost.model.routing.table import Evidence
from routecost.units import ZERO


@document
class MeasuredDocument:
    """Measured successes of a model."""

    successes: Whole
    trials: Trials
    evaluated: Day
    model: Name | None = None
    effort: Name | None = None
    escalated: Whole | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for invalid counts."""
        for name in ("successes", "trials", "escalated"):
            count = getattr(self, name) or ZERO
            if count != int(count):
                yield Fault(f"{count} is not a whole number", (name,))
            elif self.trials and count > self.trials:
                yield Fault(f"{count} {name} of {self.trials} trials", (name,))
        if not self.trials:
            yield Fault("no trials; expected at least one", ("trials",))

    def build(self, task: str, tier: str) -> Evidence:
        """Return the evidence for a task type on a tier."""
        counts = int(self.successes), int(self.trials)
        escalated = None if self.escalated is None else int(self.escalated)
        return Evidence(task, tier, *counts, self.evaluated, self.model, escalated, self.effort)


@document
class EvidenceRowDocument(MeasuredDocument):
    """Measured successes of a task type on a tier."""

    task: Name
    tier: Name


@document
class EvidenceDocument:
    """An evidence file."""

    version: Version
    evidence: tuple[Annotated[EvidenceRowDocument, Checked()], ...]
    description: Text | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for duplicate rows: same task type, tier, model and day."""
        first: dict[tuple[object, ...], int] = {}
        for index, row in enumerate(self.evidence):
            key = (row.task, row.tier, row.model, row.effort, row.evaluated)
            if first.setdefault(key, index) != index:
                message = f'"{row.task}" on "{row.tier}" is measured twice on {row.evaluated}'
                yield Fault(message, ("evidence", index), earlier=("evidence", first[key]))

    def build(self) -> tuple[Evidence, ...]:
        """Return the evidence."""
        return tuple(row.build(row.task, row.tier) for row in self.evidence)


EVIDENCE = DocumentKind("evidence", EvidenceDocument)
