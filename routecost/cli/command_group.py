"""Command group that imports a command only when it is run or listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import typer
from typer.core import TyperGroup

from routecost.cli import commands


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


@cache
def _loaded(name: str) -> Any:
    module = import_module(f"{commands.__name__}.{name}")
    app: typer.Typer | None = getattr(module, "app", None)
    if app is None:
        app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        app.command(name)(module.command)
    command = typer.main.get_command(app)
    command.name = name
    return command
