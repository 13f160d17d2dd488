"""Transcripts of Claude Code with chosen calls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def call(number: int, model: str, time: str, *, cost: float | None = None, **usage: int) -> dict[str, Any]:
    """A line with one call; ``usage`` counts ``input``, ``output``, ``read`` and ``write``."""
    return {
        "type": "assistant",
        "timestamp": time,
        "sessionId": f"session-{number}",
        "cwd": "/home/dev/fleet",
        "costUSD": cost,
        "message": {
            "id": f"msg-{number}",
            "model": model,
            "usage": {
                "input_tokens": usage.get("input", 0),
                "output_tokens": usage.get("output", 0),
                "cache_read_input_tokens": usage.get("read", 0),
                "cache_creation_input_tokens": usage.get("write", 0),
            },
        },
    }


def written(file: Path, *lines: dict[str, Any] | str) -> Path:
    """Write lines to a file: calls, or texts as they are."""
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return file
