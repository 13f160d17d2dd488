"""Amounts of money in other currencies. Part of the oracle, written from docs/documents.md."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tests.oracle.amounts import number
from tests.oracle.prices import Sheet


class NoRateError(Exception):
    """An amount is in a currency for which no sheet has a rate."""


class Exchange:
    """Converts amounts of a scenario into the currency of the prices."""

    def __init__(self, own: Sheet, priced: Sheet) -> None:
        self.own, self.into = own.currency, priced.currency
        self.sheets = [sheet.exchange_rates() for sheet in (priced, own)]

    def amount(self, stated: Any) -> Fraction:
        """Return an amount such as 2 or "2 EUR" in the currency of the prices."""
        written, *currency = str(stated).split()
        return number(written) * self._rate(currency[0] if currency else self.own)

    def _rate(self, currency: str) -> Fraction:
        """Return the rate that the sheet of the prices states, else the scenario's own sheet."""
        for rates in self.sheets:
            known = {self.into: Fraction(1)}
            for _ in rates:  # as few rates as possible
                reached: dict[str, Fraction] = {}
                for here, there, rate in rates:
                    if there in known and here not in known:
                        reached.setdefault(here, known[there] * rate)
                    if here in known and there not in known:
                        reached.setdefault(there, known[here] / rate)
                known.update(reached)
            if currency in known:
                return known[currency]
        raise NoRateError(currency)
