"""Verdict on routing, its conditions, and the router error that the savings tolerate."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.model.report.cells import Cell, Column, Quantity, Unit
from routecost.model.report.report import Audience, Block, Meta, Note, Table
from routecost.model.results.verdicts.verdict import Answer, Condition, Decision, Verdict
from routecost.report.places import telling_apart
from routecost.report.savings import chance, figures

if TYPE_CHECKING:
    from routecost.model.results.comparison import Comparison
    from routecost.model.results.verdicts.router_error import RouterError

_UNITS = {
    "heterogeneity": Unit.SHARE,
    "quality signal": Unit.SHARE,
    "savings": Unit.MONEY,
}
_MISSING = {
    "success": "success rates",
    "failure_cost": "failure costs",
    "routing_costs": "engineering and upkeep",
}
_COLUMNS = (
    Column("condition", "condition"),
    Column("question", "measure"),
    Column("figure", "figure", Unit.NUMBER),
    Column("threshold", "threshold", Unit.NUMBER),
    Column("answer", "answer"),
    Column("meaning", "meaning"),
)


def conditions(comparison: Comparison, audience: Audience) -> Iterator[Block]:
    """Yield the conditions that decide the verdict, if there is one."""
    if comparison.verdict is not None:
        rows = [_row(condition) for condition in comparison.verdict.conditions]
        yield Table("verdict", _COLUMNS, rows, "Conditions of the verdict", audience)


def error_notes(comparison: Comparison) -> Iterator[Note]:
    """Yield the router error that cancels the savings of each strategy."""
    yield from (_error_note(error) for error in comparison.router_errors if error.is_same_work)


def _row(condition: Condition) -> list[Cell]:
    unit = _UNITS.get(condition.name, Unit.COUNT)
    figure, threshold = condition.figure, condition.threshold
    places = telling_apart(unit, figure, threshold)
    figures = [Quantity(value, unit, places=places) for value in (figure, threshold)]
    return [condition.name, condition.question, *figures, condition.answer.value, condition.meaning]


def note(verdict: Verdict) -> Note:
    """Return the verdict as a sentence, its probability, and the keys to set for a better one."""
    parts: list[str | Quantity]
    what = f"{verdict.strategy} instead of {verdict.against}"
    if verdict.decision is Decision.TOO_CLOSE:
        parts = [f"Verdict: {what} is too close to call.", *_probability(verdict), _unknown(verdict)]
        return Note.of(*parts, warning=True)
    if verdict.decision is not Decision.DO_NOT_ROUTE:
        basis = "" if verdict.includes_failures else " on call costs alone"
        worth = f"Verdict: {what} is worth it{basis}{_provided(verdict)}."
        return Note.of(worth, *_probability(verdict), _unknown(verdict))
    parts = []
    for condition in verdict.conditions:
        if condition.answer is Answer.FAILS:
            parts += ["; " if parts else "", *_reason(condition, verdict)]
    return Note.of(f"Verdict: {what} is not worth it: ", *parts, ".", *_probability(verdict), warning=True)


def _probability(verdict: Verdict) -> Iterator[str | Quantity]:
    if verdict.probability is not None:
        yield from chance(verdict.probability, verdict.strategy, failures=verdict.includes_failures)


def probability(comparison: Comparison) -> Meta:
    """Return the probability of savings as a figure of its own, if there is one, with the decision."""
    verdict = comparison.verdict
    if verdict is None or verdict.probability is None:
        return {}
    return {"verdict_probability": {**figures(verdict.probability), "decision": verdict.decision.value}}


def _reason(condition: Condition, verdict: Verdict) -> Iterator[str | Quantity]:
    """Yield the parts of a reason against routing, with the additional cost if routing costs more."""
    if condition.name != "savings" or condition.figure is None or condition.figure >= 0:
        yield f"{condition.meaning} ({condition.name})"
        return
    counted = ", including failures" if verdict.includes_failures else ""
    yield "it costs at least " if condition.is_bound else "it costs "
    yield Quantity(-condition.figure, Unit.MONEY)
    yield f" a month more{counted}"


def _provided(verdict: Verdict) -> str:
    unknown = [condition for condition in verdict.conditions if condition.answer is Answer.UNKNOWN]
    phrases = [condition.unless for condition in unknown if condition.unless]
    if unknown and not phrases and not verdict.missing:
        phrases = ["all inputs are right"]
    return f", if {' and '.join(phrases)}" if phrases else ""


def _unknown(verdict: Verdict) -> str:
    parts = [f"{_MISSING[key]} (set {key})" for key in verdict.missing]
    return f" Unknown: {', '.join(parts)}." if parts else ""


def _error_note(error: RouterError) -> Note:
    who = f"{'Router' if error.has_router else 'Choice by task type'} of {error.strategy}"
    if error.unknown:
        why = f"the cost of misrouted tasks is unknown: {error.unknown}"
        return Note.of(f"{who}: {why}.")
    parts: list[str | Quantity] = [
        f"{who}, on call costs alone: ",
        *_limit(error.by_calls, error.against),
    ]
    if error.knows_failures:
        parts += ["; including failures: ", *_limit(error.with_failures, error.against)]
    if error.worst is not None:
        share = error.worst.with_failures if error.knows_failures else error.worst.by_calls
        parts += ["; in the worst case of repeated work: ", *_limit(share, error.against)]
    return Note.of(*parts, ".")


def _limit(share: Decimal | None, against: str) -> list[str | Quantity]:
    if share is None:
        return [f"{against} costs more at any error rate"]
    if not share:
        return [f"{against} costs less even without errors"]
    return [f"{against} costs less if more than ", Quantity(share, Unit.SHARE), " of tasks are misrouted"]
