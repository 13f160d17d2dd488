"""Results as frames and in notebooks; what these need is imported when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import pandas


class Result:
    """Base of results: Jupyter shows them as tables and charts, and they become frames.

    What reports are made of is above this layer, so that it is imported by name, when it is used.
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        html: str = import_module("routecost.notebook").html(self)
        return html

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with the rows that the command writes as CSV, float64 for money."""
        table = import_module("routecost.notebook").table_of(self)
        rows = frame(list(table.records()))
        return rows if len(rows) else rows.reindex(columns=[column.key for column in table.columns])


T = TypeVar("T")


class Results(list[T], Result):
    """A list of results, which is a table in Jupyter."""

    __slots__ = ()


def frame(records: Sequence[dict[str, Any]], index: str | None = None) -> pandas.DataFrame:
    """Return a DataFrame with a row per record; Decimals become float64, None becomes NaN."""
    import pandas

    rows = [{key: _plain(value) for key, value in record.items()} for record in records]
    table = pandas.DataFrame(rows)
    return table.set_index(index) if index and rows else table


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value
