"""Shell completion of the parameters of all commands: names in libraries and documents, formats, files.

A parameter is completed by its metavar or its option, so that a new command needs nothing here. This module
is imported by a shell's request for completion only.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from typer._click.shell_completion import CompletionItem

from routecost.errors import RoutecostError
from routecost.library import open_library

Values = Callable[[Any, str], Iterable[str]]
"""The values that a parameter may have, from the context of the command and the text so far."""


def complete_parameters(command: Any) -> None:
    """Let the parameters of a command complete, except those that do so already."""
    for parameter in command.params:
        values = _values_of(parameter)
        if values is not None and parameter._custom_shell_complete is None:
            parameter._custom_shell_complete = _completer(values)


def _completer(values: Values) -> Callable[[Any, Any, str], list[CompletionItem]]:
    def complete(context: Any, _: Any, text: str) -> list[CompletionItem]:
        known: list[str] = []
        with suppress(RoutecostError, OSError, ValueError):
            known = [value for value in values(context, text) if value.startswith(text)]
        return [CompletionItem(value) for value in dict.fromkeys(known)]

    return complete


def _values_of(parameter: Any) -> Values | None:
    for option in parameter.opts:
        if option in _BY_OPTION:
            return _BY_OPTION[option]
    return _BY_METAVAR.get(str(parameter.metavar))


def _files(_: Any, text: str) -> Iterator[str]:
    """Yield the files and folders that begin with a text; hidden ones only if it says so."""
    folder, name = os.path.split(text)
    for entry in sorted(os.scandir(folder or "."), key=lambda entry: entry.name):
        if entry.name.startswith(".") <= name.startswith("."):
            yield os.path.join(folder, entry.name) + ("/" if entry.is_dir() else "")


def _folders(context: Any, text: str) -> Iterator[str]:
    return (path for path in _files(context, text) if path.endswith("/"))


def _named(kind: str) -> Values:
    def values(context: Any, text: str) -> Iterator[str]:
        yield from open_library(context.params.get("library")).names(kind)
        yield from _files(context, text)

    return values


def _document(context: Any, name: str) -> str | None:
    """Return the argument of a command; the words that are left if its last option has no value yet."""
    words = (word for word in context.args if not word.startswith("-"))
    named: str | None = context.params.get(name) or next(words, None)
    return named


def _strategies(context: Any, _: str) -> Iterable[str]:
    from routecost.api.scenarios import load_scenario

    here = "./scenario.yaml" if Path("scenario.yaml").is_file() else "article-fleet"
    named = _document(context, "scenario") or here
    return load_scenario(named, library=context.params.get("library")).strategies


def _models(context: Any, _: str) -> Iterable[str]:
    from routecost.api.scenarios import load_pricing

    named = _document(context, "sheet")
    if named is None:
        return ()
    sheet = load_pricing(named, library=context.params.get("library"))
    return (*sheet.tiers, *sheet.models) if "counts" in context.params else sheet.models


def _formats(context: Any, _: str) -> Iterable[str]:
    from routecost.render import find, format_names

    checks = context.command.name == "validate"
    return (name for name in format_names() if checks or not find(name).needs_findings)


def _rules(*_: Any) -> Iterable[str]:
    from routecost.lint.registry import built_in

    return (text for rule in built_in() for text in (rule.code, rule.name))


def _kinds(context: Any, _: str) -> Iterable[str]:
    if context.command.name != "schema":
        return ()
    from routecost.documents.json_schema import KINDS

    return KINDS


def _of(*values: str) -> Values:
    return lambda *_: values


_PARTS = ("owner", "task_type", "model", "provider", "tier", "strategy")
_BY_OPTION: dict[str, Values] = {
    "--strategy": _strategies,
    "--baseline": _strategies,
    "--scenario": _named("scenarios"),
    "--table": _named("tables"),
    "--taxonomy": _named("tables"),
    "--model": _models,
}
_BY_METAVAR: dict[str, Values] = {
    "SCENARIO": _named("scenarios"),
    "SHEET": _named("pricing"),
    "BEFORE": _named("pricing"),
    "AFTER": _named("pricing"),
    "TABLE": _named("tables"),
    "PLAN": _named("plans"),
    "POLICY": _named("policies"),
    "FILE": _files,
    "SHEET.yaml": _files,
    "LOGS": _files,
    "BEFORE AFTER": _files,
    "FOLDER": _folders,
    "DIR": _folders,
    "FORMAT": _formats,
    "RULE": _rules,
    "RULES": _rules,
    "KIND": _kinds,
    "PART": _of(*_PARTS),
    "SIZE": _of("doc", "slide", "square"),
    "THEME": _of("light", "dark"),
}
