"""CPU time of reading Claude Code transcripts into deduplicated calls, against reading their lines."""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from routecost.ingest.logs.read import read_logs
from routecost.ingest.logs.store import CallStore

LINES = 100_000
RUNS = 5
LIMIT = 6.5
SIZES = {(1_000, 4_000): LIMIT, (400, 1_500): None, (10, 60): None}
"""The least and the most bytes of a line's content, and the limit of the ratio, if it has one."""

WORDS = ("return self", "the value\n", '"quoted"', "    if x > 1:", "path/to/file.py", "error: not found")
EACH = {
    "parentUuid": "1f0c7d1e-0000-4000-8000-000000000001",
    "isSidechain": False,
    "userType": "external",
    "cwd": "/home/dev/fleet",
    "version": "2.1.258",
    "gitBranch": "main",
    "uuid": "2f0c7d1e-0000-4000-8000-000000000001",
}


def main() -> int:
    """Print the times per line and their ratio; return 1 above a limit."""
    return max(measured(sizes, limit) for sizes, limit in SIZES.items())


def measured(sizes: tuple[int, int], limit: float | None) -> int:
    """Print the times of lines with contents of some sizes; return 1 above the limit."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "session.jsonl"
        with log.open("w", encoding="utf-8") as stream:
            stream.writelines(lines(random.Random(17), sizes))
        times = [(seconds(lambda: bare_lines(log)), seconds(lambda: calls(log))) for _ in range(RUNS)]
        size = log.stat().st_size / LINES
    bare, ingest = map(min, zip(*times, strict=True))  # what disturbs a run only ever makes it slower
    print(f"{LINES:,} lines of {size:,.0f} bytes, about half of them with usage")
    print(f"  read the lines                 {bare / LINES * 1e6:6.2f} us a line")
    print(f"  read them into calls, each once{ingest / LINES * 1e6:6.2f} us a line")
    print(f"  ratio                          {ingest / bare:6.2f}    limit {limit or 'none'}")
    return int(limit is not None and ingest / bare > limit)


def lines(source: random.Random, sizes: tuple[int, int]) -> Iterator[str]:
    """Yield the lines of a transcript: answers of one to three content blocks, prompts and tool results."""
    contents = [content(source, sizes) for _ in range(200)]
    written = call = 0
    while written < LINES:
        call += 1
        minute = f"2026-11-{1 + call // 3000 % 28:02d}T{call // 60 % 24:02d}:{call % 60:02d}"
        base = {**EACH, "sessionId": f"5f0c7d1e-0000-4000-8000-{call // 50:012d}"}
        blocks = [{"type": "assistant", "message": answer(call, source, contents)}] * source.randint(1, 3)
        result = [{"type": "tool_result", "tool_use_id": "toolu_01", "content": source.choice(contents)}]
        user = {"type": "user", "message": {"role": "user", "content": result}}
        prompt = {"type": "user", "message": {"role": "user", "content": source.choice(contents)}}
        for line in [*blocks, user, *([prompt] if call % 5 == 0 else [])][: LINES - written]:
            written += 1
            own = {"timestamp": f"{minute}:07.{written % 1000:03d}Z", "uuid": f"{written:032d}"}
            yield json.dumps({**base, **own, **line}, separators=(",", ":"), ensure_ascii=False) + "\n"


def answer(call: int, source: random.Random, contents: list[str]) -> dict[str, Any]:
    """Return a message with one content block and the usage of its call."""
    return {
        "id": f"msg_{call:020d}",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-5-5",
        "content": [{"type": "text", "text": source.choice(contents)}],
        "stop_reason": None,
        "usage": {
            "input_tokens": 12,
            "cache_creation_input_tokens": 600,
            "cache_read_input_tokens": source.randint(0, 100_000),
            "cache_creation": {"ephemeral_5m_input_tokens": 600, "ephemeral_1h_input_tokens": 0},
            "output_tokens": source.randint(1, 500),
            "service_tier": "standard",
        },
    }


def content(source: random.Random, sizes: tuple[int, int]) -> str:
    """Return a text of code and prose."""
    size = source.randint(*sizes)
    return " ".join(source.choices(WORDS, k=size // 12))[:size]


def bare_lines(log: Path) -> None:
    """Read the lines of a file, and do nothing else."""
    with log.open("rb") as stream:
        for _ in stream:
            pass


def calls(log: Path) -> None:
    """Read the calls of a log, each once."""
    with tempfile.TemporaryDirectory() as folder:
        store = CallStore(Path(folder))
        read = read_logs([log], store)
        store.finish()
        store.close()
    if read.faults.count:
        raise AssertionError("the log was meant to be clean")


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU seconds of a run."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    sys.exit(main())
