"""Pricing sheets of the matrix, and tokens that differ by tier."""

from __future__ import annotations

from typing import Any

from tests.oracle.prices import UNITS

Stated = dict[str, Any]


def _rates(factor: int) -> Stated:
    return {meter: f"{(at + 1) * factor / 2}" for at, meter in enumerate(UNITS)}


def _entry(factor: int) -> Stated:
    steps = [
        {"tokens": tokens, **_rates(2 * times * factor), "modes": _modes(times * factor)}
        for tokens, times in ((2500, 2), (9000, 3), (40_000, 7))
    ]
    about = {"checked": "2026-06-01", "source": "invented", "provider": "vendor" if factor > 1 else "other"}
    about |= {
        "cache_writes": "input",
        "provisioned_hour": "0.2",
        "cache_storage": "1.5",
        "file_storage": "0.1",
    }
    return {**about, **_rates(2 * factor), "modes": _modes(factor), "above": steps}


def _modes(factor: int) -> Stated:
    return {"batch": _rates(factor), "flex": _rates(factor)}


def _by_hour(factor: int) -> Stated:
    entry = _entry(factor)
    for rates in (entry, *entry["above"]):
        rates["modes"]["off_peak"] = dict(rates["modes"]["batch"])
    entry["modes"]["off_peak"]["hours"] = HOURS
    return entry


VERSUS = {
    "tokens_vs": {"reference": "model-a", "factor": "1.3", "low": "1.2", "high": "1.4", "source": "counted"}
}
SHEET: Stated = {
    "version": 1,
    "currency": "USD",
    "source": "invented",
    "exchange": [{"currency": "GBP", "from": "2026-01-01", "rate": "1.3", "source": "a bank"}],
    "tiers": {"haiku": "model-a", "sonnet": "model-b", "opus": [{"from": "2026-02-01", "model": "model-c"}]},
    "models": {
        "model-a": [_entry(1)],
        "model-b": [{"from": "2026-02-01", "until": "2026-12-31", **_entry(4), **VERSUS}],
        "model-c": [{**_entry(9), **VERSUS}],
    },
}
HOURS = {"from": "00:30", "to": "08:30", "time_zone": "Asia/Shanghai", "days": "all"}
BY_HOUR: Stated = {
    "version": 1,
    "extends": "./sheet.yaml",
    "source": "invented",
    "models": {f"model-{letter}": [_by_hour(factor)] for letter, factor in (("a", 1), ("b", 4), ("c", 9))},
}
CONTRACT: Stated = {
    "version": 1,
    "extends": "./sheet.yaml",
    "source": "invented",
    "currency": "EUR",
    "exchange": [
        {"from": "2026-01-01", "rate": "0.92", "source": "a bank"},
        {"from": "2026-07-01", "rate": "0.8", "source": "a bank"},
    ],
    "discounts": [
        {"share": "10%", "models": ["model-c"], "source": "contract"},
        {"share": "3%", "providers": ["vendor"], "meters": ["input", "web_search", "cache_read"]},
        {"share": "2%"},
    ],
    "multipliers": [{"name": "EU", "factor": "1.1", "providers": ["other", "vendor"], "source": "contract"}],
    "volume_discounts": {
        "steps": [{"above": 50, "share": "5%"}, {"above": 300, "share": "10%"}],
        "retroactive": True,
        "providers": ["other", "vendor"],
        "source": "contract",
    },
}
ALLOWANCES: Stated = {
    "version": 1,
    "extends": "./sheet.yaml",
    "source": "invented",
    "discounts": [{"share": "4%", "meters": ["output"]}],
    "allowances": [
        {"meter": "input", "per": "day", "free": 20_000, "source": "invented"},
        {
            "meter": "output",
            "per": "month",
            "providers": ["vendor"],
            "steps": [{"above": 90_000, "share": "30%"}, {"above": 400_000, "share": "60%"}],
        },
        {"meter": "request", "per": "month", "models": ["model-a"], "steps": [{"above": 300, "rate": "0.3"}]},
    ],
    "volume_discounts": {"steps": [{"above": 20, "share": "9%"}], "meters": ["output"]},
}
EFFORTS: Stated = {
    "version": 1,
    "extends": "./sheet.yaml",
    "source": "invented",
    "tiers": {
        "haiku": {"model": "model-a", "effort": "low"},
        "sonnet": [{"from": "2026-01-01", "model": "model-b", "effort": "low"}],
        "opus": {"model": "model-b", "effort": "high"},
    },
}
SHEETS = {
    "efforts.yaml": EFFORTS,
    "allowances.yaml": ALLOWANCES,
    "sheet.yaml": SHEET,
    "contract.yaml": CONTRACT,
    "by-hour.yaml": BY_HOUR,
}

HALVES = [{"share": "40%", "input": 300, "output": 200}, {"share": "60%", "input": 2500, "output": 10}]
POINTS = [{"share": "80%", "input": 1500, "output": 300}, {"share": "20%", "input": 30_000, "output": 5000}]
OF_EFFORTS: Stated = {
    "tier_tokens": {
        "haiku": {"output_factor": "0.5"},
        "sonnet": {"output": 300, "reasoning": "20%", "effort": "low"},
        "opus": {"output": 2400, "reasoning": "75%"},
    },
    "carry_reasoning": True,
}
OF_TIERS: dict[str, Stated] = {
    "tokens by tier": {
        "tier_tokens": {
            "haiku": {"output_factor": "0.5"},
            "sonnet": {"output_factor": "1.5"},
            "opus": {"input": 1500, "output": 900, "reasoning": "70%"},
        },
        "carry_reasoning": True,
    },
    "rows by tier": {
        "tokens": {"per_call": POINTS, "reasoning": "20%"},
        "tier_tokens": {
            "haiku": {"output_factor": 1},
            "sonnet": {"output_factor": 3, "reasoning": "50%"},
            "opus": {"per_call": HALVES, "reasoning": "40%", "effort": "high"},
        },
        "carry_reasoning": False,
    },
    "reasoning": {"tokens": {"input": 2000, "output": 400, "reasoning": "60%"}, "carry_reasoning": False},
    "efforts": {**OF_EFFORTS},
    "efforts with a prefix": {**OF_EFFORTS, "cache": {"prefix": 1000, "reuse": 9}},
    "carried reasoning": {
        **OF_EFFORTS,
        "calls": {"per_task": 4, "system": 3000, "carry": "all", "cached": "100%", "pause": "2m"},
    },
    "reasoning that is not carried": {
        **OF_EFFORTS,
        "calls": {"per_task": 4, "system": 3000, "carry": "all", "cached": "60%"},
        "carry_reasoning": False,
    },
}
"""Features of workloads whose tokens differ by tier."""

NO_EFFORT = ("tokens by tier", "reasoning")
"""Those that are priced on a sheet without efforts."""
