"""Shares of a mix that move: the other tiers make room in proportion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import ROUND_DOWN, Context, Decimal
from typing import Any, TypeVar

from pydantic_core import PydanticCustomError

from routecost.documents.core.scalars import read_number
from routecost.problems import KeyPath
from routecost.source import Document
from routecost.units import MAX_DIGITS, exact

MIX = "mix"
"""The key of a strategy that is a mix."""

_PLACES = 18
"""Decimal places of shares that make room; documents hold numbers of at most 20 digits."""

_NESTED = "assign"
"""The key of a strategy that has further strategies, by task type."""

K = TypeVar("K")


def scaled_shares(shares: Mapping[K, Decimal], whole: Any) -> dict[K, Any]:
    """Return shares in the same proportions that sum to exactly ``whole``, a Decimal or what acts like one.

    One of them must be above 0. The greatest takes the rest that rounding leaves.
    """
    total = sum(shares.values(), Decimal(0))
    greatest = max(shares, key=lambda name: shares[name])
    scaled: dict[K, Any] = {name: _rounded_down(whole * (share / total)) for name, share in shares.items()}
    scaled[greatest] = whole
    for name, share in scaled.items():
        if name != greatest:
            scaled[greatest] -= share
    return scaled


def _rounded_down(share: Any, places: int = _PLACES) -> Any:
    """Return a Decimal share with the places that a document allows; anything else unchanged."""
    if not isinstance(share, Decimal):
        return share
    return share.quantize(Decimal(1).scaleb(-places), context=Context(prec=places + 2, rounding=ROUND_DOWN))


def make_room(shares: Mapping[str, Decimal], moved: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return a mix with the shares of ``moved``, the others scaled so that the sum is exactly 1.

    The moved ones must sum to at most 1, and one of the others be above 0. They are rounded down to
    the digits of a document, so that what they leave can be written too.
    """
    others = {tier: old for tier, old in shares.items() if tier not in moved}
    rounded = {tier: min(share, _rounded_down(share, MAX_DIGITS)) for tier, share in moved.items()}
    return scaled_shares(others, 1 - sum(rounded.values(), Decimal(0))) | rounded


@exact
def with_room(document: Document, changes: Mapping[KeyPath, str]) -> dict[KeyPath, str]:
    """Return changes of fields, and with shares of mixes among them also what the other shares become.

    Shares that leave no room, or are none, are left for the checks of the document to refuse.
    """
    made = dict(changes)
    for mix in dict.fromkeys(path[:-1] for path in changes if is_of_mix(path)):
        with suppress(PydanticCustomError):
            shares = _shares(document, mix)
            moved = {str(path[-1]): _number(changes[path]) for path in changes if path[:-1] == mix}
            if _bears(shares, moved):
                found = make_room(shares, moved)
                made |= {
                    (*mix, tier): text_of(found[tier]) for tier in found if found[tier] != moved.get(tier)
                }
    return made


def is_of_mix(path: KeyPath) -> bool:
    """Return whether a path leads to a share of a mix: that of a strategy, or of one for a task type."""
    below = path[2:] if path[:1] == ("strategies",) else ()
    while below[:1] == (_NESTED,):
        below = below[2:]
    return len(below) == 2 and below[0] == MIX


def text_of(value: Decimal) -> str:
    """Return a number in the form of a document, with no more digits than one may have."""
    return f"{Context(prec=MAX_DIGITS).plus(value).normalize():f}"


def _shares(document: Document, mix: KeyPath) -> dict[str, Decimal]:
    found = document.get(mix)
    return {tier: _number(raw) for tier, raw in found.items()} if isinstance(found, Mapping) else {}


def _bears(shares: Mapping[str, Decimal], moved: Mapping[str, Decimal]) -> bool:
    rest = sum((old for tier, old in shares.items() if tier not in moved), Decimal(0))
    return rest > 0 and all(0 <= share <= 1 for share in moved.values()) and sum(moved.values()) <= 1


def _number(raw: Any) -> Decimal:
    return read_number(raw, "a share", percent=True)


CLOSE = Decimal("0.0005")
"""How far from 1 the mean and the other shares may be: the means of some distributions have no end."""


def others(document: Document, path: KeyPath) -> dict[KeyPath, Decimal]:
    """Return the other shares of a mix that are numbers, by their paths."""
    found = {}
    mix = document.get(path[:-1])
    for tier, raw in mix.items() if isinstance(mix, Mapping) else ():
        if tier != path[-1] and isinstance(raw, str):
            with suppress(PydanticCustomError):
                found[*path[:-1], tier] = read_number(raw, "a share", percent=True)
    return found


def left_by(rest: Mapping[KeyPath, Decimal]) -> Decimal:
    """Return the share that others leave."""
    return max(Decimal(0), 1 - sum(rest.values(), Decimal(0)))


def why_no_room(document: Document, path: KeyPath, mean: Decimal, places: Sequence[KeyPath]) -> str | None:
    """Say why the other shares of a mix cannot make room for an uncertain one; None if they can."""
    if sum(each[:-1] == path[:-1] for each in places) > 1:
        return "so is another share of its mix; expected one of them, for which the others make room"
    rest = sum(others(document, path).values(), Decimal(0))
    if not rest:
        return "no other share of its mix is above 0, to make room for it; expected a share"
    if abs(mean + rest - 1) > CLOSE:
        total = f"{(mean + rest).normalize():f}"
        return f"its mean of {mean.normalize():f} and the other shares sum to {total}; expected 1 (100%)"
    return None
