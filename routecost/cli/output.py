"""Output of reports, charts and messages."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from routecost.cli.output_files import claim, claim_unnamed
from routecost.cli.progress import watched
from routecost.cli.safe_stream import raw_stream, use_utf8
from routecost.errors import EnvironmentFailure, UsageError
from routecost.records import dataclass

if TYPE_CHECKING:
    from routecost.cli.atomic_write import Writing
    from routecost.model.report.report import Report
    from routecost.problems import Finding
    from routecost.render import Format


MOST_SHOWN = 1_000
"""The maximum number of findings on stderr."""


@dataclass(frozen=True, slots=True)
class Output:
    """Output options of a command; it claims their files, so create it before anything is computed.

    ``expected`` describes the file names of a command that writes no text unless asked to: it refuses
    names without a suffix too; ``has_findings`` and ``has_charges`` say that it has what some formats need.
    Raises UsageError if neither ``format`` nor the suffix gives a format that can be written, if ``size`` or
    ``theme`` is given without ``chart``, for a chart without a format, and for a file that cannot be written
    or must not be replaced (see :func:`routecost.cli.output_files.claim`).
    """

    format: str | None = None
    file: Path | None = None
    chart: Path | None = None
    size: str | None = None
    theme: str | None = None
    force: bool = False
    expected: str | None = None
    has_findings: bool = False
    has_charges: bool = False

    def __post_init__(self) -> None:
        for option, given in (("--size", self.size), ("--theme", self.theme)):
            if given is not None and self.chart is None:
                raise UsageError(f"{option} requires --chart FILE")
        claim(self.file, "--output", force=self.force)
        claim(self.chart, "--chart", force=self.force)
        if self.chart is not None:
            from routecost.render.charts import chart_format

            chart_format(self.chart)
        self._refuse_unknown_suffix()
        self._refuse_format()

    def _refuse_unknown_suffix(self) -> None:
        file = self.file
        if file is None or self.format is not None or not (file.suffix or self.expected):
            return
        if _format_by_suffix(file) is None:
            expected = self.expected or f"a name in {_suffixes()}"
            raise UsageError(f'cannot infer a format from "{file}"; expected {expected}, or --format')

    @property
    def style(self) -> Format:
        """The format of the output."""
        from routecost import render

        style = render.find(self.format or _format_by_suffix(self.file) or "text")
        other = style.by_suffix.get("" if self.file is None else self.file.suffix.lower())
        return style if other is None else render.find(other)

    @property
    def wants_charges(self) -> bool:
        """Whether the format writes charges, also if another format writes the file."""
        from routecost import render

        return self.format is not None and render.find(self.format).needs_charges

    def _refuse_format(self) -> None:
        if self.format is None and self.file is None:
            return
        style = self.style
        if style.needs_findings and not self.has_findings:
            raise UsageError(f'there are no findings to write as "{style.name}"; try "text" or "json"')
        if self.wants_charges and not self.has_charges:
            raise UsageError(f'only "usage" and "project" write "{self.format}"; try "csv" or "json"')
        if style.binary and self.file is None and sys.stdout.isatty():
            raise UsageError(f'format "{style.name}" is binary; give a file with --output')
        style.require()


def emit(report: Report, output: Output, *, with_notes: bool = False, beside: Sequence[Writing] = ()) -> None:
    """Write a report, its chart and the files ``beside`` it; check all options before anything is written.

    Warnings that the format has no place for go to stderr; ``with_notes``, other notes do too.
    """
    style = output.style
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        _emit(report, output, style, beside)
    say(*dict.fromkeys(f"warning: {warning.message}" for warning in caught))
    if style.table_only:
        say_notes(report, warnings_only=not with_notes)


def say_notes(report: Report, *, warnings_only: bool = False) -> None:
    """Write the notes of a report to stderr."""
    from routecost.model.report.report import Note
    from routecost.render.rounding import sentence

    for note in report.blocks:
        if isinstance(note, Note) and (note.warning or not warnings_only):
            say(("warning: " if note.warning else "") + sentence(note, report.currency))


def _emit(report: Report, output: Output, style: Format, beside: Sequence[Writing]) -> None:
    chart = None if output.chart is None else _chart_writing(report, output.chart, output)
    report = watched(report, output.file)
    if output.file is not None or chart is not None or beside:
        from routecost.cli.atomic_write import write_together

        files = [] if output.file is None else _writings(report, style, output.file, output.force)
        write_together([*beside, *([] if chart is None else [chart]), *files])
    if output.file is not None:
        return
    if style.binary:
        _to_stdout(lambda: style.render(report, raw_stream(sys.stdout).buffer))
    else:
        if style.figures_beside and any(part.figure for part in report.parts.values()):
            say("figures are omitted; use --output FILE to write them as separate files")
        _to_stdout(lambda: style.render(report, _text_stdout(style)))


def refuse_other_formats(file: Path | None, own: str) -> None:
    """Raise UsageError for a file whose suffix is that of another format than a command's ``own``."""
    wanted = None if file is None else _format_by_suffix(file)
    if wanted not in (None, own):
        raise UsageError(f'"{file}" would be {wanted}, but the output is {own}; expected a name in .{own}')


