"""Evidence for rules: its place, selection per task type and tier, and text of its rates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
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
    """Evidence and its place: in the table or in an evidence file.

    ``older`` is evidence of the same model that counts together with it.
    """

    evidence: Evidence
    document: Document
    key_path: KeyPath
    older: tuple[LocatedEvidence, ...] = ()

    @cached_property
    def sample(self) -> Sample:
        """The successes and trials, with those of older evidence."""
        parts = [part.evidence for part in (self, *self.older)]
        return Sample(sum(part.successes for part in parts), sum(part.trials for part in parts))

    @cached_property
    def escalated(self) -> tuple[Sample, Position] | None:
        """The escalated of the trials that count them, and the place of the newest count; None without."""
        parts = [part for part in (self, *self.older) if part.evidence.escalated is not None]
        if not parts:
            return None
        count = sum(part.evidence.escalated or 0 for part in parts)
        return Sample(count, sum(part.evidence.trials for part in parts)), parts[0].at("escalated")

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

    All current evidence of one model counts together; of the same day, the last listed counts.
    Without current evidence it is that for the tier's current model, then the newest, then the last
    listed; future-dated evidence only if there is no other.
    """
    grouped: dict[str, dict[str, list[LocatedEvidence]]] = {}
    for measured in evidence:
        tiers = grouped.setdefault(measured.evidence.task, {})
        tiers.setdefault(measured.evidence.tier, []).append(measured)
    return {
        task: {tier: _effective(listed, validity) for tier, listed in tiers.items()}
        for task, tiers in grouped.items()
    }


def _effective(listed: Sequence[LocatedEvidence], validity: EvidenceValidity) -> LocatedEvidence:
    """Return the evidence to use of that for one task type and tier."""
    if len(listed) == 1:
        return listed[0]
    by_rank = sorted(listed, key=lambda measured: validity.rank(measured.evidence))[::-1]
    current = [measured for measured in by_rank if validity.is_valid(measured.evidence)]
    if not current:
        return by_rank[0]
    newest = current[0]
    by_day: dict[date, LocatedEvidence] = {}
    for measured in current:
        if validity.are_of_one_model(measured.evidence, newest.evidence):
            by_day.setdefault(measured.evidence.evaluated, measured)
    return replace(newest, older=tuple(by_day.values())[1:])


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


def shown(sample: Sample) -> str:
    """Return the success rate of a sample as text: ``92.8% (232/250)``."""
    return f"{as_percent(sample.rate)} ({sample.successes:,}/{sample.trials:,})"


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
