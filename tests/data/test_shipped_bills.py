"""Calls priced by hand, by routecost from the built-in sheets, and by genai-prices: one figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from routecost import load_pricing
from routecost.engine.pricing.price import price
from routecost.errors import UnpricedError
from routecost.model.pricing.sheet import STANDARD
from routecost.model.pricing.usage import Usage, UsageKey
from routecost.units import CONTEXT_METERS

genai = pytest.importorskip("genai_prices", reason="the shipped prices are compared with genai-prices")

FEBRUARY = date(2026, 2, 1)
CHECKED = date(2026, 11, 22)
WINTER, AUTUMN = "claude-2026-02", "claude-2026-11"
HAIKU, OPUS = "claude-haiku-5-5", "claude-opus-5-5"
GENAI_CONTEXTS = {STANDARD: {}, "batch": {"processing": "batch"}, "fast": {"speed": "fast"}}


def mtok(rate: str, tokens: int) -> Decimal:
    """Return the money for ``tokens`` at a rate per million tokens."""
    return Decimal(rate) * tokens / 1_000_000


def fee(rate: str, count: int) -> Decimal:
    """Return the money for ``count`` at a rate per thousand."""
    return Decimal(rate) * count / 1_000


@dataclass(frozen=True)
class Call:
    """One call, in the context-size bucket from ``above`` tokens to ``upto``."""

    sheet: str
    model: str
    counts: Mapping[str, int]
    above: int = 0
    upto: int | None = None
    mode: str = STANDARD
    day: date = CHECKED

    def bill(self) -> Decimal:
        """Return what routecost charges."""
        counts = {
            UsageKey(self.model, meter, self.mode, self.above, self.upto): Decimal(count)
            for meter, count in self.counts.items()
        }
        return price(Usage(counts), load_pricing(self.sheet), self.day).total

    def genai_bill(self) -> Decimal:
        """Return what genai-prices charges."""
        charged = genai.calc_price(
            genai.Usage(**self._genai_counts()),
            self.model,
            provider_id="anthropic",
            genai_request_timestamp=datetime.combine(self.day, time(12), UTC),
            price_context=GENAI_CONTEXTS[self.mode],
        )
        return Decimal(charged.total_price)

    def _genai_counts(self) -> dict[str, int]:
        """Return the counts as genai-prices wants them: `input` and cache writes include their parts."""
        count = {meter: self.counts.get(meter, 0) for meter in (*CONTEXT_METERS, "output", "web_search")}
        return {
            "input_tokens": sum(count[meter] for meter in CONTEXT_METERS),
            "output_tokens": count["output"],
            "cache_read_tokens": count["cache_read"],
            "cache_write_tokens": count["cache_write_5m"] + count["cache_write_1h"],
            "cache_write_1h_tokens": count["cache_write_1h"],
            "web_searches": count["web_search"],
        }


SMALL, LARGE = (0, 100_000), (100_000, None)
BATCH_OF_TWO_SEARCHES = {"input": 100_001, "output": 1_000, "web_search": 2}
WITH_CACHES = {"cache_read": 30_000, "cache_write_5m": 6_000, "cache_write_1h": 5_000, "output": 2_000}


@pytest.mark.parametrize(
    ("call", "by_hand"),
    [
        pytest.param(
            Call(AUTUMN, HAIKU, {"input": 100_000, "output": 1_000}, *SMALL),
            mtok("0.10", 100_000) + mtok("0.50", 1_000),
            id="100,000 prompt tokens are still cheap",
        ),
        pytest.param(
            Call(AUTUMN, HAIKU, {"input": 100_001, "output": 1_000}, *LARGE),
            mtok("0.50", 100_001) + mtok("2.50", 1_000),
            id="one token more, and the whole call is costly",
        ),
        pytest.param(
            Call(AUTUMN, HAIKU, {"input": 59_000, **WITH_CACHES}, *SMALL),
            mtok("0.10", 59_000)
            + mtok("0.01", 30_000)
            + mtok("0.125", 6_000)
            + mtok("0.20", 5_000)
            + mtok("0.50", 2_000),
            id="caches count as context: 59 + 30 + 6 + 5 is 100",
        ),
        pytest.param(
            Call(AUTUMN, HAIKU, {"input": 59_001, **WITH_CACHES}, *LARGE),
            mtok("0.50", 59_001)
            + mtok("0.05", 30_000)
            + mtok("0.625", 6_000)
            + mtok("1.00", 5_000)
            + mtok("2.50", 2_000),
            id="caches count as context, and cost five times as much, too",
        ),
        pytest.param(
            Call(AUTUMN, HAIKU, BATCH_OF_TWO_SEARCHES, *LARGE, mode="batch"),
            mtok("0.25", 100_001) + mtok("1.25", 1_000) + fee("10", 2),
            id="batch halves tokens above the step, but not searches",
        ),
        pytest.param(
            Call(AUTUMN, OPUS, {"input": 150_000, "cache_read": 50_000, "output": 1_000}, mode="fast"),
            mtok("8", 150_000) + mtok("0.40", 50_000) + mtok("40", 1_000),
            id="fast mode doubles",
        ),
        pytest.param(
            Call(
                AUTUMN, "claude-sonnet-5-5", {"cache_read": 500_000, "cache_write_1h": 300_000, "output": 1}
            ),
            mtok("0.10", 500_000) + mtok("4", 300_000) + mtok("10", 1),
            id="the newest sonnet is flat at any length",
        ),
        pytest.param(
            Call(WINTER, "claude-sonnet-4-5", {"input": 200_001, "output": 1_000}, 200_000, day=FEBRUARY),
            mtok("6", 200_001) + mtok("22.50", 1_000),
            id="the February sonnet steps at 200,000",
        ),
    ],
)
def test_the_bill_is_the_sum_written_out(call: Call, by_hand: Decimal) -> None:
    assert call.bill() == by_hand
    assert call.genai_bill() == by_hand


def test_a_long_haiku_prompt_costs_five_times_the_short_rates() -> None:
    """At equal output, 100,001 tokens cost five times 100,000 and one more token at the costly rate."""
    short = Call(AUTUMN, HAIKU, {"input": 100_000, "output": 1_000}, *SMALL).bill()
    long = Call(AUTUMN, HAIKU, {"input": 100_001, "output": 1_000}, *LARGE).bill()
    assert long == 5 * short + mtok("0.50", 1)


@pytest.mark.parametrize(
    ("sheet", "model", "day"),
    [(AUTUMN, HAIKU, date(2026, 10, 13)), (WINTER, "claude-haiku-4-5", FEBRUARY)],
)
def test_batch_before_its_first_known_price_is_refused(sheet: str, model: str, day: date) -> None:
    """genai-prices bills such a call at standard rates without a word; no price is no price."""
    call = Call(sheet, model, {"input": 1_000}, *SMALL, mode="batch", day=day)
    with pytest.raises(UnpricedError, match='no "batch" rates'):
        call.bill()


@pytest.mark.parametrize(
    ("model", "published_per_day"),
    [("claude-3-5-haiku", "1.80"), ("claude-sonnet-4-5", "6.75"), ("claude-opus-4-1", "33.75")],
)
def test_the_article_sheet_gives_the_daily_costs_of_the_article(model: str, published_per_day: str) -> None:
    a_day = {"input": 500 * 2_000, "output": 500 * 500}
    assert Call("claude-article", model, a_day, day=FEBRUARY).bill() == Decimal(published_per_day)
