"""A sheet whose tiers are efforts of a model, and a scenario on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SHEET: dict[str, Any] = {
    "version": 1,
    "currency": "USD",
    "source": "invented",
    "tiers": {
        "small": "m-small",
        "low": {"model": "m-big", "effort": "low"},
        "high": {"model": "m-big", "effort": "high"},
    },
    "models": {
        "m-small": [{"input": 1, "output": 5, "cache_read": "0.1", "cache_write_5m": "1.25"}],
        "m-big": [{"input": 3, "output": 15, "cache_read": "0.3", "cache_write_5m": "3.75"}],
    },
}
TASK: dict[str, Any] = {
    "tasks_per_day": 1,
    "tokens": {"input": 2000, "output": 500},
    "tier_tokens": {"low": {"output": 300}, "high": {"output": 2400, "reasoning": "75%"}},
}


def write(folder: Path, strategies: dict[str, Any], sheet: Any = None, **task: Any) -> Path:
    """Write a scenario of one task type, and its sheet; JSON is YAML, too."""
    load = {key: value for key, value in {**TASK, **task}.items() if value is not None}
    scenario = {
        "version": 1,
        "pricing": "./sheet.yaml",
        "as_of": "2026-11-22",
        "workload": {"task_types": {"extraction": load}},
        "strategies": strategies,
    }
    (folder / "sheet.yaml").write_text(json.dumps(sheet or SHEET), encoding="utf-8")
    (folder / "fleet.yaml").write_text(json.dumps(scenario), encoding="utf-8")
    return folder / "fleet.yaml"
