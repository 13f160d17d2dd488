"""RT402 evidence-predates-model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from routecost.lint.facts.name_suggestions import offers
from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.model.routing.table import Evidence
from routecost.problems import Severity


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
        - task: extract
          tier: haiku
          evidence: {successes: 291, trials: 300, evaluated: 2026-09-15}

    Use instead with --pricing dated:
        - task: extract
          tier: haiku
          evidence: {successes: 291, trials: 300, evaluated: 2026-11-01, model: small-2}
    """
    standing = subject.standing
    outdated = [measured for _, measured in subject.rested if not standing.is_of_the_model(measured.evidence)]
    models = {measured.evidence.model for measured in outdated if measured.evidence.model is not None}
    known = subject.sheet.known_models if subject.sheet else ()
    unknown = offers(models.difference(known), known)
    for measured in outdated:
        key = "evaluated" if measured.evidence.model is None else "model"
        message = f"{measured.what} {_fault(subject, measured.evidence, unknown)}"
        yield Hit(message, measured.at(key), task=measured.evidence.task)


def _fault(subject: Subject, evidence: Evidence, unknown: Mapping[str, str]) -> str:
    if evidence.model is not None and evidence.model in unknown:
        return f'is of "{evidence.model}", which the pricing sheet does not know{unknown[evidence.model]}'
    current = subject.standing.models[evidence.tier]
    of = evidence.evaluated if evidence.model is None else f'"{evidence.model}"'
    since = "" if current.start is None else f" since {current.start}"
    return f'is of {of}, but "{evidence.tier}" is "{current.model}"{since}'
