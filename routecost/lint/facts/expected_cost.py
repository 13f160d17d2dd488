"""Expected cost of a task on each tier, including failures, and the certainty of a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """A tier for a task type, with its cost per task and measured successes."""

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
        """The expected cost of a task: model cost and failure cost."""
        return total_cost(self.model_cost, self.sample.successes, self.sample.trials, self.failure_cost)

    def chance_cheaper_than(self, other: Option) -> float:
        """Return the probability that this option costs less, given the samples."""
        extra = self.model_cost - other.model_cost
        if not self.failure_cost:
            return float(extra < 0)
        return chance_above(float(extra / self.failure_cost), self.sample, other.sample)

    def break_even_with(self, other: Option) -> Decimal | None:
        """Return the failure cost above which the more expensive option has the lower expected cost."""
        low, high = sorted((self, other), key=lambda option: option.model_cost)
        return break_even(high.model_cost, low.model_cost, high.success_rate, low.success_rate)


@dataclass(frozen=True)
class ExpectedCosts:
    """Costs of a scenario's tasks on a day."""

    scenario: Scenario
    day: date

    def options(self, task: str, samples: Mapping[str, Sample], failure_cost: Decimal) -> list[Option]:
        """Return the tiers with evidence and a price, in the order of ``samples``."""
        costs = ((tier, self.model_cost(task, tier), sample) for tier, sample in samples.items())
        return [Option(tier, cost, sample, failure_cost) for tier, cost, sample in costs if cost is not None]

    def model_cost(self, task: str, tier: str) -> Decimal | None:
        """Return the model cost of a task on a tier; None without a price or tokens."""
        tasks = self._tasks.get(task)
        if not tasks:
            return None
        try:
            return model_cost(tasks, tier, self._tier_models, self.scenario.pricing, self.day)
        except RoutecostError:  # RT105 reports tiers without a price
            return None

    def failure_cost(self, task: str) -> Decimal | None:
        """Return the scenario's mean failure cost of a task type; None if not stated."""
        tasks = self._tasks.get(task, ())
        return mean_cost(
            [(kind.tasks_per_day, kind.failure_cost) for kind in tasks if kind.failure_cost is not None]
        )

    def samples(self, task: str) -> dict[str, Sample]:
        """Return the scenario's own success rates that state their trials, by tier."""
        samples = {}
        for kind in self._tasks.get(task, ()):
            for tier, success in kind.success.items():
                if success.successes is not None and success.trials:
                    samples[tier] = Sample(success.successes, success.trials)
        return samples

    @cached_property
    def _tier_models(self) -> TierModels:
        return tier_models_of(self.scenario, self.day)

    @cached_property
    def _tasks(self) -> Mapping[str, Sequence[TaskType]]:
        by_type: dict[str, list[TaskType]] = {}
        for task in self.scenario.workload.task_types:
            by_type.setdefault(task.routed_as, []).append(task)
        return by_type


def cheapest(options: Sequence[Option]) -> Option:
    """Return the option with the lowest expected cost; the first of equal ones."""
    return min(options, key=lambda option: option.total)


def money(amount: Decimal, currency: str) -> str:
    """Format an amount: to the cent, or to two significant digits below one unit."""
    places = 2 if not amount or amount.adjusted() >= 0 else max(2, 1 - amount.adjusted())
    return f"${amount:,.{places}f}" if currency == "USD" else f"{amount:,.{places}f} {currency}"
