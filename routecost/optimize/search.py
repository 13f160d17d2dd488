"""The cheapest policy of each kind for a workload with success rates and costs of failures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from routecost.engine.compare.compare import compare
from routecost.engine.strategies.assigned import Assigned
from routecost.engine.strategies.mix import Mix
from routecost.errors import UsageError
from routecost.model.results.policies import Policy, Search
from routecost.model.routing.table import Taxonomy
from routecost.model.scenario.caching import CachedPrefix
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.strategy import Strategy
from routecost.optimize.candidates import cascade_options, costs, grouped, tier_options
from routecost.optimize.knapsack import Choice, Groups, choose
from routecost.optimize.mixes import best_mix
from routecost.optimize.serialize import strategy_data
from routecost.problems import did_you_mean
from routecost.units import exact

ALL = "all"
Found = tuple[Policy, Strategy]


@exact
def search(
    scenario: Scenario, day: date, budget: Decimal | None = None, taxonomy: Taxonomy | None = None
) -> Search:
    """Return the cheapest policy of each kind, at the rates of ``day``.

    Kinds: one tier, a mix (where no cached prefix makes its cost a curve), a cascade for all, a
    routing table, and for each task type a tier or cascade of its own. Each is the cheapest of its
    kind by construction, before volume discounts: without a budget the choice is separable, with
    one an integer program. Cascades are searched where the scenario has one whose acceptance
    follows from success rates. With a taxonomy tiers are only those that it admits.

    Raises UsageError where the workload states too little, for a budget that is too small, and
    for task types that the taxonomy does not have.
    """
    finder = _Finder(scenario, day, budget, taxonomy)
    found = [each for each in finder.policies() if each is not None]
    if not found:
        finder.explain()
    strategies = {policy.name: strategy for policy, strategy in found}
    named = {"default": scenario.default, "baseline": scenario.baseline}
    kept = {name: scenario.strategies[name] for name in dict.fromkeys(named.values()) if name is not None}
    made = replace(scenario, strategies={**kept, **strategies}, proposed=None)
    comparison = compare(made, day)
    totals = {name: comparison[name].total_cost_per_month or Decimal(0) for name in strategies}
    best = min(totals, key=totals.__getitem__)
    comparison = compare(replace(made, proposed=best), day)
    data = {name: strategy_data(strategy) for name, strategy in strategies.items()}
    return Search(comparison, tuple(policy for policy, _ in found), best, budget, data, finder.table)


@dataclass
class _Finder:
    """Finds the best policy of each kind; ``table`` is the data of the routing table, once found."""

    scenario: Scenario
    day: date
    budget: Decimal | None
    taxonomy: Taxonomy | None
    table: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        tiers = tier_options(self.scenario.pricing.tier_names)
        self.tiers = {option.name: option for option in tiers}
        self.cascades = {option.name: option for option in cascade_options(self.scenario)}
        every = [*tiers, *self.cascades.values()]
        self.tasks = self.scenario.workload.task_types
        known = costs(self.scenario, every, self.day)
        self.costs = {task.name: self._admitted(task.routed_as, known[task.name]) for task in self.tasks}

    def _admitted(self, kind: str, options: Mapping[str, Any]) -> dict[str, Any]:
        """Leave out tiers that the taxonomy does not admit; a cascade may pass through lower ones."""
        if self.taxonomy is None:
            return dict(options)
        found = self.taxonomy.task_types.get(kind)
        if found is None:
            offer = did_you_mean(kind, self.taxonomy.task_types)
            raise UsageError(f'taxonomy "{self.taxonomy.name}" has no task type "{kind}"{offer}')
        return {name: cost for name, cost in options.items() if name in found.tiers or name in self.cascades}

    def policies(self) -> list[Found | None]:
        """Return the best policy of each kind; None for kinds without one."""
        return [self._tier(), self._mix(), self._cascade(), self._table(), self._assignment()]

    def _groups(self, names: Mapping[str, Any], key: Any) -> Groups:
        chosen = {
            task: {name: cost for name, cost in options.items() if name in names}
            for task, options in self.costs.items()
        }
        return grouped(chosen, self.tasks, key)

    def _tier(self) -> Found | None:
        groups = self._groups(self.tiers, lambda _: ALL)
        chosen = _chosen(groups, self.budget)
        if chosen is None:
            return None
        return Policy("one tier", "best-tier", chosen), self.tiers[chosen[ALL]].strategy

    def _mix(self) -> Found | None:
        if any(isinstance(task.cache, CachedPrefix) for task in self.tasks):
            return None  # the more tiers share a prefix, the more often it is written: not linear
        mix = best_mix(self._groups(self.tiers, lambda _: ALL)[ALL], self.budget)
        if mix is None or len(mix) == 1:
            return None
        said = ", ".join(f"{share * 100:.2f}% {tier}" for tier, share in mix.items())
        return Policy("mix", "best-mix", {ALL: said}), Mix(mix)

    def _cascade(self) -> Found | None:
        chosen = _chosen(self._groups(self.cascades, lambda _: ALL), self.budget)
        if chosen is None:
            return None
        return Policy("cascade", "best-cascade", chosen), self.cascades[chosen[ALL]].strategy

    def _table(self) -> Found | None:
        chosen = _chosen(self._groups(self.tiers, lambda task: task.routed_as), self.budget)
        if chosen is None:
            return None
        if self.taxonomy is not None:
            self.table = _table_data(self.scenario.name, self.taxonomy, chosen)
        tiers = {kind: self.tiers[tier].strategy for kind, tier in chosen.items()}
        by_task = {task.name: tiers[task.routed_as] for task in self.tasks}
        return Policy("table", "best-table", chosen), Assigned(by_task)

    def _assignment(self) -> Found | None:
        every = {**self.tiers, **self.cascades}
        chosen = _chosen(self._groups(every, lambda task: task.name), self.budget)
        if chosen is None or not self.cascades:
            return None
        made = {task: every[name].strategy for task, name in chosen.items()}
        return Policy("assignment", "best-assignment", chosen), Assigned(made)

    def explain(self) -> None:
        """Raise the error that says why no policy was found."""
        choose(self._groups({**self.tiers, **self.cascades}, lambda task: task.name), self.budget)


def _chosen(groups: Groups, budget: Decimal | None) -> Choice | None:
    """Return the best choice, or None where no option suits all task types, or the budget."""
    try:
        return choose(groups, budget)
    except UsageError:
        return None


def _table_data(name: str, taxonomy: Taxonomy, chosen: Choice) -> dict[str, Any]:
    """Return a table for the whole taxonomy: what the workload lacks goes to its lowest tier."""
    others = {kind.name: min(kind.tiers, key=taxonomy.tiers.index) for kind in taxonomy.task_types.values()}
    return {
        "version": "1",
        "description": f"the cheapest table for {name}, failures counted; "
        "task types that it lacks go to the lowest tier admitted",
        "taxonomy": taxonomy.name,
        "escalation": list(taxonomy.tiers),
        "routes": [_route(task, tier, taxonomy) for task, tier in {**others, **chosen}.items()],
    }


def _route(task: str, tier: str, taxonomy: Taxonomy) -> dict[str, str]:
    """Return a row; below the highest tier executors must say how confident they are."""
    confidence = {} if tier == taxonomy.tiers[-1] else {"confidence": "required"}
    return {"task": task, "tier": tier, **confidence}
