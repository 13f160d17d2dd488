"""Reading of logs in any dialect into the store of calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from routecost.errors import UsageError
from routecost.ingest.logs.call import BadRecordError, Call
from routecost.ingest.logs.dialects import (
    anthropic_usage,
    claude_code,
    langfuse,
    langfuse_scores,
    openai_usage,
    otel,
)
from routecost.ingest.logs.faults import Faults
from routecost.ingest.logs.files import LogFile, Progress, no_progress
from routecost.ingest.logs.items import LogRead, SuccessRule
from routecost.ingest.logs.store import CallStore
from routecost.problems import did_you_mean

_MODULES = (otel, anthropic_usage, openai_usage, langfuse_scores, langfuse, claude_code)
DIALECTS: dict[str, ModuleType] = {module.NAME: module for module in _MODULES}
"""The dialects of JSON lines: ``matches(sample)`` recognises a decoded line, ``parse(line)`` reads one."""

AUTO = "auto"
_SAMPLES = 20

TaskTypes = Callable[[Call], str | None]
"""Returns the task type of a call."""


def read_logs(
    files: Sequence[Path],
    store: CallStore,
    *,
    dialect: str = AUTO,
    task_types: TaskTypes | None = None,
    success: SuccessRule | None = None,
    progress: Progress = no_progress,
) -> LogRead:
    """Read files into a store. Raises UsageError for a file that no dialect recognises."""
    if dialect != AUTO and dialect not in DIALECTS:
        raise UsageError(f'no dialect "{dialect}"{did_you_mean(dialect, DIALECTS)}')
    read = LogRead(Faults(), success=success)
    for path in files:
        file = LogFile(path, read.faults, progress)
        calls = _calls(file, dialect, read)
        store.add(_with_task_types(calls, task_types) if task_types else calls)
        store.add_outcomes(read.outcomes)
        read.outcomes.clear()
    read.note_missing_pages()
    return read


def _with_task_types(calls: Iterable[Call], task_types: TaskTypes) -> Iterator[Call]:
    for call in calls:
        call.task_type = task_types(call)
        yield call


def _calls(file: LogFile, dialect: str, read: LogRead) -> Iterator[Call]:
    lines = file.lines()
    first = list(islice(lines, _SAMPLES))
    name = _recognised(file, first) if dialect == AUTO else dialect
    parse = DIALECTS[name].parse
    for number, line in chain(first, lines):
        try:
            for item in parse(line if number > 0 else line.rstrip()):
                if (call := read.call(item, file, number)) is not None:
                    read.calls[name] = read.calls.get(name, 0) + call.calls
                    yield call
        except (BadRecordError, msgspec.DecodeError) as error:
            file.fault(number, reason(error), is_torn="truncated" in str(error))


def _recognised(file: LogFile, lines: Sequence[tuple[int, bytes]]) -> str:
    for _, line in lines:
        sample: Any = None
        with suppress(msgspec.DecodeError, UnicodeDecodeError):
            sample = msgspec.json.decode(line)
        for name, module in DIALECTS.items():
            if module.matches(sample):
                return name
    known = ", ".join(DIALECTS)
    raise UsageError(f'cannot recognise the dialect of "{file.name}"; expected one of {known}, or --dialect')


def reason(error: Exception) -> str:
    """Return the reason of a bad line, which never quotes the line."""
    text = str(error)
    if isinstance(error, (BadRecordError, msgspec.ValidationError)):
        return text
    return "it is not valid UTF-8" if "utf" in text.lower() else "it is not valid JSON"
