"""Changed shares of a mix, with the other shares rescaled in proportion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from decimal import ROUND_DOWN, Context, Decimal
from typing import Any, TypeVar

from pydantic_core import PydanticCustomError

from routecost.documents.core.scalars import read_number
from routecost.problems import Finding, KeyPath
from routecost.source import Document
from routecost.units import MAX_DIGITS, ONE, ZERO, exact, percent

MIX = "mix"
"""The key of a strategy that is a mix."""

_PLACES = 18
"""Decimal places of rescaled shares; documents allow numbers of at most 20 digits."""

_NESTED = "assign"
"""The key of a strategy that has further strategies, by task type."""

K = TypeVar("K")


def scaled_shares(shares: Mapping[K, Decimal], whole: Any) -> dict[K, Any]:
    """Return shares in the same proportions that sum to exactly ``whole``, a Decimal or similar number.

    At least one must be above 0, or there is only one. The largest share absorbs the rounding error.
    """
    if len(shares) == 1:
        return dict.fromkeys(shares, whole)
    total = sum(shares.values(), ZERO)
    largest = max(shares, key=lambda name: shares[name])
    scaled: dict[K, Any] = {name: _rounded_down(whole * (share / total)) for name, share in shares.items()}
    scaled[largest] = whole
    for name, share in scaled.items():
        if name != largest:
            scaled[largest] -= share
    return scaled


def _rounded_down(share: Any, places: int = _PLACES) -> Any:
    """Return a Decimal share with the places that a document allows; anything else unchanged."""
    if not isinstance(share, Decimal):
        return share
    return share.quantize(ONE.scaleb(-places), context=Context(prec=places + 2, rounding=ROUND_DOWN))


def rescaled_mix(shares: Mapping[str, Decimal], changed: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return a mix with the shares of ``changed``; the others are scaled so that the sum is exactly 1.

    The changed shares must sum to at most 1, and at least one other must be above 0. They are rounded
    down to the digits of a document, so that a document can state the remainder too.
    """
    others = {tier: share for tier, share in shares.items() if tier not in changed}
    rounded = {tier: min(share, _rounded_down(share, MAX_DIGITS)) for tier, share in changed.items()}
    return scaled_shares(others, 1 - sum(rounded.values(), ZERO)) | rounded


@exact
def with_rescaled_shares(document: Document, changes: Mapping[KeyPath, str]) -> dict[KeyPath, str]:
    """Return changes of fields, with the rescaled other shares of each mix that they change.

    A mix that cannot be rescaled is left unchanged; validation rejects its shares.
    """
    all_changes = dict(changes)
    for mix in dict.fromkeys(path[:-1] for path in changes if is_of_mix(path)):
        with suppress(PydanticCustomError):
            shares = _shares(document, mix)
            changed = {str(path[-1]): _number(changes[path]) for path in changes if path[:-1] == mix}
            if _can_rescale(shares, changed):
                rescaled = rescaled_mix(shares, changed)
                new = {tier: share for tier, share in rescaled.items() if share != changed.get(tier)}
                all_changes |= {(*mix, tier): text_of(share) for tier, share in new.items()}
    return all_changes


def no_room_faults(document: Document, changes: Mapping[KeyPath, str]) -> Iterator[Finding]:
    """Yield a finding for each mix whose changes leave a rest that no other tier can take in proportion."""
    for mix in dict.fromkeys(path[:-1] for path in changes if is_of_mix(path)):
        with suppress(PydanticCustomError):
            shares = _shares(document, mix)
            changed = {str(path[-1]): _number(changes[path]) for path in changes if path[:-1] == mix}
            rest = 1 - sum(changed.values(), ZERO)
            others = [tier for tier in shares if tier not in changed]
            if rest > 0 and len(others) > 1 and not any(shares[tier] for tier in others):
                keys = ", ".join(f'"{".".join(map(str, (*mix, tier)))}"' for tier in others)
                yield document.finding(
                    f"{percent(rest)} of the mix are left for tiers that all have 0%; set a share above 0 "
                    f"for the tier that takes the rest ({keys}), or leave one of these tiers in the mix",
                    mix,
                )


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
    shares = document.get(mix)
    return {tier: _number(raw) for tier, raw in shares.items()} if isinstance(shares, Mapping) else {}


def _can_rescale(shares: Mapping[str, Decimal], changed: Mapping[str, Decimal]) -> bool:
    others = [share for tier, share in shares.items() if tier not in changed]
    takes_rest = len(others) == 1 or any(others)
    return takes_rest and all(0 <= share <= 1 for share in changed.values()) and sum(changed.values()) <= 1


def _number(raw: Any) -> Decimal:
    return read_number(raw, "a share", percent=True)


MAX_DIFFERENCE = Decimal("0.0005")
"""Maximum difference between a mix's sum and 1: a mean may have infinitely many digits."""


def other_shares(document: Document, path: KeyPath) -> dict[KeyPath, Decimal]:
    """Return the other shares of a mix that are numbers, by their paths."""
    shares = {}
    mix = document.get(path[:-1])
    for tier, raw in mix.items() if isinstance(mix, Mapping) else ():
        if tier != path[-1] and isinstance(raw, str):
            with suppress(PydanticCustomError):
                shares[*path[:-1], tier] = read_number(raw, "a share", percent=True)
    return shares


def remaining_share(others: Mapping[KeyPath, Decimal]) -> Decimal:
    """Return 1 minus the sum of the other shares, at least 0."""
    return max(ZERO, 1 - sum(others.values(), ZERO))


def why_not_rescaled(document: Document, path: KeyPath, mean: Decimal, uncertain: int) -> str | None:
    """Return the reason why a mix with an uncertain share cannot be rescaled; None if it can.

    ``uncertain`` is the number of shares of the mix that are distributions.
    """
    if uncertain > 1:
        return (
            "so is another share of its mix; expected at most one uncertain share per mix, or "
            '"uncertain: dirichlet" on the mix'
        )
    others = sum(other_shares(document, path).values(), ZERO)
    if not others:
        return "its mix has no other share above 0 to rescale; expected a share"
    if abs(mean + others - 1) > MAX_DIFFERENCE:
        total = f"{(mean + others).normalize():f}"
        return f"its mean of {mean.normalize():f} and the other shares sum to {total}; expected 1 (100%)"
    return None
