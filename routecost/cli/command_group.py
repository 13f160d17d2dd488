"""The commands, each loaded when it is the one that is run, or when all are listed."""

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
    """Every module of ``cli.commands``: one with an ``app`` is a group, else its ``command`` is one."""

    names = tuple(found.name for found in iter_modules(commands.__path__))

    def __getitem__(self, name: str) -> Any:
        """Return the command; KeyError if there is none of that name."""
        if name not in self.names:
            raise KeyError(name)
        return _loaded(name)

    def __iter__(self) -> Iterator[str]:
        """Yield the names, in alphabetical order."""
        return iter(self.names)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.names)


class LazyGroup(TyperGroup):
    """The group of all commands."""

    def __init__(self, **attributes: Any) -> None:
        """Make the group; none of its commands is loaded yet."""
        super().__init__(**attributes)
        self.commands: Any = Commands()


@cache
def _loaded(name: str) -> Any:
    module = import_module(f"{commands.__name__}.{name}")
    app: typer.Typer | None = getattr(module, "app", None)
    if app is None:
        app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        app.command(name)(module.command)
    made = typer.main.get_command(app)
    made.name = name
    return made
