"""Report of the cheapest policy of each kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from routecost.model.report.cells import Cell, Column, Quantity, Unit
from routecost.model.report.report import Block, Note, Report, Table
from routecost.model.results.policies import Search
from routecost.report import worst_case
from routecost.report.caveats import (
    at_means,
    if_all_escalate,
    made_up,
    own_fees,
    own_payers,
    subscribed,
    unpriced_reviews,
    unserved,
    work_differs,
)
from routecost.units import ONE, percent

_COLUMNS = (
    Column("kind", "kind"),
    Column("policy", "policy"),
    Column("cost_per_month", "calls per month", Unit.MONEY),
    Column("failure_cost_per_month", "failures per month", Unit.MONEY),
    Column("total_cost_per_month", "total per month", Unit.MONEY),
    Column("success_rate", "success", Unit.SHARE),
    Column("is_best", "best", Unit.FLAG),
)
_RANGED = tuple(column.key for column in _COLUMNS)
_CHOICES = (
    Column("policy", "policy"),
    Column("task_type", "task type"),
    Column("choice", "choice"),
)


def report(search: Search) -> Report:
    """Return the report of a search: the best policy of each kind, and its choice per task type."""
    comparison = search.comparison
    within = "" if search.budget is None else f" within {search.budget} a month for calls"
    if search.min_success is not None:
        within += f" with a success rate of at least {percent(search.min_success)}"
    return Report(
        command="optimize",
        title=f"{comparison.scenario}: cheapest policies{within}, "
        f"{comparison.pricing} prices as of {comparison.as_of}",
        meta={
            "scenario": comparison.scenario,
            "pricing": comparison.pricing,
            "as_of": comparison.as_of,
            "currency": comparison.currency,
            "budget": search.budget,
            "min_success": search.min_success,
            "best": search.winner,
        },
        blocks=tuple(_blocks(search)),
        currency=comparison.currency,
    )


def _blocks(search: Search) -> Iterator[Block]:
    ranges = {key: ends for key, ends in search.comparison.ranges.items() if key in _RANGED}
    columns = (*_COLUMNS, *worst_case.columns(ranges))
    rows = [list(_row(search, kind, name, ranges)) for kind, name in _named(search)]
    yield Table("policies", columns, rows)
    choices = [
        (policy.name, task, choice) for policy in search.policies for task, choice in policy.choices.items()
    ]
    yield Table("choices", _CHOICES, choices, "Choice per task type")
    yield from _notes(search)
    yield from own_fees(own_payers(search.comparison), "the policies")
    yield from subscribed(search.comparison, "the policies")
    yield from if_all_escalate(search.comparison)
    yield from unpriced_reviews(search.comparison.unpriced_reviews)
    undone = [cost.strategy for cost in search.comparison.strategies if cost.leaves_tasks]
    yield from work_differs(search.comparison.calls_per_task, undone)
    yield from unserved(undone)
    yield from made_up(search.comparison.illustrative)
    yield from at_means(search.comparison.at_means)


def _named(search: Search) -> Iterator[tuple[str, str]]:
    kinds = {policy.name: policy.kind for policy in search.policies}
    for cost in search.comparison.strategies:
        yield kinds.get(cost.strategy, "yours"), cost.strategy


def _row(search: Search, kind: str, name: str, ranges: Mapping[str, Sequence[str]]) -> Iterator[Cell]:
    cost = search.comparison[name]
    yield kind
    yield name
    for column in _COLUMNS[2:-1]:
        yield worst_case.cell(cost, column.key, ranges)
    yield None if search.winner is None else name == search.winner
    yield from (getattr(cost, end) for ends in ranges.values() for end in ends)


def _notes(search: Search) -> Iterator[Note]:
    if search.approximate:
        yield Note.of(
            f"{' and '.join(search.approximate)} may not be the cheapest: terms of the sheet depend on the "
            "total of a month, and there are too many combinations to try all.",
            warning=True,
        )
    saved = search.comparison.savings
    if saved is not None and saved.with_failures_per_month is not None:
        yield _saved(saved.strategy, saved.against, saved.with_failures_per_month)
        yield from worst_case.savings_range(saved, "with_failures_per_month", "including failures")
    if search.kept:
        stay = ", ".join(f"{task} on {tier}" for task, tier in search.kept.items())
        yield Note.of(
            f"The success rates or failure costs of some task types are unknown: they stay as in "
            f"{search.comparison.default} ({stay}), and the totals are lower bounds. State success and "
            "failure_cost to choose a policy for them.",
            warning=True,
        )
    for tier, why in search.unpriced.items():
        yield Note.of(f'Tier "{tier}" is in no policy, because it has no price: {why}.', warning=True)
    yield from _over_budget(search)
    yield from _short(search)
    yield from _cheaper(search)
    if search.launched:
        yield Note.of(
            f"The plan launches {', '.join(search.launched)} later: not in these costs or the budget. Tables "
            "and assignments use the cheapest tier for each, including failures, or the highest tier allowed "
            "if its success rates or failure cost are unknown."
        )
    if search.worst is not None:
        yield _worst_note(search, search.worst)


def _saved(best: str, default: str, saved: Decimal) -> Note:
    if not saved:
        return Note.of(f"{best} costs the same as {default}, including failures.")
    than = f" a month {'less' if saved > 0 else 'more'} than {default}, including failures."
    return Note.of(f"{best} costs ", Quantity(abs(saved), Unit.MONEY), than)


def _over_budget(search: Search) -> Iterator[Note]:
    """Yield whether the default, or a policy in the worst case of repeated work, exceeds the budget."""
    comparison, budget = search.comparison, search.budget
    if budget is None:
        return
    names = [policy.name for policy in search.policies]
    for name in dict.fromkeys((*filter(None, [comparison.default]), *names)):
        cost = comparison[name]
        if max(cost.cost_per_month, cost.cost_per_month_high) <= budget:
            continue
        is_usual, role = cost.cost_per_month > budget, " (default)" if name == comparison.default else ""
        spent = cost.cost_per_month if is_usual else cost.cost_per_month_high
        yield Note.of(
            "" if is_usual else f"If {comparison.worst_of.condition}, ",
            f"{name}{role} exceeds the budget: its calls cost ",
            Quantity(spent, Unit.MONEY),
            " a month, ",
            Quantity(spent - budget, Unit.MONEY),
            " over.",
            warning=name != comparison.default,
        )


def _short(search: Search) -> Iterator[Note]:
    """Yield the policies, and the default, that may succeed less often than the least success rate."""
    names = [policy.name for policy in search.policies]
    for name in dict.fromkeys((*filter(None, [search.comparison.default]), *names)):
        if search.min_success is None or name not in search.short:
            continue
        usual, worst = search.short[name]
        is_usual = usual is None or usual < search.min_success
        rate = usual if is_usual else worst
        yield Note.of(
            "" if is_usual else f"If {search.comparison.worst_of.condition}, ",
            f"{name} succeeds less often than {percent(search.min_success)} in a task type: ",
            "in an unknown share" if rate is None else Quantity(rate, Unit.SHARE),
            ".",
            warning=name in names,
        )


def _is_within(search: Search, name: str) -> bool:
    """Return whether a strategy is within the budget and succeeds often enough."""
    usual, _ = search.short.get(name, (ONE, ONE))
    return (search.budget is None or search.comparison[name].cost_per_month <= search.budget) and (
        search.min_success is None or (usual is not None and usual >= search.min_success)
    )


def _cheaper(search: Search) -> Iterator[Note]:
    """Yield the cheapest strategy of the scenario, if it costs less than the best policy."""
    policies, best = {policy.name for policy in search.policies}, search.comparison[search.best]
    work = search.comparison.calls_per_task
    own = [
        (cost.total_cost_per_month, cost.strategy)
        for cost in search.comparison.strategies
        if cost.strategy not in policies
        and cost.total_cost_per_month is not None
        and work.get(cost.strategy) == work.get(search.best)
        and _is_within(search, cost.strategy)
    ]
    if own and best.total_cost_per_month is not None and min(own)[0] < best.total_cost_per_month:
        total, name = min(own)
        high = search.comparison[name].total_cost_per_month_high
        least = best.total_cost_per_month
        is_sure = (high is not None and high < least) or not search.comparison.worst_of.is_bound
        yield Note.of(
            f"{name}, a strategy of the scenario, {'costs' if is_sure else 'may cost'} less than "
            f"{search.best}: ",
            *worst_case.amount(total, high),
            " a month, including failures. It is not among the policies that are searched.",
        )


def _worst_note(search: Search, worst: Search) -> Note:
    """Return the policy that is cheaper in the worst case of repeated work."""
    (instead,) = [policy for policy in worst.policies if policy.name == worst.best]
    choices = ", ".join(f"{task}: {choice}" for task, choice in instead.choices.items())
    return Note.of(
        f"If {search.comparison.worst_of.condition}, another policy is cheaper: {instead.kind}, {choices} (",
        Quantity(worst.comparison[worst.best].total_cost_per_month, Unit.MONEY),
        f" a month, including failures; {search.best} ",
        Quantity(search.comparison[search.best].total_cost_per_month_high, Unit.MONEY),
        ").",
        warning=True,
    )
