"""``{tier: haiku}``: every task on one tier."""

from __future__ import annotations

from routecost.documents.core.document_type import document
from routecost.documents.core.scalars import TierName
from routecost.documents.strategies import StrategyDocument
from routecost.engine.strategies.tier import UniformTier


@document
class TierStrategyDocument(StrategyDocument):
    """Every task on one tier."""

    tier: TierName

    def build(self) -> UniformTier:
        """Return the strategy."""
        return UniformTier(self.tier)
