"""Search for the cheapest policy of each kind, for a workload with success rates and failure costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from routecost.engine.compare.compare import compare, price_all
from routecost.engine.pricing.tier_models import tier_models
from routecost.engine.strategies.assigned import Assigned
from routecost.engine.strategies.mix import Mix
from routecost.errors import UsageError
from routecost.model.results.comparison import StrategyCost
from routecost.model.results.policies import Policy, Search
from routecost.model.routing.requirements import forbidden
from routecost.model.routing.table import Taxonomy
from routecost.model.scenario.caching import CachedPrefix
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.workload import TaskType, Workload
from routecost.optimize.candidates import (
    Cost,
    Option,
    cascade_options,
    cost_of,
    costs,
    grouped,
    least_success,
    settled,
    tier_options,
)
from routecost.optimize.knapsack import choose
from routecost.optimize.launched import cheapest, launched_tasks, usable_after_launches
from routecost.optimize.mixes import Shares, best_mix, best_priced_mix
from routecost.optimize.serialize import strategy_data
from routecost.optimize.settled_choice import Choice, Groups, Settle, tries_all
from routecost.optimize.table_rows import lowest_tier, row
from routecost.problems import did_you_mean
from routecost.records import dataclass
from routecost.units import ZERO, exact, percent

ALL = "all"
PolicyStrategy = tuple[Policy, Strategy]


@exact
def search(
    scenario: Scenario,
    day: date,
    budget: Decimal | None = None,
    taxonomy: Taxonomy | None = None,
    min_success: Decimal | None = None,
) -> Search:
    """Return the cheapest policy of each kind, at the rates of ``day``.

    Kinds: one tier, a mix, one cascade, a routing table, and an assignment of a tier or cascade to
    each task type. Each is optimal within its kind: without a budget the choice is separable, with
    one it is an integer program. If terms depend on the total of a month, all combinations are tried;
    policies with too many of them are in ``approximate``. Mixes whose cost is not linear are
    optimal among those of a grid. Cascades are searched if the scenario has one with ``detection``.
    With a taxonomy, only the tiers that it allows are used. With ``min_success``, each task type
    succeeds at least as often; mixes are then those of a grid, too.

    Raises UsageError if the workload lacks data, if the budget is too small or no policy succeeds often
    enough, and for task types that the taxonomy does not have.
    """
    limits = (budget, taxonomy, min_success)
    shared = tuple(fee for fee in scenario.fixed_fees if fee.strategy is None)  # no policy has others
    finder = _Finder(replace(scenario, fixed_fees=shared), day, *limits)
    policies = [policy for policy in finder.policies() if policy is not None]
    if not policies:
        finder.explain()
    strategies = {policy.name: strategy for policy, strategy in policies}
    candidates = replace(scenario, strategies={**scenario.strategies, **strategies}, proposed=None)
    costs = compare(candidates, day)
    totals = {name: costs[name].total.low or ZERO for name in strategies}  # what is unknown is the same
    best = min(totals, key=totals.__getitem__)
    comparison = compare(replace(candidates, proposed=best), day)
    data = {name: strategy_data(strategy) for name, strategy in strategies.items()}
    worst = None
    if comparison[best].worst is not None:
        worst = _cheaper(comparison[best], replace(scenario, worst_case=True), day, *limits)
    return Search(
        comparison,
        tuple(policy for policy, _ in policies),
        best,
        budget,
        data,
        finder.table,
        tuple(finder.approximate),
        worst,
        tuple(task.name for task in finder.launched),
        min_success,
        {} if min_success is None else _short(candidates, day, min_success),
        {name: why for name, why in finder.unpriced.items() if name in finder.tiers},
        finder.kept,
    )


def _short(
    candidates: Scenario, day: date, floor: Decimal
) -> dict[str, tuple[Decimal | None, Decimal | None]]:
    """Return the strategies that succeed less often than ``floor`` in some task type, in the worst case.

    With the lowest rate of a task type, and that in the worst case; None if unknown.
    """
    usual, hard = (
        {name: least_success(expansion) for name, (expansion, _) in price_all(case, day).items()}
        for case in (candidates, replace(candidates, worst_case=True))
    )
    return {name: (usual[name], rate) for name, rate in hard.items() if rate is None or rate < floor}


def _cheaper(  # noqa: PLR0917  the options of a search
    best: StrategyCost,
    hard: Scenario,
    day: date,
    budget: Decimal | None,
    taxonomy: Taxonomy | None,
    min_success: Decimal | None,
) -> Search | None:
    """Return the search in the worst case of repeated work; None if no policy is cheaper there."""
    try:
        worst = search(hard, day, budget, taxonomy, min_success)
    except UsageError:
        return None  # no policy is within the limits in the worst case
    total, known = worst.comparison[worst.best].total_cost_per_month, best.total_cost_per_month_high
    return None if total is None or (known is not None and total >= known) else worst


@dataclass
class _Finder:
    """Search of one scenario; ``table`` is the data of the best routing table, once found.

    ``approximate`` names the policies that were chosen without trying all combinations; ``unpriced`` has
    the reason why a tier or cascade has no price. ``kept`` has the tier of task types whose failures are
    unknown, so that they stay where the default strategy has them.
    """

    scenario: Scenario
    day: date
    budget: Decimal | None
    taxonomy: Taxonomy | None
    min_success: Decimal | None = None
    table: Mapping[str, Any] | None = None
    approximate: list[str] = field(default_factory=list)
    unpriced: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        tiers = tier_options(self.scenario.pricing.tier_names)
        self.tiers = {option.name: option for option in tiers}
        self.cascades = {option.name: option for option in cascade_options(self.scenario)}
        options = [*tiers, *self.cascades.values()]
        models = tier_models(self.scenario.pricing, self.day).models
        kinds = {} if self.taxonomy is None else self.taxonomy.task_types
        order = () if self.taxonomy is None else self.taxonomy.tiers
        self.forbidden = {
            name: forbidden(kind, order, self.scenario.pricing, models) for name, kind in kinds.items()
        }
        self.tasks = self.scenario.workload.task_types
        known = self._known(self.tasks, options)
        self.mixable = [tier for tier in self.tiers if all(tier in costs for costs in known.values())]
        self.costs = self._succeeding(known)
        self.launched = launched_tasks(self.scenario)
        self.later = self._succeeding(self._known(self.launched, options))

    def _known(self, tasks: Sequence[TaskType], options: Sequence[Option]) -> dict[str, dict[str, Cost]]:
        of_tasks = replace(self.scenario, workload=Workload(tuple(tasks)))
        known = costs(of_tasks, options, self.day, self.unpriced)
        own = tasks is self.tasks and any(task.tasks_per_day and known[task.name] for task in tasks)
        return {
            task.name: self._allowed(task.routed_as, known[task.name] or (self._kept(task) if own else {}))
            for task in tasks
        }

    def _kept(self, task: TaskType) -> dict[str, Cost]:
        """Return the tier of the default strategy, for a task type whose failures are unknown."""
        default = self.scenario.strategies.get(self.scenario.default or "")
        if default is None or self.min_success is not None:
            return {}
        alone = replace(self.scenario, workload=Workload((task,)), strategies={ALL: default})
        expansion, daily = price_all(alone, self.day)[ALL]
        tiers = list(expansion.outcomes[0].tiers)
        if len(tiers) != 1:
            return {}
        self.kept[task.name] = tiers[0]
        calls = daily.total * self.scenario.days_per_month
        return {tiers[0]: Cost(calls, calls, (daily,))}

    def _succeeding(self, known: dict[str, dict[str, Cost]]) -> dict[str, dict[str, Cost]]:
        """Drop options that succeed too rarely. Raises UsageError if none is left for a task type."""
        floor = self.min_success or ZERO
        kept = {
            task: {name: cost for name, cost in options.items() if cost.success >= floor}
            for task, options in known.items()
        }
        for task, options in known.items():
            if options and not kept[task]:
                best = max(options, key=lambda name: options[name].success)
                raise UsageError(
                    f'no tier or cascade succeeds in {percent(floor)} of "{task}"; '
                    f"the highest rate is {percent(options[best].success)}, of {best}"
                )
        return kept

    def _allowed(self, kind: str, options: Mapping[str, Any]) -> dict[str, Any]:
        """Drop tiers that the taxonomy does not allow; a cascade may pass lower ones, but none forbidden."""
        if self.taxonomy is None:
            return dict(options)
        task_kind = self.taxonomy.task_types.get(kind)
        if task_kind is None:
            suggestion = did_you_mean(kind, self.taxonomy.task_types)
            raise UsageError(f'taxonomy "{self.taxonomy.name}" has no task type "{kind}"{suggestion}')
        never = self.forbidden[kind]
        lowest_tier(task_kind, self.taxonomy, never)
        cascades = (name for name, option in self.cascades.items() if not never & {*option.tiers})
        allowed = {*task_kind.tiers, *cascades} - never
        return {name: cost for name, cost in options.items() if name in allowed}

    def policies(self) -> list[PolicyStrategy | None]:
        """Return the best policy of each kind; None for kinds without one."""
        return [self._tier(), self._mix(), self._cascade(), self._table(), self._assignment()]

    def _groups(self, names: Mapping[str, Any], key: Any) -> Groups:
        chosen = {
            task: {name: cost for name, cost in options.items() if name in names}
            for task, options in self.costs.items()
        }
        return grouped(chosen, self.tasks, key)

    def _tier(self) -> PolicyStrategy | None:
        groups = self._groups(self.tiers, lambda _: ALL)
        chosen = self._chosen(groups)
        if chosen is None:
            return None
        return Policy("one tier", "best-tier", chosen), self.tiers[chosen[ALL]].strategy

    def _mix(self) -> PolicyStrategy | None:
        tiers = self._groups(self.tiers, lambda _: ALL)[ALL]
        is_cached = any(isinstance(task.cache, CachedPrefix) for task in self.tasks)
        if self.min_success is not None:  # with a better tier, one that fails too often may be used
            mix = best_priced_mix(self.mixable, self._price_mix, self.budget, self.min_success)
        elif self.settle is None and not is_cached:
            mix = best_mix(tiers, self.budget)
        else:  # each model has a cache of its own, so cost is not linear in the shares
            mix = best_priced_mix(list(tiers), self._price_mix, self.budget) if tiers else None
        if mix is None or len(mix) == 1:
            return None
        shares = ", ".join(f"{share * 100:.2f}% {tier}" for tier, share in mix.items())
        return Policy("mix", "best-mix", {ALL: shares}), Mix(mix)

    def _price_mix(self, shares: Shares) -> Cost | None:
        mixed = replace(self.scenario, strategies={ALL: Mix(shares)})
        cost = cost_of(mixed, *price_all(mixed, self.day)[ALL])
        return None if cost is None else settled(cost, self.scenario)

    @property
    def settle(self) -> Settle | None:
        """The function that applies terms on totals; None if there are none."""
        return partial(settled, scenario=self.scenario) if self.scenario.has_terms_on_totals else None

    def _chosen(self, groups: Groups, policy: str = "") -> Choice | None:
        """Return the best choice, or None if no option fits all task types and the budget."""
        try:
            chosen = choose(groups, self.budget, self.settle)
        except UsageError:
            return None
        if self.settle is not None and not tries_all(groups):
            self.approximate.append(policy)
        return chosen

    def _cascade(self) -> PolicyStrategy | None:
        cascades = usable_after_launches(self.cascades.values(), self.launched)
        chosen = self._chosen(self._groups(cascades, lambda _: ALL))
        if chosen is None:
            return None
        return Policy("cascade", "best-cascade", chosen), self.cascades[chosen[ALL]].strategy

    def _table(self) -> PolicyStrategy | None:
        chosen = self._chosen(self._groups(self.tiers, lambda task: task.routed_as), "best-table")
        if chosen is None:
            return None
        routes = {**self._later_routes(), **chosen}
        if self.taxonomy is not None:
            self.table = _table_data(self.scenario.name, self.taxonomy, routes, self.forbidden)
        tiers = {kind: self.tiers[tier].strategy for kind, tier in routes.items()}
        by_task = {task.name: tiers[task.routed_as] for task in (*self.tasks, *self.launched)}
        return Policy("table", "best-table", chosen), Assigned(by_task)

    def _assignment(self) -> PolicyStrategy | None:
        options = {**self.tiers, **self.cascades}
        is_table = len({task.routed_as for task in self.tasks}) == len(self.tasks)
        if is_table and not self.cascades:
            return None
        chosen = self._chosen(self._groups(options, lambda task: task.name), "best-assignment")
        if chosen is None:
            return None
        later = {
            task.name: cheapest(self.later[task.name], self._allowed_tiers(task.routed_as))
            for task in self.launched
        }
        by_task = {task: options[name].strategy for task, name in {**chosen, **later}.items()}
        return Policy("assignment", "best-assignment", chosen), Assigned(by_task)

    def _later_routes(self) -> dict[str, str]:
        """Return the tier of each task type of a table that only launches have."""
        in_tiers = {
            task: {name: cost for name, cost in known.items() if name in self.tiers}
            for task, known in self.later.items()
        }
        groups = grouped(in_tiers, self.launched, lambda task: task.routed_as)
        return {kind: cheapest(known, self._allowed_tiers(kind)) for kind, known in groups.items()}

    def _allowed_tiers(self, kind: str) -> list[str]:
        """Return the tiers that a task type may use, low to high."""
        if self.taxonomy is None:
            return [*self.tiers]
        allowed = {*self.taxonomy.task_types[kind].tiers} - self.forbidden[kind]
        return [tier for tier in self.tiers if tier in allowed]

    def explain(self) -> None:
        """Raise the UsageError that explains why no policy was found."""
        choose(
            self._groups({**self.tiers, **self.cascades}, lambda task: task.name), self.budget, self.settle
        )


def _table_data(
    name: str, taxonomy: Taxonomy, chosen: Choice, forbidden: Mapping[str, frozenset[str]]
) -> dict[str, Any]:
    """Return a table for the whole taxonomy; task types not in the workload go to their lowest tier."""
    kinds = taxonomy.task_types.items()
    others = {task: lowest_tier(kind, taxonomy, forbidden[task]) for task, kind in kinds}
    return {
        "version": "1",
        "description": f"cheapest table for {name}, including failures; "
        "task types not in its workload go to the lowest tier allowed",
        "taxonomy": taxonomy.name,
        "escalation": list(taxonomy.tiers),
        "routes": [row(task, tier, taxonomy, forbidden[task]) for task, tier in {**others, **chosen}.items()],
    }
