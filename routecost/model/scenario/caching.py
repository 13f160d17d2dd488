"""The part of a call's input that a cache serves and stores."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from routecost.records import dataclass
from routecost.units import ONE, ZERO

WINDOWS = {"5m": "cache_write_5m", "1h": "cache_write_1h"}
"""Lifetime of a written prefix -> the meter of the write."""

LIFETIMES = {"5m": 300, "1h": 3600}
"""Seconds that a cache keeps what was written to it, or read from it, last."""


class Caching(Protocol):
    """The cache use of calls."""

    def meters(self, input_tokens: Decimal, written: Decimal) -> Mapping[str, Decimal]:
        """Return mean tokens per call by meter; of calls that share a prefix, ``written`` write it."""
        ...

    @property
    def slopes(self) -> Mapping[str, Decimal]:
        """The change of each meter per further token of input."""
        ...

    @property
    def least_input(self) -> Decimal | None:
        """The tokens of input from which a call shares what is cached; None if no call does."""
        ...


@dataclass(frozen=True, slots=True)
class CacheShares:
    """The shares of a call's input that are cache reads and cache writes; the rest is ``input``."""

    read: Decimal = ZERO
    write_5m: Decimal = ZERO
    write_1h: Decimal = ZERO

    def meters(self, input_tokens: Decimal, written: Decimal) -> Mapping[str, Decimal]:  # noqa: ARG002
        """Return mean tokens per call by meter, whatever other calls do."""
        return {
            "input": input_tokens * (1 - self.read - self.write_5m - self.write_1h),
            "cache_read": input_tokens * self.read,
            "cache_write_5m": input_tokens * self.write_5m,
            "cache_write_1h": input_tokens * self.write_1h,
        }

    @property
    def slopes(self) -> Mapping[str, Decimal]:
        """The change of each meter per further token of input."""
        return self.meters(ONE, ONE)

    @property
    def least_input(self) -> None:
        """None: the shares are of each call."""
        return None


NO_CACHE = CacheShares()
"""Calls that read and write no cache."""


@dataclass(frozen=True, slots=True)
class CachedPrefix:
    """Calls that begin with the same ``prefix`` tokens: one writes them, ``reuse`` more read them.

    A cache belongs to one model. Where only a share of the calls goes to a model, fewer of them
    meet in one window there: of a window's ``(1 + reuse) x share`` calls one writes, and below
    one call per window every call writes and none reads. Calls of one task that follow each other
    on a model are in the same window. If ``reuse`` is None, it follows from the
    arrivals of the calls. A call whose input is shorter than the prefix does not begin with it.
    """

    prefix: Decimal
    reuse: Decimal | None
    window: str = "5m"

    def written_share(self, calls: Decimal, visits: Decimal) -> Decimal:
        """Return the share of calls that write the prefix; ``calls`` per task meet on a model.

        ``visits`` of them do not follow another call of their task, and only these can write.
        """
        reuse = ZERO if self.reuse is None else self.reuse
        return visits / (calls * max(ONE, (1 + reuse) * visits)) if calls else ONE

    def meters(self, input_tokens: Decimal, written: Decimal) -> Mapping[str, Decimal]:
        """Return mean tokens per call by meter."""
        if input_tokens < self.prefix:
            return {"input": input_tokens}
        stored = self.prefix * written
        return {
            "input": input_tokens - self.prefix,
            "cache_read": self.prefix - stored,
            WINDOWS[self.window]: stored,
        }

    @property
    def slopes(self) -> Mapping[str, Decimal]:
        """The change of each meter per further token of input: the prefix is always the same."""
        return {"input": ONE}

    @property
    def least_input(self) -> Decimal:
        """The length of the prefix."""
        return self.prefix
