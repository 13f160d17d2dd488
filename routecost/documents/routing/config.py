"""Project settings: ``[tool.routecost]`` in pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked
from routecost.documents.core.validate import validate
from routecost.documents.routing.limits import LimitsDocument
from routecost.errors import DocumentError, UsageError
from routecost.model.routing.limits import Limits
from routecost.source import Document, MapNode
from routecost.units import exact

NAME = "pyproject.toml"
_TOOL, _SECTION = "tool", "routecost"
_HEAD = re.compile(rf"^\s*\[+\s*{_TOOL}\s*\.\s*{_SECTION}\b", re.MULTILINE)


@document
class ConfigDocument:
    """The settings of a project."""

    limits: Annotated[LimitsDocument, Checked()] | None = None


def find_config(folder: Path) -> Path | None:
    """Return the nearest pyproject.toml, in a folder or above it, with a ``tool.routecost`` section.

    Raises UsageError for a file that cannot be read, or has the section but is not valid TOML.
    """
    for directory in (folder, *folder.parents):
        file = directory / NAME
        text = _read(file) if file.is_file() else ""
        if _SECTION in text and _has_section(file, text):
            return file
    return None


@exact
def read_limits(file: Path, base: Limits) -> Limits:
    """Return ``base`` with the limits that a file sets.

    Raises UsageError if the file cannot be read, DocumentError with its faults. TOML is read
    without positions: findings are placed where the names of settings first occur.
    """
    text = _read(file)
    section = _section(_parsed(file, text))
    if section is None:
        return base
    head = _HEAD.search(text)
    start = text.index("[", head.start()) if head else text.index(_SECTION)
    document = Document(str(file), text, _node(section, text, start), start)
    config, findings = validate(document, ConfigDocument, {})
    if config is None:
        raise DocumentError(findings)
    limits: LimitsDocument | None = config.limits
    return base if limits is None else limits.build(base)


def _has_section(file: Path, text: str) -> bool:
    """Return whether the file has the section; an invalid file without its header has none."""
    try:
        return _section(_parsed(file, text)) is not None
    except UsageError:
        if _HEAD.search(text):
            raise
        return False


def _section(data: dict[str, Any]) -> Any:
    tools = data.get(_TOOL)
    return tools.get(_SECTION) if isinstance(tools, dict) else None


def _node(value: Any, text: str, start: int) -> Any:
    """Return data in the form of a document: numbers as text, keys with their positions after ``start``."""
    if isinstance(value, list):
        return [_node(item, text, start) for item in value]
    if not isinstance(value, dict):
        return str(value).lower() if isinstance(value, bool) else str(value)
    node = MapNode()
    for key, item in value.items():
        match = re.compile(rf"""(?<![\w-])["']?{re.escape(key)}["']?\s*(?:=\s*|[.\]])""").search(text, start)
        at, value_at = (match.start(), match.end()) if match else (start, start)
        node[key] = _node(item, text, at)
        node.marks += (at, at if isinstance(item, dict) else value_at)
    return node


def _parsed(file: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=str)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f'cannot read "{file}": {str(error).lower()}') from error


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f'cannot read "{file}": it is not in UTF-8') from error
    except OSError as error:
        raise UsageError(f'cannot read "{file}": {(error.strerror or str(error)).lower()}') from error
