"""``{mix: {haiku: 80%, sonnet: 20%}}``: a share of the tasks on each tier."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Share, TierName
from routecost.documents.strategies import StrategyDocument
from routecost.documents.workload.tokens import share_faults
from routecost.engine.strategies.mix import Mix


@document
class MixStrategyDocument(StrategyDocument):
    """A share of the tasks on each tier."""

    mix: dict[TierName, Share]

    def faults(self) -> Iterator[Fault]:
        """Look for shares that do not sum to 100%."""
        yield from share_faults(list(self.mix.values()), "the shares of the mix", ("mix",))

    def build(self) -> Mix:
        """Return the strategy."""
        return Mix(self.mix)
