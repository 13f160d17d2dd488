"""Anthropic's cost report. Its amounts are decimal strings in cents."""

from __future__ import annotations

from typing import Any

import msgspec

from routecost.ingest.logs.call import currency
from routecost.ingest.logs.costs.values import money
from routecost.ingest.logs.dialects.anthropic_usage import mode_of
from routecost.ingest.logs.dialects.report_pages import Row, is_page
from routecost.model.logs.costs import CostLine

NAME = "anthropic-costs"
_CENTS = -2
_METERS = {
    "uncached_input_tokens": "input",
    "output_tokens": "output",
    "cache_read_input_tokens": "cache_read",
    "cache_creation.ephemeral_5m_input_tokens": "cache_write_5m",
    "cache_creation.ephemeral_1h_input_tokens": "cache_write_1h",
    "web_search": "web_search",
}


class _Row(msgspec.Struct):
    amount: str
    currency: str
    cost_type: str | None = None
    description: str | None = None
    token_type: str | None = None
    model: str | None = None
    service_tier: str | None = None
    inference_geo: str | None = None


_decode = msgspec.json.Decoder(_Row).decode


def matches(sample: Any) -> bool:
    """Return whether a decoded page is one of this report."""
    return is_page(sample, "starting_at", "amount", "currency")


def cost_line(row: Row) -> CostLine:
    """Return a row of a page. Raises BadRecordError and msgspec's errors."""
    result = _decode(row.json)
    return CostLine(
        day=row.day,
        amount=money(result.amount).scaleb(_CENTS),
        currency=currency(result.currency),
        line=result.description or result.cost_type or "all costs",
        model=result.model,
        meter=_METERS.get(result.token_type or result.cost_type or ""),
        mode=None if result.service_tier is None else mode_of(result.service_tier, result.inference_geo),
    )
