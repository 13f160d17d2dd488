"""The program: commands, exit codes, and what becomes of errors.

Exit codes: 0 fine; 1 findings, a false claim, a budget exceeded; 2 bad usage or bad input;
3 a failure of routecost or its surroundings; 130 interrupted from the keyboard.
"""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from io import TextIOWrapper
from typing import TextIO

import typer

from routecost import __version__
from routecost.cli.command_group import LazyGroup
from routecost.cli.output import say, show_findings
from routecost.errors import DocumentError, EnvironmentFailure, RoutecostError

FINE, FINDINGS, BAD_INPUT, FAILURE, INTERRUPTED = 0, 1, 2, 3, 130

app = typer.Typer(
    name="routecost",
    cls=LazyGroup,
    help="Plan what a fleet of LLM agents costs, and check what was claimed about it.",
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
    version: bool = typer.Option(False, "--version", callback=_show_version, is_eager=True, help="Show it."),
) -> None:
    """Plan what a fleet of LLM agents costs, and check what was claimed about it."""


def run(argv: Sequence[str], *, stdout: TextIO | None = None, stderr: TextIO | None = None) -> int:
    """Run one command line in this process and return its exit code.

    ``stdout`` and ``stderr`` take the place of the process's own.
    """
    with ExitStack() as stack:
        if stdout is not None:
            stack.enter_context(redirect_stdout(stdout))
        if stderr is not None:
            stack.enter_context(redirect_stderr(stderr))
        return _guarded(list(argv))


def _guarded(argv: list[str]) -> int:
    try:
        app(args=argv, prog_name="routecost")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else FINE
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  whatever nobody foresaw is a bug, and says so
        return _explained(error)
    return FINE


def _explained(error: Exception) -> int:
    """Say what went wrong, and return the exit code for it."""
    if isinstance(error, DocumentError):
        show_findings(error.findings)
        return BAD_INPUT
    if isinstance(error, (EnvironmentFailure, OSError, MemoryError)):
        say(f"error: {str(error) or 'out of memory'}")
        return FAILURE
    if isinstance(error, RoutecostError):
        say(f"error: {error}")
        return BAD_INPUT
    say("".join(traceback.format_exception(error)) + "this is a bug in routecost; please report it")
    return FAILURE


def main() -> None:
    """Run the process's command line."""
    # Looking for pydantic plugins reads the metadata of every installed package; we use none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that cannot show a letter is no failure
            stream.reconfigure(errors="backslashreplace")
    code = run(sys.argv[1:])
    gc.freeze()  # nothing that is left is worth a search: the process ends
    sys.exit(code)
