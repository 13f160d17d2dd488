"""The MCP server: tools and resources over stdin and stdout, with the official SDK.

Each call runs in a process of its own (:mod:`routecost.cli.agents.call`), which is ended with the call.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
import mcp_types as types
from anyio.abc import Process
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from routecost import __version__
from routecost.cli.agents.call import TIME_LIMIT, Answer
from routecost.cli.agents.resources import RULES, SCHEME, read_resource, resources
from routecost.cli.agents.tools import TOOLS
from routecost.errors import RoutecostError
from routecost.library import Library
from routecost.records import dataclass

MOST_REQUEST_BYTES = 200_000
_CALL = [sys.executable, "-P", "-m", "routecost.cli.agents.call"]
_READ_ONLY = types.ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


@dataclass(frozen=True, slots=True)
class Served:
    """What a server may read: the folders and a library; relative paths begin in ``root``."""

    root: Path
    folders: tuple[Path, ...]
    library: Path | None = None

    @property
    def instructions(self) -> str:
        """What a client should know before it uses the tools."""
        names = {
            kind: ", ".join(Library(self.library).names(kind)) for kind in ("scenarios", "pricing", "tables")
        }
        return (
            "routecost plans what a fleet of LLM agents costs, exactly, from YAML files with dated prices. "
            "All tools only read. Relative paths begin in the first folder served. Built-in scenarios: "
            f"{names['scenarios']}. Pricing sheets: {names['pricing']}. Tables: {names['tables']}. Read "
            f"{SCHEME}scenarios/NAME for an example of a document."
        )


def build(served: Served) -> Server[Any]:
    """Return the server of some folders."""
    turns = anyio.Semaphore(max(2, os.cpu_count() or 1))

    async def list_tools(_: Any, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_tool(name) for name in TOOLS], ttl_ms=0, cache_scope="private")

    async def call_tool(_: Any, asked: types.CallToolRequestParams) -> types.CallToolResult:
        if asked.name not in TOOLS:
            raise MCPError(types.INVALID_PARAMS, f'no tool named "{asked.name}"')
        async with turns:
            return _result(await _answer(served, asked.name, asked.arguments or {}))

    async def list_resources(_: Any, __: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        listed = [
            types.Resource(uri=one.uri, name=one.name, description=one.description, mime_type=one.media_type)
            for one in resources()
        ]
        return types.ListResourcesResult(resources=listed, ttl_ms=0, cache_scope="private")

    async def list_templates(_: Any, __: Any) -> types.ListResourceTemplatesResult:
        rule = types.ResourceTemplate(
            uri_template=f"{SCHEME}{RULES}/{{code}}",
            name="rule",
            description="A lint rule, by its code (RT301) or name, with an example and its remedy.",
            mime_type="text/markdown",
        )
        return types.ListResourceTemplatesResult(resource_templates=[rule], ttl_ms=0, cache_scope="private")

    async def read(_: Any, asked: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        try:
            media_type, text = read_resource(asked.uri)
        except RoutecostError as error:
            raise MCPError(types.INVALID_PARAMS, _clean(str(error))) from None
        content = types.TextResourceContents(uri=asked.uri, mime_type=media_type, text=text)
        return types.ReadResourceResult(contents=[content], ttl_ms=0, cache_scope="private")

    return Server(
        "routecost",
        version=__version__,
        title="routecost",
        description="Plan what a fleet of LLM agents costs.",
        instructions=served.instructions,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read,
    )


async def serve(served: Served) -> None:
    """Serve over stdin and stdout until stdin ends."""
    server = build(served)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def _tool(name: str) -> types.Tool:
    tool = TOOLS[name]
    return types.Tool(
        name=name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.input_schema,
        output_schema=tool.output_schema,
        annotations=_READ_ONLY,
    )


def _result(answer: Answer) -> types.CallToolResult:
    """Return an answer as the result of a tool: its JSON, as data and as text, then the messages."""
    texts = [text for text in (answer.result, answer.notes.strip()) if text]
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=_clean(text)) for text in texts],
        structured_content=None if answer.result is None else json.loads(_clean(answer.result)),
        is_error=answer.result is None,
    )


def _clean(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


async def _answer(served: Served, tool: str, arguments: Mapping[str, object]) -> Answer:
    """Return the answer of a process of its own, which ends with this call."""
    request = json.dumps(
        {
            "tool": tool,
            "arguments": arguments,
            "folders": [str(folder) for folder in served.folders],
            "library": None if served.library is None else str(served.library),
        }
    ).encode()
    if len(request) > MOST_REQUEST_BYTES:
        return Answer(None, f"error: the arguments are larger than {MOST_REQUEST_BYTES:,} bytes")
    process = await anyio.open_process(
        _CALL,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None,
        cwd=served.root,
        env=_environment(),
        start_new_session=True,  # Ctrl-C is for the server, which ends its calls
    )
    try:
        with anyio.move_on_after(TIME_LIMIT):
            return _read(await _exchange(process, request))
        return Answer(None, f"error: the call took more than {TIME_LIMIT} seconds; ask for less")
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        with anyio.CancelScope(shield=True):
            await process.aclose()


async def _exchange(process: Process, request: bytes) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
        await process.stdin.send(request)
        await process.stdin.aclose()
    output = b"".join([part async for part in process.stdout])
    await process.wait()  # a signal to a process that has just ended would take its exit status
    return output


def _read(output: bytes) -> Answer:
    try:
        given = json.loads(output)
    except ValueError:  # the process was ended: its limit of memory or time, or a bug
        return Answer(None, "error: the call failed; it may need too much memory or time: ask for less")
    return Answer(given["result"], given["notes"])


def _environment() -> dict[str, str]:
    """Return the environment of a call: the module search path does not depend on its working folder."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ROUTECOST_")}
    kept |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # each thread takes memory of the limit
    path = os.environ.get("PYTHONPATH")
    if path:
        kept["PYTHONPATH"] = os.pathsep.join(os.path.abspath(part) for part in path.split(os.pathsep) if part)
    return kept


def folders_of(folders: Sequence[Path], root: Path | None, library: Path | None) -> Served:
    """Return what to serve, with real paths: the folders given, else the root, else the working folder."""
    real = tuple(folder.resolve() for folder in folders or [root or Path()])
    first = real[0] if root is None else root.resolve()
    return Served(first, real, None if library is None else library.resolve())
