"""Files that no provider writes are read in little time, and cannot end a run."""

from __future__ import annotations

import gzip
import json
from datetime import UTC
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from routecost.api.call_log import open_log
from routecost.ingest.logs.call import EARLIEST, LATEST, UNRECOGNISED
from routecost.ingest.logs.counts.week import zone_offsets
from routecost.ingest.logs.faults import Faults
from routecost.ingest.logs.files import MAX_LINE, LogFile
from tests.support.transcripts import call, written

HAIKU = "claude-haiku-5-5"
DAY = "2026-11-20T00:00:00Z"


@pytest.mark.parametrize(
    "time",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-14:00",
        "1999-12-31T23:59:59Z",
        "2100-01-01T00:00:00Z",
    ],
)
def test_a_time_at_which_no_call_was_made_is_a_bad_line(tmp_path: Path, time: str) -> None:
    log = written(tmp_path / "log.jsonl", call(1, HAIKU, DAY, input=1), call(2, HAIKU, time, input=1))
    with open_log([log], zone=ZoneInfo("Asia/Tokyo")) as found:
        (cell,) = found.cells(["day"], [])
        assert (cell.calls, found.first == found.last) == (1, True)
    assert [str(one) for one in found.read.faults] == [
        f"{log}:2:1: its time is not between the years 2000 and 2100"
    ]


def test_offsets_of_a_zone_are_those_of_believable_times() -> None:
    zone = ZoneInfo("Europe/Berlin")
    assert zone_offsets(zone, -(2**63), 2**63 - 1) == zone_offsets(zone, EARLIEST, LATEST)
    assert zone_offsets(UTC, -(2**63), 2**63 - 1) == ((0, 0),)


def line(**usage: Any) -> str:
    record = json.loads(json.dumps(call(1, HAIKU, DAY, input=1)))
    record["message"]["usage"] |= usage
    return json.dumps(record)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("priority", "priority"),
        ("batch-us_1", "batch-us_1"),
        ("SEKRET: my prompt", UNRECOGNISED),
        ("sekret\n", UNRECOGNISED),
        ("x" * 31, UNRECOGNISED),
    ],
)
def test_a_mode_is_a_short_name(tmp_path: Path, mode: str, expected: str) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(line(service_tier=mode) + "\n", encoding="utf-8")
    with open_log([log]) as found:
        assert [cell.mode for cell in found.cells([], [])] == [expected]


def test_blank_lines_are_passed_over_many_at_a_time(tmp_path: Path) -> None:
    log = tmp_path / "log.gz"
    blank = b"\n" * 3_000_000 + b" \r\n" * 1000 + b"  "
    log.write_bytes(gzip.compress(b'\n\n{"a": 1}\n' + blank + b'{"a": 2}\n' + blank, 1))
    seen: list[tuple[int, int]] = []
    file = LogFile(log, Faults(), lambda rows, size: seen.append((rows, size)))
    assert [number for number, _ in file.lines()] == [3, -3_001_004]
    assert sum(rows for rows, _ in seen) == 6_002_005
    assert sum(size for _, size in seen) == 2 + 9 + 2 * len(blank) + 9
    assert len(seen) < 1_000


def test_bad_lines_are_in_the_order_of_lines(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    bad = '{"type": "assistant", "message": 1}'
    log.write_text("\n".join([line(), bad, "x" * (MAX_LINE + 1), bad, line()]), encoding="utf-8")
    with open_log([log]) as found:
        assert [one.line for one in found.read.faults] == [2, 3, 4]
