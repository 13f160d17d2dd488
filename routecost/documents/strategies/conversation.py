"""``{conversation: [{tier: haiku, turns: 5}, {tier: sonnet, turns: 5}]}``: a context that grows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.scalars import Count, Flag, TierName
from routecost.documents.strategies import StrategyDocument
from routecost.engine.strategies.conversation import Conversation, Turns
from routecost.units import ZERO

MOST_TURNS = 1_000


@document
class TurnsDocument:
    """Turns on one tier."""

    tier: TierName
    turns: Count

    def faults(self) -> Iterator[Fault]:
        """Look for turns that are none."""
        if self.turns != int(self.turns) or not 1 <= self.turns <= MOST_TURNS:
            yield Fault(f'"{self.turns}" turns; expected a whole number from 1 to {MOST_TURNS}', ("turns",))


@document
class ConversationStrategyDocument(StrategyDocument):
    """Each task is a conversation, its turns on the tiers given."""

    conversation: tuple[Annotated[TurnsDocument, Checked()], ...]
    system: Count = ZERO
    cached: Flag = True

    def faults(self) -> Iterator[Fault]:
        """Look for conversations without a word."""
        if not self.conversation:
            yield Fault("no turns are given; expected at least one", ("conversation",))

    def build(self) -> Conversation:
        """Return the strategy."""
        parts = tuple(Turns(part.tier, int(part.turns)) for part in self.conversation)
        return Conversation(parts, self.system, self.cached)
