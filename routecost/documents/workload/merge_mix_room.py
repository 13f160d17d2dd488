"""A mix of which one share is uncertain: the others share what it leaves, in proportion to their figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import ROUND_DOWN, Context, Decimal
from typing import Any

from pydantic_core import PydanticCustomError

from routecost.documents.core.field_paths import Path
from routecost.documents.core.scalars import read_number
from routecost.source import Document

CLOSE = Decimal("0.0005")
"""How far from 1 the mean and the other shares may be: the means of some distributions have no end."""

_PLACES = 18


def others(document: Document, path: Path) -> dict[Path, Decimal]:
    """Return the other shares of a mix that are numbers, by their paths."""
    found = {}
    mix = document.get(path[:-1])
    for tier, raw in mix.items() if isinstance(mix, Mapping) else ():
        if tier != path[-1] and isinstance(raw, str):
            with suppress(PydanticCustomError):
                found[*path[:-1], tier] = read_number(raw, "a share", percent=True)
    return found


def left_by(rest: Mapping[Path, Decimal]) -> Decimal:
    """Return the share that others leave."""
    return max(Decimal(0), 1 - sum(rest.values(), Decimal(0)))


def why_no_room(document: Document, path: Path, mean: Decimal, places: Sequence[Path]) -> str | None:
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


def room(rest: Mapping[Path, Decimal], share: Any) -> dict[Path, Any]:
    """Return the other shares when one is ``share``, a Decimal or what acts like one; they sum to 1 with it.

    What the last places lack goes to the last of them.
    """
    whole = sum(rest.values(), Decimal(0))
    *first, last = rest
    made: dict[Path, Any] = {}
    left = 1 - share
    for path in first:
        made[path] = _cut((1 - share) * (rest[path] / whole))
        left -= made[path]
    return {**made, last: left}


def _cut(share: Any) -> Any:
    """Return a share with no more places than a document holds."""
    if not isinstance(share, Decimal):
        return share
    return share.quantize(Decimal(1).scaleb(-_PLACES), context=Context(prec=_PLACES + 2, rounding=ROUND_DOWN))
