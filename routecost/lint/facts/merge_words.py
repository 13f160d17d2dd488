"""Money in messages."""

from __future__ import annotations

from decimal import Decimal


def money(amount: Decimal, currency: str) -> str:
    """Return an amount for people: to the cent, below one unit to two significant digits."""
    places = 2 if not amount or amount.adjusted() >= 0 else max(2, 1 - amount.adjusted())
    return f"${amount:,.{places}f}" if currency == "USD" else f"{amount:,.{places}f} {currency}"
