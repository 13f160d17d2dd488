"""Real data with published results, which is not in the repository."""

from __future__ import annotations

import csv
import os
from functools import cache
from pathlib import Path

import pytest

FOLDER = Path(
    os.environ.get("ROUTECOST_SHARED_DATA") or Path(__file__).resolve().parents[2].parent / "shared" / "data"
)
"""The folder ``../shared/data`` beside the checkout, or that of ROUTECOST_SHARED_DATA."""


def shared_data(name: str) -> Path:
    """Return a file of the shared data; skip the test if it is absent."""
    if not (FOLDER / name).is_file():
        pytest.skip(f"{name} is not in {FOLDER} (set ROUTECOST_SHARED_DATA)")
    return FOLDER / name


@cache
def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a shared CSV file."""
    with shared_data(name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def published(system: str, table: str) -> dict[tuple[str, str], float]:
    """Return a published table: (row, column) to value."""
    return {
        (row["row"], row["column"]): float(row["value"])
        for row in rows("published_tables.csv")
        if (row["system"], row["table"]) == (system, table)
    }
