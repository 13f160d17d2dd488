"""Logs of calls: read once, grouped and priced as often as needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO

from routecost.engine.logs.pricing import context_edges, price_hours, price_starts
from routecost.engine.logs.usage import TaskCount
from routecost.errors import EnvironmentFailure, UsageError
from routecost.records import dataclass

if TYPE_CHECKING:
    from routecost.engine.logs.session_pass import OrderedCall
    from routecost.ingest.logs.aggregate import Grid
    from routecost.ingest.logs.frames import FrameFacts
    from routecost.ingest.logs.items import LogRead, SuccessRule
    from routecost.ingest.logs.read import TaskTypes
    from routecost.model.logs.cells import Cell
    from routecost.model.logs.profile import LogProfile
    from routecost.model.pricing.sheet import PricingSheet

_HOUR = 3_600_000_000
_DAY = 24 * _HOUR
FRAME = "calls of a frame"
"""The name under which calls of a caller's frame are counted."""


@dataclass(frozen=True, slots=True, eq=False)
class CallLog:
    """The calls of a log, each once. ``frame`` is a lazy Narwhals frame; ``read`` says what was read.

    ``first`` and ``last`` are the times of the first and the last call in microseconds since 1970 in UTC;
    None if no call has a time. ``undated`` are calls without a time that were left out. ``save`` writes the
    calls as Parquet, which can be read as a log again.
    """

    frame: Any
    read: LogRead
    zone: tzinfo
    first: int | None
    last: int | None
    save: Callable[[BinaryIO], None]
    undated: int = 0

    def cells(
        self,
        keys: Sequence[str],
        sheets: Sequence[PricingSheet],
        edges: Sequence[int] = (),
        ranks: Mapping[str, int] | None = None,
    ) -> list[Cell]:
        """Return the calls in cells that each of the sheets can price; one pass over the log.

        ``keys`` are "task_type", "agent", "outcome", "session", "task", "provider", "day", "week", "length"
        (the class of the number of calls of a task) or, with the rank of the tier of each model in ``ranks``,
        "start" (the rank of the tier of the first call of a task). ``edges`` are further context sizes by
        which calls are separated.
        """
        from routecost.ingest.logs.aggregate import aggregate
        from routecost.ingest.logs.counts.escalations import with_starts
        from routecost.ingest.logs.counts.profile import with_lengths

        frame = with_lengths(self.frame) if "length" in keys else self.frame
        if "start" in keys:
            frame = with_starts(frame, ranks or {})
        return aggregate(frame, keys, self._grid(sheets, edges))

    def dated(self, cells: Sequence[Cell]) -> list[Cell]:
        """Return cells with the day of their first call, in UTC, where it is known."""
        from routecost.ingest.logs.aggregate import first_days

        days = first_days(self.frame, sorted({cell.model for cell in cells}))
        return [replace(cell, first=cell.first or days.get((cell.model, cell.mode))) for cell in cells]

    def profile(self, ranks: Mapping[str, int]) -> LogProfile:
        """Return the hours and the tasks of the calls; ``ranks`` has the rank of the tier of each model."""
        from routecost.ingest.logs.counts.profile import profile

        return profile(self.frame, self._grid(()), ranks)

    def _grid(self, sheets: Sequence[PricingSheet], edges: Sequence[int] = ()) -> Grid:
        from routecost.ingest.logs.aggregate import Grid
        from routecost.ingest.logs.counts.week import HourSets, zone_offsets

        starts, steps = price_starts(sheets), tuple(sorted({*context_edges(sheets), *edges}))
        if self.first is None or self.last is None:
            return Grid(starts, steps)
        span = (self.first, self.last)
        are_days = not (self.first % _DAY or self.last % _DAY)  # the log has dates, and no times of day
        hours = HourSets.of(() if are_days else price_hours(sheets), span)
        return Grid(starts, steps, zone_offsets(self.zone, *span), span, hours)

    def in_order(self, sheets: Sequence[PricingSheet]) -> Iterator[OrderedCall]:
        """Yield the calls of which session and time are known, in the order of time."""
        from routecost.ingest.logs.ordered import in_order

        return in_order(self.frame, self._grid(sheets))

    def without_order(self) -> CallLog:
        """Return the other calls."""
        from routecost.ingest.logs.ordered import without_order

        return replace(self, frame=without_order(self.frame))

    def tasks(self, ranks: Mapping[str, int]) -> list[TaskCount]:
        """Return numbers of tasks by type and outcome; ``ranks`` has the rank of the tier of each model."""
        from routecost.ingest.logs.tasks import task_counts

        return [
            TaskCount(
                row["task_type"],
                int(row["tasks"]),
                int(row["calls"]),
                bool(row["is_success"]),
                bool(row["is_failure"]),
                bool(row["is_escalated"]),
            )
            for row in task_counts(self.frame, ranks)
        ]

    def task_starts(self, days: Sequence[date]) -> list[int]:
        """Return the numbers of tasks that began from each day until before the next."""
        from routecost.ingest.logs.tasks import task_starts

        return task_starts(self.frame, [self._midnight(day) for day in days])

    def between(self, since: date | None, until: date | None) -> CallLog:
        """Return the calls of the days from ``since`` until ``until``, inclusive, without undated ones."""
        from routecost.ingest.logs.aggregate import between

        start = None if since is None else self._midnight(since)
        end = None if until is None else self._midnight(until + timedelta(days=1))
        if start is None and end is None:
            return self
        frame, undated = between(self.frame, start, end)
        return replace(self, frame=frame, undated=undated)

    def _midnight(self, day: date) -> int:
        return int(datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp()) * 1_000_000

    @property
    def is_last_over(self) -> bool:
        """Whether the last call is in the last hour of its day."""
        day = self.day(self.last)
        if self.last is None or day is None:
            return True
        return self.last >= self._midnight(day + timedelta(days=1)) - _HOUR

    def day(self, time: int | None) -> date | None:
        """Return the day of a time in microseconds."""
        if time is None:
            return None
        return datetime.fromtimestamp(time // 1_000_000, UTC).astimezone(self.zone).date()


@contextmanager
def open_log(
    paths: Sequence[str | Path],
    *,
    dialect: str = "auto",
    task_types: TaskTypes | None = None,
    zone: tzinfo = UTC,
    success: SuccessRule | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[CallLog]:
    """Read logs (files, folders, globs) and yield their calls; days begin at midnight in ``zone``.

    ``success`` says which scores in the logs make a task a success.

    Raises UsageError for files that cannot be read or recognised, EnvironmentFailure without the extra
    ``logs``, and if the temporary folder is full.
    """
    with _needing("logs"):
        from routecost.ingest.logs.files import log_files, no_progress
        from routecost.ingest.logs.read import read_logs
        from routecost.ingest.logs.store import FAILED, CallStore
    files = log_files(paths)
    with _folder() as folder:
        store = CallStore(Path(folder))
        try:
            read = read_logs(
                files,
                store,
                dialect=dialect,
                task_types=task_types,
                success=success,
                progress=progress or no_progress,
            )
            frame = store.finish()
            yield CallLog(frame, read, zone, *store.times(), store.save)
        except FAILED as error:
            raise EnvironmentFailure(
                f"the temporary folder {folder} is full or cannot be written; set TMPDIR to another one"
            ) from error
        finally:
            store.close()


def _folder() -> TemporaryDirectory[str]:
    try:
        return TemporaryDirectory(prefix="routecost-")
    except OSError as error:
        raise EnvironmentFailure(f"no temporary folder: {error.strerror or error}") from error


@contextmanager
def open_on_spark(paths: Sequence[str | Path], master: str, *, zone: tzinfo = UTC) -> Iterator[CallLog]:
    """Yield saved calls, which the Spark cluster at ``master`` reads and groups.

    Raises UsageError for other files, EnvironmentFailure without the extra ``spark`` or Java, and if Spark
    fails.
    """
    with _needing("logs"):
        from routecost.ingest.logs.files import log_files
        from routecost.ingest.logs.frames import facts_of
        from routecost.ingest.logs.read import SAVED
    with _needing("spark"):
        from routecost.ingest.logs.spark import spark_frame
    with spark_frame(log_files(paths), master) as frame:
        yield _of_frame(frame, facts_of(frame), SAVED, zone)


def frame_log(frame: Any, *, zone: tzinfo = UTC) -> CallLog:
    """Return the calls of a frame of any engine that Narwhals runs on.

    Raises UsageError for wrong columns and values, EnvironmentFailure without the extra ``logs``.
    """
    with _needing("logs"):
        from routecost.ingest.logs.frames import call_frame, facts_of
    calls = call_frame(frame)
    return _of_frame(calls, facts_of(calls), FRAME, zone)


def _of_frame(frame: Any, facts: FrameFacts, kind: str, zone: tzinfo) -> CallLog:
    from routecost.ingest.logs.faults import Faults
    from routecost.ingest.logs.items import LogRead

    read = LogRead(Faults(), {kind: facts.calls})
    return CallLog(frame, read, zone, facts.first, facts.last, _not_saved)


def _not_saved(_stream: BinaryIO) -> None:
    raise UsageError("these calls are in another engine; only calls that were read here can be saved")


@contextmanager
def _needing(extra: str) -> Iterator[None]:
    """Raise EnvironmentFailure for a missing package of an extra."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise EnvironmentFailure(
            f"{extra} {'need' if extra.endswith('s') else 'needs'} {error.name}; "
            f'install it with: pip install "routecost[{extra}]"'
        ) from error
