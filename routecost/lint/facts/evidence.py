"""Evidence for rules: its place, selection per task type and tier, and text of its rates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property

from routecost.engine.numeric.proportions import Sample, wilson
from routecost.lint.facts.evidence_validity import EvidenceValidity
from routecost.lint.facts.name_suggestions import suggest_names
from routecost.model.routing.table import Evidence, Route
from routecost.problems import KeyPath, Position
from routecost.records import dataclass
from routecost.source import Document


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """The contents of an evidence file, and its document."""

    document: Document
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class LocatedEvidence:
    """Evidence and its place: in the table or in an evidence file."""

    evidence: Evidence
    document: Document
    key_path: KeyPath

    @cached_property
    def sample(self) -> Sample:
        """Its successes and trials."""
        return Sample(self.evidence.successes, self.evidence.trials)

    @property
    def description(self) -> str:
        """A description for messages."""
        return f'evidence for "{self.evidence.task}" on "{self.evidence.tier}"'

    def at(self, key: str) -> Position:
        """Return the position of one of its values."""
        return self.document.position((*self.key_path, key))


def unknown_names(
    file: EvidenceFile | None, key: str, known: Collection[str]
) -> Iterator[tuple[str, str, Position]]:
    """Yield unknown names in the evidence file, with a suggestion and the first position.

    ``key`` is ``task`` or ``tier``.
    """
    if file is None:
        return
    first: dict[str, int] = {}
    for index, row in enumerate(file.evidence):
        first.setdefault(getattr(row, key), index)
    unknown = [name for name in first if name not in known]
    for name, suggestion in suggest_names(unknown, known).items():
        yield name, suggestion, file.document.position(("evidence", first[name], key))


def in_file(file: EvidenceFile | None) -> Iterator[LocatedEvidence]:
    """Yield the evidence of a file."""
    if file is not None:
        for index, evidence in enumerate(file.evidence):
            yield LocatedEvidence(evidence, file.document, ("evidence", index))


def in_rows(document: Document, routes: Iterable[Route]) -> Iterator[LocatedEvidence]:
    """Yield the evidence of rows."""
    for route in routes:
        if route.evidence is not None:
            yield LocatedEvidence(route.evidence, document, ("routes", route.index, "evidence"))


EvidenceByTask = Mapping[str, Mapping[str, LocatedEvidence]]
"""Task type -> tier -> the evidence used."""


def effective_evidence(evidence: Iterable[LocatedEvidence], validity: EvidenceValidity) -> EvidenceByTask:
    """Return the evidence to use for each task type and tier.

    Evidence for the tier's current model is preferred, then newer evidence, then the last listed.
    Future-dated evidence is used only if there is no other.
    """
    by_task: dict[str, dict[str, LocatedEvidence]] = {}
    for measured in evidence:
        tiers = by_task.setdefault(measured.evidence.task, {})
        known = tiers.get(measured.evidence.tier)
        if known is None or validity.rank(known.evidence) <= validity.rank(measured.evidence):
            tiers[measured.evidence.tier] = measured
    return by_task


def pooled(samples: Iterable[Sample]) -> Sample | None:
    """Return all samples combined, or None if there are none."""
    parts = list(samples)
    if not parts:
        return None
    return Sample(sum(part.successes for part in parts), sum(part.trials for part in parts))


def failure_rate_text(sample: Sample, confidence: float, limit: float | None = None) -> str:
    """Return the failure rate of a sample as text: ``7.2% (18/250, 95% 4.6 to 11.1%)``."""
    return rate_text(sample.failures, confidence, limit)


def rate_text(sample: Sample, confidence: float, limit: float | None = None) -> str:
    """Return the success rate of a sample as text, with its counts and Wilson interval.

    The interval has the digits that tell its ends apart from a limit.
    """
    interval = wilson(sample, confidence)
    counts = f"{sample.successes:,}/{sample.trials:,}"
    low, high = (as_percent(end, limit) for end in (interval.low, interval.high))
    return f"{as_percent(sample.rate)} ({counts}, {_level(confidence)} {low[:-1]} to {high})"


def as_percent(share: float, limit: float | None = None) -> str:
    """Return a share in per cent, rounded to one decimal, or to those that tell it apart from a limit."""
    usual = f"{share * 100:.1f}%"
    for places in range(1, 10) if limit not in {None, share} else ():
        text, other = (f"{value * 100:.{places}f}%" for value in (share, limit or 0))
        if text != other:
            return text
    return usual


def _level(confidence: float) -> str:
    return f"{confidence * 100:g}%"
