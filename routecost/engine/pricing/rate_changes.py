"""Differences between two prices of a model, rate by rate; rates that a price lacks; newer prices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from routecost.model.pricing.sheet import STANDARD, Gap, PriceEntry, PricingSheet, RateCard, Rates
from routecost.records import dataclass
from routecost.units import METERS

Figures = Mapping[tuple[str, str], Decimal]
"""(Processing mode, meter) -> rate."""


@dataclass(frozen=True, slots=True)
class RateChange:
    """One rate in two prices; None if one of them lacks it.

    ``above_tokens`` is the context size above which the rate holds.
    """

    mode: str
    above_tokens: int
    meter: str
    before: Decimal | None
    after: Decimal | None

    @property
    def is_contradiction(self) -> bool:
        """True if both prices have the rate and it differs."""
        return None not in (self.before, self.after) and self.before != self.after


def rate_pairs(before: PriceEntry | None, after: PriceEntry | None) -> Iterator[RateChange]:
    """Yield the rates of two prices in pairs, changed or not.

    Above a context size at which either price steps, only the rates of that step are included.
    """
    below: tuple[Figures, Figures] = {}, {}
    for edge in _edges(before, after):
        here = _figures(before, edge), _figures(after, edge)
        for figure in sorted(here[0].keys() | here[1].keys(), key=_order):
            old, new = here[0].get(figure), here[1].get(figure)
            if not edge or (old, new) != (below[0].get(figure), below[1].get(figure)):
                yield RateChange(figure[0], edge, figure[1], old, new)
        below = here


def contradictions(ours: PriceEntry, theirs: PriceEntry) -> list[RateChange]:
    """Return the rates that both prices have and that differ."""
    return [pair for pair in rate_pairs(ours, theirs) if pair.is_contradiction]


def all_figures(entry: PriceEntry) -> Iterator[tuple[int, str, str, Decimal]]:
    """Yield each rate of a price: context size, mode, meter, rate."""
    for edge in _edges(entry):
        figures = _figures(entry, edge)
        for mode, meter in sorted(figures, key=_order):
            yield edge, mode, meter, figures[mode, meter]


def _edges(*entries: PriceEntry | None) -> list[int]:
    return sorted({0} | {step.above_tokens for entry in entries if entry for step in entry.steps})


def _figures(entry: PriceEntry | None, edge: int) -> Figures:
    if entry is None:
        return {}
    card = entry.card_above(edge)
    modes: dict[str, Rates] = {STANDARD: card.standard, **card.modes}
    return {(mode, meter): rate for mode, rates in modes.items() for meter, rate in rates.items()}


def _order(figure: tuple[str, str]) -> tuple[bool, str, int]:
    mode, meter = figure
    return (mode != STANDARD, mode, list(METERS).index(meter))


def with_models(sheet: PricingSheet, before: PricingSheet, after: PricingSheet) -> PricingSheet:
    """Return a sheet with the prices that it shares with another one as they are after a change of that."""
    newer = {
        model: after.models[model]
        for model, entries in sheet.models.items()
        if entries == before.models.get(model) and model in after.models
    }
    return replace(sheet, models={**sheet.models, **newer})


def later_prices(before: PricingSheet, after: PricingSheet, day: date) -> tuple[tuple[str, date], ...]:
    """Return the models and first days of the new prices of a sheet that begin after a day."""
    known = {model: {entry.start for entry in entries} for model, entries in before.models.items()}
    return tuple(
        (model, entry.start)
        for model, entries in after.models.items()
        for entry in entries
        if entry.start is not None and entry.start > day and entry.start not in known.get(model, set())
    )


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
