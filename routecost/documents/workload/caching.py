"""Prompt caching of a workload, as a document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from routecost.documents.core.document_type import OneOf, document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.scalars import Context, Count, Leaf, Share, fault, quoted
from routecost.model.scenario.caching import WINDOWS, CachedPrefix, CacheShares, Caching
from routecost.problems import Severity, did_you_mean
from routecost.units import ZERO


def _read_window(value: Any, _: Context) -> str:
    if not isinstance(value, str) or value not in WINDOWS:
        raise fault(f"unknown window {quoted(value)}{did_you_mean(str(value), WINDOWS)}")
    return str(value)


WindowName = Annotated[str, Leaf(_read_window, {"enum": list(WINDOWS)})]


@document
class CacheDocument:
    """Shares of a call's input that are read from, or written to, a cache."""

    read: Share = ZERO
    write_5m: Share | None = None
    write_1h: Share | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield faults for shares that exceed 100%, and a warning for reads without writes."""
        total = self.read + (self.write_5m or ZERO) + (self.write_1h or ZERO)
        if total > 1:
            yield Fault(f"cache shares sum to {total.normalize():f}; expected at most 1 (100%)")
        if self.read and self.write_5m is None and self.write_1h is None:
            message = (
                'cache reads without cache writes, which are billed too; expected "write_5m" or "write_1h" '
                "(0 if none are billed)"
            )
            yield Fault(message, ("read",), on_key=True, severity=Severity.WARNING)

    def build(self) -> Caching:
        """Return the use of the cache by calls."""
        return CacheShares(self.read, self.write_5m or ZERO, self.write_1h or ZERO)


@document
class PrefixDocument:
    """A shared prefix: one call writes it, and ``reuse`` calls read it before it expires.

    Without ``reuse``, that follows from the arrivals of the calls.
    """

    prefix: Count
    reuse: Count | None = None
    window: WindowName = "5m"

    def build(self) -> Caching:
        """Return the use of the cache by calls."""
        return CachedPrefix(self.prefix, self.reuse, self.window)


def _cache_kind(data: Any) -> str | None:
    if not isinstance(data, dict):
        return None
    return "prefix" if {"prefix", "reuse", "window"} & data.keys() else "shares"


Cache = Annotated[
    Any,
    OneOf(
        "shares {read, write_5m, write_1h}, or {prefix, reuse, window}",
        {"prefix": PrefixDocument, "shares": Annotated[CacheDocument, Checked()]},
        _cache_kind,
    ),
]
