"""Measured figures as texts of documents."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal

from routecost.units import exact

_DIGITS = 12
_PLACES = 12
_LONGEST = 120


def number(value: Decimal | int, *, down: bool = False) -> str:
    """Return a figure with twelve digits; ``down`` never rounds it up."""
    context = Context(prec=_DIGITS, rounding=ROUND_DOWN if down else ROUND_HALF_EVEN)
    return f"{context.plus(Decimal(value)).normalize():f}"


def task_name(logged: str | int | None) -> str | None:
    """Return the name of a task type in documents: one line of printable characters, not too long."""
    text = "".join(letter if letter.isprintable() else " " for letter in str(logged or ""))
    return text.strip()[:_LONGEST].strip() or None


@exact
def whole_shares(weights: Mapping[str, int]) -> dict[str, str]:
    """Return weights as shares that sum to exactly 1."""
    total = sum(weights.values())
    units = {name: (weight * 10**_PLACES * 2 + total) // (2 * total) for name, weight in weights.items()}
    largest = max(units, key=lambda name: units[name])
    units[largest] += 10**_PLACES - sum(units.values())
    return {name: f"{Decimal(unit).scaleb(-_PLACES).normalize():f}" for name, unit in units.items() if unit}


@exact
def ratio(part: int | Decimal, whole: int | Decimal) -> Decimal:
    """Return a quotient."""
    return Decimal(part) / whole
