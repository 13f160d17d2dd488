"""Records to pandas; pandas is imported only when a frame is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas


def frame(records: Sequence[dict[str, Any]], index: str | None = None) -> pandas.DataFrame:
    """Return a DataFrame with a row per record; Decimals become float64, None becomes NaN."""
    import pandas

    rows = [{key: _plain(value) for key, value in record.items()} for record in records]
    table = pandas.DataFrame(rows)
    return table.set_index(index) if index and rows else table


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value
