"""Calls priced per second of CPU time, against genai-prices' calc_price and tokencost, in the same run."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any

import numpy as np
from genai_prices import Usage, calc_price

import routecost

MODEL = "claude-sonnet-4-5"
MODEL_OF_TOKENCOST = (
    "claude-3-5-haiku-20241022"  # its own list is older; one model costs it as much as another
)
DAY = date(2026, 2, 1)
MOMENT = datetime(2026, 2, 1, 12, tzinfo=UTC)
SINGLE_CALLS = 2_000
OUR_CALLS = 50_000
ARRAY = 1_000_000
RUNS = 7
LIMITS = {"single calls": 50, "arrays": 1_000}


def main() -> int:
    """Print calls per second and ratios; return 1 if a ratio is below its limit."""
    pricer = routecost.pricer("claude-2026-02", MODEL, DAY)
    tokens = np.random.default_rng(7).integers(100, 60_000, size=(4, ARRAY))
    one_by_one = [tuple(map(int, column)) for column in tokens[:, :OUR_CALLS].T]
    base = rate("genai-prices calc_price", SINGLE_CALLS, lambda: by_genai_prices(one_by_one[:SINGLE_CALLS]))
    ratios = {
        "single calls": rate(
            "routecost.pricer, call by call", OUR_CALLS, lambda: by_calls(pricer, one_by_one)
        )
        / base,
        "arrays": rate("routecost.pricer, arrays", ARRAY, lambda: by_arrays(pricer, tokens)) / base,
    }
    for what, ratio in ratios.items():
        print(f"{what} / calc_price{ratio:26,.0f}    limit {LIMITS[what]:,} or more")
    by_tokencost = tokencost_pricing(one_by_one[:SINGLE_CALLS])
    if by_tokencost is None:
        print("tokencost is not installed; `make bench` has it")
    else:
        ratio = rate("tokencost, input and output only", SINGLE_CALLS, by_tokencost) / base
        print(f"tokencost / calc_price{ratio:23,.1f}    no limit")
    return int(any(ratio < LIMITS[what] for what, ratio in ratios.items()))


def by_calls(pricer: Any, calls: list[tuple[int, ...]]) -> None:
    for plain, output, read, written in calls:
        pricer(input=plain, output=output, cache_read=read, cache_write_5m=written)


def by_arrays(pricer: Any, tokens: Any) -> None:
    plain, output, read, written = tokens
    pricer.many(input=plain, output=output, cache_read=read, cache_write_5m=written)


def by_genai_prices(calls: list[tuple[int, ...]]) -> None:
    for plain, output, read, written in calls:
        usage = Usage(
            input_tokens=plain + read + written,
            output_tokens=output,
            cache_read_tokens=read,
            cache_write_tokens=written,
        )
        calc_price(usage, MODEL, provider_id="anthropic", genai_request_timestamp=MOMENT)


def tokencost_pricing(calls: list[tuple[int, ...]]) -> Callable[[], None] | None:
    """Return what prices the calls with tokencost, which knows input and output; None without it."""
    try:
        cost: Any = import_module("tokencost").calculate_cost_by_tokens
    except ImportError:
        return None

    def price_all() -> None:
        for plain, output, _, _ in calls:
            cost(plain, MODEL_OF_TOKENCOST, "input") + cost(output, MODEL_OF_TOKENCOST, "output")

    return price_all


def rate(name: str, calls: int, price_all: Callable[[], None]) -> float:
    """Return the calls priced per second of CPU time, in the fastest of the runs."""
    seconds = min(cpu_seconds(price_all) for _ in range(RUNS))
    print(f"{name:33}{calls / seconds:12,.0f} calls/s")
    return calls / seconds


def cpu_seconds(work: Callable[[], None]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


if __name__ == "__main__":
    sys.exit(main())
