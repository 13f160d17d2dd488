"""``{agents: {mode: debate, roles: [{tier: sonnet, count: 3}], rounds: 2}}``: agents that work together."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.scalars import (
    Context,
    Flag,
    Leaf,
    Share,
    TierName,
    fault,
    quoted,
    read_text,
    reads_whole,
)
from routecost.documents.strategies import StrategyDocument
from routecost.documents.workload.helper_calls import AssistantDocument
from routecost.documents.workload.success import DetectionDocument
from routecost.documents.workload.tokens import Tokens
from routecost.engine.strategies.agents import CACHED_CALLS, Agents, Mode, Role
from routecost.engine.usage.calls import CACHED_TWICE
from routecost.model.scenario.caching import NO_CACHE
from routecost.model.scenario.workload import ONE_CALL, Workload
from routecost.problems import KeyPath, did_you_mean
from routecost.units import ONE

MOST_AGENTS = 100
MOST_ROUNDS = 100


def _read_mode(value: Any, _: Context) -> Mode:
    text = read_text(value)
    if text not in list(Mode):
        raise fault(f"unknown mode {quoted(text)}{did_you_mean(text, list(Mode))}")
    return Mode(text)


@document
class RoleDocument:
    """Identical agents."""

    tier: TierName
    count: Annotated[Decimal, reads_whole(MOST_AGENTS)] = ONE
    tokens: Tokens | None = None

    def build(self) -> tuple[Role, ...]:
        """Return the agents."""
        role = Role(self.tier, None if self.tokens is None else self.tokens.build())
        return (role,) * int(self.count)


@document
class AgentsDocument:
    """A collaboration mode and its agents."""

    mode: Annotated[Mode, Leaf(_read_mode, {"enum": list(Mode)})]
    roles: tuple[RoleDocument, ...]
    rounds: Annotated[Decimal, reads_whole(MOST_ROUNDS)] = ONE
    judge: AssistantDocument | None = None
    rejects: Share | None = None
    detection: DetectionDocument | None = None
    cached: Flag = False
    success: Share | None = None
    correlation: Share | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for invalid counts, and for fields that do not fit the mode."""
        for at, role in enumerate(self.roles):
            yield from _count_faults(role.count, MOST_AGENTS, "agents", ("roles", at, "count"))
        yield from _count_faults(self.rounds, MOST_ROUNDS, "rounds", ("rounds",))
        agents = sum(role.count for role in self.roles)
        if not self.roles or agents > MOST_AGENTS:
            yield Fault(f"{agents} agents; expected 1 to {MOST_AGENTS}", ("roles",))
        if self.mode in (Mode.SINGLE, Mode.REVIEW) and agents > 1:
            yield Fault(f'mode "{self.mode}" has one agent; {agents} are given', ("roles",))
        if self.rounds > 1 and self.mode not in (Mode.DEBATE, Mode.REVIEW):
            yield Fault(f'mode "{self.mode}" has one round', ("rounds",))
        if self.cached and self.mode not in (Mode.DEBATE, Mode.REVIEW):
            yield Fault(f'mode "{self.mode}" reads no previous rounds', ("cached",), on_key=True)
        if self.judge is not None and self.mode in (Mode.SINGLE, Mode.CHAIN):
            yield Fault(f'mode "{self.mode}" has no judge', ("judge",), on_key=True)
        yield from self._verdict_faults()

    def _verdict_faults(self) -> Iterator[Fault]:
        given = [key for key in ("rejects", "detection") if getattr(self, key) is not None]
        if self.mode is not Mode.REVIEW:
            for key in given:
                yield Fault(f'mode "{self.mode}" has no rejections', (key,), on_key=True)
        elif len(given) != 1 and self.rounds > 1:
            yield Fault('expected one of "rejects" and "detection"', ("mode",))
        elif self.detection is not None and self.correlation is None:
            message = '"detection" needs "correlation"; set it to 0 if the attempts are independent'
            yield Fault(message, ("detection",), on_key=True)

    def build(self) -> Agents:
        """Return the strategy."""
        return Agents(
            self.mode,
            tuple(agent for role in self.roles for agent in role.build()),
            int(self.rounds),
            None if self.judge is None else self.judge.build("judge"),
            self.rejects,
            None if self.detection is None else self.detection.build(),
            self.cached,
            self.success,
            self.correlation,
        )


def _count_faults(number: Any, most: int, noun: str, path: KeyPath) -> Iterator[Fault]:
    if number != int(number) or not 1 <= number <= most:
        yield Fault(f'"{number}" {noun}; expected a whole number from 1 to {most}', path)


@document
class AgentsStrategyDocument(StrategyDocument):
    """Agents that work together on each task."""

    agents: Annotated[AgentsDocument, Checked()]

    def workload_faults(self, workload: Workload) -> Iterator[Fault]:
        """Look for success rates that detection needs, and for a cache that is stated twice."""
        tiers = [role.tier for role in self.agents.roles] if self.agents.detection else []
        lacking = [
            (tier, task.name) for tier in tiers for task in workload.task_types if tier not in task.success
        ]
        for tier, task in lacking[:1]:
            message = f'detection needs the success rate of "{tier}"; set it for task type "{task}"'
            yield Fault(message, ("agents", "detection"), on_key=True)
        if self.agents.cached and self.agents.rounds > 1:
            yield from self._cache_faults(workload)

    def _cache_faults(self, workload: Workload) -> Iterator[Fault]:
        has_own_tokens = all(role.tokens is not None for role in self.agents.roles)
        for task in workload.task_types:
            message = None
            if task.cache != NO_CACHE:
                message = CACHED_TWICE.format("the agents", f'"{task.name}"')
            elif task.calls != ONE_CALL and not has_own_tokens:
                message = CACHED_CALLS.format(task.name)
            if message is not None:
                yield Fault(message, ("agents", "cached"), on_key=True)
                return

    def build(self) -> Agents:
        """Return the strategy."""
        return self.agents.build()
