"""``{tier: haiku}``: every task on one tier."""

from __future__ import annotations

from routecost.documents.fields import TierName
from routecost.documents.shapes import document
from routecost.engine.strategies.tier import UniformTier


@document
class Document:
    """Every task on one tier."""

    tier: TierName

    def build(self) -> UniformTier:
        """Return the strategy."""
        return UniformTier(self.tier)
