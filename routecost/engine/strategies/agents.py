"""Several agents on one task: their calls, what each reads of the others, and their joint success.

The collaboration modes of MasRouter (ACL 2025, section 3): single, chain, debate, ensemble with a
vote, and a reviewer loop. Plan-and-execute is a strategy of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum

from routecost.engine.usage.calls import CallShape
from routecost.engine.usage.majority_vote import all_right, vote
from routecost.engine.usage.quantities import NOTHING, Quantity
from routecost.engine.usage.task_flow import EXECUTOR, Assistant, Ended, TaskFlow, TaskStrategy, known_sum
from routecost.errors import UsageError
from routecost.model.scenario.strategy import Outcome, TierModels
from routecost.model.scenario.success import Detection
from routecost.model.scenario.workload import ONE_CALL, TaskType, TokenShape
from routecost.records import dataclass
from routecost.units import ONE, ZERO

CACHED_CALLS = '"cached" agents make one call each; "{}" states the calls of a task: use its "calls.cached"'


class Mode(StrEnum):
    """The way agents work together on a task."""

    SINGLE = "single"
    CHAIN = "chain"
    DEBATE = "debate"
    ENSEMBLE = "ensemble"
    REVIEW = "reviewer-loop"


@dataclass(frozen=True, slots=True)
class Role:
    """An agent: its tier, and the tokens of its calls if they differ from those of the task."""

    tier: str
    tokens: TokenShape | None = None


@dataclass(frozen=True, slots=True)
class Agents(TaskStrategy):
    """``roles`` work together on each task; a call has its own tokens and those that it reads of others.

    - single: one call.
    - chain: each agent reads the outputs of all before it; the task is right if all are.
    - ensemble: each agent answers once, and they vote.
    - debate: from the second of ``rounds`` on each agent reads the outputs of all agents in all
      earlier rounds, including its own; then they vote. The effect of rounds on the vote is not modelled.
    - reviewer-loop: one agent, whose output the ``judge`` accepts or rejects (``rejects``, or
      ``detection`` and the agent's rate). After a rejection the agent tries again with all outputs and
      remarks so far as input, at most ``rounds`` times in all. The last output is accepted.

    A ``judge`` of a debate or an ensemble reads the outputs of the last round and replaces the
    vote. With ``cached``, calls of a debate or a loop read from the cache what their agent read
    before, and write what it will read again.

    The success rate of a task is ``success`` if given. Otherwise it follows from the agents' rates and
    their ``correlation``, the probability that one cause decides for all of them, or is unknown.
    """

    mode: Mode
    roles: tuple[Role, ...]
    rounds: int = 1
    judge: Assistant | None = None
    rejects: Decimal | None = None
    detection: Detection | None = None
    cached: bool = False
    success: Decimal | None = None
    correlation: Decimal | None = None

    def rates_needed(self) -> list[str]:
        """Return the tier whose outputs are judged."""
        return [role.tier for role in self.roles] if self.detection is not None else []

    def flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        """Return the calls of the tasks of one type, and their outcome."""
        flow = TaskFlow(task, tier_models)
        if self.mode is Mode.REVIEW:
            return flow, self._loop(flow)
        if self.mode is Mode.CHAIN:
            self._chain(flow)
        else:
            self._debate(flow)
        right = self.success if self.success is not None else self._together(flow)
        return flow, flow.end(right, reviewed=ZERO if self.judge is None else ONE)

    def _together(self, flow: TaskFlow) -> Decimal | None:
        """Return the success rate of the agents together, or None if unknown."""
        rates = [flow.task.success_rate(role.tier) for role in self.roles]
        known = [rate for rate in rates if rate is not None]
        if len(known) < len(rates):
            return None
        if len(known) == 1:
            return known[0]
        if self.correlation is None or self.judge is not None:
            return None
        return (all_right if self.mode is Mode.CHAIN else vote)(known, self.correlation)

    def _chain(self, flow: TaskFlow) -> None:
        read = NOTHING
        for role in self.roles:
            shape = _shape(flow, role).reading(read)
            flow.wait(_run(flow, role, ONE, shape), ONE)
            read = read + shape.output

    def _debate(self, flow: TaskFlow) -> None:
        """Run rounds, each as long as its slowest agent."""
        rounds = self.rounds if self.mode is Mode.DEBATE else 1
        written = NOTHING
        for role in self.roles:
            written = written + _shape(flow, role).output
        for at in range(rounds):
            durations = [self._speak(flow, role, at, written, at == rounds - 1) for role in self.roles]
            flow.wait(_longest(durations), ONE)
        if self.judge is not None:
            flow.ask(self.judge, ONE, written)

    def _speak(  # noqa: PLR0917  a call and its place in the discussion
        self, flow: TaskFlow, role: Role, at: int, written: Quantity, is_last: bool, share: Decimal = ONE
    ) -> Decimal | None:
        """Call an agent for the ``at``-th time after the first; ``written`` is new before each call."""
        shape = _shape(flow, role)
        if not self.cached or (at == 0 and is_last):
            return _run(flow, role, share, shape.reading(flow.repeated(written, at)) if at else shape)
        if role.tokens is None and flow.task.calls != ONE_CALL:
            raise UsageError(CACHED_CALLS.format(flow.task.name))
        before = shape.prompt + flow.repeated(written, at - 1) if at else NOTHING
        new = written if at else shape.prompt
        plain, stored = (new, NOTHING) if is_last else (NOTHING, new)
        return flow.call(EXECUTOR, role.tier, share, shape.in_context(plain, before, stored, "5m"))

    def _loop(self, flow: TaskFlow) -> Outcome:
        (role,), judge = self.roles, self.judge
        shape = _shape(flow, role)
        rate = flow.task.success_rate(role.tier)
        reaching = list(self._reaching(rate))
        written = shape.output if judge is None else shape.output + judge.call.output
        for at, share in enumerate(reaching):
            is_last = at == self.rounds - 1
            seconds = self._speak(flow, role, at, written, is_last, share)
            flow.wait(seconds, share)
            if judge is not None and not is_last:
                flow.ask(judge, share, shape.output, shape)
        right = self.success if self.success is not None else self._accepted(rate, reaching)
        return flow.end(right, reviewed=ONE if self.rounds > 1 else ZERO)

    def _verdicts(self, rate: Decimal | None) -> Iterator[tuple[Decimal, Decimal]]:
        """Yield the cases of a loop: the probability and the rejection rate of each."""
        detection, alike = self.detection, self.correlation or ZERO
        if detection is None or rate is None:
            yield ONE, self.rejects or ZERO
            return
        wrong, right = detection.wrong_rejected, detection.right_rejected
        yield alike * rate, right
        yield alike * (1 - rate), wrong
        yield 1 - alike, rate * right + (1 - rate) * wrong

    def _reaching(self, rate: Decimal | None) -> Iterator[Decimal]:
        """Yield the share of tasks that make each try."""
        for at in range(self.rounds):
            yield (
                sum((weight * rejected**at for weight, rejected in self._rejecting(rate)), ZERO)
                if at
                else ONE
            )

    def _rejecting(self, rate: Decimal | None) -> list[tuple[Decimal, Decimal]]:
        return [(weight, rejected) for weight, rejected in self._verdicts(rate) if weight and rejected]

    def _accepted(self, rate: Decimal | None, reaching: list[Decimal]) -> Decimal | None:
        """Return the share of loops that end with a right output."""
        if rate is None or (self.detection is None and self.rounds > 1 and self.rejects not in (None, 0, 1)):
            return None
        if self.detection is None:
            return rate
        alike = self.correlation or ZERO
        *_, (_, rejected) = self._verdicts(rate)
        kept, share = ZERO, ONE
        for _ in reaching[:-1]:
            kept += share * rate * (1 - self.detection.right_rejected)
            share *= rejected
        return alike * rate + (1 - alike) * (kept + share * rate)


def _shape(flow: TaskFlow, role: Role) -> CallShape:
    return flow.shape(role.tier, role.tokens)


def _run(flow: TaskFlow, role: Role, count: Decimal, shape: CallShape) -> Decimal | None:
    """Call an agent: once if it has its own tokens, else with the calls of the task."""
    if role.tokens is None:
        return flow.run(role.tier, count, shape)
    return flow.call(EXECUTOR, role.tier, count, shape)


def _longest(durations: list[Decimal | None]) -> Decimal | None:
    return (
        None if known_sum(durations) is None else max(seconds for seconds in durations if seconds is not None)
    )
