"""Rate limits of models and tiers, as documents of a sheet or a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Flag, ModelName, Text, TierName, reads_number
from routecost.model.pricing.rate_limits import RATE_UNITS, RateLimit
from routecost.units import MAX_COUNT, listed

MOST_LIMITS = 20
"""The maximum number of limits that name a model or a tier."""

PerMinute = Annotated[Decimal, reads_number("a number a minute above 0", Decimal("1e-9"), MAX_COUNT)]


@document
class RateLimitDocument:
    """The most that models and the models of tiers serve together in a minute."""

    models: tuple[ModelName, ...] = ()
    tiers: tuple[TierName, ...] = ()
    requests_per_minute: PerMinute | None = None
    input_tokens_per_minute: PerMinute | None = None
    output_tokens_per_minute: PerMinute | None = None
    tokens_per_minute: PerMinute | None = None
    counts_cache_reads: Flag = True
    source: Text | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for a limit of nothing, and for one without a number."""
        if not (self.models or self.tiers):
            yield Fault('the limit is on nothing; expected "models" or "tiers"')
        if not self.build().per_minute:
            yield Fault(f"no number is given; expected at least one of {', '.join(RATE_UNITS)}")

    def build(self) -> RateLimit:
        """Return the limit."""
        stated = ((unit, getattr(self, unit)) for unit in RATE_UNITS)
        per_minute = {unit: number for unit, number in stated if number is not None}
        return RateLimit(per_minute, self.models, self.tiers, self.counts_cache_reads, self.source)


def limit_faults(limits: Sequence[RateLimitDocument]) -> Iterator[Fault]:
    """Look for a unit that is limited twice for the same models and tiers, and for too many limits of one."""
    named: dict[str, int] = {}
    known: dict[tuple[frozenset[str], frozenset[str], str], int] = {}
    for at, limit in enumerate(limits):
        for kind in ("models", "tiers"):
            for index, name in enumerate(getattr(limit, kind)):
                named[name] = named.get(name, 0) + 1
                if named[name] == MOST_LIMITS + 1:
                    message = f'"{name}" has more than {MOST_LIMITS} limits; expected at most so many'
                    yield Fault(message, ("rate_limits", at, kind, index))
        for unit in limit.build().per_minute:
            key = frozenset(limit.models), frozenset(limit.tiers), unit
            first = known.setdefault(key, at)
            if first != at:
                names = listed(f'"{name}"' for name in (*limit.models, *limit.tiers))
                message = f"the {RATE_UNITS[unit]} a minute of {names} are limited twice"
                yield Fault(message, ("rate_limits", at, unit), earlier=("rate_limits", first, unit))
