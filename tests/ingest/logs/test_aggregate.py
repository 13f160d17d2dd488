"""Calls are placed in the segment of prices of their local day, and in the bucket of their context."""

from __future__ import annotations

from bisect import bisect
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pytest

from routecost.ingest.logs.aggregate import DAY, Grid, aggregate
from routecost.ingest.logs.counts.week import zone_offsets
from routecost.ingest.logs.frames import call_frame

STARTS = (date(2026, 10, 1), date(2026, 10, 14), date(2026, 10, 28), date(2026, 12, 1))
EDGES = (100, 200)


def moments(zone: ZoneInfo) -> list[int]:
    """Times just before and after the midnights of some days there and in UTC, in microseconds."""
    days = [datetime(2026, 10, day, tzinfo=one) for day in (12, 14, 26, 28) for one in (zone, UTC)]
    seconds = (-3600, -1, 0, 1, 3600)
    return [int((day + timedelta(seconds=each)).timestamp()) * 1_000_000 for day in days for each in seconds]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "Asia/Kolkata", "America/Phoenix", "Europe/Berlin"])
@pytest.mark.parametrize("keys", [("session",), ("session", DAY)])
def test_each_call_is_in_its_segment_and_bucket(zone: str, keys: tuple[str, ...]) -> None:
    times = moments(ZoneInfo(zone))
    assert len(zone_offsets(ZoneInfo(zone), min(times), max(times))) == (2 if zone == "Europe/Berlin" else 1)
    sizes = [index * 37 % 301 for index in range(len(times))]
    for found, time, size in zip(by_call(times, sizes, zone, keys), times, sizes, strict=True):
        moment = datetime.fromtimestamp(time // 1_000_000, UTC)
        assert [bisect(STARTS, one) for one in found.days] == [bisect(STARTS, moment.date())]
        assert found.first == moment.date()
        if DAY in keys:
            assert found.keys[DAY] == (moment.astimezone(ZoneInfo(zone)).date() - date(1970, 1, 1)).days
        bucket = sum(size > edge for edge in EDGES)
        assert (found.above, found.upto) == ((0, *EDGES)[bucket], (*EDGES, None)[bucket])


def test_a_call_without_a_time_may_be_in_any_segment() -> None:
    (found,) = by_call([None], [1], "UTC", ("session",))
    assert [bisect(STARTS, one) for one in found.days] == [0, 1, 2, 3, 4]


def by_call(times: list[Any], sizes: list[int], zone: str, keys: tuple[str, ...]) -> list[Any]:
    """The cells of calls, each with a session of its own."""
    known = [time for time in times if time is not None]
    calls = {  # noqa: F841  the query names it
        "moment": np.array([time or -1 for time in times]),
        "input": np.array(sizes),
        "number": np.arange(len(times)),
    }
    query = "SELECT 'm' AS model, number::VARCHAR AS session, nullif(moment, -1) AS time, input FROM calls"
    span = (min(known), max(known)) if known else (0, 0)
    grid = Grid(STARTS, EDGES, zone_offsets(ZoneInfo(zone), *span) if known else ((0, 0),), span)
    cells = aggregate(call_frame(duckdb.sql(query)), keys, grid)
    return sorted(cells, key=lambda cell: int(cell.keys["session"] or 0))
