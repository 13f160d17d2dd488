"""Caveats: illustrative figures, uncertain inputs held at their means, and work that differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from routecost.model.report.cells import Quantity, Unit
from routecost.model.report.report import Note
from routecost.model.results.comparison import Comparison
from routecost.model.scenario.strategy import Cold

_MOST_NAMED = 4
_COLD = {
    Cold.REWORK: "rework comes after the cache has expired, and writes it again.",
    Cold.CALLS: "a model is called again after its cache has expired, and writes its context again.",
}


def what_if_notes(what_if: Sequence[str]) -> Iterator[Note]:
    """Yield a warning if prices are changed by an option."""
    if what_if:
        yield Note.of(f"What-if prices, not those of the sheet: {'; '.join(what_if)}.", warning=True)


def made_up(illustrative: str | None) -> Iterator[Note]:
    """Yield a warning if ``illustrative`` names figures that were not measured."""
    if illustrative is not None:
        yield Note.of(f"Illustrative, not measured: {illustrative.rstrip('.')}.", warning=True)


def at_means(names: Sequence[str]) -> Iterator[Note]:
    """Yield a note that names the uncertain fields that are held at their means."""
    if names:
        yield Note.of(
            f"Uncertain inputs held at their mean: {named(names)}. Run `routecost project` to simulate them."
        )


def work_differs(
    calls_per_task: Mapping[str, tuple[Decimal, ...]], unserved: Sequence[str] = ()
) -> Iterator[Note]:
    """Yield a warning if strategies do different work, so that their costs do not compare.

    Not if they differ only by what subscriptions leave undone with those that are ``unserved``.
    """
    if len({calls for name, calls in calls_per_task.items() if name not in unserved}) < 2:
        return
    parts: list[str | Quantity] = ["The work differs: calls per task are"]
    for strategy, calls in calls_per_task.items():
        parts.append(f" {strategy}")
        for count in calls:
            parts += [" ", Quantity(count, Unit.NUMBER)]
        parts.append(",")
    parts[-1] = ". No savings are stated between them."
    yield Note.of(
        *parts, " State the calls of a task in the workload (calls: {per_task: ...}).", warning=True
    )


def cold_caches(comparison: Comparison) -> Iterator[Note]:
    """Yield a note with the strategies that come back to a model whose cache has expired."""
    for cause, text in _COLD.items():
        costs = comparison.strategies
        names = [cost.strategy for cost in costs if any(cause in o.cold for o in cost.expansion.outcomes)]
        if names:
            yield Note.of(f"With {named(names)}, {text}")


def own_payers(comparison: Comparison) -> list[str]:
    """Return the strategies that have capacity of their own."""
    return [
        cost.strategy
        for cost in comparison.strategies
        if cost.bill.fees_of is not None and cost.subscribed is None
    ]


def own_fees(strategies: Sequence[str], others: str) -> Iterator[Note]:
    """Yield a note with the strategies that have capacity of their own, which ``others`` do not have."""
    if strategies:
        yield Note.of(
            f"Capacity that is for {named(strategies)} alone: {others} neither pay for it nor use it."
        )


def subscribed(comparison: Comparison, others: str) -> Iterator[Note]:
    """Yield a note with the strategies that subscriptions pay for, which ``others`` do not have."""
    names = [cost.strategy for cost in comparison.strategies if cost.subscribed]
    if names:
        yield Note.of(f"Subscriptions pay for {named(names)}: {others} are at the rates of the sheet.")


def unserved(strategies: Sequence[str]) -> Iterator[Note]:
    """Yield a warning with the strategies whose subscriptions may not serve all tasks."""
    if strategies:
        yield Note.of(
            f"Subscriptions may not serve all tasks of {named(strategies)}; those not done are in no "
            "cost, and no savings are stated. `routecost compare` counts them.",
            warning=True,
        )


def if_all_escalate(comparison: Comparison) -> Iterator[Note]:
    """Yield a warning for each strategy of which an unknown share of the tasks escalates."""
    for cost in comparison.strategies:
        most = comparison.if_all_escalate.get(cost.strategy)
        if most is not None:
            yield escalates(cost.strategy, cost.cost_per_month, most, "a month")


def not_counted(strategies: Sequence[str]) -> Iterator[Note]:
    """Yield a warning with the strategies of which an unknown share of the tasks escalates."""
    if strategies:
        yield Note.of(
            f"The share of tasks that escalate in {named(strategies)} is unknown: calls of escalated tasks "
            "are not included. `routecost compare` gives the cost if all do.",
            warning=True,
        )


def unpriced_reviews(strategies: Sequence[str]) -> Iterator[Note]:
    """Yield a warning with the strategies whose reviewers' calls are not included."""
    if strategies:
        yield Note.of(
            f"Calls of the reviewers in the routing tables of {named(strategies)} are not included, because "
            "their tokens are not stated: costs are lower bounds, and savings upper bounds. State "
            '"review: {tokens: ...}" in the table or in the strategy.',
            warning=True,
        )


def escalates(strategy: str, none: Decimal, most: Decimal, per: str) -> Note:
    """Return a warning with the costs of a strategy if none and if all tasks escalate."""
    return Note.of(
        f"The share of tasks that escalate in {strategy} is unknown, and their further calls are not "
        "included: calls cost ",
        Quantity(none, Unit.MONEY),
        f" {per} if none escalates, ",
        Quantity(most, Unit.MONEY),
        ' if all do, on all tiers of their path. State "escalated" in the evidence of the rows of its table.',
        warning=True,
    )


def same_strategy(name: str) -> Note:
    """Return the note for a proposal that is the default strategy."""
    return Note.of(f"{name} is both the proposed and the default strategy, so there are no savings.")


def left_out(reasons: Sequence[str]) -> Iterator[Note]:
    """Yield a warning for each strategy that is left out because it has no price and is not selected."""
    for reason in reasons[:_MOST_NAMED]:
        end = "" if reason.endswith("?") else "."
        yield Note.of(f"Not selected, and left out: {reason}{end}", warning=True)
    if len(reasons) > _MOST_NAMED:
        more = len(reasons) - _MOST_NAMED
        yield Note.of(f"{more} more strategies without a price are left out.", warning=True)


def named(names: Sequence[str]) -> str:
    """Return names as one list; a long list ends with the number of names left out."""
    more = len(names) - _MOST_NAMED
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:_MOST_NAMED])} and {more} more"
