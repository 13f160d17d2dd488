"""``routecost mcp``."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routecost.cli import options
from routecost.cli.output import say
from routecost.cli.safe_stream import raw_stream
from routecost.errors import EnvironmentFailure, UsageError

if TYPE_CHECKING:
    from routecost.cli.agents.server import Served

Folders = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="FOLDER", help="Folders that tools may read; default: this folder.", show_default=False
    ),
]
Root = Annotated[
    Path | None,
    typer.Option("--root", metavar="DIR", help="Where relative paths begin; default: the first folder."),
]
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


def command(folder: Folders = None, root: Root = None, library: options.Library = None) -> None:
    """Serve compare, sweep, validate and price to agents (MCP)."""
    try:
        from routecost.cli.agents.server import folders_of
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"anyio", "mcp", "mcp_types"}:
            raise
        raise EnvironmentFailure(
            'the server needs the MCP SDK; install it with: pip install "routecost[mcp]"'
        ) from None
    for given in (
        *(folder or ()),
        *([] if root is None else [root]),
        *([] if library is None else [library]),
    ):
        if not given.is_dir():
            raise UsageError(f'"{given}" is not a folder')
    served = folders_of(folder or (), root, library)
    if not any(served.root.is_relative_to(one) for one in served.folders):
        raise UsageError(f'--root "{root}" is not in a folder that is served')
    if sys.stdin is None or sys.stdout is None:
        raise EnvironmentFailure("the server needs stdin and stdout; one of them is closed")
    say(f"serving {', '.join(map(str, served.folders))} to an MCP client on stdin and stdout")
    _serve(served)


def _serve(served: Served) -> None:
    import anyio

    from routecost.cli.agents.server import serve

    async def until_signalled() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(watch, tasks)
            await serve(served)
            tasks.cancel_scope.cancel()

    async def watch(tasks: anyio.abc.TaskGroup) -> None:
        if sys.platform == "win32":  # its event loop takes no handlers of signals
            return
        numbers = [number for name in _SIGNALS if (number := getattr(signal, name, None)) is not None]
        with anyio.open_signal_receiver(*numbers) as received:
            async for number in received:
                tasks.cancel_scope.cancel()
                with anyio.CancelScope(shield=True):
                    await anyio.sleep(0.1)  # calls end their processes
                # A thread still waits for a line of stdin, and would keep the process from its end.
                os._exit(130 if number == signal.SIGINT else 128 + number)

    try:
        with redirect_stdout(raw_stream(sys.stdout)):  # the SDK writes to its buffer
            anyio.run(until_signalled)
    except* BrokenPipeError:  # the client has gone
        pass
