"""A name, or a list of names."""

from __future__ import annotations

from typing import Annotated, Any

from routecost.documents.core.document_type import OneOf
from routecost.documents.core.scalars import Name


def _by_type(data: Any) -> str | None:
    return "several" if isinstance(data, list) else "one" if isinstance(data, str) else None


OneOrSeveral = Annotated[
    Any, OneOf("a name, or a list of names", {"one": Name, "several": tuple[Name, ...]}, _by_type)
]


def several(value: Any) -> tuple[str, ...]:
    """Return the names of a checked value."""
    return (value,) if isinstance(value, str) else tuple(value)
