"""Costs of two strategies compared, with or without the cost of failures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from routecost.engine.compare.compare import price_all, settled_bill, tier_models_of
from routecost.engine.compare.outcomes import failures_of, quality, rework_unknown
from routecost.engine.numeric.root_finding import difference
from routecost.engine.pricing.subscriptions.payers import calls_per_task, may_stop
from routecost.engine.strategies.assigned import Assigned, flows_among
from routecost.engine.strategies.tier import UniformTier
from routecost.engine.usage.task_flow import Ended, done_once, expansion
from routecost.errors import UnpricedError
from routecost.model.pricing.bill import Bill
from routecost.model.results.breakeven import Answer, BreakEven, Question
from routecost.model.results.failures import Failures
from routecost.model.results.failures import excess as failure_excess
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.strategy import Expansion, Strategy, TierModels
from routecost.model.scenario.workload import TaskType, Workload
from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact

_CLOSE = Decimal("1e-15")


@dataclass(frozen=True, slots=True)
class MonthlyCost:
    """The monthly cost of a strategy: its calls, and its failures if their cost is known.

    ``wrong`` has the failures of each task type. ``may_stop`` is true if a subscription may leave tasks
    undone, at some volume.
    """

    expansion: Expansion
    calls: Decimal
    failures: Decimal | None
    wrong: Failures = ()
    may_stop: bool = False

    @property
    def total(self) -> Decimal | None:
        """The cost of calls and failures."""
        return None if self.failures is None else self.calls + self.failures


CostPair = tuple[MonthlyCost, MonthlyCost]


class FailuresUnknownError(UnpricedError):
    """The cost of failures is unknown and has no bound."""


@dataclass(frozen=True, slots=True)
class Basis:
    """The costs that are compared, and a phrase for them.

    With failures of which some are unknown, ``tiers`` (low to high) has those of the sheet, and the
    cost of the failures is the one that favours the proposal most. Then a proposal that does not pay off
    never does.
    """

    with_failures: bool
    text: str
    tiers: tuple[str, ...] = ()


ON_CALLS = Basis(with_failures=False, text="on call costs alone")
WITH_FAILURES = Basis(with_failures=True, text="including failures")


@dataclass(frozen=True, slots=True)
class Query:
    """A question about a parameter, in a unit; its methods make the answers."""

    question: Question
    parameter: str
    unit: str
    task_type: str | None = None
    now: Decimal | None = None
    of_proposal: bool = True

    def answer(self, answer: Answer, meaning: str, value: Decimal | None = None) -> BreakEven:
        """Return the answer."""
        return BreakEven(
            self.question,
            self.parameter,
            value,
            self.unit,
            answer,
            meaning,
            self.now,
            self.task_type,
            of_proposal=self.of_proposal,
        )

    def at(self, value: Decimal, meaning: str) -> BreakEven:
        """Return the answer that the statement changes at a value."""
        return self.answer(Answer.AT, meaning, value)

    def not_modelled(self, why: str) -> BreakEven:
        """Return the answer "not modelled", with the reason."""
        return self.answer(Answer.NOT_MODELLED, why)

    def unless_unpriced(self, find: Callable[[], BreakEven]) -> BreakEven:
        """Return the result of ``find``; "not modelled" if a price or the cost of failures is unknown."""
        try:
            return find()
        except FailuresUnknownError as error:
            return self.not_modelled(f"{error}.")
        except UnpricedError as error:
            why = re.sub(r'^strateg(y|ies) "[^:]*: ', "", str(error))  # the user did not name these
            return self.not_modelled(f"A price is missing: {why}.")


def cost_pair(scenario: Scenario, day: date, left: Strategy, right: Strategy) -> CostPair:
    """Return the costs of two strategies for the work of a scenario."""
    priced = price_all(replace(scenario, strategies={"left": left, "right": right}), day)
    return _with_failures(scenario, *priced["left"]), _with_failures(scenario, *priced["right"])


def monthly_cost(scenario: Scenario, day: date, strategy: Strategy) -> MonthlyCost:
    """Return the cost of a strategy for the work of a scenario."""
    return _with_failures(scenario, *price_all(replace(scenario, strategies={"": strategy}), day)[""])


def _with_failures(scenario: Scenario, expansion: Expansion, bill: Bill) -> MonthlyCost:
    known = quality(expansion, scenario, bill.total)
    failures = None if known is None else known.failure_cost_per_month
    wrong = failures_of(expansion, scenario)
    stops = may_stop(scenario, bill.fees_of or "")
    return MonthlyCost(expansion, settled_bill(bill, scenario).total, failures, wrong, stops)


def unknown_rework(scenario: Scenario, *pairs: CostPair) -> str | None:
    """Return why the calls of rework of a side are unknown, so that its cost is a lower bound."""
    for cost in (cost for pair in pairs for cost in pair):
        for task in rework_unknown(cost.expansion, scenario.workload):
            return (
                f"The calls of rework of {task} are unknown, because its success rate with one of the "
                "strategies is unknown. Set the success rates of all tiers"
            )
    return None


def jump(pair: CostPair, basis: Basis) -> str:
    """Return a sentence if costs are not equal at a break-even, because they jump there."""
    left, right = pair
    most = max(abs(cost.calls) + abs(cost.failures or ZERO) for cost in (left, right))
    if abs(excess(pair, basis)) <= _CLOSE * most:
        return ""
    return " A discount sets in at this value: the costs jump there and are never equal."


def is_same_work(pair: CostPair) -> bool:
    """Return whether both sides make the same number of calls per task."""
    left, right = (calls_per_task(cost.expansion) for cost in pair)
    return left == right and not any(cost.may_stop for cost in pair)


def work_differs(one: str, other: str, pair: CostPair | None = None) -> str:
    """Return the reason why the costs of two strategies do not compare."""
    stopping = [name for name, cost in zip((one, other), pair or (), strict=False) if cost.may_stop]
    if stopping:
        return f"The subscription of {' and '.join(stopping)} may not serve all tasks."
    return (
        f"The work differs: {one} and {other} make different numbers of calls per task. "
        "State the calls of a task in the workload (calls: {per_task: ...})."
    )


def count_failures(pairs: Iterable[CostPair]) -> bool:
    """Return whether the failure costs of all of them are known."""
    return all(cost.total is not None for pair in pairs for cost in pair)


def basis_of(scenario: Scenario, *pairs: CostPair) -> Basis:
    """Return the costs by which a proposal, on the left side, is compared with the default.

    Raises FailuresUnknownError if failures cost something that has no bound in favour of the proposal.
    """
    if count_failures(pairs):
        return WITH_FAILURES
    failures = [failure for pair in pairs for cost in pair for failure in cost.wrong]
    if not any(failure.tasks and (failure.failure_cost or failure.most_rework) for failure in failures):
        return ON_CALLS
    tiers = scenario.pricing.tier_names
    more = [failure_excess(left.wrong, right.wrong, tiers) for left, right in pairs]
    unknown = ", ".join(dict.fromkeys(task for one in more for task in one.unknown))
    if any(one.cost.low is None for one in more):
        raise FailuresUnknownError(f"The success rates or failure costs of {unknown} are unknown")
    if not unknown:
        return replace(WITH_FAILURES, tiers=tiers)
    rarely = "fails no more often" if any(one.assumed for one in more) else "never fails"
    return Basis(
        with_failures=True,
        text=f"including failures, if {scenario.proposed} {rarely} on {unknown}",
        tiers=tiers,
    )


def excess(pair: CostPair, basis: Basis) -> Decimal:
    """Return the excess cost of the left side, that of the proposal, per month."""
    left, right = pair
    if not basis.with_failures:
        return difference(left.calls, right.calls)
    if left.total is not None and right.total is not None:
        return difference(left.total, right.total)
    low = failure_excess(left.wrong, right.wrong, basis.tiers).cost.low if basis.tiers else None
    if low is None:
        raise UnpricedError("failure costs are unknown")
    return difference(left.calls, right.calls) + low


def bends(scenario: Scenario) -> bool:
    """Return whether costs may not be linear: terms on totals and caches may depend on volumes."""
    return scenario.has_terms_on_totals or scenario.workload.follows_volume


def tiers_compared(scenario: Scenario, day: date) -> dict[str, frozenset[str]] | None:
    """Return the tiers that the proposal and the default use for each task type.

    Task types of which a task may run on several tiers have all tiers; None if there is no proposal.
    """
    names = [name for name in (scenario.proposed, scenario.default) if name is not None]
    if len(names) < 2:
        return None
    named = {name: scenario.strategies[name] for name in names}
    priced = price_all(replace(scenario, strategies=named), day).values()
    everything = frozenset(tiers_of(scenario, day))
    used: dict[str, frozenset[str]] = {}
    for outcome in (outcome for expanded, _ in priced for outcome in expanded.outcomes):
        used[outcome.task] = used.get(outcome.task, frozenset()) | (frozenset(outcome.tiers) or everything)
    return used


def tiers_of(scenario: Scenario, day: date) -> list[str]:
    """Return the tiers that have a model on a day, low to high."""
    line = tier_models_of(scenario, day)
    return [tier for tier in line.tiers if tier in line.models]


def alone(scenario: Scenario, task: TaskType) -> Scenario:
    """Return the scenario with one task type only; one task a day if it has none."""
    task = task if task.tasks_per_day else replace(task, tasks_per_day=ONE)
    return replace(scenario, workload=Workload((task,)))


def tier_cost_pair(scenario: Scenario, day: date, left: str, right: str) -> CostPair:
    """Return the costs of two tiers for all the work of a scenario."""
    return cost_pair(scenario, day, UniformTier(left), UniformTier(right))


@dataclass(frozen=True, slots=True)
class OneOnTier:
    """A strategy of a fleet, with the tasks of one type on a tier instead.

    Tasks of other types that are taken for this one run as in the strategy.
    """

    others: Strategy
    task: str
    tier: str

    @property
    def fees_of(self) -> str | None:
        """The strategy whose own fees the fleet pays."""
        return self.others.fees_of

    @exact
    def expand(self, workload: Workload, tier_models: TierModels) -> Expansion:
        """Return the usage of one day of the workload, and the outcomes of its tasks."""
        flow = flows_among(self.others, workload, tier_models)
        return expansion(
            self._on_tier(task, tier_models) if task.name == self.task else flow(task)
            for task in workload.task_types
        )

    def flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        """Return the calls of the tasks of one type, and their outcome."""
        if task.name == self.task:
            return self._on_tier(task, tier_models)
        return flows_among(self.others, Workload((task,)), tier_models)(task)

    def _on_tier(self, task: TaskType, tier_models: TierModels) -> Ended:
        flow, outcome = done_once(task, tier_models, {self.tier: ONE})
        if isinstance(self.others, Assigned) and self.others.router is not None:
            flow.ask(self.others.router, ONE)
        return flow, outcome


def in_fleet(scenario: Scenario, day: date, task: TaskType, others: str, tiers: tuple[str, str]) -> CostPair:
    """Return the costs of a fleet with one task type on either tier and the others as in ``others``."""
    task = task if task.tasks_per_day else replace(task, tasks_per_day=ONE)
    tasks = tuple(task if one.name == task.name else one for one in scenario.workload.task_types)
    left, right = (OneOnTier(scenario.strategies[others], task.name, tier) for tier in tiers)
    return cost_pair(replace(scenario, workload=Workload(tasks)), day, left, right)
