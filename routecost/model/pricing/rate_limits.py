"""Rate limits: how many calls and tokens a minute a vendor serves."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from routecost.records import dataclass

RATE_UNITS = {
    "requests_per_minute": "calls",
    "input_tokens_per_minute": "input tokens",
    "output_tokens_per_minute": "output tokens",
    "tokens_per_minute": "tokens",
}
"""Key of a document -> what it limits."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The most that models, and the models of tiers, serve together in a minute, by ``RATE_UNITS``.

    Input read from a cache counts unless ``counts_cache_reads`` is false.
    """

    per_minute: Mapping[str, Decimal]
    models: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    counts_cache_reads: bool = True
    source: str | None = None

    @property
    def subject(self) -> str:
        """The models and tiers, for display."""
        return ", ".join((*(f"tier {tier}" for tier in self.tiers), *self.models))
