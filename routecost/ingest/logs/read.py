"""Reading of logs in any dialect into the store of calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

import msgspec

from routecost.errors import UsageError
from routecost.ingest.logs.call import BadRecordError, Call, check
from routecost.ingest.logs.contents import Contents, Shape, UnreadableError, contents, decode
from routecost.ingest.logs.dialects import claude_code
from routecost.ingest.logs.faults import Faults
from routecost.ingest.logs.files import LogFile, Progress, no_progress
from routecost.ingest.logs.store import CallStore
from routecost.problems import did_you_mean
from routecost.records import dataclass

DIALECTS: dict[str, Any] = {module.NAME: module for module in (claude_code,)}
"""The dialects, by name, in the order in which they are tried.

``matches(sample)`` recognises a decoded JSON line or document or a row of columns; of a document, lists have
their first items only. A dialect reads records with at least one of ``parse(line: bytes)`` (a JSON line or an
item of a JSON array), ``parser()`` (returns such a function for each file, if it depends on earlier lines),
``parse_document(data: bytes)`` (a whole JSON file, or a page on each line) and ``parse_row(row: Mapping)`` (a
row of CSV or Parquet, or a decoded line). Optional ``KEYS`` are keys that most records have, for suggestions.
"""

AUTO = "auto"
NO_CALLS = "files without calls"
"""The kind under which files without a call are counted."""

TaskTypes = Callable[[Call], str | None]
"""Returns the task type of a call."""

Parse = Callable[[Any], Iterable[Call]]


@dataclass(frozen=True, slots=True)
class LogRead:
    """What was read: the faults, and the number of calls by dialect."""

    faults: Faults
    calls: dict[str, int] = field(default_factory=dict)


def read_logs(
    files: Sequence[Path],
    store: CallStore,
    *,
    dialect: str = AUTO,
    task_types: TaskTypes | None = None,
    progress: Progress = no_progress,
) -> LogRead:
    """Read files into a store. Raises UsageError for a file that no dialect recognises.

    Files without a call are counted; they need no dialect.
    """
    known = DIALECTS if dialect == AUTO else {dialect: _named(dialect)}
    read = LogRead(Faults())
    for path in files:
        calls = _calls(LogFile(path, read.faults, progress), known, read)
        store.add(_with_task_types(calls, task_types) if task_types else calls)
    return read


def _named(dialect: str) -> Any:
    if dialect not in DIALECTS:
        raise UsageError(f'no dialect "{dialect}"{did_you_mean(dialect, DIALECTS)}')
    return DIALECTS[dialect]


def _with_task_types(calls: Iterable[Call], task_types: TaskTypes) -> Iterator[Call]:
    for call in calls:
        call.task_type = task_types(call)
        yield call


def _calls(file: LogFile, known: Mapping[str, Any], read: LogRead) -> Iterator[Call]:
    try:
        found = contents(file)
    except UnreadableError as error:
        file.reject(1, str(error))
        return
    name, parse = _recognised(file, found, known) if found.samples else ("", _nothing)
    before = read.calls.get(name, 0)
    for number, record in found.records:
        try:
            for call in parse(record if number > 0 else record.rstrip()):
                check(call)
                if call.billed:
                    read.calls[name] = read.calls.get(name, 0) + call.calls
                    yield call
        except (BadRecordError, msgspec.DecodeError, UnicodeDecodeError) as error:
            file.fault(number, reason(error), is_torn="truncated" in str(error))
    if read.calls.get(name, 0) == before:
        read.faults.skip(NO_CALLS)


def _nothing(line: bytes) -> Iterable[Call]:
    """Raise the error of a line in a file whose first lines are all bad."""
    decode(line)
    return ()


def _recognised(file: LogFile, found: Contents, known: Mapping[str, Any]) -> tuple[str, Parse]:
    """Return the dialect of a file, and its function for the records. Raises UsageError if there is none."""
    readable = {name: parse for name in known if (parse := _parse(known[name], found.shape))}
    if len(known) == 1 and readable:
        return next(iter(readable.items()))
    for sample in found.samples:
        for name, parse in readable.items():
            if known[name].matches(sample):
                return name, parse
    if len(known) == 1:
        raise UsageError(f'"{file.name}" is {found.shape}, which dialect "{next(iter(known))}" does not read')
    names = ", ".join(known)
    raise UsageError(
        f'cannot recognise the dialect of "{file.name}"; expected one of {names}, or a mapping file'
        + _nearest(found.samples[0], {name: known[name] for name in readable})
    )


def _parse(dialect: Any, shape: Shape) -> Parse | None:
    """Return the function of a dialect for records of a shape; None if it has none."""
    by_line = dialect.parser() if hasattr(dialect, "parser") else getattr(dialect, "parse", None)
    document: Parse | None = getattr(dialect, "parse_document", None)
    row: Parse | None = getattr(dialect, "parse_row", None)
    if shape is Shape.CSV:
        return row
    if shape is Shape.PARQUET:
        return row or (None if by_line is None else lambda record: by_line(_encode(record)))
    both = (by_line, document) if shape is Shape.LINES else (document, by_line)
    return both[0] or both[1] or (None if row is None else lambda line: row(_mapping(line)))


_encode = msgspec.json.Encoder(decimal_format="number").encode


def _mapping(line: bytes) -> Mapping[str, Any]:
    record = decode(line)
    if not isinstance(record, dict):
        raise BadRecordError("it is not a JSON object")
    return record


def _nearest(sample: Any, known: Mapping[str, Any]) -> str:
    """Return a suggestion: the dialect most of whose keys the sample has."""
    names = set(sample) if isinstance(sample, dict) else set()
    lacking = {
        name: [key for key in keys if key not in names]
        for name, dialect in known.items()
        if not names.isdisjoint(keys := getattr(dialect, "KEYS", ()))
    }
    if not lacking:
        return ""
    best = min(lacking, key=lambda name: len(lacking[name]) / len(known[name].KEYS))
    why = f', but there is no "{lacking[best][0]}"' if lacking[best] else ""
    return f"; the nearest is {best}{why}"


def reason(error: Exception) -> str:
    """Return the reason of a bad line, which never quotes the line."""
    text = str(error)
    if isinstance(error, (BadRecordError, msgspec.ValidationError)):
        return text
    return "it is not valid UTF-8" if "utf" in text.lower() else "it is not valid JSON"
