"""Logs of chosen calls, as CSV with a mapping."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from routecost.api.logs.source import LogSource

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
