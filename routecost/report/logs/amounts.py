"""Costs that are not known exactly, in charts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from routecost.model.report.cells import Amount, Range
from routecost.model.results.logs.usage import Span
from routecost.units import ZERO, exact

LEAST = "Costs are the least possible: some usage has no price, or one that is not known."


def amount(span: Span) -> Amount:
    """Return a cost as charts draw it: exact, a range, open without a most, or unknown without a least."""
    low, high = span
    if low is None:
        return None
    return float(low) if low == high else Range(low, high)


@exact
def sum_of(spans: Sequence[Span]) -> Span:
    """Return the sum of costs; the least is unknown only if none of them is known."""
    lows = [low for low, _ in spans if low is not None]
    highs = [high for _, high in spans if high is not None]
    least: Decimal | None = sum(lows, ZERO) if lows or not spans else None
    return least, sum(highs, ZERO) if len(highs) == len(spans) else None


def bar_notes(amounts: Iterable[Amount], why_range: str) -> str | None:
    """Return what the bars of a chart mean that are not exact."""
    kinds = kinds_of(amounts)
    texts = {
        "range": f"Light parts: from the least to the most; {why_range}.",
        "open": "Fading ends: this or more; some usage has no price.",
        "unknown": "Unknown: none of the usage has a price.",
    }
    return " ".join(text for kind, text in texts.items() if kind in kinds) or None


def kinds_of(amounts: Iterable[Amount]) -> set[str]:
    """Return which kinds of amounts are not exact."""
    return set(_kinds(amounts))


def _kinds(amounts: Iterable[Amount]) -> Iterator[str]:
    for one in amounts:
        if one is None:
            yield "unknown"
        elif isinstance(one, Range):
            yield "open" if one.end is None else "range"
