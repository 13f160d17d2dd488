"""Command group that imports a command only when it is run or listed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cache, partial
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import typer
from typer.core import TyperGroup

from routecost.cli import commands
from routecost.errors import UsageError

COMPLETION = "_ROUTECOST_COMPLETE"
"""The variable by which a shell asks for completions."""


class Commands(Mapping[str, Any]):
    """Commands by name, one per module of ``cli.commands``: its ``app`` (a group) or its ``command``."""

    names = tuple(module.name for module in iter_modules(commands.__path__))

    def __getitem__(self, name: str) -> Any:
        """Return the command of that name, or raise KeyError."""
        if name not in self.names:
            raise KeyError(name)
        return _loaded(name)

    def __iter__(self) -> Iterator[str]:
        """Yield the names, in alphabetical order."""
        return iter(self.names)

    def __len__(self) -> int:
        """Return the number of commands."""
        return len(self.names)


class LazyGroup(TyperGroup):
    """The group of all commands."""

    def __init__(self, **attributes: Any) -> None:
        """Create the group without loading its commands."""
        super().__init__(**attributes)
        self.commands: Any = Commands()

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the words of a command line; a shell may follow an option for its completion."""
        if len(args) == 2 and args[0] in {"--show-completion", "--install-completion"}:
            _complete_in(ctx, *args)
        return super().parse_args(ctx, args)


@cache
def _loaded(name: str) -> Any:
    module = import_module(f"{commands.__name__}.{name}")
    app: typer.Typer | None = getattr(module, "app", None)
    if app is None:
        app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        app.command(name)(module.command)
    command = typer.main.get_command(app)
    command.name = name
    for one in getattr(command, "commands", {"": command}).values():
        one.get_help = partial(_help, one)
        if COMPLETION in os.environ:
            from routecost.cli.completion import complete_parameters

            complete_parameters(one)
    return command


def _help(command: Any, ctx: Any) -> str:
    from routecost.cli.help import help_text

    return help_text(command, ctx)


def _complete_in(ctx: Any, option: str, shell: str) -> None:
    """Write the completion script of a shell, or install it. Raises UsageError for an unknown shell."""
    from typer._completion_shared import Shells, get_completion_script, install

    known = [one.value for one in Shells]
    if shell not in known:
        raise UsageError(f'no completion for the shell "{shell}"; expected {", ".join(known)}')
    name = ctx.find_root().info_name
    if option == "--show-completion":
        typer.echo(get_completion_script(prog_name=name, complete_var=COMPLETION, shell=shell))
    else:
        installed, path = install(shell=shell, prog_name=name, complete_var=COMPLETION)
        typer.echo(f"{installed} completion installed in {path}; start a new shell to use it")
    raise typer.Exit
