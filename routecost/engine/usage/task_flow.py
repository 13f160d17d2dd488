"""The flow of a task: the calls that it may take, how likely each is, and how it may end.

A strategy writes down one flow per task type, in shares of its tasks, so that the expected usage
is exact and nothing is sampled.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from typing import NamedTuple

from routecost.engine.usage.calls import CallShape, served_share, usage
from routecost.engine.usage.contexts import calls_of_task
from routecost.engine.usage.independent_draws import sums_of_calls, tokens_of
from routecost.engine.usage.quantities import NOTHING, Quantity
from routecost.engine.usage.redone import Rejected, least_success, most_success
from routecost.errors import UnpricedError, UsageError
from routecost.model.pricing.usage import Usage
from routecost.model.scenario.caching import CachedPrefix
from routecost.model.scenario.strategy import Cold, Expansion, Outcome, Payer, TierModels
from routecost.model.scenario.success import Rework, SuccessAfter
from routecost.model.scenario.workload import (
    Drawn,
    TaskCalls,
    TaskType,
    TierTokens,
    TokenShape,
    Workload,
)
from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact

EXECUTOR = "executor"
REWORK = "rework"


@dataclass(frozen=True, slots=True)
class Assistant:
    """A planner, judge or reviewer: its tier, the tokens of its own call, and what else it reads."""

    role: str
    tier: str
    tokens: TokenShape
    reads_output: bool = False
    reads_input: bool = False

    @property
    def call(self) -> CallShape:
        """Its call, before it reads anything."""
        return CallShape.of_helper(self.tokens)


class Calls(NamedTuple):
    """Calls of one shape on a tier, ``per_task`` of them, for a role.

    ``visits`` of these do not follow another call of the task directly.
    """

    role: str
    tier: str
    shape: CallShape
    per_task: Decimal
    visits: Decimal


Cache = tuple[tuple[str, str | None], bool]
"""A model with its effort, and whether its cache has expired before."""


def unknown_tokens(task: TaskType, tier: str, tier_models: TierModels) -> UnpricedError:
    """Return the error for a tier at whose effort the tokens of a task type are unknown."""
    effort, own = tier_models.efforts.get(tier), task.tier_tokens.get(tier)
    at = f'at effort "{effort}"' if effort else "without an effort"
    known = "" if own is None else f' ("tier_tokens" has those at effort "{own.effort}")'
    error = UnpricedError(
        f'tier "{tier}" is {tier_models.models.get(tier)} {at}, and the tokens of task type "{task.name}" '
        f'there are unknown{known}; state them in "tier_tokens", such as {tier}: {{output: 2400, reasoning: '
        f"75%}}, or {tier}: {{output_factor: 1}} if they do not differ"
    )
    error.about = (*task.path, "tokens" if own is None else "tier_tokens") if task.path else ()
    return error


@dataclass(slots=True)
class TaskFlow:
    """The calls of the tasks of one type, as far as they are written down.

    ``seconds`` is the mean time so far, None if the latency of a call is unknown. ``series`` is how
    many calls a tier makes for a task, ``mix`` the share of tasks per tier where each task has one.
    ``is_assumed`` is true as soon as the success of work done again is not stated; ``cold`` is as in
    :class:`Outcome`.
    """

    task: TaskType
    tier_models: TierModels
    calls: list[Calls] = field(default_factory=list)
    seconds: Decimal | None = ZERO
    series: TaskCalls | None = None
    mix: Mapping[str, Decimal] = field(default_factory=dict)
    is_assumed: bool = False
    cold: set[Cold] = field(default_factory=set)

    def shape(self, tier: str | None = None, tokens: TokenShape | None = None) -> CallShape:
        """Return a call of the task on a tier; ``tokens`` replaces the task's own.

        Raises UnpricedError for a tier with an effort at which the tokens of the task are unknown.
        """
        if tokens is not None:
            return CallShape.of_task(self.task, TierTokens(tokens, reasoning=tokens.reasoning))
        if tier is None:
            return CallShape.of_task(self.task)
        own, effort = self.task.tier_tokens.get(tier), self.tier_models.efforts.get(tier)
        stated = None if own is None else own.effort or effort
        if stated != effort:
            raise unknown_tokens(self.task, tier, self.tier_models)
        return CallShape.of_task(self.task, own)

    def repeated(self, tokens: Quantity, times: int) -> Quantity:
        """Return the tokens of a number of calls alike, which share a draw or are drawn one by one."""
        if self.task.calls.drawn is Drawn.PER_TASK or times < 2:
            return tokens.times(Decimal(times))
        return tokens_of(sums_of_calls(tokens, NOTHING, times)[times])[0]

    @exact
    def execute(
        self, tier: str, share: Decimal, shape: CallShape | None = None, role: str = EXECUTOR
    ) -> None:
        """Run a share of the tasks on a tier, with all the calls that a task takes."""
        self.wait(self.run(tier, share, shape, role), share)

    @exact
    def run(
        self, tier: str, count: Decimal, shape: CallShape | None = None, role: str = EXECUTOR
    ) -> Decimal | None:
        """Do each task ``count`` times on a tier; return the seconds that one takes."""
        shape = self.shape(tier) if shape is None else shape
        return self.run_parts([(tier, (self.series or self.task.calls).per_task, shape)], count, role)

    @exact
    def run_parts(
        self, parts: Sequence[tuple[str, int, CallShape]], count: Decimal, role: str = EXECUTOR
    ) -> Decimal | None:
        """Make the calls of a task on tiers in turn; return the seconds that they take."""
        durations, before = [], None
        series = self.series or self.task.calls
        for tier, call, is_cold in calls_of_task(series, parts, self.tier_models):
            if is_cold and count:
                self.cold.add(Cold.CALLS)
            cache = self.tier_models.cache(tier)
            self._add(role, tier, call, count, ZERO if cache == before else count)
            before = cache
            durations.append(self.duration(tier, call))
        return known_sum(durations)

    @exact
    def call(self, role: str, tier: str, count: Decimal, shape: CallShape) -> Decimal | None:
        """Make ``count`` single calls per task; return the seconds that one takes."""
        self._add(role, tier, shape, count, count)
        return self.duration(tier, shape)

    @exact
    def ask(
        self,
        assistant: Assistant,
        share: Decimal,
        output: Quantity | None = None,
        call: CallShape | None = None,
    ) -> None:
        """Show an assistant a share of the tasks: ``output`` and the input of ``call``, as it reads them.

        Without ``call`` the input is that of the task.
        """
        shape = assistant.call
        if assistant.reads_input:
            shape = shape.reading_input(call or self.shape())
        if assistant.reads_output and output is not None:
            shape = shape.reading(output)
        self.wait(self.call(assistant.role, assistant.tier, share, shape), share)

    def _add(self, role: str, tier: str, shape: CallShape, count: Decimal, visits: Decimal) -> None:
        self.tier_models.model(tier)  # raises for a tier that has none
        if count:
            self.calls.append(Calls(role, tier, shape, count, visits))

    def duration(self, tier: str, shape: CallShape) -> Decimal | None:
        """Return the seconds of a call; None if unknown, and for work that may wait."""
        latency = self.tier_models.latency.get(tier)
        if latency is None or len(shape.modes) != 1 or "standard" not in shape.modes:
            return None
        scaling = self.tier_models.scaling.get(self.tier_models.model(tier))
        factor = ONE if scaling is None else scaling.factor
        return latency.per_call + latency.per_output_token * shape.written.mean * factor

    def wait(self, seconds: Decimal | None, share: Decimal) -> None:
        """Add seconds to the time of a share of the tasks."""
        if share and self.seconds is not None:
            self.seconds = None if seconds is None else self.seconds + seconds * share

    def again(
        self, tier: str, rejected: Rejected, after: SuccessAfter | None = None, *, most: bool = False
    ) -> Decimal | None:
        """Return the share of tasks that are rejected and that ``tier`` does right; None if unknown.

        Without ``after`` the tier succeeds at its own rate, or in the worst case as little as its rate
        on all tasks allows (with ``most``, as much).
        """
        rate = self.task.success_rate(tier)
        if after is not None:
            return rejected.right_after(after)
        if rate is None or not rejected.total:
            return None if rejected.total else ZERO
        self.is_assumed = True
        if not self.tier_models.worst_case:
            return rejected.total * rate
        return (most_success if most else least_success)(rejected.total, rate)

    def _rework_failed(self, rework: Rework, reworked: Decimal) -> Decimal:
        """Return the share of tasks whose rework is wrong: none, unless stated or in the worst case."""
        if rework.success_after is not None:
            return reworked * (1 - rework.success_after)
        if rework.tier is None:
            return ZERO
        self.is_assumed = True
        if not self.tier_models.worst_case:
            return ZERO
        return reworked - least_success(reworked, self.task.success_rate(rework.tier) or ZERO)

    @exact
    def end(
        self, right: Decimal | None, *, escalated: Decimal | None = ZERO, reviewed: Decimal = ZERO
    ) -> Outcome:
        """End the flow: of the results that are not right some are noticed and done again."""
        wrong, reworked = None if right is None else 1 - right, None if right is None else ZERO
        failed = ZERO
        rework = self.task.rework
        if rework is not None and wrong is not None:
            reworked = wrong * rework.noticed
            wrong -= reworked
            if rework.tier is not None:
                if reworked and self._expires:
                    self.cold.add(Cold.REWORK)
                shape = self.shape(rework.tier)
                shape = shape.reading(self._read_again()) if rework.pass_on and reworked else shape
                self.execute(rework.tier, reworked, shape, REWORK)
            failed = self._rework_failed(rework, reworked)
        return Outcome(
            self.task.name,
            self.task.tasks_per_day,
            right,
            wrong,
            reworked,
            escalated,
            reviewed,
            self.seconds,
            Decimal((self.series or self.task.calls).per_task),
            failed,
            self.is_assumed,
            cold=frozenset(self.cold),
            tiers=self.mix,
        )

    def _read_again(self) -> Quantity:
        """Return the output of a call of the task, which rework reads.

        Raises UsageError if tiers wrote outputs of different lengths: which of them was wrong is unknown.
        """
        if not self.task.tier_tokens:
            return self.shape().output
        first, *others = dict.fromkeys(calls.tier for calls in self.calls if calls.role == EXECUTOR)
        written = self.shape(first).output
        if any(self.shape(tier).output.mean != written.mean for tier in others):
            raise UsageError(
                f'rework of "{self.task.name}" reads what was wrong ("pass_on"), and the output of its tiers '
                "differs; expected tiers with the same output, or no pass_on"
            )
        return written

    @property
    def _expires(self) -> bool:
        """True if the calls of a task use a cache that has expired when the task is done again."""
        has_prefix = isinstance(self.task.cache, CachedPrefix) and not self.task.hits_follow
        return has_prefix or bool((self.series or self.task.calls).cached)

    def include(self, part: TaskFlow, share: Decimal) -> None:
        """Take over the calls of a flow that a share of the tasks follows."""
        self.calls.extend(
            calls._replace(per_task=calls.per_task * share, visits=calls.visits * share)
            for calls in part.calls
        )

    @exact
    def usages(self) -> Iterator[tuple[str, Usage]]:
        """Yield the usage of a day by role; calls of one model share what its cache holds."""
        written = self._written_shares() if isinstance(self.task.cache, CachedPrefix) else {}
        for calls in self.calls:
            count = self.task.tasks_per_day * calls.per_task
            share = written.get(self._cache_of(calls), ONE) if written else ONE
            yield calls.role, usage(calls.shape, calls.tier, self.tier_models, count, share, self.task)

    def _cache_of(self, calls: Calls) -> Cache:
        """Return what calls share a prefix in. Rework comes after it has expired, if not known."""
        is_late = calls.role == REWORK and not self.task.hits_follow
        return self.tier_models.cache(calls.tier), is_late

    def _written_shares(self) -> dict[Cache, Decimal]:
        """Return the share of calls with a shared prefix that write it, by what they share it in."""
        from routecost.engine.usage.cache_hits import Meeting, written_share  # few workloads have any

        meetings: dict[Cache, Meeting] = defaultdict(Meeting)
        for calls in self.calls:
            served, place = served_share(calls.shape), self._cache_of(calls)
            meetings[place] = meetings[place].plus(calls.per_task * served, calls.visits * served)
        return {place: written_share(self.task, meeting) for place, meeting in meetings.items()}


Ended = tuple[TaskFlow, Outcome]
"""A flow with how it ends."""


def known_sum(parts: Iterable[Decimal | None]) -> Decimal | None:
    """Return the sum if all parts are known, else None."""
    total = ZERO
    for part in parts:
        if part is None:
            return None
        total += part
    return total


def expansion(
    ended: Iterable[Ended], mix: Mapping[str, Decimal] | None = None, *, mix_follows: bool = False
) -> Expansion:
    """Return a day's usage, by role and in all, and the outcomes of flows."""
    by_role: dict[str, list[Usage]] = {}
    outcomes = []
    for flow, outcome in ended:
        outcomes.append(outcome)
        for role, used in flow.usages():
            by_role.setdefault(role, []).append(used)
    roles = {role: Usage.total(usages) for role, usages in by_role.items()}
    return Expansion(Usage.total(roles.values()), mix or {}, mix_follows, roles, tuple(outcomes))


