"""Pages of the commands: usage, arguments and options of each, in the words of its ``--help``."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from routecost.cli.app import app

INTRODUCTION = """\
# Command line

These pages have the `--help` of every command. `routecost --help` lists the commands, and
`routecost COMMAND --help` describes one. [Exit codes](../../index.md#exit-codes) are those of all commands.

| command | effect |
|---|---|
"""


def pages(root: Path) -> dict[str, str]:
    """Return a page for each command, after one that lists them."""
    group = typer.main.get_command(app)
    context = typer.Context(group, info_name="routecost", **group.context_settings)
    readme = (root / "README.md").read_text(encoding="utf-8")
    listed, made = INTRODUCTION, {"index": ""}
    for name, command in _commands(group, context):
        listed += f"| [`{name}`]({name}.md) | {cell(command.get_short_help_str(200))} |\n"
        made[name] = "\n".join(_sections(command, context, 1, _described(readme, name)))
    made["index"] = f"{listed}\n## Options of `routecost` itself\n\n" + "\n".join(_parameters(group, context))
    return made


def _commands(group: Any, context: typer.Context) -> Iterator[tuple[str, Any]]:
    for name in group.list_commands(context) if hasattr(group, "list_commands") else ():
        command = group.get_command(context, name)
        if not command.hidden:
            yield name, command


def _sections(command: Any, parent: typer.Context, level: int, described: str = "") -> Iterator[str]:
    context = typer.Context(command, info_name=command.name, parent=parent)
    yield f"{'#' * level} `{context.command_path}`\n"
    yield f"{inspect.cleandoc(command.help or '')}\n"
    if described:
        yield f"Described in {described}.\n"
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"```text\n{context.command_path} {usage}\n```\n"
    yield from _parameters(command, context)
    for _, child in _commands(command, context):
        yield from _sections(child, context, level + 1)


def _parameters(command: Any, context: typer.Context) -> Iterator[str]:
    for kind in ("argument", "option"):
        parameters = [one for one in command.get_params(context) if one.param_type_name == kind]
        rows = [record for one in parameters if (record := one.get_help_record(context))]
        if rows:
            yield f"| {kind} | meaning |\n|---|---|"
            yield from (f"| `{name}` | {cell(text)} |" for name, text in rows)
            yield ""


def _described(readme: str, name: str) -> str:
    """Return links to the pages that the README names for a command."""
    rows = re.findall(rf"^\|[^|]*\|[^|]*`routecost {name}\b[^|]*\|([^|]*)\|$", readme, re.MULTILINE)
    links = dict.fromkeys(link for row in rows for link in re.findall(r"\[[^]]*\]\(docs/[^)]*\)", row))
    return ", ".join(link.replace("(docs/", "(../../") for link in links)


def cell(text: str) -> str:
    """Return a text as the cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")
