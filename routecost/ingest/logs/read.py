"""Reading of logs in any dialect into the store of calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import field
from pathlib import Path
from typing import Any

import msgspec

from routecost.errors import UsageError
from routecost.ingest.logs.call import BadRecordError, Call, Found, Item, Page, Score, Waiting
from routecost.ingest.logs.contents import (
    NOT_JSON,
    Contents,
    Shape,
    UnreadableError,
    contents,
    decode,
    whole,
)
from routecost.ingest.logs.costs import anthropic as anthropic_costs
from routecost.ingest.logs.costs import openai as openai_costs
from routecost.ingest.logs.dialects import (
    anthropic_usage,
    claude_code,
    codex,
    langfuse,
    langfuse_scores,
    litellm,
    openai_usage,
    otel,
)
from routecost.ingest.logs.faults import Faults
from routecost.ingest.logs.files import LogFile, Progress, no_progress
from routecost.ingest.logs.items import Held, LogRead, SuccessRule
from routecost.ingest.logs.mapping import MappedDialect, load_mapping, ready_mappings
from routecost.ingest.logs.saved import is_saved
from routecost.ingest.logs.store import CallStore
from routecost.ingest.logs.task_types import TaskTypes, default_task_type
from routecost.library import looks_like_path
from routecost.problems import did_you_mean
from routecost.records import dataclass

__all__ = ["AUTO", "DIALECTS", "LogRead", "TaskTypes", "read_logs", "reason"]

_MODULES = (otel, anthropic_usage, openai_usage, langfuse_scores, langfuse, litellm, codex, claude_code)
DIALECTS: dict[str, Any] = {module.NAME: module for module in _MODULES}
"""The dialects, by name, in the order in which they are tried.

``matches(sample)`` recognises a decoded JSON line or document or a row of columns; of a document, lists have
their first items only. A dialect reads records with at least one of ``parse(line: bytes)`` (a JSON line or an
item of a JSON array), ``parser()`` (returns such a function for each file, if it depends on earlier lines; it
may return the same call again for a line that repeats it),
``gathering()`` (returns an object with these functions for all files of the dialect: what it yields as
``Waiting`` are the items ``found(data)`` after ``end()``, which returns notes, when all files are read),
``parse_document(data: bytes)`` (a whole JSON file, or a page on each line) and ``parse_row(row: Mapping)`` (a
row of CSV or Parquet, or a decoded line). Optional ``KEYS`` are keys that most records have, for suggestions.
"""

UNREADABLE = (BadRecordError, *NOT_JSON)
"""The errors of records that cannot be read."""

AUTO = "auto"
SAVED = "saved calls"
"""The name under which saved calls are counted."""

NO_CALLS = "files without calls"
"""The kind under which files without a call are counted."""

COST_REPORTS = "cost reports, which --against compares with the calls"
"""The kind under which files with the provider's costs are counted."""

_COSTS = (anthropic_costs, openai_costs)

Parse = Callable[[Any], Iterable[Item]]


def read_logs(
    files: Sequence[Path],
    store: CallStore,
    *,
    dialect: str = AUTO,
    task_types: TaskTypes | None = None,
    success: SuccessRule | None = None,
    progress: Progress = no_progress,
) -> LogRead:
    """Read files into a store; also those that :meth:`CallStore.save` wrote, whose task types are kept.

    Files without a call are counted; they need no dialect. Raises UsageError for a file that no dialect
    recognises.
    """
    known = _Dialects(dialect, tuple(getattr(task_types, "columns", ())))
    store.task_types = task_types or default_task_type
    read = LogRead(Faults(), success=success)
    with closing(Held(store.folder)) as held:
        reading = _Reading(store, known, read, held, progress)
        for path in files:
            if not is_saved(path):
                reading.add(path)
            elif task_types is not None:
                raise UsageError(
                    f'"{path}" has saved calls; their task types were chosen when they were saved'
                )
            else:
                read.calls[SAVED] = read.calls.get(SAVED, 0) + store.add_saved(path)
        reading.add_waiting()
    read.note_missing_pages()
    return read


@dataclass
class _Reading:
    """Adds files to a store."""

    store: CallStore
    known: _Dialects
    read: LogRead
    held: Held
    progress: Progress
    waiting: list[_FileRead] = field(default_factory=list)

    def add(self, path: Path) -> None:
        """Add the calls of a file, or let it wait."""
        one = _FileRead(LogFile(path, Faults(), self.progress), self.read)
        self.store.add(_calls(one, self.known, self._hold))
        if self.read.outcomes:
            self.store.add_outcomes(self.read.outcomes)
            self.read.outcomes.clear()
        if not self.waiting or self.waiting[-1] is not one:
            one.end()

    def _hold(self, one: _FileRead, line: int, data: bytes) -> None:
        if not self.waiting or self.waiting[-1] is not one:
            self.waiting.append(one)
        self.held.add(len(self.waiting) - 1, line, data)

    def add_waiting(self) -> None:
        """Add the calls of files that waited for others."""
        for gathering in self.known.gatherings.values():
            for note in gathering.end():
                self.read.take(note)
        self.store.add(
            call
            for file, line, data in self.held
            for one in (self.waiting[file],)
            for call in one.calls(self.known.gatherings[one.name].found(data), line)
        )
        for one in self.waiting:
            one.end()


