"""Amounts as text: exact, ranges or unknown."""

from __future__ import annotations

from collections.abc import Sequence

from routecost.model.report.cells import Amount, Unit
from routecost.render.rounding import shown_column

UNKNOWN = "unknown"


def amount_texts(amounts: Sequence[Amount], unit: Unit, currency: str | None) -> list[str]:
    """Return amounts as in a column of a table, with common decimal places."""
    texts = shown_column(amounts, unit, currency)
    return [UNKNOWN if amount is None else text for amount, text in zip(amounts, texts, strict=True)]
