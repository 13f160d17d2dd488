"""Evidence as rules look at it: where it stands, and what its numbers say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from routecost.engine.proportions import Sample, wilson
from routecost.lint.hit import Way
from routecost.lint.names import offers
from routecost.model.routing import Evidence, RoutingTable
from routecost.problems import Position
from routecost.source import Document


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """An evidence file: what it says, and the document that says it."""

    document: Document
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """Evidence, and where it stands: in the table, or in an evidence file."""

    evidence: Evidence
    document: Document
    way: Way

    @property
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


Measurements = Mapping[tuple[str, str], Measured]
"""(task type, tier) -> the newest evidence."""


def newest(document: Document, table: RoutingTable, file: EvidenceFile | None) -> Measurements:
    """Return the newest evidence for each task type and tier, from the table and from a file.

    Of two on one day the file's counts, and of two in one file the later.
    """
    found: dict[tuple[str, str], Measured] = {}
    for measured in (*_in_table(document, table), *_in_file(file)):
        key = (measured.evidence.task, measured.evidence.tier)
        if key not in found or found[key].evidence.evaluated <= measured.evidence.evaluated:
            found[key] = measured
    return found


def pooled(samples: Iterable[Sample]) -> Sample | None:
    """Return all samples as one, or None where there are none."""
    both = list(samples)
    if not both:
        return None
    return Sample(sum(each.successes for each in both), sum(each.trials for each in both))


def failing(sample: Sample, confidence: float) -> str:
    """Return how often a sample fails: ``7.2% (18/250, 95% 4.6 to 11.1%)``."""
    failures = sample.failures
    interval = wilson(failures, confidence)
    counts = f"{failures.successes:,}/{failures.trials:,}"
    return (
        f"{percent(failures.rate)} ({counts}, {_level(confidence)} {interval.low * 100:.1f} "
        f"to {percent(interval.high)})"
    )


def percent(share: float) -> str:
    """Return a share as people read it: with one decimal."""
    return f"{share * 100:.1f}%"


def _level(confidence: float) -> str:
    return f"{confidence * 100:g}%"


def _in_table(document: Document, table: RoutingTable) -> Iterator[Measured]:
    for route in table.routes:
        if route.evidence is not None:
            yield Measured(route.evidence, document, ("routes", route.index, "evidence"))


def _in_file(file: EvidenceFile | None) -> Iterator[Measured]:
    if file is not None:
        for index, evidence in enumerate(file.evidence):
            yield Measured(evidence, file.document, ("evidence", index))
