"""Reports to stdout and files: whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from routecost.cli.progress import watched
from routecost.errors import SurroundingsError, UsageError

if TYPE_CHECKING:
    from routecost.model.report import Report
    from routecost.problems import Finding


@dataclass(frozen=True, slots=True)
class Output:
    """Where a command's result goes, and how it looks.

    Raises UsageError for the ``size`` or the ``theme`` of a chart that is not asked for.
    """

    format: str | None = None
    file: Path | None = None
    chart: Path | None = None
    size: str | None = None
    theme: str | None = None

    def __post_init__(self) -> None:
        for option, given in (("--size", self.size), ("--theme", self.theme)):
            if given is not None and self.chart is None:
                raise UsageError(f"{option} belongs to --chart FILE, which is not given")


def emit(report: Report, output: Output) -> None:
    """Write a report, and its chart if one is asked for; check everything before writing anything."""
    from routecost import render

    name = output.format or _format_by_suffix(output.file) or "text"
    style = render.find(name)
    if output.chart is not None:
        _write_chart(report, output.chart, output)
    report = watched(report, output.file)
    if output.file is not None:
        write_whole(output.file, lambda sink: style.render(report, sink), binary=style.binary)
    elif style.binary:
        if sys.stdout.isatty():
            raise UsageError(f'format "{name}" is binary; give a file with --output')
        _to_stdout(lambda: style.render(report, sys.stdout.buffer))
    else:
        _to_stdout(lambda: style.render(report, sys.stdout))


def write_text(text: str, file: Path | None) -> None:
    """Write a text that is no report to a file, or else to stdout."""
    if file is None:
        _to_stdout(lambda: sys.stdout.write(text))
    else:
        write_whole(file, lambda sink: sink.write(text))


def say(text: str) -> None:
    """Tell people something beside the result, on stderr; if nobody can hear it, so be it."""
    if sys.stderr is not None:
        with suppress(OSError):
            sys.stderr.write(text + "\n")


def show_findings(findings: Iterable[Finding]) -> None:
    """Print findings on stderr, each with its source line and a caret."""
    from routecost.render.findings import excerpt

    for finding in findings:
        say(excerpt(finding))


def write_whole(path: Path, write: Callable[[Any], None], *, binary: bool = False) -> None:
    """Write a file by way of a temporary one beside it, so that nobody sees half of it.

    A link stays one: its target is written. Raises SurroundingsError where that cannot be done.
    """
    try:
        if path.exists() and not path.is_file():
            # A device or a pipe must be written, never replaced; a folder refuses to be opened.
            with _opened(path, binary) as sink:
                write(sink)
        else:
            _replace(Path(os.path.realpath(path)), write, binary)
    except OSError as error:
        raise SurroundingsError(f'cannot write "{path}": {_reason(error)}') from error


def _replace(path: Path, write: Callable[[Any], None], binary: bool) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".routecost-")
    try:
        with _opened(handle, binary) as sink:
            write(sink)
        os.chmod(temporary, _mode(path))
        os.replace(temporary, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary)


def _opened(file: int | Path, binary: bool) -> IO[Any]:
    return open(file, "wb") if binary else open(file, "w", encoding="utf-8", newline="")


def _mode(path: Path) -> int:
    """Return the mode that the file has, or that a new file would get."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _to_stdout(write: Callable[[], object]) -> None:
    if sys.stdout is None:
        raise SurroundingsError("cannot write to stdout: it is closed")
    try:
        write()
        sys.stdout.flush()
    except BrokenPipeError:
        _give_up_stdout()  # the reader has seen enough
    except OSError as error:
        _give_up_stdout()
        raise SurroundingsError(f"cannot write to stdout: {_reason(error)}") from error


def _give_up_stdout() -> None:
    """Let nothing that is left in the buffer fail again at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _format_by_suffix(file: Path | None) -> str | None:
    from routecost import render

    return None if file is None else render.format_of(file.suffix)


def _write_chart(report: Report, file: Path, output: Output) -> None:
    from routecost.render import charts

    if report.figure is None:
        raise UsageError(f'"{report.command}" draws no chart')
    figure = report.figure
    kind = charts.chart_format(file)
    size, theme = output.size or "doc", output.theme or "light"
    write_whole(file, lambda sink: charts.draw(figure, sink, kind, size=size, theme=theme), binary=True)
