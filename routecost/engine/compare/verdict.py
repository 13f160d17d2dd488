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
from routecost.model.results.verdicts.verdict import Answer, Condition, Verdict
from routecost.model.scenario.workload import TaskType, Workload
from routecost.units import ONE, ZERO

if TYPE_CHECKING:
    from routecost.model.results.comparison import StrategyCost
    from routecost.model.results.verdicts.savings import Savings
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
        _stakes(scenario, proposed, line),
        money,
    )
    return Verdict(
        savings.strategy, savings.against, conditions, tuple(_missing(scenario)), savings.counts_failures
    )


def _missing(scenario: Scenario) -> Iterator[str]:
    """Yield the keys that the scenario does not state and that the verdict needs."""
    tasks = [task for task in scenario.workload.task_types if task.tasks_per_day]
    if not all(task.success for task in tasks):
        yield "success"
    if any(task.failure_cost is None for task in tasks):
        yield "failure_cost"
    plan = scenario.plan
    if scenario.routing_costs is None and not (plan and (plan.engineering or plan.upkeep)):
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
    """Judge whether success is observed: by trials, or by a judge or reviewer. A stated rate is not."""
    whole = scenario.workload.tasks_per_day
    measured = {task.name for task in scenario.workload.task_types if _is_measured(task)}
    observed = sum(
        (
            outcome.tasks_per_day
            for outcome in proposed.expansion.outcomes
            if outcome.task in measured or outcome.reviewed or outcome.escalated
        ),
        ZERO,
    )
    is_met = True if whole and observed == whole else None
    meaning = (
        "success and failure are observed"
        if is_met
        else "success and failure are observed for some of the tasks only"
        if observed
        else "success and failure are not observed"
    )
    return Condition(
        "quality signal",
        "share of tasks with measured success, a judge or a reviewer",
        observed / whole if whole else None,
        ONE,
        _judged(is_met),
        meaning,
    )


def _is_measured(task: TaskType) -> bool:
    return any(rate.trials for rate in task.success.values())


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


_STAKES = "failure cost / price gap between top and bottom tier, highest of the tasks below the top tier"


def _stakes(scenario: Scenario, proposed: StrategyCost, line: TierModels) -> Condition:
    """Judge by the highest failure cost of a task that a lower tier does, relative to the price gap."""
    most = scenario.thresholds.stakes
    top = line.tiers[-1:]
    below = {
        outcome.task
        for outcome in proposed.expansion.outcomes
        if outcome.tasks_per_day and tuple(outcome.tiers) != top
    }
    tasks = [task for task in scenario.workload.task_types if task.name in below]
    try:
        ratios = {task.name: _ratio(task, scenario, line) for task in tasks}
    except UnpricedError as error:  # of a tier that no strategy uses
        meaning = f"the price gap is unknown: {error}"
        return Condition("stakes", _STAKES, None, most, Answer.UNKNOWN, meaning)
    known = {name: ratio for name, ratio in ratios.items() if ratio is not None}
    worst = max(known, key=known.__getitem__, default=None)
    figure = None if worst is None else known[worst]
    if figure is not None and figure > most:
        meaning = f"a failure of {worst} costs far more than any tier"
        return Condition("stakes", _STAKES, figure, most, Answer.FAILS, meaning)
    if len(known) < len(ratios):
        unstated = [task.name for task in tasks if task.failure_cost is None]
        of_which = f" of {', '.join(unstated)}" if known else ""
        meaning = f"the cost of a failure{of_which} is not stated" if unstated else "the price gap is unknown"
        return Condition("stakes", _STAKES, figure, most, Answer.UNKNOWN, meaning)
    meaning = "the work on lower tiers tolerates a failure" if tasks else "no task runs below the top tier"
    return Condition("stakes", _STAKES, figure, most, Answer.MET, meaning)


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
    least = ZERO if costs is None else costs.upkeep_per_month + costs.engineering / costs.within_months
    if savings.counts_failures and savings.with_failures_per_month is None:
        return _bounded(savings, least)
    figure = savings.with_failures_per_month if savings.counts_failures else savings.per_month
    figure = ZERO if figure is None else figure
    is_met = figure > least
    counted = ", including failures" if savings.counts_failures else ""
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
        meaning += f", unless {savings.worst_of.short}"
    elif _depends_on_escalation(savings, is_met, least, escalating):
        unless = f"{'few' if is_met else 'many'} tasks escalate in {open_side}"
        meaning += ", without the calls of escalated tasks, whose share is unknown"
    if open_side in unreviewed:
        reviewed = f"reviewers of {open_side} cost {'less' if is_met else 'more'} than that"
        unless = " and ".join(filter(None, (unless, reviewed)))
        meaning += ", without the calls of reviewers, whose tokens are unknown"
    answer = Answer.UNKNOWN if unless else _judged(is_met)
    return Condition("savings", f"saved a month{counted}", figure, least, answer, meaning, unless)


def _bounded(savings: Savings, least: Decimal) -> Condition:
    """Judge by the savings of which only bounds are known: the failures of some task types are unknown."""
    low, high = savings.decisive
    where = ", ".join(savings.unknown)
    given = f" if a lower tier fails no less often on {', '.join(savings.assumed)}" if savings.assumed else ""
    question = "saved a month, including failures"
    if high is not None and high <= least:
        more = "it costs more" if high < 0 else "it saves less than engineering and upkeep cost"
        meaning = f"{more}, including failures{given}"
        return Condition("savings", question, high, least, Answer.FAILS, meaning, is_bound=True)
    if low is not None and low > least:
        meaning = f"it saves money, including failures{given}"
        return Condition("savings", question, low, least, Answer.MET, meaning, is_bound=True)
    meaning = f"failures of {where} are unknown"
    return Condition(
        "savings", question, None, least, Answer.UNKNOWN, meaning, f"failures of {where} cost little more"
    )


def _depends_on_escalation(
    savings: Savings, is_met: bool, least: Decimal, escalating: Mapping[str, Decimal]
) -> bool:
    """Return whether savings reach ``least`` or not depending on how many tasks escalate."""
    low, high = savings.decisive
    if low is None or high is None:
        return False
    if is_met:
        return low - escalating.get(savings.strategy, ZERO) <= least
    return high + escalating.get(savings.against, ZERO) > least


def _unless(savings: Savings, is_met: bool, least: Decimal) -> str:
    """Return what decides whether it saves enough, if that depends on how hard repeated work is."""
    low, high = savings.decisive
    if is_met and low is not None and low <= least:
        return savings.worst_of.unless
    if not is_met and high is not None and high > least:
        return savings.worst_of.condition
    return ""
