"""RT402 evidence-predates-model."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.engine.lineup import in_force
from routecost.lint.hit import Hit
from routecost.lint.registry import rule
from routecost.lint.subject import Subject
from routecost.model.pricing import TierModel
from routecost.model.routing import Evidence
from routecost.problems import Severity, did_you_mean


@rule("RT402", "evidence-predates-model", Severity.WARNING, needs_prices=True)
def check(subject: Subject) -> Iterator[Hit]:
    """The evidence is of another model than the one that the tier is now.

    The pricing sheet knows which model a tier is, and since when. Evidence that names no model is
    judged by its day.

    Why:
        A tier's name outlives its models. What the old one could do says little about the new one, for
        better or for worse. (Article, "Failure Mode 1: Routing Table Staleness": after a model update,
        run the benchmarks again.)

    Example with --pricing dated:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - task: extract
            tier: haiku
            evidence: {successes: 291, trials: 300, evaluated: 2026-09-15}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}

    Use instead with --pricing dated:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - task: extract
            tier: haiku
            evidence: {successes: 291, trials: 300, evaluated: 2026-11-01, model: small-2}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}
    """
    tiers = subject.sheet.tiers if subject.sheet else {}
    for route, measured in subject.rested:
        current = in_force(tiers[route.tier], subject.day) if route.tier in tiers else None
        fault = None if current is None else _fault(subject, measured.evidence, current)
        if fault is not None:
            key = "evaluated" if measured.evidence.model is None else "model"
            yield Hit(f"{measured.what} {fault}", measured.at(key), task=route.task)


def _fault(subject: Subject, evidence: Evidence, current: TierModel) -> str | None:
    known = subject.sheet.known_models if subject.sheet else ()
    now = f'"{evidence.tier}" is "{current.model}"'
    since = "" if current.start is None else f" since {current.start}"
    if evidence.model is None:
        before = current.start is not None and evidence.evaluated < current.start
        return f"is of {evidence.evaluated}, but {now}{since}" if before else None
    if evidence.model == current.model:
        return None
    if evidence.model in known:
        return f'is of "{evidence.model}", but {now}{since}'
    offer = did_you_mean(evidence.model, known)
    return f'is of "{evidence.model}", which the pricing sheet does not know{offer}'
