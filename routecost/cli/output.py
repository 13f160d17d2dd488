"""Reports to stdout and files: whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from routecost.cli.progress import watched
from routecost.errors import EnvironmentFailure, UsageError

if TYPE_CHECKING:
    from routecost.cli.atomic_write import Writing
    from routecost.model.report.report import Report
    from routecost.problems import Finding
    from routecost.render import Format


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
        from routecost.cli.atomic_write import write_together

        write_together(list(_writings(report, style, output.file)))
    elif style.binary:
        if sys.stdout.isatty():
            raise UsageError(f'format "{name}" is binary; give a file with --output')
        _to_stdout(lambda: style.render(report, sys.stdout.buffer))
    else:
        if style.figures_beside and any(part.figure for part in report.parts.values()):
            say("the figures are left out; --output FILE writes them beside it")
        _to_stdout(lambda: style.render(report, sys.stdout))


def refuse_unknown_suffix(output: Output, expected: str) -> None:
    """Raise UsageError where neither an option nor the file's suffix tells the format."""
    if output.file is not None and output.format is None and _format_by_suffix(output.file) is None:
        raise UsageError(f'cannot tell a format from "{output.file}"; expected {expected}, or --format')


def write_text(text: str, file: Path | None) -> None:
    """Write a text that is no report to a file, or else to stdout."""
    if file is None:
        _to_stdout(lambda: sys.stdout.write(text))
    else:
        from routecost.cli.atomic_write import write_whole

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


def _to_stdout(write: Callable[[], object]) -> None:
    if sys.stdout is None:
        raise EnvironmentFailure("cannot write to stdout: it is closed")
    try:
        write()
        sys.stdout.flush()
    except BrokenPipeError:
        _give_up_stdout()  # the reader has seen enough
    except OSError as error:
        from routecost.cli.atomic_write import reason

        _give_up_stdout()
        raise EnvironmentFailure(f"cannot write to stdout: {reason(error)}") from error


def _give_up_stdout() -> None:
    """Let nothing that is left in the buffer fail again at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _format_by_suffix(file: Path | None) -> str | None:
    from routecost import render

    return None if file is None else render.format_of(file.suffix)


def _writings(report: Report, style: Format, file: Path) -> Iterator[Writing]:
    """Yield the file of a report, and before it those of the figures of its parts."""
    from routecost.cli.atomic_write import Writing

    is_stream = file.exists() and not file.is_file()  # nothing stands beside a pipe or a device
    if is_stream or not style.figures_beside:
        yield Writing(file, partial(style.render, report), style.binary)
        return
    from routecost.render import charts

    links: dict[str, str] = {}
    for name, part in report.parts.items():
        if part.figure is not None:
            links[name] = f"{file.stem}-{name}.svg"
            draw = partial(charts.draw, part.figure, kind="svg")
            yield Writing(file.with_name(links[name]), draw, binary=True)
    yield Writing(file, lambda sink: style.render(report, sink, links))


def _write_chart(report: Report, file: Path, output: Output) -> None:
    from routecost.cli.atomic_write import write_whole
    from routecost.render import charts

    if report.figure is None:
        raise UsageError(f'"{report.command}" draws no chart')
    figure = report.figure
    kind = charts.chart_format(file)
    size, theme = output.size or "doc", output.theme or "light"
    write_whole(file, lambda sink: charts.draw(figure, sink, kind, size=size, theme=theme), binary=True)
