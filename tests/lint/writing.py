"""Writes small routing tables and evidence files for tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

HEAD = "version: 1\ntaxonomy: three-steps\nescalation: [haiku, sonnet, opus]\nconfidence: required\nroutes:\n"


def row(task: str, tier: str, more: str = "") -> str:
    return f"  - {{task: {task}, tier: {tier}{', ' if more else ''}{more}}}\n"


def measured(successes: int, trials: int, day: str = "2026-11-01") -> str:
    return f"evidence: {{successes: {successes}, trials: {trials}, evaluated: {day}}}"


def table(folder: Path, rows: Sequence[str]) -> Path:
    file = folder / "table.yaml"
    file.write_text(HEAD + "".join(rows))
    return file


def evidence(folder: Path, *rows: str) -> Path:
    file = folder / "evidence.yaml"
    file.write_text("version: 1\nevidence:\n" + "".join(f"  - {each}\n" for each in rows))
    return file
