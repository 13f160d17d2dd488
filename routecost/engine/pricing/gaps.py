"""Rates that a processing mode, a context step or a period of a price lacks though another part has them."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.pricing.sheet import STANDARD, Gap, PriceEntry, RateCard, Rates
from routecost.units import METERS


def gaps(entry: PriceEntry, before: PriceEntry | None = None) -> Iterator[Gap]:
    """Yield the rates that an entry lacks, each at the first part that lacks it.

    These are token rates of the standard mode that another mode has not, token rates below a context
    step that are missing above it, and rates of the entry ``before`` that this one has not. (Fees hold
    in all modes and above all steps.)
    """
    if before is not None:
        yield from _lost(0, before.card, entry.card, tokens_only=False)
    for mode, rates in entry.card.modes.items():
        if before is None or mode not in before.card.modes:
            yield from _lacking(0, mode, entry.card.standard, rates)
    below = entry.card
    for step in entry.steps:
        yield from _lost(step.above_tokens, below, step.card, tokens_only=True)
        for mode in step.card.modes.keys() - below.modes.keys():
            yield from _lacking(step.above_tokens, mode, step.card.standard, step.card.modes[mode])
        below = step.card


def unstated_gaps(entry: PriceEntry, before: PriceEntry | None = None) -> list[Gap]:
    """Return the gaps that an entry does not state; one stated for the standard mode is one of all modes."""
    anywhere = {(gap.above_tokens, gap.meter) for gap in entry.unpriced if gap.mode == STANDARD}
    return [
        gap
        for gap in dict.fromkeys(gaps(entry, before))
        if gap not in entry.unpriced and (gap.above_tokens, gap.meter) not in anywhere
    ]


def _lost(above: int, before: RateCard, after: RateCard, *, tokens_only: bool) -> Iterator[Gap]:
    for mode in (STANDARD, *before.modes):
        rates = after.rates(mode) or {}
        for meter in before.rates(mode) or ():
            is_due = METERS[meter].is_token or not (tokens_only or mode != STANDARD)
            if meter not in rates and is_due:
                yield Gap(above, mode, meter)


def _lacking(above: int, mode: str, standard: Rates, rates: Rates) -> Iterator[Gap]:
    for meter in standard:
        if meter not in rates and METERS[meter].is_token:
            yield Gap(above, mode, meter)
