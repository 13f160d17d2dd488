"""The values that a scenario file states, field by field, with their positions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path as FilePath
from typing import Any

from routecost.documents.core.field_paths import Field
from routecost.documents.scenario.scenario_file import ScenarioFile
from routecost.library import portable
from routecost.model.results.planning_document import Stated
from routecost.model.scenario.scenario import written
from routecost.problems import KeyPath

_SHOWN_ELSEWHERE = {("illustrative",)}


def description(file: ScenarioFile) -> str | None:
    """Return the scenario's description, or None if it has none."""
    text = file.document.get(("description",))
    return text if isinstance(text, str) else None


def stated(file: ScenarioFile) -> tuple[Stated, ...]:
    """Return the stated fields in the order of the document type; a list is one entry, a distribution too."""
    given = (field for field in file.fields if field.raw is not None and field.path not in _SHOWN_ELSEWHERE)
    mixes = {field.path for field in file.uncertain if field.has_many}

    def place(field: Field) -> KeyPath:
        """Return the path of a field, or of its list or its mix of uncertain shares."""
        is_part = isinstance(field.path[-1], int) or field.path[:-1] in mixes
        return field.path[:-1] if is_part else field.path

    return tuple(
        _stated(file, path, [path] if path in mixes else [field.path for field in group])
        for path, group in groupby(given, place)
    )


def table_files(file: ScenarioFile) -> dict[str, FilePath]:
    """Return the routing table file of each strategy that has one."""
    strategies = file.document.get(("strategies",))
    return dict(_table_files(file, strategies if isinstance(strategies, dict) else {}))


def _table_files(file: ScenarioFile, strategies: dict[str, Any]) -> Iterator[tuple[str, FilePath]]:
    loading = file.loading
    for strategy in strategies:
        name = file.document.get(("strategies", strategy, "table"))
        if isinstance(name, str):
            yield strategy, loading.loader.library.find("tables", name, relative_to=loading.path.parent)


def _stated(file: ScenarioFile, path: KeyPath, fields: list[KeyPath]) -> Stated:
    document = file.written
    is_replaced = any(place == path for place, _ in document.overrides)
    value = ", ".join(_text(document.get(field)) for field in fields)
    place = document.position(path)
    position = None if is_replaced else replace(place, file=portable(place.file))
    return Stated(".".join(map(str, path)), value, position)


def _text(raw: Any) -> str:
    if isinstance(raw, dict):  # a distribution
        return ", ".join(f"{key}: {written(value)}" for key, value in raw.items())
    return " to ".join(map(str, raw)) if isinstance(raw, list) else str(raw)
