"""Logs of chosen calls, as CSV with a mapping."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from routecost.api.logs.calibrate import calibrate
from routecost.api.logs.source import LogSource
from routecost.api.scenarios import load_scenario
from routecost.model.results.logs.calibration import Calibration
from routecost.model.scenario.scenario import Scenario

START = datetime(2026, 11, 2, tzinfo=UTC)
HAIKU, SONNET, OPUS = "claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5"
SHEET = "claude-2026-11"

Logged = Mapping[str, Any]
"""A call by column; columns that are left out are empty or 0."""

METERS = ("input", "cache_read", "cache_write_5m", "cache_write_1h", "output", "web_search")
TEXTS = ("id", "time", "model", "mode", "task_type", "task", "outcome")
MAPPING = "\n".join(
    [
        "version: 1",
        "mapping: chosen-calls",
        *(f"{name}: {name}" for name in TEXTS),
        "meters:",
        *(f"  {name}: {name}" for name in METERS),
    ]
)


def written_log(folder: Path, calls: Iterable[Logged], **options: Any) -> LogSource:
    """Write calls to a folder, and return how they are read."""
    mapping, log = folder / "mapping.yaml", folder / "calls.csv"
    mapping.write_text(MAPPING, encoding="utf-8")
    with log.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [*TEXTS, *METERS])
        writer.writeheader()
        for number, call in enumerate(calls):
            plain = {"id": number, "mode": "standard", **dict.fromkeys(METERS, 0)}
            writer.writerow({**plain, **call})
    return LogSource([log], dialect=str(mapping), **options)


def at(day: int, second: float = 0.0) -> str:
    """The time of a second of a day of the log."""
    return (START + timedelta(days=day, seconds=second)).isoformat()


def learned(folder: Path, calls: Iterable[Logged], **options: object) -> tuple[Calibration, Scenario]:
    """Return what is learned from calls, and the scenario, loaded from its file."""
    found = calibrate(written_log(folder, calls, **options), pricing=SHEET)
    file = folder / "fleet.yaml"
    file.write_text(found.scenario_text, encoding="utf-8")
    return found, load_scenario(file)
