"""The rows of a routing table with their costs and measurements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from routecost.api.validate import load_table
from routecost.engine.numeric.proportions import wilson
from routecost.engine.pricing.tier_models import tier_models
from routecost.library import PathLike
from routecost.lint.subject import Subject
from routecost.model.results.routing.rows import Measured, RoutingRows, TableRow
from routecost.model.routing.table import Route
from routecost.model.scenario.scenario import Scenario


def routing_rows(  # noqa: PLR0913  as validate
    table: PathLike | Subject,
    *,
    taxonomy: PathLike | None = None,
    pricing: PathLike | None = None,
    evidence: PathLike | None = None,
    scenario: PathLike | Scenario | None = None,
    as_of: date | None = None,
    config: PathLike | None = None,
    library: PathLike | None = None,
) -> RoutingRows:
    """Return the rows of a routing table that are in force, for people and for what runs the table.

    The models of tiers are those of ``pricing`` or of the scenario's sheet, costs per task those of the
    scenario's tokens, and evidence that of the table and of ``evidence``. Options and errors are those of
    :func:`validate`.
    """
    subject = load_table(
        table,
        taxonomy=taxonomy,
        pricing=pricing,
        evidence=evidence,
        scenario=scenario,
        as_of=as_of,
        config=config,
        library=library,
    )
    models = _models(subject)
    return RoutingRows(
        table=subject.table.name,
        taxonomy=subject.taxonomy.name,
        pricing=None if subject.sheet is None else subject.sheet.name,
        scenario=None if subject.scenario is None else subject.scenario.name,
        as_of=subject.day,
        currency="USD" if subject.sheet is None else subject.sheet.currency,
        confidence=subject.confidence,
        models=models,
        rows=tuple(_row(subject, route, models) for route in subject.routes),
        providers=_providers(subject),
    )


def _models(subject: Subject) -> dict[str, str]:
    """Return the model of each tier on the day, where one is known."""
    return {} if subject.sheet is None else dict(tier_models(subject.sheet, subject.day).models)


def _providers(subject: Subject) -> dict[str, str]:
    sheet = subject.sheet
    stated = {} if sheet is None else {model: sheet.provider(model) for model in sheet.models}
    return {model: provider for model, provider in stated.items() if provider is not None}


def _row(subject: Subject, route: Route, models: Mapping[str, str]) -> TableRow:
    kind = subject.taxonomy.task_types.get(route.task)
    costs = subject.expected_costs
    return TableRow(
        task=route.task,
        title=None if kind is None else " ".join(kind.title.split()),
        tier=route.tier,
        model=models.get(route.tier),
        cost_per_task=None if costs is None else costs.model_cost(route.task, route.tier),
        measured=_measured(subject, route),
        escalation=subject.table.path_above(route),
        reviewer=subject.reviewer_of(route),
        confidence=route.confidence,
        fallbacks=tuple(subject.table.fallbacks.get(route.tier, ())),
    )


def _measured(subject: Subject, route: Route) -> Measured | None:
    located = subject.evidence_by_task.get(route.task, {}).get(route.tier)
    if located is None:
        return None
    evidence, interval = located.evidence, wilson(located.sample, subject.confidence)
    return Measured(
        evidence.successes,
        evidence.trials,
        located.sample.rate,
        interval.low,
        interval.high,
        evidence.evaluated,
        evidence.model,
        subject.validity.is_valid(evidence),
    )
