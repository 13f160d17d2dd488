"""Checks of claims: published figures that must still be true."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from routecost.engine.compare.compare import compare
from routecost.engine.compare.unpriced import only
from routecost.engine.pricing.exchange import exchange_rate
from routecost.engine.pricing.price import entry_on
from routecost.engine.pricing.tier_models import tier_models
from routecost.errors import (
    CurrencyError,
    DocumentError,
    RoutecostError,
    UnknownFigureError,
    UnknownNameError,
    UnpricedError,
)
from routecost.model.results.claim_check import Check, ClaimResult
from routecost.model.results.comparison import Comparison, StrategyCost
from routecost.model.results.failures import Between, cost_of, widest
from routecost.model.scenario.budget import Budget
from routecost.model.scenario.figure_path import FigureKind, FigurePath, Root
from routecost.model.scenario.scenario import Claim, Operand, Operation, Scenario
from routecost.problems import Finding, did_you_mean
from routecost.units import ZERO, exact

Compared = dict[tuple[object, ...], tuple[Scenario, Comparison]]
"""Comparisons by scenario, day and strategies; the scenario is kept so that its identity stays its own."""


Parts = Callable[[FigurePath, Scenario, date], Decimal]
"""The figure of a part of a strategy's cost, at the prices of a day."""


@exact
def check(scenario: Scenario, as_of: date, parts: Parts | None = None) -> Check:
    """Check every claim of a scenario, and its budget, at the prices of ``as_of``.

    ``parts`` gives figures of parts of costs; without it, claims on them are refused.

    The variants that claims refer to must be built. A claim whose scenario pins another ``as_of`` is
    checked at that date. A disputed claim is shown, and fails only if it holds.

    A claim on a figure that cannot be computed fails. Raises UnknownNameError for a claim on an unknown
    path, UnpricedError for one on something without a price, each with its place; DocumentError for
    several of them, and for claims on amounts in two currencies; and as ``compare`` does.
    """
    compared: Compared = {}
    results, errors = list[ClaimResult](), list[RoutecostError]()
    for claim in scenario.claims:
        try:
            results.append(_check_claim(claim, scenario, as_of, compared, parts))
        except (CurrencyError, UnpricedError, UnknownNameError) as error:
            if claim.position is None:
                raise
            error.findings = error.findings or (Finding(str(error), claim.position),)
            errors.append(error)
    if len(errors) == 1 and not isinstance(errors[0], CurrencyError):
        raise errors[0]
    if errors:
        raise DocumentError(list(dict.fromkeys(finding for error in errors for finding in error.findings)))
    budget = _check_budget(scenario, as_of)
    claims = (*results, *([budget] if budget else []))
    return Check(scenario.name, scenario.pricing.currency, claims, scenario.illustrative, scenario.at_means)


def _check_claim(
    claim: Claim, scenario: Scenario, as_of: date, compared: Compared, parts: Parts | None
) -> ClaimResult:
    currency, computed, holds, status = claim.currency, None, False, "fails"
    why: str | None
    try:
        values = [
            resolve(operand.path, _scenario(operand, scenario), as_of, compared, parts)
            for operand in claim.operands
        ]
        figure = _operate(claim, values)
    except UnknownFigureError as error:
        why = str(error)
    else:
        currency = claim.currency or figure.currency
        computed = _in_currency(claim, figure, currency, scenario, as_of)
        holds = abs(computed - claim.published) <= claim.within
        status, why = _status(holds, claim.disputed)
        remarks = why, _work_differs(claim, scenario, as_of), *_best_cases(claim, scenario, as_of, compared)
        why = "; ".join(filter(None, remarks)) or None
    return ClaimResult(
        claim=describe(claim),
        says=claim.says,
        published=claim.published,
        computed=computed,
        within=claim.within,
        holds=holds,
        status=status,
        why=why,
        kind=FigureKind.RATIO if claim.operation is Operation.RATIO else claim.operands[0].path.kind,
        currency=currency,
    )


def _in_currency(
    claim: Claim, figure: Figure, currency: str | None, scenario: Scenario, as_of: date
) -> Decimal:
    """Return the number of a figure, in the currency of the published amount if it is one."""
    if figure.currency is None or currency is None or figure.currency == currency:
        return figure.number
    variants = [_scenario(operand, scenario) for operand in claim.operands]
    sheets = [variant.pricing for variant in (*variants, scenario)]
    try:
        return figure.number * exchange_rate(figure.currency, currency, sheets, variants[0].as_of or as_of)
    except CurrencyError as error:
        raise CurrencyError(f'claim "{describe(claim)}": the computed amount {error}') from None


def _scenario(operand: Operand, scenario: Scenario) -> Scenario:
    if operand.scenario is None and operand.changed:
        raise ValueError(f"the variant with {operand.changes} is not built")
    return operand.scenario or scenario


