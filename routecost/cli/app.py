"""Command-line entry point: exit codes and error handling.

Exit codes: 0 success; 1 findings, a failed claim or an exceeded budget; 2 bad usage or bad input;
3 an internal or environment failure; 130 interrupted from the keyboard; 128 + N ended by signal N.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from functools import cache, partial
from io import TextIOWrapper
from typing import NoReturn, TextIO

import typer

from routecost import __version__
from routecost.cli.command_group import LazyGroup
from routecost.cli.output import MOST_SHOWN, say, show_findings
from routecost.cli.safe_stream import raw_stream, safe_streams
from routecost.cli.termination import Terminated, terminate_on_signals
from routecost.errors import EnvironmentFailure, RoutecostError
from routecost.file_access import guarding

FINE, FINDINGS, BAD_INPUT, FAILURE, INTERRUPTED = 0, 1, 2, 3, 130
ANNOTATIONS = "ROUTECOST_ANNOTATIONS"
"""The variable that says how problems of the input are annotated: github, or not at all."""
_IMPOSSIBLE = {errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL, errno.EILSEQ, errno.ENOTDIR}
"""Errors of a name that no file can have."""

app = typer.Typer(
    name="routecost",
    cls=LazyGroup,
    help="Plan the cost of a fleet of LLM agents, and check published cost claims.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"routecost {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """Plan the cost of a fleet of LLM agents, and check published cost claims."""


_command = cache(partial(typer.main.get_command, app))


def run(argv: Sequence[str], *, stdout: TextIO | None = None, stderr: TextIO | None = None) -> int:
    """Run one command line in this process and return its exit code.

    ``stdout`` and ``stderr`` replace the streams of the process.
    """
    with ExitStack() as stack:
        guard = stack.enter_context(guarding())
        stack.enter_context(safe_streams(stdout, stderr))
        code = _guarded(list(argv))
        for warning in guard.warnings:
            say(f"warning: {warning}")
        return _flushed(code)


def _guarded(argv: list[str]) -> int:
    try:
        _command()(args=argv, prog_name="routecost")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else FINE
    except KeyboardInterrupt:
        return INTERRUPTED
    except Terminated as signalled:
        return signalled.code
    except Exception as error:  # noqa: BLE001  an unexpected error is reported as a bug
        return _explained(error)
    return FINE


def _flushed(code: int) -> int:
    """Return the exit code after the last lines of messages are written."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.flush()
    return code


def _explained(error: Exception) -> int:
    """Report an error and return its exit code."""
    _annotate(error)
    if isinstance(error, RoutecostError) and error.findings:
        show_findings(error.findings)
        return BAD_INPUT
    if isinstance(error, OSError) and error.errno in _IMPOSSIBLE and error.filename is not None:
        say(f'error: cannot use "{os.fspath(error.filename)}": {(error.strerror or str(error)).lower()}')
        return BAD_INPUT
    if isinstance(error, (EnvironmentFailure, OSError, MemoryError)):
        say(f"error: {str(error) or 'out of memory'}")
        return FAILURE
    if isinstance(error, RoutecostError):
        say(f"error: {error}")
        return BAD_INPUT
    say(*"".join(traceback.format_exception(error)).splitlines())
    say("this is a bug in routecost; please report it")
    return FAILURE


def _annotate(error: Exception) -> None:
    """Write a problem of the input as commands to a CI runner, if the environment asks for them."""
    if os.environ.get(ANNOTATIONS) != "github" or not isinstance(error, RoutecostError) or sys.stderr is None:
        return
    from routecost.render.formats.github import annotation, problem

    lines = [annotation(finding) for finding in error.findings[:MOST_SHOWN]] or [problem(str(error))]
    with suppress(OSError):
        raw_stream(sys.stderr).writelines(f"{line}\n" for line in lines)


def prepare_process() -> None:
    """Set up the process of a console script."""
    # pydantic imports the plugins of all packages on the module search path; none is used.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # an unsupported character must not fail
            stream.reconfigure(errors="backslashreplace")


def main() -> None:
    """Run the process's command line."""
    end_with(lambda: run(sys.argv[1:]))


def end_with(command: Callable[[], int]) -> NoReturn:
    """Run a command as this process, and end with its exit code."""
    prepare_process()
    terminate_on_signals()
    try:
        code = command()
        gc.freeze()  # the process ends: skip the final collection
        sys.exit(code)
    except KeyboardInterrupt:  # between the command and the end
        sys.exit(INTERRUPTED)
    except Terminated as signalled:
        sys.exit(signalled.code)
