"""Files of logs: globs and folders, plain or compressed, and their lines."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from glob import has_magic, iglob
from pathlib import Path
from typing import Any, BinaryIO

from routecost.errors import UsageError
from routecost.file_access import reading
from routecost.ingest.logs.faults import Faults, Reject
from routecost.records import dataclass

MAX_LINE = 10_000_000
"""The maximum number of bytes of a line."""

SUFFIXES = (".jsonl", ".ndjson", ".json", ".csv", ".parquet")
_NO_LOGS = (".meta.json", "sessions-index.json", "journal.jsonl")
_NO_FOLDERS = ("tool-results",)
"""What transcripts of Claude Code have beside them, which is no log."""

GZIP = b"\x1f\x8b"
DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error, OSError)
"""The errors of a file whose rest cannot be read."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MOST_LAYERS = 2
_CHUNK = 1 << 20
_REPORTED = 10_000

Progress = Callable[[int, int], None]
"""Is called with the rows and the bytes that were read since the last call."""


def no_progress(_rows: int, _size: int) -> None:
    """Show no progress."""


def log_files(paths: Sequence[str | Path]) -> list[Path]:
    """Return the files of paths, folders (with all below) and globs, sorted, each once.

    Raises UsageError for a path without a file.
    """
    logs: dict[str, Path] = {}
    for path in paths:
        files = list(_files(str(path)))
        if not files:
            expected = "a file, or a folder or glob with files in " + ", ".join(SUFFIXES)
            raise UsageError(f'no log "{path}"; expected {expected}, also with .gz')
        logs.update((os.path.realpath(file), file) for file in files)
    return sorted(logs.values())


def _files(path: str) -> Iterator[Path]:
    if os.path.isdir(path):
        for folder, folders, names in os.walk(path, onerror=_refuse):
            folders[:] = sorted(name for name in folders if name not in _NO_FOLDERS)
            files = (Path(folder, name) for name in sorted(names) if _is_log(name))
            yield from (file for file in files if file.is_file())  # a pipe would wait for its writer
    elif os.path.lexists(path):
        if os.path.exists(path) and not os.path.isfile(path):
            raise UsageError(f'"{path}" is no regular file; logs are read twice: save it first')
        yield Path(path)
    elif has_magic(path):
        for match in iglob(path, recursive=True):
            yield from _files(match)


def _refuse(error: OSError) -> None:
    raise UsageError(f'cannot read "{error.filename}": {(error.strerror or str(error)).lower()}')


def _is_log(name: str) -> bool:
    plain = name.lower().removesuffix(".gz")
    return plain.endswith(SUFFIXES) and not plain.endswith(_NO_LOGS)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a log; a compressed one is decompressed, whatever its name, also if it was compressed twice."""
    with reading(path) as stream, ExitStack() as opened_too:
        plain: Any = stream
        for _ in range(_MOST_LAYERS):
            if plain.peek(len(GZIP))[: len(GZIP)] == GZIP:
                plain = opened_too.enter_context(gzip.open(plain))
        yield plain


def blank_lines(stream: Any) -> tuple[int, int]:
    """Pass over blank lines, many at a time; returns their number and bytes."""
    lines = size = 0
    while ahead := stream.peek(1):
        blank = ahead[: len(ahead) - len(ahead.lstrip())]
        if not (end := blank.rfind(b"\n") + 1):
            break
        lines += blank.count(b"\n")
        size += len(stream.read(end))
    return lines, size


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log that is being read; faults go to ``faults``."""

    path: Path
    faults: Faults
    progress: Progress = no_progress

    @property
    def name(self) -> str:
        """The name in messages."""
        return str(self.path)

    def reject(self, line: int, reason: str) -> None:
        """Count a bad line."""
        self.faults.reject(self.name, line, reason)

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Yield the number and the bytes of each line that is not blank.

        Lines that are too long are rejected. The last line is yielded with the number -N: the file may
        still grow, so it is no fault if it ends too early (see :meth:`fault`).
        """
        held: tuple[int, bytes] | None = None
        number = rows = size = 0
        try:
            with opened(self.path) as stream:
                while line := stream.readline(MAX_LINE):
                    number += 1
                    size += len(line)
                    if number == 1:
                        line = line.removeprefix(_BYTE_ORDER_MARK)
                    rows += 1
                    if rows == _REPORTED:
                        self.progress(rows, size)
                        rows = size = 0
                    if len(line) == MAX_LINE and not line.endswith(b"\n"):
                        self._pass_over(stream, number)
                    elif not line.isspace():
                        if held is not None:
                            yield held
                        held = number, line
                    elif (blank := blank_lines(stream))[0]:
                        self.progress(*blank)
                        number += blank[0]
        except DAMAGED as error:
            self.reject(number + 1, f"the rest of the file cannot be read: {_why(error)}")
        self.progress(rows, size)
        if held is not None:
            yield -held[0], held[1]

    def _pass_over(self, stream: BinaryIO, number: int) -> None:
        self.reject(number, f"the line is longer than {MAX_LINE:,} bytes")
        while (part := stream.readline(_CHUNK)) and not part.endswith(b"\n"):
            pass

    def fault(self, line: int, reason: str, *, is_torn: bool = False) -> None:
        """Reject a line; a last line that ends too early is reported only."""
        if line < 0 and is_torn:
            self.faults.torn.append(Reject(self.name, -line, f"the last line is incomplete: {reason}"))
        else:
            self.reject(abs(line), reason)


def _why(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "its compressed data end too early"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return "its compressed data are damaged"
