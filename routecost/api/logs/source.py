"""Where logged calls are read from, and what is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import field
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from routecost.api.call_log import FRAME, CallLog, frame_log, open_log, open_on_spark
from routecost.api.frames import Frame, is_frame
from routecost.api.scenarios import load_pricing
from routecost.engine.logs.pricing import UNKNOWN_USAGE, CellPricer, unpriced
from routecost.errors import UnknownNameError, UsageError
from routecost.library import PathLike, open_library
from routecost.model.logs.cells import Cell
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.results.logs.usage import Key, LogFacts, Unpriced, UnpricedCallsError
from routecost.problems import did_you_mean
from routecost.records import dataclass
from routecost.units import listed, read_number

if TYPE_CHECKING:
    from routecost.ingest.logs.faults import Faults
    from routecost.ingest.logs.items import SuccessRule
    from routecost.ingest.logs.read import TaskTypes

EMBEDDED, SPARK = ENGINES = ("embedded", "spark")
MOST_REJECTS = 20
"""The number of bad lines that a result describes."""


@dataclass(frozen=True, slots=True)
class LogSource:
    """Logs of calls (files, folders, globs), and how they are read.

    Days begin at midnight in ``time_zone``; ``since`` and ``until`` are the first and the last day.
    ``models`` are models of the sheet by logged name, where they differ by more than vendor, region and
    date. ``task_types`` returns the task type of a call, or is a source as of ``--task-type``;
    ``success`` says which score makes a task a success, such as ``quality>=0.8`` or ``verdict=correct``.
    With ``allow_unpriced``, calls without a price are left out of the cost, and costs are lower bounds.
    ``progress`` is called with numbers of rows and bytes as they are read, ``rejects`` with the bad lines,
    and ``save`` with a function that writes all calls as Parquet.

    With the engine "spark", the cluster at ``master`` reads saved calls, from paths that all workers see.
    Instead of paths, ``frame`` has the calls: a relation or a lazy frame of any engine that Narwhals runs
    on, each call in one row.
    """

    paths: Sequence[PathLike] = ()
    dialect: str = "auto"
    task_types: TaskTypes | str | None = None
    success: SuccessRule | str | None = None
    time_zone: str = "UTC"
    since: date | None = None
    until: date | None = None
    models: Mapping[str, str] = field(default_factory=dict)
    allow_unpriced: bool = False
    progress: Callable[[int, int], None] | None = None
    rejects: Callable[[Faults], None] | None = None
    save: Callable[[Callable[[BinaryIO], None]], None] | None = None
    engine: str = EMBEDDED
    master: str | None = None
    frame: Any = None


Logs: TypeAlias = "LogSource | PathLike | Sequence[PathLike] | Frame"
"""A source; else the path of a log, several, or a frame with a call in each row."""


@contextmanager
def opened(logs: Logs) -> Iterator[tuple[LogSource, CallLog]]:
    """Read logs, and yield the source and the calls of its days. Raises as :func:`open_log` does."""
    source = as_source(logs)
    if source.since is not None and source.until is not None and source.until < source.since:
        raise UsageError(f"the last day, {source.until}, is before the first, {source.since}")
    with _log(source) as log:
        log.read.check_success()
        if source.rejects is not None:
            source.rejects(log.read.faults)
        if source.save is not None:
            source.save(log.save)
        yield source, log.between(source.since, source.until)


def _log(source: LogSource) -> AbstractContextManager[CallLog]:
    zone, paths = _zone(source.time_zone), [str(path) for path in source.paths]
    _check_engine(source)
    if source.frame is not None:
        return nullcontext(frame_log(source.frame, zone=zone))
    if source.master is not None:
        return open_on_spark(paths, source.master, zone=zone)
    return open_log(
        paths,
        dialect=source.dialect,
        task_types=_task_types(source.task_types),
        zone=zone,
        success=_success(source.success),
        progress=source.progress,
    )


def _check_engine(source: LogSource) -> None:
    """Raise UsageError for an unknown engine, and for options that it does not have."""
    if source.engine not in ENGINES:
        raise UsageError(f'no engine "{source.engine}"{did_you_mean(source.engine, ENGINES)}')
    if source.engine == SPARK and source.master is None:
        raise UsageError("--engine spark requires --master URL, such as spark://host:7077")
    if source.engine != SPARK and source.master is not None:
        raise UsageError("--master requires --engine spark")
    if source.frame is not None and (source.paths or source.master):
        raise UsageError("a frame of calls cannot be combined with paths or another engine")
    if source.frame is None and source.master is None:
        return
    given = {
        "--dialect": source.dialect != "auto",
        "--task-type": source.task_types is not None,
        "--success": source.success is not None,
        "--save": source.save is not None,
    }
    if wrong := [option for option, is_given in given.items() if is_given]:
        raise UsageError(
            f"{wrong[0]} is for logs that are read here; saved calls and frames are read as they are"
        )


def as_source(logs: Logs) -> LogSource:
    """Return a source; paths are read in the usual way."""
    if isinstance(logs, LogSource):
        return logs
    if is_frame(logs):
        return LogSource(frame=logs)
    return LogSource([logs] if isinstance(logs, str | Path) else [*logs])  # type: ignore[misc]


def read_keys(names: Sequence[Key | str]) -> tuple[Key, ...]:
    """Return keys by name. Raises UsageError for unknown and repeated ones."""
    keys = []
    for name in names:
        plain = str(name).replace("-", "_")
        if plain not in [*Key]:
            known = [key.replace("_", "-") for key in Key]
            raise UsageError(f'cannot group by "{name}"{did_you_mean(str(name), known)}')
        keys.append(Key(plain))
    repeated = [key for key in keys if keys.count(key) > 1]
    if repeated:
        raise UsageError(f'"{repeated[0].replace("_", "-")}" is given twice; expected different keys')
    return tuple(keys)


def sheet_pricer(
    source: LogSource, pricing: PathLike | PricingSheet | None, library: PathLike | None
) -> CellPricer:
    """Return what prices the calls of a source. Raises UsageError without a sheet, UnknownNameError."""
    if pricing is None:
        names = listed(open_library(library).names("pricing"))
        raise UsageError(f"logs have no prices; add --pricing SHEET, such as {names}")
    sheet = pricing if isinstance(pricing, PricingSheet) else load_pricing(pricing, library=library)
    for logged, model in source.models.items():
        if model not in sheet.models:
            suggestion = did_you_mean(model, sheet.models)
            raise UnknownNameError(f'no model "{model}" for "{logged}" in "{sheet.name}"{suggestion}')
    return CellPricer(sheet, source.models)


def refuse_unpriced(
    log: CallLog, cells: Sequence[Cell], pricer: CellPricer, source: LogSource
) -> tuple[Unpriced, ...]:
    """Return the calls of a log without a price. Raises UnpricedCallsError unless the source allows them.

    Those whose usage is not in the log are always allowed: no price would help.
    """
    missing = unpriced_of(log, cells, pricer)
    refused = [one for one in missing if one.reason != UNKNOWN_USAGE]
    if refused and not source.allow_unpriced:
        raise UnpricedCallsError(refused)
    return tuple(missing)


def unpriced_of(log: CallLog, cells: Sequence[Cell], pricer: CellPricer) -> list[Unpriced]:
    """Return the calls of a log without a price; a second look at the log finds the days of the first."""
    models = {one.model for one in unpriced(cells, pricer)}
    return unpriced(log.dated([cell for cell in cells if cell.model in models]), pricer) if models else []


def refuse_no_calls(cells: Sequence[Cell], log: CallLog, source: LogSource) -> None:
    """Raise UsageError if there are no calls in the days of the source, but in others."""
    days = {"since": source.since, "until": source.until}
    if not cells and log.first is not None and any(days.values()):
        chosen = " ".join(f"{word} {day}" for word, day in days.items() if day)
        logged = f"{log.day(log.first)} to {log.day(log.last)}"
        raise UsageError(f"no calls are logged {chosen}; the logs have those of {logged}")


def facts_of(log: CallLog, source: LogSource) -> LogFacts:
    """Return what was read."""
    faults = log.read.faults
    return LogFacts(
        logs=tuple(str(path) for path in source.paths) or (FRAME,),
        records=dict(log.read.calls),
        rejected=faults.count,
        rejects=tuple(str(reject) for reject in faults.rejects[:MOST_REJECTS]),
        torn=tuple(str(reject) for reject in faults.torn),
        skipped=dict(faults.skipped),
        notes=dict(log.read.notes),
        first=log.day(log.first),
        last=log.day(log.last),
        time_zone=source.time_zone,
        undated=log.undated,
        is_last_over=log.is_last_over,
    )


def read_names(texts: Sequence[str]) -> dict[str, str]:
    """Return models of the sheet by logged name from texts ``LOGGED=MODEL``; raises UsageError."""
    pairs = [text.rpartition("=") for text in texts]
    for text, (logged, _, model) in zip(texts, pairs, strict=True):
        if not logged or not model:
            raise UsageError(f'--model-name "{text}" has no model; expected LOGGED=MODEL')
    return {logged: model for logged, _, model in pairs}


def _task_types(rule: TaskTypes | str | None) -> TaskTypes | None:
    if not isinstance(rule, str):
        return rule
    from routecost.ingest.logs.task_types import task_types_from

    return task_types_from(rule)


def _success(rule: SuccessRule | str | None) -> SuccessRule | None:
    if not isinstance(rule, str):
        return rule
    from routecost.ingest.logs.items import SuccessRule

    name, is_least, least = rule.partition(">=")
    number = read_number(least) if is_least else None
    if name and number is not None:
        return SuccessRule(name.strip(), float(number.value))
    name, _, text = rule.partition("=")
    if is_least or not name or not text:
        expected = "expected one such as quality>=0.8 or verdict=correct"
        raise UsageError(f'--success "{rule}" is no rule; {expected}')
    return SuccessRule(name.strip(), text=text.strip())


_zones = cache(available_timezones)


def _zone(name: str) -> ZoneInfo:
    if name not in (known := _zones()):
        raise UsageError(f'no time zone "{name}"{did_you_mean(name, known)}')
    return ZoneInfo(name)
