"""Shares of a mix that move: the other tiers make room in proportion."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from decimal import ROUND_DOWN, Context, Decimal
from typing import Any

from pydantic_core import PydanticCustomError

from routecost.documents.core.field_paths import Path
from routecost.documents.core.scalars import read_number
from routecost.source import Document
from routecost.units import exact

MIX = "mix"
"""The key of a strategy that is a mix."""

_PLACES = 18
"""Decimal places of shares that make room; documents hold numbers of at most 20 digits."""


def make_room(shares: Mapping[str, Decimal], moved: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return the shares with those of ``moved`` in place of the old; the others make a sum of exactly 1.

    The moved ones must sum to at most 1, and one of the others be above 0.
    """
    others = {tier: old for tier, old in shares.items() if tier not in moved}
    left, whole = 1 - sum(moved.values(), Decimal(0)), sum(others.values(), Decimal(0))
    made = {tier: _places(old * (left / whole)) for tier, old in others.items()}
    # What the last places lack goes to the greatest of the others, where it shows least.
    greatest = max(others, key=lambda tier: others[tier])
    made[greatest] += left - sum(made.values(), Decimal(0))
    return {**made, **moved}


@exact
def with_room(document: Document, changes: Mapping[Path, str]) -> dict[Path, str]:
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
                made |= {(*mix, tier): text_of(found[tier]) for tier in shares if tier not in moved}
    return made


def is_of_mix(path: Path) -> bool:
    """Return whether a path leads to a share of a mix."""
    return len(path) == 4 and path[0] == "strategies" and path[2] == MIX


def text_of(value: Decimal) -> str:
    """Return a number as a document holds it."""
    return f"{value.normalize():f}"


def _shares(document: Document, mix: Path) -> dict[str, Decimal]:
    found = document.get(mix)
    return {tier: _number(raw) for tier, raw in found.items()} if isinstance(found, Mapping) else {}


def _bears(shares: Mapping[str, Decimal], moved: Mapping[str, Decimal]) -> bool:
    rest = sum((old for tier, old in shares.items() if tier not in moved), Decimal(0))
    return rest > 0 and all(0 <= share <= 1 for share in moved.values()) and sum(moved.values()) <= 1


def _number(raw: Any) -> Decimal:
    return read_number(raw, "a share", percent=True)


def _places(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-_PLACES), context=Context(prec=_PLACES + 2, rounding=ROUND_DOWN))
