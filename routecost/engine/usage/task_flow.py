"""Task flows: the possible calls of a task, their probabilities, and its outcomes.

Strategies with more than one call per task record a flow per task type: shares of its tasks, so that
the expected usage is exact and nothing is sampled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from routecost.engine.usage.calls import calls
from routecost.model.pricing.usage import Usage
from routecost.model.scenario.caching import NO_CACHE, Caching
from routecost.model.scenario.strategy import Expansion, Outcome, TierModels
from routecost.model.scenario.workload import TaskType, TokenShape
from routecost.units import ZERO, exact

EXECUTOR = "executor"
REWORK = "rework"


@dataclass(frozen=True, slots=True)
class Assistant:
    """A planner, judge or reviewer: its tier, the tokens of its own call, and whether it reads outputs."""

    role: str
    tier: str
    tokens: TokenShape
    reads_output: bool = False


@dataclass(slots=True)
class TaskFlow:
    """The flow of the tasks of one type, recorded call by call.

    ``seconds`` is the mean time so far, None if the latency of a call is unknown.
    """

    task: TaskType
    tier_models: TierModels
    usages: dict[str, list[Usage]] = field(default_factory=dict)
    seconds: Decimal | None = ZERO

    @exact
    def execute(self, tier: str, share: Decimal, tokens: TokenShape | None = None) -> None:
        """Run a share of the tasks on a tier; ``tokens`` if they are not the task's own."""
        task = self.task if tokens is None else replace(self.task, tokens=tokens)
        self._call(EXECUTOR, task, tier, share)
        self.wait(self.duration(task, tier), share)

    @exact
    def ask(self, role: str, tier: str, share: Decimal, tokens: TokenShape) -> None:
        """Have a planner, judge or reviewer see a share of the tasks, in a call of its own."""
        task = self._apart(tokens)
        self._call(role, task, tier, share)
        self.wait(self.duration(task, tier), share)

    @exact
    def execute_apart(self, tier: str, count: Decimal, tokens: TokenShape) -> Decimal | None:
        """Make ``count`` calls per task without adding their time, and return the duration of one call."""
        task = replace(self.task, tokens=tokens)
        self._call(EXECUTOR, task, tier, count)
        return self.duration(task, tier)

    def _apart(self, tokens: TokenShape) -> TaskType:
        return replace(self.task, tokens=tokens, cache=NO_CACHE, batch_share=ZERO, meters={})

    def _call(self, role: str, task: TaskType, tier: str, share: Decimal) -> None:
        if share:
            usage = calls(task, tier, self.tier_models, self.task.tasks_per_day * share)
            self.usages.setdefault(role, []).append(usage)

    def duration(self, task: TaskType, tier: str) -> Decimal | None:
        """Return the seconds of a call; None if unknown, and for batch work."""
        latency = self.tier_models.latency.get(tier)
        if latency is None or task.batch_share:
            return None
        scaling = self.tier_models.scaling.get(self.tier_models.model(tier))
        factor = Decimal(1) if scaling is None else scaling.factor
        return latency.per_call + latency.per_output_token * task.tokens.mean_output * factor

    def wait(self, seconds: Decimal | None, share: Decimal) -> None:
        """Add seconds to the time of a share of the tasks."""
        if share and self.seconds is not None:
            self.seconds = None if seconds is None else self.seconds + seconds * share

    @exact
    def speak(
        self, role: str, tier: str, share: Decimal, tokens: TokenShape, cache: Caching = NO_CACHE
    ) -> Decimal | None:
        """Make ``share`` calls per task on a tier for agents, and return the duration of one call."""
        task = replace(self._apart(tokens), cache=cache)
        self._call(role, task, tier, share)
        return self.duration(task, tier)

    def asked(self, assistant: Assistant, share: Decimal, output: Decimal) -> None:
        """Have an assistant see a share of the tasks, and ``output`` tokens of results if it reads them."""
        tokens = assistant.tokens.reading(output) if assistant.reads_output else assistant.tokens
        self.ask(assistant.role, assistant.tier, share, tokens)

    def success(self, tier: str) -> Decimal | None:
        """Return the success rate of a tier, or None."""
        rate = self.task.success.get(tier)
        return None if rate is None else rate.rate

    @exact
    def end(
        self, right: Decimal | None, *, escalated: Decimal | None = ZERO, reviewed: Decimal = ZERO
    ) -> Outcome:
        """End the flow: some of the wrong results are noticed and done again."""
        wrong, reworked = None if right is None else 1 - right, None if right is None else ZERO
        rework = self.task.rework
        if rework is not None and wrong is not None:
            reworked = wrong * rework.noticed
            wrong -= reworked
            if rework.tier is not None:
                self._call(REWORK, self.task, rework.tier, reworked)
                self.wait(self.duration(self.task, rework.tier), reworked)
        tasks = self.task.tasks_per_day
        return Outcome(self.task.name, tasks, right, wrong, reworked, escalated, reviewed, self.seconds)


Ended = tuple[TaskFlow, Outcome]
"""A flow with its outcome."""


def known_sum(parts: Iterable[Decimal | None]) -> Decimal | None:
    """Return the sum if all of it is known, else None."""
    total = ZERO
    for part in parts:
        if part is None:
            return None
        total += part
    return total


def expansion(
    ended: Iterable[Ended], mix: Mapping[str, Decimal] | None = None, *, mix_follows: bool = False
) -> Expansion:
    """Return the expansion of a day's work from flows and outcomes."""
    by_role: dict[str, list[Usage]] = {}
    outcomes = []
    for flow, outcome in ended:
        outcomes.append(outcome)
        for role, usages in flow.usages.items():
            by_role.setdefault(role, []).extend(usages)
    roles = {role: Usage.total(usages) for role, usages in by_role.items()}
    return Expansion(Usage.total(roles.values()), mix or {}, mix_follows, roles, tuple(outcomes))


@exact
def one_call_each(task: TaskType, tier_models: TierModels, shares: Mapping[str, Decimal]) -> Ended:
    """Return the flow of tasks with shares on tiers, one call each; the shares sum to 1."""
    flow = TaskFlow(task, tier_models)
    used = {tier: share for tier, share in shares.items() if share}
    for tier, share in used.items():
        flow.execute(tier, share)
    rates = {tier: flow.success(tier) for tier in used}
    right = known_sum(None if rate is None else rate * used[tier] for tier, rate in rates.items())
    return flow, flow.end(right)