@dataclass
class _FileRead:
    """A file that is being read, in the dialect ``name``, and the number of its calls."""

    file: LogFile
    read: LogRead
    name: str = ""
    count: int = 0
    is_of_use: bool = False

    def calls(self, items: Iterable[Found], line: int) -> Iterator[Call]:
        """Yield the calls among the items of a line."""
        for item in items:
            if (call := self.read.call(item, self.file, line)) is not None:
                self.is_of_use = True
                self.count += call.calls
                yield call
            elif not self.is_of_use:
                self.is_of_use = isinstance(item, Call)  # one that is not billed

    def end(self) -> None:
        """Count the calls and the faults of the file."""
        if self.count:
            self.read.calls[self.name] = self.read.calls.get(self.name, 0) + self.count
        if not self.is_of_use:
            self.file.faults.skip(NO_CALLS)
        self.read.faults.add(self.file.faults)


@dataclass
class _Dialects:
    """The dialects to choose from: a stated one, or all; mappings are loaded if they are needed.

    ``columns`` are further columns of logs that mappings keep as labels. ``gatherings`` read all files of a
    dialect, by its name.
    """

    stated: str
    columns: tuple[str, ...] = ()
    gatherings: dict[str, Any] = field(default_factory=dict)
    _ready: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.stated == AUTO:
            return
        if looks_like_path(self.stated):
            self._ready = {self.stated: self._mapped(load_mapping(Path(self.stated)))}
        elif self.stated not in DIALECTS and self.stated not in self.mappings:
            names = [*DIALECTS, *self.mappings, AUTO]
            raise UsageError(f'no dialect "{self.stated}"{did_you_mean(self.stated, names)}')

    @property
    def mappings(self) -> dict[str, Any]:
        """The dialects of mappings, by name."""
        if self._ready is None:
            self._ready = {name: self._mapped(one) for name, one in ready_mappings().items()}
        return self._ready

    def _mapped(self, dialect: MappedDialect) -> MappedDialect:
        return dialect.with_columns(self.columns) if self.columns else dialect

    def only(self) -> Any:
        """Return the dialect that is stated; None if all are to be tried."""
        if self.stated == AUTO:
            return None
        return DIALECTS[self.stated] if self.stated in DIALECTS else self.mappings[self.stated]


def _calls(one: _FileRead, known: _Dialects, hold: Callable[[_FileRead, int, bytes], None]) -> Iterator[Call]:
    file = one.file
    try:
        records = contents(file)
    except UnreadableError as error:
        file.reject(1, str(error))
        one.is_of_use = True  # as far as is known
        return
    if known.only() is None and any(costs.matches(records.samples[0]) for costs in _COSTS if records.samples):
        file.faults.skip(COST_REPORTS)
        one.is_of_use = True
        return
    one.name, parse = _chosen(file, records, known) if records.samples else ("", _nothing)
    take, last = one.read.call, None
    again: list[tuple[int, bytes]] = []
    for number, record in _with(again, records.records):
        try:
            for item in parse(record if number > 0 else record.rstrip()):
                if item is last:
                    one.count += item.calls
                elif isinstance(item, Waiting):
                    hold(one, number, item.data)
                elif (call := take(item, file, number)) is not None:
                    one.count += call.calls
                    one.is_of_use = True
                    last = call
                    yield call
                elif not one.is_of_use:
                    one.is_of_use = isinstance(item, (Call, Page, Score))
        except UNREADABLE as error:
            _rejected(file, number, record, error, again)


def _rejected(
    file: LogFile, number: int, record: Any, error: Exception, again: list[tuple[int, bytes]]
) -> None:
    """Reject a record, unless it can be read again without halves of surrogate pairs."""
    if isinstance(record, bytes) and not isinstance(error, BadRecordError) and (text := whole(record)):
        again.append((number, text))
    else:
        file.fault(number, reason(error), is_torn="truncated" in str(error))


def _with(again: list[tuple[int, bytes]], records: Iterable[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
    """Yield records, and after each those that are to be read again."""
    for one in records:
        yield one
        while again:
            yield again.pop()


def _nothing(line: bytes) -> Iterable[Item]:
    """Raise the error of a line in a file whose first lines are all bad."""
    decode(line)
    return ()


def _chosen(file: LogFile, records: Contents, known: _Dialects) -> tuple[str, Parse]:
    """Return the dialect of a file, and its function for the records. Raises UsageError if there is none."""
    dialect = known.only() or _recognised(file, records, known)
    parse = _parse(dialect, records.shape)
    if parse is None:
        raise UsageError(f'"{file.name}" is {records.shape}, which dialect "{known.stated}" does not read')
    if not isinstance(dialect, MappedDialect):
        if known.columns:
            raise UsageError(
                f'"{file.name}" is of dialect "{dialect.NAME}", which has no columns for task types; '
                "expected a label or a tag"
            )
    else:
        is_table = records.shape in (Shape.CSV, Shape.PARQUET)
        dialect.check_columns(file.name, records.samples, is_table=is_table)
    if hasattr(dialect, "gathering"):
        gathering = known.gatherings.setdefault(dialect.NAME, dialect.gathering())
        parse = _parse(gathering, records.shape) or parse
    return dialect.NAME, parse


def _recognised(file: LogFile, records: Contents, known: _Dialects) -> Any:
    tried: dict[str, Any] = {}
    for mapped in (False, True):
        dialects = known.mappings if mapped else DIALECTS
        readable = {name: one for name, one in dialects.items() if _parse(one, records.shape)}
        for sample in records.samples:
            for dialect in readable.values():
                if dialect.matches(sample):
                    return dialect
        tried |= readable
    names = ", ".join((*DIALECTS, *known.mappings))
    raise UsageError(
        f'cannot recognise the dialect of "{file.name}"; expected one of {names}, or a mapping file'
        + _nearest(records.samples[0], tried)
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
    if isinstance(error, RecursionError):
        return "its JSON is nested too deeply"
    if isinstance(error, (BadRecordError, msgspec.ValidationError)):
        return text
    return "it is not valid UTF-8" if "utf" in text.lower() else "it is not valid JSON"
