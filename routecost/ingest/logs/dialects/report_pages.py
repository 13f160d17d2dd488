"""Pages of the usage and cost reports of providers: buckets of time with rows of sums."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from routecost.ingest.logs.call import EPOCH, BadRecordError, Item, Page, micros

_MICROS = 1_000_000
_LAST_SECOND = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())


class _Bucket(msgspec.Struct):
    results: list[msgspec.Raw]
    starting_at: str | None = None
    ending_at: str | None = None
    start_time: int | None = None
    end_time: int | None = None


class _Page(msgspec.Struct):
    data: list[_Bucket]
    has_more: bool | None = None


class Row(NamedTuple):
    """A row of a page as JSON, with its place in the page and the time of its bucket in microseconds."""

    place: str
    start: int
    end: int
    json: msgspec.Raw

    @property
    def middle(self) -> int:
        """The middle of the bucket: it is on the same day in most time zones."""
        return (self.start + self.end) // 2

    @property
    def day(self) -> date:
        """The day of the bucket in UTC."""
        return (EPOCH + timedelta(microseconds=self.start)).date()


_decode_page = msgspec.json.Decoder(_Page).decode
_decode_row = msgspec.json.Decoder(dict[str, Any]).decode


def page_of(report: str, data: bytes) -> tuple[Page | None, list[Row]]:
    """Return the period and the rows of a page; no period if it has no bucket.

    Raises BadRecordError and msgspec's errors.
    """
    page = _decode_page(data)
    rows: list[Row] = []
    times: list[tuple[int, int]] = []
    for number, bucket in enumerate(page.data):
        start = _time(bucket.starting_at, bucket.start_time)
        end = _time(bucket.ending_at, bucket.end_time)
        if end <= start:
            raise BadRecordError(f"data[{number}] ends before it starts")
        times.append((start, end))
        rows += (
            Row(f"data[{number}].results[{place}]", start, end, json)
            for place, json in enumerate(bucket.results)
        )
    if not times:
        return None, rows
    period = min(start for start, _ in times), max(end for _, end in times)
    return Page(report, *period, bool(page.has_more)), rows


def sums_of(report: str, data: bytes, items: Callable[[Row, str], Iterable[Item]]) -> Iterator[Item]:
    """Yield the period of a page and the items of its rows, which get an id; faults have their place.

    Raises BadRecordError and msgspec's errors.
    """
    page, rows = page_of(report, data)
    if page is not None:
        yield page
    for row, key in row_ids(report, rows):
        try:
            yield from items(row, key)
        except (BadRecordError, msgspec.ValidationError) as error:
            yield BadRecordError(f"{row.place}: {error}")


def _time(text: str | None, seconds: int | None) -> int:
    if text is not None:
        return micros(text)
    if seconds is None or not 0 <= seconds <= _LAST_SECOND:
        raise BadRecordError("a bucket has no valid start and end")
    return seconds * _MICROS


def row_ids(report: str, rows: list[Row]) -> Iterator[tuple[Row, str]]:
    """Yield rows with an id that is equal in all pages that repeat the row.

    It is a hash of what the row is about: the bucket and all texts. Counts and amounts are left out,
    because a later page may have more of a day; of rows that differ in nothing else, each has its own.
    """
    seen: Counter[str] = Counter()
    for row in rows:
        about = {
            name: value for name, value in _decode_row(row.json).items() if isinstance(value, str | bool)
        }
        about.pop("amount", None)
        text = repr((report, row.start, row.end, sorted(about.items())))
        seen[text] += 1
        yield row, hashlib.blake2b(f"{text}{seen[text]}".encode(), digest_size=16).hexdigest()


def is_page(sample: Any, start: str, *fields: str) -> bool:
    """Return whether a decoded page has a row with all of the fields, which rows of no other report have.

    A page without rows is one of those whose buckets have the key ``start``.
    """
    buckets = sample.get("data") if isinstance(sample, dict) else None
    if not isinstance(buckets, list) or not buckets:
        return False
    if not all(isinstance(bucket, dict) and isinstance(bucket.get("results"), list) for bucket in buckets):
        return False
    first = next((row for bucket in buckets for row in bucket["results"]), None)
    if first is None:
        return start in buckets[0]
    return isinstance(first, dict) and all(field in first for field in fields)
