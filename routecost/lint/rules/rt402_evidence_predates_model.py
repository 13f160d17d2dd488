"""RT402 evidence-predates-model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from routecost.lint.facts.name_suggestions import suggest_names
from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.model.routing.table import Evidence
from routecost.problems import Severity


@rule("RT402", "evidence-predates-model", Severity.WARNING, needs_prices=True)
def check(subject: Subject) -> Iterator[Hit]:
    """The evidence is for another model than the tier's current one.

    The pricing sheet states each tier's model and its first day. Evidence that names no model is
    judged by its date. Evidence at another effort than the tier's is evidence for another model.

    Why:
        A tier outlives its models. The success rate of the old model says little about that of the new
        one. (Article, "Failure Mode 1: Routing Table Staleness": after a model update,
        run the benchmarks again.)

    Example with --pricing dated:
        - task: extract
          tier: haiku
          evidence: {successes: 291, trials: 300, evaluated: 2026-09-15}

    Use instead with --pricing dated:
        - task: extract
          tier: haiku
          evidence: {successes: 291, trials: 300, evaluated: 2026-11-01, model: small-2}
    """
    validity = subject.validity
    outdated = [
        measured
        for _, measured in subject.routes_with_evidence
        if not validity.is_of_current_model(measured.evidence)
    ]
    models = {measured.evidence.model for measured in outdated if measured.evidence.model is not None}
    known = subject.sheet.known_models if subject.sheet else ()
    unknown = suggest_names(models.difference(known), known)
    for measured in outdated:
        key = "evaluated" if measured.evidence.model is None else "model"
        key = key if validity.is_of_effort(measured.evidence) else "effort"
        message = f"{measured.description} {_fault(subject, measured.evidence, unknown)}"
        yield Hit(message, measured.at(key), task=measured.evidence.task)


def _fault(subject: Subject, evidence: Evidence, unknown: Mapping[str, str]) -> str:
    if evidence.model is not None and evidence.model in unknown:
        return f'is for "{evidence.model}", which is not in the pricing sheet{unknown[evidence.model]}'
    current = subject.validity.models[evidence.tier]
    if not subject.validity.is_of_effort(evidence):
        asked = f'at effort "{current.effort}"' if current.effort else "without an effort"
        return f'is at effort "{evidence.effort}", but "{evidence.tier}" is "{current.model}" {asked}'
    source = f"dated {evidence.evaluated}" if evidence.model is None else f'for "{evidence.model}"'
    since = "" if current.start is None else f" since {current.start}"
    return f'is {source}, but "{evidence.tier}" is "{current.model}"{since}'
