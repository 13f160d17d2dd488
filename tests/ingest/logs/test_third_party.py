"""Other readers of the same logs count the same where both are right."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import routecost
from routecost.model.results.logs.usage import Key

MODELS = ("claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5")
COUNTS = {
    "inputTokens": ("input",),
    "outputTokens": ("output",),
    "cacheReadTokens": ("cache_read",),
    "cacheCreationTokens": ("cache_write_5m", "cache_write_1h"),
}


def lines() -> Iterator[dict[str, Any]]:
    """Yield calls without what other readers are known to count wrongly: repeated messages of other size."""
    draw = random.Random(5)
    for number in range(300):
        short, long = draw.randrange(5_000), draw.randrange(5_000)
        usage = {
            "input_tokens": draw.randrange(3_000),
            "output_tokens": draw.randrange(2_000),
            "cache_read_input_tokens": draw.randrange(90_000),
            "cache_creation_input_tokens": short + long,
            "cache_creation": {"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": long},
        }
        message = {"id": f"msg_{number}", "model": draw.choice(MODELS), "usage": usage}
        line = {
            "type": "assistant",
            "sessionId": f"s{number % 7}",
            "timestamp": f"2026-11-{1 + number % 20:02}T{number % 24:02}:30:00.000Z",
            "requestId": f"req_{number}",
            "version": "2.1.0",
            "message": message,
        }
        yield from [line] * draw.choice((1, 2))


@pytest.mark.slow
def test_ccusage_counts_the_same_tokens(tmp_path: Path) -> None:
    program = shutil.which("ccusage")
    if program is None:
        pytest.skip("ccusage is not installed; npm has it")
    folder = tmp_path / "projects" / "fleet"
    folder.mkdir(parents=True)
    (folder / "s.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines()), encoding="utf-8")
    done = subprocess.run(
        [program, "daily", "--offline", "--json", "--timezone", "UTC"],
        env={**os.environ, "CLAUDE_CONFIG_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = {
        (day["date"], of["modelName"]): [of[name] for name in COUNTS]
        for day in json.loads(done.stdout)["daily"]
        for of in day["modelBreakdowns"]
    }
    usage = routecost.log_usage([str(folder)], pricing="claude-2026-11", by=[Key.DAY, Key.MODEL])
    ours = {
        row.keys: [sum(row.units.get(meter, 0) for meter in meters) for meters in COUNTS.values()]
        for row in usage.rows
    }
    assert len(ours) == len(theirs) > 30
    assert ours == theirs
