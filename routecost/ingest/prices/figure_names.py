"""Text and path of a rate in a pricing sheet, for findings."""

from __future__ import annotations

from routecost.documents.pricing.sheet_text import rate_text
from routecost.engine.pricing.rate_changes import RateChange
from routecost.model.pricing.sheet import STANDARD, PriceEntry
from routecost.problems import KeyPath


def figure_text(change: RateChange, model: str) -> str:
    """Return the difference of a rate between sheet and source, with meter, mode and context size."""
    mode = "" if change.mode == STANDARD else f" in mode {change.mode}"
    above = f" above {change.above_tokens} tokens" if change.above_tokens else ""
    ours, theirs = (
        "not listed" if rate is None else rate_text(rate) for rate in (change.before, change.after)
    )
    return f'{change.meter}{mode}{above} of "{model}" is {ours} in the sheet and {theirs} in the source'


def figure_path(entry: PriceEntry, change: RateChange, where: KeyPath) -> KeyPath:
    """Return the path of the effective rate, in the entry at ``where``."""
    reached = [index for index, step in enumerate(entry.steps) if step.above_tokens <= change.above_tokens]
    above: KeyPath = ("above", reached[-1]) if reached else ()
    mode: KeyPath = () if change.mode == STANDARD else ("modes", change.mode)
    return (*where, *above, *mode, change.meter)