def _operate(claim: Claim, values: list[Figure]) -> Figure:
    if claim.operation is Operation.VALUE:
        return values[0]
    first, second = values
    if first.currency != second.currency:
        kinds = " and ".join(value.currency or "no currency" for value in values)
        raise CurrencyError(
            f'claim "{describe(claim)}" is a {claim.operation} of figures in {kinds}; '
            "expected figures in one currency: at one pricing sheet, or at sheets in the same currency"
        )
    if claim.operation is Operation.DIFFERENCE:
        return Figure(first.number - second.number, first.currency)
    if not second.number:
        raise UnknownFigureError(f'claim "{describe(claim)}" divides by zero')
    return Figure(first.number / second.number)


def _status(holds: bool, disputed: str | None) -> tuple[str, str | None]:
    if disputed is None:
        return ("holds", None) if holds else ("fails", "the computed value is outside the tolerance")
    if holds:
        return "fails", f"marked as disputed ({disputed}), but it holds now"
    return "disputed", disputed


def describe(claim: Claim) -> str:
    """Return the subject of a claim: ``ratio of prices.opus.input to prices.haiku.input``."""
    shared = {operand.changes for operand in claim.operands}
    suffix = f" with {min(shared)}" if len(shared) == 1 and any(shared) else ""
    texts = [str(operand.path) if suffix else _operand_text(operand) for operand in claim.operands]
    if claim.operation is Operation.RATIO:
        return f"ratio of {texts[0]} to {texts[1]}{suffix}"
    return " minus ".join(texts) + suffix


def _operand_text(operand: Operand) -> str:
    return f"{operand.path} ({operand.changes})" if operand.changes else str(operand.path)


def _check_budget(scenario: Scenario, as_of: date) -> ClaimResult | None:
    budget = scenario.budget
    if budget is None:
        return None
    comparison = compare(only(scenario, {budget.strategy}), as_of)
    cost, days = comparison[budget.strategy], scenario.days_per(budget.per)
    spent = _spent(cost, budget, scenario, days)
    unknown = "the cost of failures" if cost.subscribed is None else "what the subscription serves"
    remarks = [what_counts(budget, cost.counts_failures), "at the stated volume" if scenario.plan else ""]
    return budget_result(scenario, budget, spent, why="; ".join(filter(None, remarks)), unknown=unknown)


def _spent(cost: StrategyCost, budget: Budget, scenario: Scenario, days: Decimal) -> Between:
    """Return what counts of some days, between its bounds by failures and by what a subscription serves."""
    if cost.subscribed is not None and cost.worst is not None:
        calls = [Between.exactly(case.cost_per_month) for case in cost.cases]
        month = widest(case.total for case in cost.cases) if budget.counts_failures else widest(calls)
        return month.times(days / scenario.days_per_month)
    wrong = cost_of(cost.failures) if budget.counts_failures else Between()
    return wrong.times(1 / scenario.days_per_month).plus(Between.exactly(cost.cost_per_day)).times(days)


def what_counts(budget: Budget, has_failures: bool) -> str:
    """Return what a budget counts, if failures cost something."""
    if not has_failures:
        return ""
    return "calls and failures count" if budget.counts_failures else "calls count, failures do not"


def budget_result(
    scenario: Scenario,
    budget: Budget,
    spent: Between,
    owner: str | None = None,
    *,
    amount: Decimal | None = None,
    why: str = "",
    unknown: str = "the cost of failures",
) -> ClaimResult:
    """Return the check of a budget against what is spent, which may be known in part.

    ``why`` is a remark on what is compared, ``amount`` that of the budget if it changes, and ``unknown``
    what may be known in part only.
    """
    if amount is None:
        amount = budget.amount if owner is None else budget.owners[owner]
    computed, remarks = spent.known, [why] if why else []
    holds = spent.high is not None and spent.high <= amount
    if computed is None and holds:
        computed, remarks = spent.high, ["at most", *remarks]
    elif computed is None and spent.low is not None and spent.low > amount:
        computed, remarks = spent.low, ["at least: the budget is exceeded", *remarks]
    elif computed is None:
        remarks = [f"{unknown} is unknown in part: the budget may be exceeded", *remarks]
    elif not holds:
        remarks = ["the budget is exceeded", *remarks]
    who = budget.strategy if owner is None else f"{owner} for {budget.strategy}"
    return ClaimResult(
        claim=f"budget of {who} per {budget.per}",
        says=None,
        published=amount,
        computed=computed,
        within=ZERO,
        holds=holds,
        status="holds" if holds else "fails",
        why="; ".join(remarks) or None,
        kind=FigureKind.MONEY,
        currency=scenario.pricing.currency,
        is_budget=True,
        owner=owner,
    )


class Figure(NamedTuple):
    """A figure, with its currency if it is an amount of money."""

    number: Decimal
    currency: str | None = None


