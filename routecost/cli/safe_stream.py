"""Standard streams that escape what a terminal or a CI runner would act on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO, cast

from routecost.render.escape import safe_for_logs


class SafeStream:
    """A text stream that passes on whole lines, with harmful characters and commands escaped.

    It has no ``buffer``, so that text cannot be written around it.
    """

    def __init__(self, raw: TextIO) -> None:
        self.raw = raw
        self._pending: list[str] = []

    def write(self, text: str) -> int:
        """Write text; the last line is kept until its end."""
        if "\n" not in text:
            self._pending.append(text)
            return len(text)
        head, _, tail = text.rpartition("\n")
        lines = "".join([*self._pending, head, "\n"])
        self._pending = [tail] if tail else []
        self.raw.write(safe_for_logs(lines))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write texts."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Write the line that is not ended yet, and flush the stream."""
        rest = "".join(self._pending)
        self._pending = []
        if rest:
            self.raw.write(safe_for_logs(rest))
        self.raw.flush()

    def __getattr__(self, name: str) -> Any:
        if name == "buffer":
            raise AttributeError(name)
        return getattr(self.raw, name)


@contextmanager
def safe_streams(stdout: TextIO | None = None, stderr: TextIO | None = None) -> Iterator[None]:
    """Make the standard streams safe, or the streams given in their place."""
    with ExitStack() as stack:
        for stream, redirect in (
            (stdout or sys.stdout, redirect_stdout),
            (stderr or sys.stderr, redirect_stderr),
        ):
            if stream is not None and not isinstance(stream, SafeStream):
                stack.enter_context(redirect(cast(TextIO, SafeStream(stream))))
        yield


def raw_stream(stream: Any) -> Any:
    """Return the stream that a safe stream writes to, for binary data and trusted text."""
    if isinstance(stream, SafeStream):
        stream.flush()
        return stream.raw
    return stream


def standard_stream(path: Path) -> TextIO | None:
    """Return the standard stream that a path leads to, such as /dev/stdout or the terminal; None if none.

    Raises OSError for a path that no file can have, such as a loop of links.
    """
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return None
    for number, stream in ((1, sys.stdout), (2, sys.stderr)):
        with suppress(OSError):
            is_same = os.path.samestat(status, os.fstat(number))
            if is_same and not os.path.samestat(status, os.stat(os.devnull)):
                return stream
    return None


def use_utf8(stream: Any) -> None:
    """Encode a stream as UTF-8, whatever the locale is: documents and data for machines are in UTF-8."""
    raw = raw_stream(stream)
    if isinstance(raw, TextIOWrapper):
        raw.reconfigure(encoding="utf-8", errors="backslashreplace")
