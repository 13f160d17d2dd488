"""The least that a command line of this kind can be: two commands that do nothing, and yaml."""

from __future__ import annotations

import typer
import yaml  # noqa: F401  # loaded for its cost

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def nothing() -> None:
    pass


@app.command()
def naught() -> None:
    pass


def main() -> None:
    app()
