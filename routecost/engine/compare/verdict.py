"""Verdict on routing: the article's conditions ("When Not to Route", "The Verdict"), one by one."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from routecost.engine.pricing.price import price
from routecost.engine.strategies.tier import UniformTier
from routecost.errors import UnpricedError
from routecost.model.results.comparison import Answer, Condition, Verdict
from routecost.model.scenario.workload import TaskType, Workload
from routecost.units import ONE, ZERO

if TYPE_CHECKING:
    from routecost.model.results.comparison import Savings, StrategyCost
    from routecost.model.scenario.routing_decision import RoutingCosts
    from routecost.model.scenario.scenario import Scenario
    from routecost.model.scenario.strategy import TierModels


def verdict(  # noqa: PLR0917  all that decides
    scenario: Scenario,
    savings: Savings | None,
    proposed: StrategyCost | None,
    line: TierModels,
    lower_bounds: Container[str] = (),
    unreviewed: Container[str] = (),
    escalating: Mapping[str, Decimal] = MappingProxyType({}),
) -> Verdict | None:
    """Judge whether the proposed strategy should replace the default; None if either is not named.

    The costs of the strategies in ``lower_bounds`` may be higher than computed, by rework, and those of
    ``unreviewed`` by reviewers; ``escalating`` has how
    much higher they may be if an unknown share of the tasks escalates.
    """
    if savings is None or proposed is None or savings.strategy == savings.against:
        return None
    money = _money(savings, scenario.routing_costs, lower_bounds, unreviewed, escalating)
    conditions = (
        _volume(scenario),
        _heterogeneity(scenario, proposed, line, saves=money.answer is Answer.MET),
        _signal(scenario, proposed),
        *_evidence(scenario),
        _stakes(scenario, line),
        money,
    )
    includes_failures = savings.with_failures_per_month is not None
    return Verdict(
        savings.strategy, savings.against, conditions, tuple(_missing(scenario)), includes_failures
    )


def _missing(scenario: Scenario) -> Iterator[str]:
    """Yield the keys that the scenario does not state and that the verdict needs."""
    tasks = [task for task in scenario.workload.task_types if task.tasks_per_day]
    if not all(task.success for task in tasks):
        yield "success"
    if any(task.failure_cost is None for task in tasks):
        yield "failure_cost"
    if scenario.routing_costs is None:
        yield "routing_costs"


def _judged(is_met: bool | None) -> Answer:
    return Answer.UNKNOWN if is_met is None else Answer.MET if is_met else Answer.FAILS


def _volume(scenario: Scenario) -> Condition:
    tasks, least = scenario.workload.tasks_per_day, scenario.thresholds.tasks_per_day
    is_met = tasks >= least
    meaning = "there is enough work" if is_met else "there is too little work to repay routing"
    return Condition("volume", "tasks a day", tasks, least, _judged(is_met), meaning)


def _heterogeneity(scenario: Scenario, proposed: StrategyCost, line: TierModels, *, saves: bool) -> Condition:
    """Judge by the highest share of tasks on one tier; for a cascade, by the share that is not escalated.

    A tier with most of the tasks need not have most of the cost, so its share of that is judged too.
    With both shares high, one tier may be enough; but a strategy that saves money is not refused for that.
    """
    most = scenario.thresholds.one_tier
    mix = proposed.expansion.mix
    figure = max(mix.values()) if mix else _staying(proposed)
    question = "greatest share of tasks on one tier"
    if mix and figure is not None and figure > most:
        of_cost = _share_of_cost(proposed, max(mix, key=mix.__getitem__), line)
        if of_cost is not None and of_cost <= most:
            figure, question = of_cost, "share of cost on the tier with the most tasks"
    is_met = None if figure is None else figure <= most
    meaning = {
        None: "the number of tiers that the work needs is unknown",
        True: "the work needs several tiers",
        False: "nearly all of the work needs the same tier",
    }[is_met]
    unless = "the work needs several tiers"
    if saves and is_met is False:
        meaning, unless = "one tier may be enough for all of the work", "one tier is not enough"
        return Condition("heterogeneity", question, figure, most, Answer.UNKNOWN, meaning, unless)
    return Condition("heterogeneity", question, figure, most, _judged(is_met), meaning, unless)


def _share_of_cost(proposed: StrategyCost, tier: str, line: TierModels) -> Decimal | None:
    """Return the share of the cost of calls that is on a tier's model; None if calls cost nothing."""
    total = sum((row.amount for row in proposed.bill.lines), ZERO)
    on_tier = sum((row.amount for row in proposed.bill.lines if row.key.model == line.model(tier)), ZERO)
    return on_tier / total if total else None


def _staying(proposed: StrategyCost) -> Decimal | None:
    """Return the share of tasks that stay on their first tier, if some of them escalate."""
    outcomes = proposed.expansion.outcomes
    tasks = sum((outcome.tasks_per_day for outcome in outcomes), ZERO)
    moved = sum(((outcome.escalated or ZERO) * outcome.tasks_per_day for outcome in outcomes), ZERO)
    return 1 - moved / tasks if moved else None


def _signal(scenario: Scenario, proposed: StrategyCost) -> Condition:
    """Judge whether success is observed: success rates are stated, or outputs are reviewed."""
    tasks = scenario.workload.task_types
    observed = sum((task.tasks_per_day for task in tasks if task.success), ZERO)
    reviewed = any(outcome.reviewed or outcome.escalated for outcome in proposed.expansion.outcomes)
    whole = scenario.workload.tasks_per_day
    is_met = True if reviewed or (whole and observed == whole) else None
    meaning = "success and failure are observed" if is_met else "success and failure are not observed"
    return Condition(
        "quality signal",
        "share of tasks with a known success rate",
        observed / whole if whole else None,
        ONE,
        _judged(is_met),
        meaning,
    )