def resolve(
    path: FigurePath,
    scenario: Scenario,
    as_of: date,
    compared: Compared | None = None,
    parts: Parts | None = None,
) -> Figure:
    """Return the figure at ``path``, at the scenario's own date if it has one, else ``as_of``.

    ``compared`` has the comparisons made so far; new ones are added.

    Raises UnknownNameError for an unknown strategy or tier, UnpricedError for an unknown figure.
    """
    day = scenario.as_of or as_of
    if path.root is Root.PARTS:
        if parts is None:
            raise UnknownNameError(f'"{path}" is a part of a cost; only claims of scenarios are about parts')
        number = parts(path, scenario, day)
    else:
        number = _number(path, scenario, day, {} if compared is None else compared)
    return Figure(number, path.currency(scenario.pricing))


def _number(path: FigurePath, scenario: Scenario, day: date, compared: Compared) -> Decimal:
    if path.root is Root.PRICES:
        return _price(scenario, path.name or "", path.field, day)
    if path.root is Root.STRATEGIES and path.name not in scenario.strategies:
        raise UnknownNameError(
            f'no strategy named "{path.name}"{did_you_mean(path.name or "", scenario.strategies)}'
        )
    comparison = _comparison(path, scenario, day, compared)
    if path.root is Root.SAVINGS and comparison.savings is None:
        if scenario.default is not None and scenario.proposed is not None:
            names = (scenario.default, scenario.proposed)
            raise UnknownFigureError(f"no savings: {_work(comparison, names)}")
        raise UnknownNameError('no savings: the scenario names no "default" and "proposed" strategy')
    figures = comparison.savings if path.root is Root.SAVINGS else comparison[path.name or ""]
    value: Decimal | None = getattr(figures, path.field)
    if value is None and path.field == "vs_baseline" and comparison.calls_per_task:
        work = _work(comparison, (path.name or "", comparison.baseline or ""))
        raise UnknownFigureError(f'"{path}" is unknown: {work}')
    if value is None:
        raise UnknownFigureError(f'"{path}" is unknown: a divisor is zero or not stated')
    return value


def _comparison(path: FigurePath, scenario: Scenario, day: date, compared: Compared) -> Comparison:
    """Compare only the strategies that a figure depends on, each set of them once.

    Claims on many strategies are thus checked in linear time.
    """
    needed = _needed(path, scenario)
    key = (id(scenario), day, *sorted(name for name in needed if name is not None))
    if key not in compared:
        compared[key] = (scenario, compare(only(scenario, needed), day))
    return compared[key][1]


def _work(comparison: Comparison, names: Iterable[str]) -> str:
    calls = {name: comparison[name].calls_per_task for name in names}
    parts = (
        f"{name} {', '.join(f'{count.normalize():f}' for count in counts)}" for name, counts in calls.items()
    )
    return f"the work differs: calls per task are {', '.join(parts)}"


def _work_differs(claim: Claim, scenario: Scenario, as_of: date) -> str | None:
    """Return why two figures of strategies do not compare; None if they do, or stand alone."""
    operands = claim.operands
    if len({operand.changes for operand in operands}) > 1:
        return None  # the user changes the work
    names = {operand.path.name: None for operand in operands if operand.path.root is Root.STRATEGIES}
    if len(names) < 2:
        return None
    variant = _scenario(operands[0], scenario)
    comparison = compare(only(variant, set(names)), variant.as_of or as_of)
    known = [name or "" for name in names]
    is_same = len({comparison[name].calls_per_task for name in known}) == 1
    return None if is_same else _work(comparison, known)


def _best_cases(claim: Claim, scenario: Scenario, as_of: date, compared: Compared) -> Iterator[str]:
    """Yield the figures of a claim that are an end of a range by what subscriptions serve."""
    for path, variant in ((one.path, _scenario(one, scenario)) for one in claim.operands):
        if not variant.subscriptions or path.root not in (Root.STRATEGIES, Root.SAVINGS):
            continue
        comparison = _comparison(path, variant, variant.as_of or as_of, compared)
        figures = comparison.savings if path.root is Root.SAVINGS else comparison[path.name or ""]
        ends = [getattr(figures, f"{path.field}_{end}", None) for end in ("low", "high")]
        if comparison.worst_of.is_bound and any(
            end not in (None, getattr(figures, path.field)) for end in ends
        ):
            yield f"{path.field} is that of the best case, if {comparison.worst_of.most}"


def _needed(path: FigurePath, scenario: Scenario) -> set[str | None]:
    """Return the strategies that a figure depends on."""
    if path.root is Root.SAVINGS:
        return {scenario.default, scenario.proposed}
    return {path.name, scenario.baseline} if path.field == "vs_baseline" else {path.name}


def _price(scenario: Scenario, tier: str, meter: str, day: date) -> Decimal:
    model = tier_models(scenario.pricing, day).model(tier)
    rates = entry_on(scenario.pricing, model, day).card.standard
    if meter not in rates:
        raise UnpricedError(f'tier "{tier}" has no rate for "{meter}" on {day}{did_you_mean(meter, rates)}')
    return rates[meter]
