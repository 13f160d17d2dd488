"""Planning document: a report with one part per question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from routecost.model.report.cells import Quantity, Unit
from routecost.model.report.report import Block, Meta, Note, Report
from routecost.model.results.planning_document import Planning
from routecost.model.scenario.horizon import month_name
from routecost.report import breakeven
from routecost.report.caveats import made_up, what_if_notes
from routecost.report.compare import claims as check
from routecost.report.compare import compare
from routecost.report.planning_document import assumptions, prices, sensitivity, summary, unmodelled
from routecost.report.planning_document import routing_health as health
from routecost.report.projection import project
from routecost.report.projection.actuals import report as actuals_report


def report(planning: Planning) -> Report:
    """Return the planning document of a scenario."""
    comparison = planning.comparison
    return Report(
        command="report",
        title=f"{comparison.scenario}: planning report",
        meta=_meta(planning),
        blocks=tuple(_opening(planning)),
        currency=comparison.currency,
        parts={name: _without_caveat(part, planning) for name, part in _parts(planning).items()},
    )


def _parts(planning: Planning) -> Mapping[str, Report]:
    horizon = planning.projection.horizon
    months = f"{project.months_of(horizon.months)} from {month_name(horizon.start)}"
    projection = planning.projection
    plan = project.report(replace(projection, actuals=None))
    parts = {
        "summary": summary.report(planning),
        "comparison": replace(compare.report(planning.comparison, conditions=True), title="Cost by strategy"),
        "projection": replace(plan, title=f"Month by month: {months}"),
    }
    if projection.actuals is not None:
        parts["plan_vs_actual"] = actuals_report(projection, projection.actuals)
    parts |= {
        "breakeven": replace(breakeven.report(planning.breakevens), title="Break-even points"),
        "sensitivity": sensitivity.report(planning.tornado),
        "routing_table": health.report(planning),
    }
    if planning.check is not None:
        parts["claims"] = replace(check.report(planning.check), title="Claims and budget")
    return parts | {
        "assumptions": assumptions.report(planning),
        "prices": prices.report(planning),
        "not_modelled": unmodelled.report(planning),
    }


def _without_caveat(part: Report, planning: Planning) -> Report:
    """Remove from a part the caveat that the document states at its beginning."""
    notes = (made_up(planning.scenario.illustrative), what_if_notes(planning.comparison.what_if))
    caveats = [note for one in notes for note in one]
    return replace(part, blocks=tuple(block for block in part.blocks if block not in caveats))


def _opening(planning: Planning) -> Iterator[Block]:
    scenario, comparison = planning.scenario, planning.comparison
    if planning.description is not None:
        text = planning.description.rstrip(".")
        yield Note.of(f"{text[:1].upper()}{text[1:]}.")
    yield Note.of(
        f"Prices: {comparison.pricing} as of {comparison.as_of}. Workload: ",
        Quantity(comparison.tasks_per_day, Unit.COUNT),
        " tasks a day; a month has ",
        Quantity(scenario.days_per_month, Unit.NUMBER),
        " days.",
    )
    yield from what_if_notes(comparison.what_if)
    yield from made_up(scenario.illustrative)


def _meta(planning: Planning) -> Meta:
    comparison = planning.comparison
    return {
        "scenario": comparison.scenario,
        "description": planning.description,
        "pricing": comparison.pricing,
        "as_of": comparison.as_of,
        "currency": comparison.currency,
        "baseline": comparison.baseline,
        "default": comparison.default,
        "proposed": comparison.proposed,
        "illustrative": planning.scenario.illustrative,
        **({"what_if": list(comparison.what_if)} if comparison.what_if else {}),
    }
