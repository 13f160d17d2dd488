"""Fleets that subscriptions pay for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.fleets import Document, write

# A task costs 4,000 x 2 / 1e6 + 200 x 10 / 1e6 = 0.01.
MODELS: Document = {"m": [{"input": 2, "output": 10}], "n": [{"input": 1, "output": 5}]}
EVENLY: Document = {"all": {"seats": 1, "work": 1}}
Fleet = Callable[..., Path]


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    """Write a fleet of 100 tasks a day, in a month of 30 days, that a plan pays for: $30 at API rates."""

    def make(terms: Any, paid: Document | None = None, sheet: Document | None = None, **more: Any) -> Path:
        prices = {
            "version": 1,
            "currency": "USD",
            "source": "invented",
            "tiers": {"big": "m", "small": "n"},
            "models": MODELS,
            "subscriptions": {"team": terms},
            **(sheet or {}),
        }
        write(prices, tmp_path / "sheet.yaml")
        scenario = {
            "version": 1,
            "pricing": "./sheet.yaml",
            "as_of": "2026-03-01",
            "workload": {"tasks_per_day": 100, "tokens": {"input": 4000, "output": 200}},
            "strategies": {
                "api": {"tier": "big", "paid_by": "api"},
                "team": {"tier": "big", "paid_by": {"subscription": "team", "seats": 2, **(paid or {})}},
            },
            "baseline": "api",
            "default": "api",
            "proposed": "team",
            **more,
        }
        return write(scenario, tmp_path / "fleet.yaml")

    return make