def _evidence(scenario: Scenario) -> Iterator[Condition]:
    """Judge by the fewest trials behind a success rate; without rates there is nothing to judge."""
    rates = [rate for task in scenario.workload.task_types for rate in task.success.values()]
    if not rates:
        return
    trials = [Decimal(rate.trials) for rate in rates if rate.trials is not None]
    least = scenario.thresholds.trials
    figure = min(trials) if len(trials) == len(rates) else None
    is_met = None if figure is None or figure < least else True
    meaning = "the rates were measured" if is_met else "rates are assumed, or measured by too few trials"
    yield Condition(
        "evidence",
        "fewest trials behind a success rate",
        figure,
        least,
        _judged(is_met),
        meaning,
        "measurements confirm the success rates",
    )


_STAKES = "failure cost / price gap between top and bottom tier, lowest of all task types"


def _stakes(scenario: Scenario, line: TierModels) -> Condition:
    """Judge by the lowest failure cost of a task type, relative to the price gap between tiers."""
    most = scenario.thresholds.stakes
    tasks = [task for task in scenario.workload.task_types if task.tasks_per_day]
    try:
        known = [ratio for task in tasks if (ratio := _ratio(task, scenario, line)) is not None]
    except UnpricedError as error:  # of a tier that no strategy uses
        meaning = f"the price gap is unknown: {error}"
        return Condition("stakes", _STAKES, None, most, Answer.UNKNOWN, meaning)
    figure = min(known) if known and len(known) == len(tasks) else None
    is_met = None if figure is None else figure <= most
    meaning = {
        None: "the cost of a failure is not stated",
        True: "some of the work tolerates a failure",
        False: "every failure costs far more than any tier",
    }[is_met]
    return Condition("stakes", _STAKES, figure, most, _judged(is_met), meaning)


def _ratio(task: TaskType, scenario: Scenario, line: TierModels) -> Decimal | None:
    if task.failure_cost is None or len(line.models) < len(line.tiers):
        return None
    lowest, highest = (_per_task(task, tier, scenario, line) for tier in (line.tiers[0], line.tiers[-1]))
    return task.failure_cost / (highest - lowest) if highest > lowest else None


def _per_task(task: TaskType, tier: str, scenario: Scenario, line: TierModels) -> Decimal:
    usage = UniformTier(tier).expand(Workload((replace(task, rework=None),)), line).usage
    return price(usage, scenario.pricing, line.day).total / task.tasks_per_day


def _money(
    savings: Savings,
    costs: RoutingCosts | None,
    lower_bounds: Container[str],
    unreviewed: Container[str],
    escalating: Mapping[str, Decimal],
) -> Condition:
    """Judge by the monthly savings, with failures and the costs of routing if these are known."""
    failures = savings.with_failures_per_month
    figure = savings.per_month if failures is None else failures
    least = ZERO if costs is None else costs.upkeep_per_month + costs.engineering / costs.within_months
    is_met = figure > least
    counted = "" if failures is None else ", including failures"
    if figure <= 0:
        meaning = f"it {'costs more' if figure else 'saves nothing'}{counted}"
    elif is_met:
        meaning = f"it saves money{counted}"
    else:
        meaning = f"it saves less than engineering and upkeep cost{counted}"
    open_side = savings.strategy if is_met else savings.against
    if open_side in lower_bounds:
        meaning = f"calls of rework of {open_side} are unknown and not counted"
        unless = f"success rates of {open_side} confirm it"
        return Condition("savings", f"saved a month{counted}", figure, least, Answer.UNKNOWN, meaning, unless)
    unless = _unless(savings, is_met, least)
    if unless:
        meaning += ", unless repeated work is hard"
    elif _depends_on_escalation(savings, is_met, least, escalating):
        unless = f"{'few' if is_met else 'many'} tasks escalate in {open_side}"
        meaning += ", without the calls of escalated tasks, whose share is unknown"
    if open_side in unreviewed:
        reviewed = f"reviewers of {open_side} cost {'less' if is_met else 'more'} than that"
        unless = " and ".join(filter(None, (unless, reviewed)))
        meaning += ", without the calls of reviewers, whose tokens are unknown"
    answer = Answer.UNKNOWN if unless else _judged(is_met)
    return Condition("savings", f"saved a month{counted}", figure, least, answer, meaning, unless)


def _depends_on_escalation(
    savings: Savings, is_met: bool, least: Decimal, escalating: Mapping[str, Decimal]
) -> bool:
    """Return whether savings reach ``least`` or not depending on how many tasks escalate."""
    low, high = _ends(savings)
    if is_met:
        return low - escalating.get(savings.strategy, ZERO) <= least
    return high + escalating.get(savings.against, ZERO) > least


def _ends(savings: Savings) -> tuple[Decimal, Decimal]:
    """Return the lowest and the highest savings, by how hard repeated work is."""
    usual, low, high = savings.with_failures_per_month, *_range(savings)
    usual = savings.per_month if usual is None else usual
    return usual if low is None else low, usual if high is None else high


def _range(savings: Savings) -> tuple[Decimal | None, Decimal | None]:
    if savings.with_failures_per_month is not None:
        return savings.with_failures_per_month_low, savings.with_failures_per_month_high
    return savings.per_month_low, savings.per_month_high


def _unless(savings: Savings, is_met: bool, least: Decimal) -> str:
    """Return what decides whether it saves enough, if that depends on how hard repeated work is."""
    low, high = _range(savings)
    if is_met and low is not None and low <= least:
        return "repeated work is not as hard as the success rates allow"
    if not is_met and high is not None and high > least:
        return "repeated work is as hard as the success rates allow"
    return ""
