"""A project's own settings: ``[tool.routecost]`` of its pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any

from routecost.documents.limits import LimitsDocument
from routecost.documents.shapes import Checked, document
from routecost.documents.validate import validate
from routecost.errors import DocumentError, UsageError
from routecost.model.limits import Limits
from routecost.source import Document
from routecost.units import exact

NAME = "pyproject.toml"
_HEAD = re.compile(r"^\s*\[\s*tool\s*\.\s*routecost\b", re.MULTILINE)


@document
class ConfigDocument:
    """The settings of a project."""

    limits: Annotated[LimitsDocument, Checked()] | None = None


def find_config(folder: Path) -> Path | None:
    """Return the nearest pyproject.toml in a folder or above it that has ``[tool.routecost]``."""
    for place in (folder, *folder.parents):
        file = place / NAME
        if file.is_file() and _HEAD.search(_read(file)):
            return file
    return None


@exact
def read_limits(file: Path, base: Limits) -> Limits:
    """Return ``base`` with the limits that a file sets.

    Raises UsageError if the file cannot be read, DocumentError with what is wrong in it; findings
    point at the head of the section, because TOML is read without positions.
    """
    text = _read(file)
    try:
        data = tomllib.loads(text, parse_float=str)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f'cannot read "{file}": {str(error).lower()}') from error
    section = data.get("tool", {}).get("routecost", {})
    head = _HEAD.search(text)
    start = 0 if head is None else text.index("[", head.start())
    checked = Document(str(file), text, _texts(section), start)
    made, findings = validate(checked, ConfigDocument, {})
    if made is None:
        raise DocumentError(findings)
    limits: LimitsDocument | None = made.limits
    return base if limits is None else limits.build(base)


def _texts(value: Any) -> Any:
    """Return numbers as the texts that documents are made of."""
    if isinstance(value, dict):
        return {key: _texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_texts(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f'cannot read "{file}": {reason.lower()}') from error
