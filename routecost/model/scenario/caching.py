"""Cache reads and writes of a call's input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

from routecost.units import ZERO

WINDOWS = {"5m": "cache_write_5m", "1h": "cache_write_1h"}
"""The lifetime of a written prefix -> the meter that counts writes with it."""


class Caching(Protocol):
    """The use of a cache by calls."""

    def meters(self, input_tokens: Decimal, share: Decimal) -> Mapping[str, Decimal]:
        """Return mean tokens per call by meter; ``share`` of all such calls go to this model."""
        ...

    def split(self, share: Decimal) -> Caching:
        """Return the caching of a share of the calls when the others go elsewhere."""
        ...


@dataclass(frozen=True, slots=True)
class CacheShares:
    """The shares of a call's input that are cache reads and cache writes; the rest is ``input``."""

    read: Decimal = ZERO
    write_5m: Decimal = ZERO
    write_1h: Decimal = ZERO

    def meters(self, input_tokens: Decimal, share: Decimal) -> Mapping[str, Decimal]:  # noqa: ARG002
        """Return mean tokens per call by meter, independent of the share of calls."""
        return {
            "input": input_tokens * (1 - self.read - self.write_5m - self.write_1h),
            "cache_read": input_tokens * self.read,
            "cache_write_5m": input_tokens * self.write_5m,
            "cache_write_1h": input_tokens * self.write_1h,
        }

    def split(self, share: Decimal) -> CacheShares:  # noqa: ARG002
        """Return the same shares: they apply to each call."""
        return self


NO_CACHE = CacheShares()
"""Calls that read and write no cache."""


@dataclass(frozen=True, slots=True)
class CachedPrefix:
    """Calls that begin with the same ``prefix`` tokens: one writes them, ``reuse`` more read them.

    A cache belongs to one model. If only a share of the calls goes to a model, fewer of them share a
    window there: of a window's ``(1 + reuse) x share`` calls one writes, and below one call per window
    every call writes and none reads.
    """

    prefix: Decimal
    reuse: Decimal
    window: str = "5m"

    def meters(self, input_tokens: Decimal, share: Decimal) -> Mapping[str, Decimal]:
        """Return mean tokens per call by meter."""
        written = self.prefix / max(Decimal(1), (1 + self.reuse) * share)
        return {
            "input": input_tokens - self.prefix,
            "cache_read": self.prefix - written,
            WINDOWS[self.window]: written,
        }

    def split(self, share: Decimal) -> CachedPrefix:
        """Return the prefix with the number of readers that then share a window."""
        return replace(self, reuse=max(ZERO, (1 + self.reuse) * share - 1))


@dataclass(frozen=True, slots=True)
class CachedContext:
    """A call of a conversation: input tokens read from and written to a 5-minute cache."""

    read: Decimal
    written: Decimal

    def meters(self, input_tokens: Decimal, share: Decimal) -> Mapping[str, Decimal]:  # noqa: ARG002
        """Return tokens per call by meter."""
        return {
            "input": input_tokens - self.read - self.written,
            "cache_read": self.read,
            WINDOWS["5m"]: self.written,
        }

    def split(self, share: Decimal) -> CachedContext:  # noqa: ARG002
        """Return the same: each conversation has its own context."""
        return self
