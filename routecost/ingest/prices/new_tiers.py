"""Tiers that an import adds to a sheet, each at its place among the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from routecost.errors import UnknownNameError, UsageError
from routecost.model.pricing.sheet import PricingSheet
from routecost.problems import did_you_mean
from routecost.records import dataclass
from routecost.source import Document
from routecost.source.editing import Edit, key_edit, text_yaml
from routecost.source.editing.yaml_writer import flow_yaml


@dataclass(frozen=True, slots=True)
class NewTier:
    """A tier to add, directly above or below another one; without ``other``, above all."""

    tier: str
    model: str
    is_above: bool = True
    other: str | None = None


def read_new_tier(text: str) -> NewTier:
    """Read ``gpt5=gpt-5``, ``gpt5=gpt-5 above haiku`` or ``gpt5=gpt-5 below opus``. Raises UsageError."""
    places = {side: text.partition(f" {side} ") for side in ("above", "below")}
    side, (pair, _, other) = min(places.items(), key=lambda item: len(item[1][0]))
    tier, _, model = (name.strip() for name in pair.partition("="))
    if not (tier and model):
        raise UsageError(f'"{text}" is not a tier; expected TIER=MODEL, or "TIER=MODEL above TIER"')
    return NewTier(tier, model, side == "above", other.strip() or None)


def placed(names: Iterable[str], new: Iterable[NewTier]) -> list[str]:
    """Return tiers from low to high with new ones among them. Raises UnknownNameError."""
    order = list(names)
    for one in new:
        if one.other is None:
            order.append(one.tier)
        elif one.other in order:
            order.insert(order.index(one.other) + one.is_above, one.tier)
        else:
            raise UnknownNameError(f'no tier "{one.other}" in the sheet{did_you_mean(one.other, order)}')
    return order


def missing(new: Sequence[NewTier], sheet: PricingSheet, file: str) -> list[NewTier]:
    """Return the tiers that a sheet lacks. Raises UsageError for one that it has with another model."""
    _refuse_twice([one.tier for one in new])
    lacking = []
    for one in new:
        current = [dated.model for dated in sheet.tiers.get(one.tier, ())]
        if current and current[-1] != one.model:
            raise UsageError(
                f'the tier "{one.tier}" is "{current[-1]}" in "{file}"; an import does not change tiers'
            )
        if not current:
            lacking.append(one)
    return lacking


def tier_edits(document: Document, sheet: PricingSheet, new: Sequence[NewTier]) -> Iterator[Edit]:
    """Yield the edits that add tiers to a sheet.

    Raises UsageError for a place among the tiers of a sheet that this one extends.
    """
    if not new:
        return
    models = {one.tier: one.model for one in new}
    order = placed(sheet.tier_names, new)
    own = list(document.get(("tiers",), {}))
    inherited = [name for name in order if name not in own and name not in models]
    if inherited and order[: len(inherited)] != inherited:
        raise UsageError(
            f'"{document.file}" extends a sheet, whose tiers come first; new tiers can only be above them'
        )
    if not own:
        yield key_edit(document, (), "tiers", flow_yaml(models))
        return
    for tier in order:
        if tier in models:
            index = sum(name in own for name in order[: order.index(tier)])
            yield key_edit(document, ("tiers",), tier, text_yaml(models[tier]), index)


def with_new(tiers: Mapping[str, str], new: Sequence[NewTier]) -> dict[str, str]:
    """Return the tiers of a new sheet, low to high."""
    _refuse_twice([*tiers, *(one.tier for one in new)])
    models = {**tiers, **{one.tier: one.model for one in new}}
    return {tier: models[tier] for tier in placed(tiers, new)}


def _refuse_twice(tiers: Sequence[str]) -> None:
    twice = next((tier for at, tier in enumerate(tiers) if tier in tiers[:at]), None)
    if twice is not None:
        raise UsageError(f'the tier "{twice}" is given twice')
