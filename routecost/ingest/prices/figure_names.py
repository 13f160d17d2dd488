"""How a figure of a pricing sheet is named, and where it stands in its document."""

from __future__ import annotations

from routecost.documents.pricing.sheet_text import rate_text
from routecost.engine.pricing.rate_changes import RateChange
from routecost.model.pricing.sheet import STANDARD, PriceEntry
from routecost.problems import KeyPath


def figure_text(change: RateChange, model: str) -> str:
    """Return what is wrong with a figure, seen from the source: both rates, meter, mode, size."""
    mode = "" if change.mode == STANDARD else f" in mode {change.mode}"
    above = f" above {change.above_tokens} tokens" if change.above_tokens else ""
    ours, theirs = ("nothing" if rate is None else rate_text(rate) for rate in (change.before, change.after))
    return f'{change.meter}{mode}{above} of "{model}" is {ours} here and {theirs} there'


def figure_path(entry: PriceEntry, change: RateChange, where: KeyPath) -> KeyPath:
    """Return the way to the figure that holds, below the entry at ``where``."""
    reached = [index for index, step in enumerate(entry.steps) if step.above_tokens <= change.above_tokens]
    above: KeyPath = ("above", reached[-1]) if reached else ()
    mode: KeyPath = () if change.mode == STANDARD else ("modes", change.mode)
    return (*where, *above, *mode, change.meter)
