"""Break-even error rate of a router."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.engine.breakeven.pairwise_cost import Query, work_differs
from routecost.model.results.breakeven import Answer, BreakEven, Question
from routecost.model.results.comparison import Comparison
from routecost.model.results.verdicts.router_error import RouterError

UNIT = "share of all tasks"


def router(comparison: Comparison) -> Iterator[BreakEven]:
    """Yield, for each strategy with a router, the share of errors at which the default costs the same."""
    return (_limit(error, comparison.proposed) for error in comparison.router_errors)


def _limit(error: RouterError, proposed: str | None) -> BreakEven:
    is_proposal = proposed is None or error.strategy == proposed
    query = Query(Question.ROUTER_ERROR, error.strategy, UNIT, of_proposal=is_proposal)
    if not error.is_same_work:
        return query.not_modelled(work_differs(error.strategy, error.against))
    if error.unknown:
        return query.not_modelled(f"The cost of misrouted tasks is unknown: {error.unknown}.")
    share = error.with_failures if error.knows_failures else error.by_calls
    counted = "including failures" if error.knows_failures else "on call costs alone"
    if share is None:
        return query.answer(Answer.NEVER, f"At any error rate, {error.against} costs more, {counted}.")
    if not share:
        return query.answer(Answer.ALWAYS, f"Even without errors, {error.against} costs no more, {counted}.")
    return query.at(
        share,
        f"Above this error rate, spread evenly, {error.against} costs less, {counted}.",
    )
