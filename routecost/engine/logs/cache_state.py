"""Caches of models during a session: what was read or written, and when it expires."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from routecost.model.scenario.caching import LIFETIMES
from routecost.records import dataclass

Tokens = int | Decimal

_SHORT, _LONG = (LIFETIMES[name] * 1_000_000 for name in ("5m", "1h"))


class Prefix(NamedTuple):
    """The beginning of a conversation in a cache since ``time``, in microseconds.

    It has ``tokens``; the first ``hour`` of them are kept for an hour, the others for 5 minutes.
    """

    tokens: Tokens
    hour: Tokens
    time: int

    def warm(self, time: int) -> Tokens:
        """Return the tokens that are still in the cache."""
        age = time - self.time
        return self.tokens if age <= _SHORT else self.hour if age <= _LONG else 0


NOTHING = Prefix(0, 0, 0)


@dataclass
class Cache:
    """The prefixes of one conversation, or of one kind of them, in the cache of one model.

    A shorter prefix does not evict a longer one; each use of a prefix begins its lifetime again.
    """

    prefixes: tuple[Prefix, ...] = ()

    def longest(self, time: int) -> Prefix:
        """Return the prefix of which the most is still in the cache."""
        if len(self.prefixes) == 1:  # the usual case
            return self.prefixes[0]
        return max(self.prefixes, key=lambda prefix: prefix.warm(time), default=NOTHING)

    def use(self, new: Prefix) -> None:
        """Add a prefix that a call has read and written."""
        kept = [
            prefix
            for prefix in self.prefixes
            if prefix.warm(new.time) and (prefix.tokens > new.tokens or prefix.hour > new.hour)
        ]
        self.prefixes = (*kept, new)

    def is_cold(self, time: int) -> bool:
        """Whether everything has expired."""
        return not self.longest(time).warm(time)
