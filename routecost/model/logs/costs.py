"""Costs as the provider itself reports them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class CostLine:
    """An amount that a provider charged for a day. ``line`` is the provider's name of what it is for.

    ``model``, ``meter`` and ``mode`` are None where the report does not state them; ``mode`` is a processing
    mode of pricing sheets, ``model`` the provider's name.
    """

    day: date
    amount: Decimal
    currency: str
    line: str
    model: str | None = None
    meter: str | None = None
    mode: str | None = None