def write_text(text: str, file: Path | None) -> None:
    """Write text to a file, or to stdout without one."""
    if file is None:
        use_utf8(sys.stdout)
        _to_stdout(lambda: sys.stdout.write(text))
    else:
        from routecost.cli.atomic_write import write_whole

        write_whole(file, lambda sink: sink.write(text))


def say(*lines: str) -> None:
    """Write the lines of a message to stderr; ignore a closed stream."""
    from routecost.render.escape import sanitize

    if sys.stderr is not None:
        with suppress(OSError):
            sys.stderr.writelines(f"{sanitize(line)}\n" for line in lines)
            sys.stderr.flush()


def _text_stdout(style: Format) -> TextIO:
    """Return stdout for a format: UTF-8 unless people read it, and itself for commands to a CI runner."""
    if style.name != "text":
        use_utf8(sys.stdout)
    stream: TextIO = raw_stream(sys.stdout) if style.has_commands else sys.stdout
    return stream


def show_findings(findings: Iterable[Finding]) -> None:
    """Print findings on stderr, each with its source line and a caret; of many, only the first."""
    from routecost.render.findings import excerpt

    shown = list(findings)
    for finding in shown[:MOST_SHOWN]:
        say(*excerpt(finding).split("\n"))
    if len(shown) > MOST_SHOWN:
        say(f"... and {len(shown) - MOST_SHOWN:,} more problems")


def _to_stdout(write: Callable[[], object]) -> None:
    if sys.stdout is None:
        raise EnvironmentFailure("cannot write to stdout: it is closed")
    try:
        write()
        sys.stdout.flush()
    except BrokenPipeError:
        _give_up_stdout()  # the reader closed the pipe
    except OSError as error:
        from routecost.cli.atomic_write import reason

        _give_up_stdout()
        raise EnvironmentFailure(f"cannot write to stdout: {reason(error)}") from error


def _give_up_stdout() -> None:
    """Redirect stdout to the null device, so that flushing at exit cannot fail."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _format_by_suffix(file: Path | None) -> str | None:
    from routecost import render

    return None if file is None else render.format_of(file.suffix)


def _suffixes() -> str:
    """Return the first suffix of each format, as a list in words."""
    from routecost import render

    formats = [render.find(name) for name in render.format_names()]
    *most, last = (style.suffixes[0] for style in formats if style.suffixes)
    return f"{', '.join(most)} or {last}"


def _writings(report: Report, style: Format, file: Path, force: bool) -> Iterator[Writing]:
    """Yield the files of the figures of the parts, then the file of the report."""
    from routecost.cli.atomic_write import Writing, explained, is_stream

    with explained(file):
        has_folder = not is_stream(file)  # a pipe or a device has none for figures
    if not (has_folder and style.figures_beside):
        yield Writing(file, partial(style.render, report), style.binary, style.has_commands)
        return
    from routecost.render import charts

    links: dict[str, str] = {}
    for name, part in report.parts.items():
        if part.figure is not None:
            links[name] = f"{file.stem}-{name}.svg"
            draw = partial(charts.draw, part.figure, kind="svg")
            beside = file.with_name(links[name])
            claim_unnamed(beside, "--output", force=force)
            yield Writing(beside, draw, binary=True)
    yield Writing(file, lambda sink: style.render(report, sink, links))


def _chart_writing(report: Report, file: Path, output: Output) -> Writing:
    from routecost.cli.atomic_write import Writing
    from routecost.render import charts

    if report.figure is None:
        raise UsageError(f'"{report.command}" has no chart')
    figure = report.figure
    kind = charts.chart_format(file)
    size, theme = output.size or "doc", output.theme or "light"
    return Writing(file, partial(charts.draw, figure, kind=kind, size=size, theme=theme), binary=True)
