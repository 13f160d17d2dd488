"""The server answers the official client, bounds its calls, and ends when it is asked to."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import ROOT, routecost

mcp = pytest.importorskip("mcp", reason="the extra mcp is not installed")

import anyio  # noqa: E402
from jsonschema import Draft202012Validator  # noqa: E402

from routecost.cli.agents import server  # noqa: E402

pytestmark = pytest.mark.slow
SERVE = [sys.executable, "-P", "-m", "routecost", "mcp"]
LINE = b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n'


@pytest.fixture
def here(tmp_path: Path) -> Path:
    fleet = (ROOT / "scenarios/article-fleet.yaml").read_text(encoding="utf-8")
    (tmp_path / "scenario.yaml").write_text(fleet, encoding="utf-8")
    # Modules of the folder are not imported by the calls that run in it.
    for name in ("yaml", "json", "typer", "routecost"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported')\n", encoding="utf-8")
    return tmp_path


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def with_client(use: Callable[[Any], Awaitable[None]], transport: Any, **options: Any) -> None:
    async def main() -> None:
        async with mcp.Client(transport, **options) as client:
            await use(client)

    with ThreadPoolExecutor(1) as other:  # a browser that another test drives has a loop in this thread
        other.submit(anyio.run, main).result()


def in_memory(here: Path) -> Any:
    return server.build(server.folders_of([here], None, None))


def by_stdio(here: Path, *options: str) -> Any:
    command, *words = [*SERVE, *options, str(here)]
    parameters = mcp.StdioServerParameters(command=command, args=words, env=environment(), cwd=here.parent)
    return mcp.stdio_client(parameters)


CALLS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "compare": ({}, ["compare"]),
    "sweep": ({"mix": True, "step": "25%"}, ["sweep", "--mix", "--step", "25%"]),
    "validate": ({"table": "article"}, ["validate", "article"]),
    "price": (
        {"pricing": "claude-article", "counts": {"input": 2000}, "as_of": "2026-02-01"},
        ["pricing", "price", "claude-article", "input=2000", "--as-of", "2026-02-01"],
    ),
}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_official_client_gets_the_json_of_each_command(
    here: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    async def use(client: Any) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert tools.keys() == CALLS.keys()
        for name, (arguments, words) in CALLS.items():
            result = await client.call_tool(name, arguments)
            assert not result.is_error
            expected = json.loads(routecost(*words, "--format", "json").stdout)
            assert result.structured_content == expected
            assert json.loads(result.content[0].text) == expected
            Draft202012Validator(tools[name].output_schema).validate(result.structured_content)
            assert tools[name].annotations.read_only_hint
            assert tools[name].annotations.idempotent_hint
            assert not tools[name].annotations.open_world_hint
            assert tools[name].description

    monkeypatch.chdir(here)
    with_client(use, by_stdio(here), mode=mode)


def test_errors_are_results_with_positions_and_concurrent_calls_are_answered(
    here: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (here / "bad.yaml").write_text("version: 1\nworkload: {tasks_per_day: many}\n", encoding="utf-8")

    async def use(client: Any) -> None:
        bad = await client.call_tool("compare", {"scenario": "./bad.yaml"})
        assert bad.is_error
        assert "bad.yaml:2:27: " in bad.content[0].text
        assert bad.structured_content is None
        outside = await client.call_tool("compare", {"scenario": "/etc/passwd"})
        assert outside.is_error
        large = await client.call_tool("compare", {"scenario": "x" * 300_000})
        assert "larger than 200,000 bytes" in large.content[0].text
        with pytest.raises(mcp.MCPError):
            await client.call_tool("delete", {})
        costs: dict[int, float] = {}

        async def price(at: int) -> None:
            arguments = {"pricing": "claude-article", "counts": {"input": at}, "models": ["opus"]}
            result = await client.call_tool("price", {**arguments, "as_of": "2026-02-01"})
            costs[at] = result.structured_content["costs"][0]["cost"]

        async with anyio.create_task_group() as tasks:
            for at in range(1, 9):
                tasks.start_soon(price, at)
        assert costs == pytest.approx({at: at * 15e-6 for at in range(1, 9)})

    with_client(use, in_memory(here))
    assert "Unknown child process" not in caplog.text


def test_resources_are_listed_and_read(here: Path) -> None:
    async def use(client: Any) -> None:
        listed = (await client.list_resources()).resources
        assert "routecost://scenarios/article-fleet" in {one.uri for one in listed}
        assert (await client.list_resource_templates()).resource_templates
        read = await client.read_resource("routecost://rules/RT301")
        assert "RT301" in read.contents[0].text
        with pytest.raises(mcp.MCPError):
            await client.read_resource("file:///etc/passwd")

    with_client(use, in_memory(here))


def test_a_call_that_takes_too_long_is_ended(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "TIME_LIMIT", 0.05)

    async def use(client: Any) -> None:
        result = await client.call_tool("compare", {})
        assert result.is_error
        assert "took more than" in result.content[0].text

    with_client(use, in_memory(here))


def started(here: Path, *options: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [*SERVE, *options],
        cwd=here,
        env={**environment(), "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    assert process.stderr.readline().startswith(b"serving ")
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_server_without_a_traceback(here: Path, number: signal.Signals) -> None:
    process = started(here)
    time.sleep(0.5)
    process.send_signal(number)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == (130 if number is signal.SIGINT else 128 + number)
    assert errors == b""


def test_the_end_of_stdin_ends_the_server_and_bad_lines_do_not(here: Path) -> None:
    process = started(here)
    output, errors = process.communicate(b"no json\n\n{}\n\xff\xfe\n" + LINE, timeout=20)
    assert process.returncode == 0
    assert errors == b""
    assert all(json.loads(line) for line in output.splitlines())


def test_a_client_that_has_gone_ends_the_server_without_a_traceback(here: Path) -> None:
    process = started(here)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdout.close()
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(LINE)
        process.stdin.close()
    assert process.wait(timeout=30) == 0
    assert process.stderr is not None
    assert process.stderr.read() == b""


def test_options_are_checked_before_it_serves(here: Path) -> None:
    assert 'error: "absent" is not a folder' in routecost("mcp", "absent").stderr
    file = str(here / "scenario.yaml")
    assert f'error: "{file}" is not a folder' in routecost("mcp", file).stderr
    assert "is not in a folder that is served" in routecost("mcp", str(here), "--root", "/").stderr


def test_the_root_and_the_library_are_served(here: Path) -> None:
    (here / "own/pricing").mkdir(parents=True)
    sheet = (ROOT / "pricing/claude-article.yaml").read_text(encoding="utf-8")
    (here / "own/pricing/mine.yaml").write_text(sheet, encoding="utf-8")
    (here / "inner").mkdir()

    async def use(client: Any) -> None:
        assert not (await client.call_tool("compare", {"pricing": "mine"})).is_error
        assert not (await client.call_tool("compare", {"scenario": "../scenario.yaml"})).is_error
        assert "claude-2026-11, claude-article, frugalgpt-2023, masrouter-2025, mine" in client.instructions

    with_client(use, by_stdio(here, "--root", str(here / "inner"), "--library", str(here / "own")))
