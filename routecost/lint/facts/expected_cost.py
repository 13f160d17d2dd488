"""What tasks cost on each tier, failures included: which tier is the cheapest, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from routecost.engine.compare.compare import tier_models_of
from routecost.engine.compare.expected_cost import break_even, mean_cost, model_cost, rate, total_cost
from routecost.engine.numeric.proportions import Sample, chance_above
from routecost.errors import RoutecostError
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.strategy import TierModels
from routecost.model.scenario.workload import TaskType


@dataclass(frozen=True, slots=True)
class Option:
    """A tier that a task type could go to: what a task costs there, and what was measured."""

    tier: str
    model_cost: Decimal
    sample: Sample
    failure_cost: Decimal

    @property
    def success_rate(self) -> Decimal:
        """The measured success rate."""
        return rate(self.sample.successes, self.sample.trials)

    @property
    def total(self) -> Decimal:
        """What a task is expected to cost: the model and its failures."""
        return total_cost(self.model_cost, self.sample.successes, self.sample.trials, self.failure_cost)

    def chance_cheaper_than(self, other: Option) -> float:
        """Return how likely this option costs less, given what was measured."""
        extra = self.model_cost - other.model_cost
        if not self.failure_cost:
            return float(extra < 0)
        return chance_above(float(extra / self.failure_cost), self.sample, other.sample)

    def break_even_with(self, other: Option) -> Decimal | None:
        """Return the failure cost from which on the dearer of the two pays."""
        cheap, dear = sorted((self, other), key=lambda option: option.model_cost)
        return break_even(dear.model_cost, cheap.model_cost, dear.success_rate, cheap.success_rate)


@dataclass(frozen=True)
class Risk:
    """The costs of a scenario's tasks on a day."""

    scenario: Scenario
    day: date

    def options(self, task: str, samples: Mapping[str, Sample], failure_cost: Decimal) -> list[Option]:
        """Return the tiers with evidence and a price, in the order of ``samples``."""
        found = ((tier, self.model_cost(task, tier), sample) for tier, sample in samples.items())
        return [Option(tier, cost, sample, failure_cost) for tier, cost, sample in found if cost is not None]

    def model_cost(self, task: str, tier: str) -> Decimal | None:
        """Return what a task of a type costs on a tier; None where it has no price or no tokens."""
        tasks = self._tasks.get(task)
        if not tasks:
            return None
        try:
            return model_cost(tasks, tier, self._lineup, self.scenario.pricing, self.day)
        except RoutecostError:  # other rules say that the tier has no price
            return None

    def failure_cost(self, task: str) -> Decimal | None:
        """Return what a failure of a type costs, by the scenario: the mean over its tasks."""
        # The scenario's own fields are read where its task types have them.
        costs = [(each, getattr(each, "failure_cost", None)) for each in self._tasks.get(task, ())]
        return mean_cost([(each.tasks_per_day, cost) for each, cost in costs if cost is not None])

    def samples(self, task: str) -> dict[str, Sample]:
        """Return the success rates that the scenario itself gives with their trials, by tier."""
        found = {}
        for each in self._tasks.get(task, ()):
            for tier, known in getattr(each, "success", {}).items():
                if known.trials:
                    found[tier] = Sample(known.successes, known.trials)
        return found

    @cached_property
    def _lineup(self) -> TierModels:
        return tier_models_of(self.scenario, self.day)

    @cached_property
    def _tasks(self) -> Mapping[str, Sequence[TaskType]]:
        found: dict[str, list[TaskType]] = {}
        for task in self.scenario.workload.task_types:
            found.setdefault(task.routed_as, []).append(task)
        return found


def cheapest(options: Sequence[Option]) -> Option:
    """Return the option with the lowest expected cost; of equals the first."""
    return min(options, key=lambda option: option.total)


def money(amount: Decimal, currency: str) -> str:
    """Return an amount for people: to the cent, below one unit to two significant digits."""
    places = 2 if not amount or amount.adjusted() >= 0 else max(2, 1 - amount.adjusted())
    return f"${amount:,.{places}f}" if currency == "USD" else f"{amount:,.{places}f} {currency}"
