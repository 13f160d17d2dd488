"""Evidence as rules look at it: its place, which of it counts, and what its numbers say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from routecost.engine.numeric.proportions import Sample, wilson
from routecost.lint.facts.evidence_validity import Standing
from routecost.lint.facts.name_suggestions import offers
from routecost.model.routing.table import Evidence, Route
from routecost.problems import KeyPath, Position
from routecost.source import Document


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """An evidence file: what it says, and the document that says it."""

    document: Document
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Measured:
    """Evidence, and its place: in the table, or in an evidence file."""

    evidence: Evidence
    document: Document
    way: KeyPath

    @cached_property
    def sample(self) -> Sample:
        """Its successes and trials."""
        return Sample(self.evidence.successes, self.evidence.trials)

    @property
    def what(self) -> str:
        """What it is about, for messages."""
        return f'evidence for "{self.evidence.task}" on "{self.evidence.tier}"'

    def at(self, key: str) -> Position:
        """Return where one of its values stands."""
        return self.document.position((*self.way, key))


def foreign(
    file: EvidenceFile | None, key: str, known: Collection[str]
) -> Iterator[tuple[str, str, Position]]:
    """Yield what the evidence file names and is not known, with an offer, where it stands first.

    ``key`` is ``task`` or ``tier``.
    """
    if file is None:
        return
    first: dict[str, int] = {}
    for index, row in enumerate(file.evidence):
        first.setdefault(getattr(row, key), index)
    unknown = [name for name in first if name not in known]
    for name, offer in offers(unknown, known).items():
        yield name, offer, file.document.position(("evidence", first[name], key))


def in_file(file: EvidenceFile | None) -> Iterator[Measured]:
    """Yield the evidence of a file."""
    if file is not None:
        for index, evidence in enumerate(file.evidence):
            yield Measured(evidence, file.document, ("evidence", index))


def in_rows(document: Document, routes: Iterable[Route]) -> Iterator[Measured]:
    """Yield the evidence of rows."""
    for route in routes:
        if route.evidence is not None:
            yield Measured(route.evidence, document, ("routes", route.index, "evidence"))


Measurements = Mapping[str, Mapping[str, Measured]]
"""Task type -> tier -> the evidence that counts."""


def that_count(found: Iterable[Measured], standing: Standing) -> Measurements:
    """Return the evidence that counts for each task type and tier.

    What is of the tier's model goes before what is of another, and then the newer before the older;
    of equals the last counts. Days that have not come count only where there are no others.
    """
    by_task: dict[str, dict[str, Measured]] = {}
    for measured in found:
        tiers = by_task.setdefault(measured.evidence.task, {})
        known = tiers.get(measured.evidence.tier)
        if known is None or standing.rank(known.evidence) <= standing.rank(measured.evidence):
            tiers[measured.evidence.tier] = measured
    return by_task


def pooled(samples: Iterable[Sample]) -> Sample | None:
    """Return all samples as one, or None where there are none."""
    both = list(samples)
    if not both:
        return None
    return Sample(sum(each.successes for each in both), sum(each.trials for each in both))


def failing(sample: Sample, confidence: float) -> str:
    """Return how often a sample fails: ``7.2% (18/250, 95% 4.6 to 11.1%)``."""
    return observed(sample.failures, confidence)


def observed(sample: Sample, confidence: float) -> str:
    """Return a rate with what it was counted from, and what the true one may be (Wilson's interval)."""
    interval = wilson(sample, confidence)
    counts = f"{sample.successes:,}/{sample.trials:,}"
    return (
        f"{percent(sample.rate)} ({counts}, {_level(confidence)} {interval.low * 100:.1f} "
        f"to {percent(interval.high)})"
    )


def percent(share: float) -> str:
    """Return a share as people read it: with one decimal."""
    return f"{share * 100:.1f}%"


def _level(confidence: float) -> str:
    return f"{confidence * 100:g}%"
