"""Checks of a pricing sheet on a day: its dates, missing prices and prices of 0, and inverted tiers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from routecost.engine.pricing.rate_changes import unstated_gaps
from routecost.engine.pricing.tier_models import in_force, tier_models
from routecost.model.pricing.sheet import STANDARD, PriceEntry, PricingSheet
from routecost.problems import KeyPath
from routecost.records import dataclass
from routecost.units import listed

COMPARED = ("input", "output")
"""The meters by which tiers are ranked."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A problem of a sheet, at a path in its document."""

    rule: str
    message: str
    path: KeyPath


def sheet_remarks(sheet: PricingSheet, day: date, max_age_days: int, today: date) -> Iterator[Remark]:
    """Yield the problems of a sheet's prices in force on a day, or the last before it.

    Dates of checks may be after ``day``, but not after ``today`` too.
    """
    for model, entries in sheet.models.items():
        for at, entry in enumerate(entries):
            if entry.checked is not None and entry.checked > max(day, today):
                message = f'the prices of "{model}" are checked on {entry.checked}, which is in the future'
                yield Remark("future", message, ("models", model, at, "checked"))
        index, entry = current_entry(sheet, model, day)
        yield from _entry_remarks(model, entry, ("models", model, index), day, max_age_days)
        yield from _zero_remarks(model, entry, ("models", model, index))
        before = entries[index - 1] if index else None
        yield from _gap_remarks(model, entry, before, ("models", model, index))
    yield from _order_remarks(sheet, day)


def current_entry(sheet: PricingSheet, model: str, day: date) -> tuple[int, PriceEntry]:
    """Return the last entry that has begun by a day, else the first, with its index."""
    entries = sheet.models[model]
    entry = in_force(entries, day) or entries[0]
    return entries.index(entry), entry


def _entry_remarks(
    model: str, entry: PriceEntry, path: KeyPath, day: date, max_age_days: int
) -> Iterator[Remark]:
    if entry.until is not None and entry.until < day:
        message = f'"{model}" has no current price: the last one ended on {entry.until}'
        yield Remark("ended", message, (*path, "until"))
    elif entry.checked is None:
        yield Remark("unchecked", f'the prices of "{model}" have no "checked" date', path)
    elif (day - entry.checked).days > max_age_days:
        age = (day - entry.checked).days
        message = (
            f'the prices of "{model}" were last checked on {entry.checked}, {age} days before {day}; '
            f"the limit is {max_age_days}"
        )
        yield Remark("stale", message, (*path, "checked"))


def _zero_remarks(model: str, entry: PriceEntry, path: KeyPath) -> Iterator[Remark]:
    """Yield a remark for each card with rates of 0, which a source may mean as unknown."""
    cards = [(path, entry.card), *(((*path, "above", at), step.card) for at, step in enumerate(entry.steps))]
    for where, card in cards:
        parts = {where: card.standard, **{(*where, "modes", mode): own for mode, own in card.modes.items()}}
        for part, rates in parts.items():
            zero = [meter for meter, rate in rates.items() if not rate]
            if zero:
                named = listed(f'"{meter}"' for meter in zero)
                mode = f" in mode {part[-1]}" if part != where else ""
                verb = "is" if len(zero) == 1 else "are"
                message = f'{named} of "{model}"{mode} {verb} 0: if this is not free, its price is missing'
                yield Remark("zero", message, (*part, zero[0]))


def _gap_remarks(model: str, entry: PriceEntry, before: PriceEntry | None, path: KeyPath) -> Iterator[Remark]:
    """Yield a remark for each part of a price that lacks rates without saying so."""
    steps = {step.above_tokens: index for index, step in enumerate(entry.steps)}
    missing: dict[tuple[int, str], list[str]] = {}
    for gap in unstated_gaps(entry, before):
        missing.setdefault((gap.above_tokens, gap.mode), []).append(gap.meter)
    for (above, mode), meters in missing.items():
        where: KeyPath = (*path, "above", steps[above]) if above else path
        in_mode = "" if mode == STANDARD else f" in mode {mode}"
        beyond = f" above {above:,} tokens" if above else ""
        named = listed(f'"{meter}"' for meter in meters)
        stated = f"unpriced: [{', '.join(meters)}]"
        stated = stated if mode == STANDARD else f"modes: {{{mode}: {{{stated}}}}}"
        message = (
            f'"{model}" has no price of {named}{in_mode}{beyond}, though other calls have one; '
            f'if the source has none, state "{stated}"'
        )
        card = entry.card_above(above)
        yield Remark("unpriced", message, (*where, "modes", mode) if mode in card.modes else where)


def _order_remarks(sheet: PricingSheet, day: date) -> Iterator[Remark]:
    priced = [
        (tier, current_entry(sheet, model, day)[1].card.standard)
        for tier, model in tier_models(sheet, day).models.items()
    ]
    for (low, cheap), (high, expensive) in pairwise(priced):
        for meter in COMPARED:
            if meter in cheap and meter in expensive and cheap[meter] > expensive[meter]:
                message = (
                    f'tier "{low}" is below "{high}" but costs more for {meter}: '
                    f"{cheap[meter].normalize():f} compared with {expensive[meter].normalize():f}"
                )
                yield Remark("tier-order", message, ("tiers", low))
