"""OpenAI's costs. Their amounts are floats (or decimal strings) in units of the currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from routecost.ingest.logs.call import currency
from routecost.ingest.logs.costs.values import money
from routecost.ingest.logs.dialects.report_pages import Row, is_page
from routecost.model.logs.costs import CostLine

NAME = "openai-costs"
_METERS = {
    "input": "input",
    "output": "output",
    "cached input": "cache_read",
    "cache writes": "cache_write_5m",
}
_MODALITIES = {"text": "", "audio": "_audio", "image": "_image"}


class _Amount(msgspec.Struct):
    value: float | int | str
    currency: str


class _Row(msgspec.Struct):
    amount: _Amount
    line_item: str | None = None


_decode = msgspec.json.Decoder(_Row).decode


def matches(sample: Any) -> bool:
    """Return whether a decoded page is one of this report."""
    return is_page(sample, "start_time", "amount", "line_item") or is_page(
        sample, "start_time", "amount", "object"
    )


def cost_line(row: Row) -> CostLine:
    """Return a row of a page. Raises BadRecordError and msgspec's errors."""
    result = _decode(row.json)
    value = result.amount.value
    model, meter = _parts(result.line_item or "")
    return CostLine(
        day=row.day,
        amount=money(value) if isinstance(value, str) else Decimal(repr(value)),
        currency=currency(result.amount.currency),
        line=result.line_item or "all costs",
        model=model,
        meter=meter,
    )


def _parts(item: str) -> tuple[str | None, str | None]:
    """Return the model and the meter of a line item such as ``MODEL audio, cached input``."""
    head, _, kind = item.rpartition(", ")
    if kind not in _METERS:
        return None, None
    model, _, modality = head.rpartition(" ")
    if model and modality in _MODALITIES:
        return model, _METERS[kind] + _MODALITIES[modality]
    return head or None, _METERS[kind]
