"""The kinds of strategies as documents; a file each, found by walking this package.

A module is named after the key that tells the kind, and has ``Document``, whose ``build`` makes the
strategy. It is loaded when a scenario has a strategy of its kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from pkgutil import iter_modules
from typing import Annotated, Any

from routecost.documents.core.deferred import named
from routecost.documents.core.document_type import OneOf

HOLDERS = ("assign", "table")
"""The kinds that hold strategies, or a table of them: these cannot be held."""

KINDS = tuple(sorted(found.name for found in iter_modules(__path__)))


def kinds(keys: Iterable[str]) -> Any:
    """Return the type of a document that is a strategy of one of the kinds."""
    types = {key: Annotated[Any, named(f"strategies.{key}", "Document")] for key in keys}
    expected = ", ".join(f'"{key}"' for key in types)
    return Annotated[Any, OneOf(f"a strategy, with exactly one of the keys {expected}", types)]


def held() -> Any:
    """Return the type of a strategy that is part of another."""
    return kinds(key for key in KINDS if key not in HOLDERS)


StrategyDocument = kinds(KINDS)
