"""``{conversation: [{tier: haiku, turns: 5}, {tier: sonnet, turns: 5}]}``: turns with a growing context."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.scalars import Count, Flag, TierName, reads_whole
from routecost.documents.strategies import StrategyDocument
from routecost.engine.strategies.conversation import Conversation, Turns
from routecost.engine.usage.calls import CACHED_TWICE
from routecost.model.scenario.caching import NO_CACHE
from routecost.model.scenario.workload import ONE_CALL, Workload
from routecost.units import ZERO

MOST_TURNS = 1_000


@document
class TurnsDocument:
    """Turns on one tier."""

    tier: TierName
    turns: Annotated[Decimal, reads_whole(MOST_TURNS)]

    def faults(self) -> Iterator[Fault]:
        """Look for invalid numbers of turns."""
        if self.turns != int(self.turns) or not 1 <= self.turns <= MOST_TURNS:
            yield Fault(f'"{self.turns}" turns; expected a whole number from 1 to {MOST_TURNS}', ("turns",))


@document
class ConversationStrategyDocument(StrategyDocument):
    """A conversation for each task, with its turns on the given tiers."""

    conversation: tuple[Annotated[TurnsDocument, Checked()], ...]
    system: Count = ZERO
    cached: Flag | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for conversations without turns."""
        if not self.conversation:
            yield Fault("no turns are given; expected at least one", ("conversation",))
        turns = sum(part.turns for part in self.conversation)
        if len(self.conversation) > 1 and turns > MOST_TURNS:
            yield Fault(
                f"{turns} turns in all; expected at most {MOST_TURNS}", ("conversation",), on_key=True
            )

    def workload_faults(self, workload: Workload) -> Iterator[Fault]:
        """Check that the turns match the calls per task of the workload."""
        turns = sum(int(part.turns) for part in self.conversation)
        for task in workload.task_types:
            if task.calls == ONE_CALL:
                if self.cached is not False and task.cache != NO_CACHE:
                    message = CACHED_TWICE.format("the conversation", f'"{task.name}"')
                    if self.cached is None:
                        message += '; "cached" is true by default'
                    yield Fault(message, ("conversation",), on_key=True)
                    return
                continue
            if turns != task.calls.per_task:
                message = (
                    f'{turns} turns; expected {task.calls.per_task}, the calls per task of "{task.name}"'
                )
                yield Fault(message, ("conversation",))
                return
            if self.system:
                message = f'"system" is stated by the calls of "{task.name}"; remove it here'
                yield Fault(message, ("system",), on_key=True)
                return
            if self.cached is not None:
                message = f'"cached" is stated by the calls of "{task.name}"; remove it here'
                yield Fault(message, ("cached",), on_key=True)
                return

    def build(self) -> Conversation:
        """Return the strategy."""
        parts = tuple(Turns(part.tier, int(part.turns)) for part in self.conversation)
        return Conversation(parts, self.system, self.cached is not False)