class TaskStrategy(Payer, ABC):
    """A strategy that runs the tasks of each type by a flow of their own."""

    __slots__ = ()

    @exact
    def expand(self, workload: Workload, tier_models: TierModels) -> Expansion:
        """Return the expected usage of one day of the workload, and the outcomes of its tasks."""
        for task in workload.task_types:
            self.check(task)
        flows = [self.flow(task, tier_models) for task in workload.task_types]
        return expansion(flows, self.stated_mix())

    @abstractmethod
    def flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        """Return the calls of the tasks of one type, and their outcome."""

    def stated_mix(self) -> Mapping[str, Decimal]:
        """Return the share of tasks per tier; empty if a task may run on several tiers."""
        return {}

    def rates_needed(self) -> Sequence[str]:
        """Return the tiers whose success rates decide how many calls are made."""
        return ()

    def check(self, task: TaskType) -> None:
        """Raise UsageError for tasks that the strategy cannot do."""
        for tier in self.rates_needed():
            if tier not in task.success:
                raise UsageError(f'the success rate of "{tier}" is unknown for task type "{task.name}"')


@exact
def done_once(task: TaskType, tier_models: TierModels, shares: Mapping[str, Decimal]) -> Ended:
    """Return the flow of tasks that run once; ``shares`` of them per tier, summing to 1."""
    used = {tier: share for tier, share in shares.items() if share}
    flow = TaskFlow(task, tier_models, mix=used)
    for tier, share in used.items():
        flow.execute(tier, share)
    rates = {tier: flow.task.success_rate(tier) for tier in used}
    right = known_sum(None if rate is None else rate * used[tier] for tier, rate in rates.items())
    return flow, flow.end(right)
